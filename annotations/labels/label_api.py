"""The reference standard: every hip's label with its rung, its versions, and its correction."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from accounts.models import Person
from annotations.labels import label_selectors as selectors
from annotations.labels import services
from annotations.labels.models import Label, LabelValue, Rung
from common.api import ErrorSerializer
from studies.models import Role


class LabelSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    patient = serializers.CharField(source="hip.patient.pseudonym")
    side = serializers.CharField(source="hip.side")
    site = serializers.CharField(source="hip.patient.site.code")
    value = serializers.ChoiceField(choices=LabelValue.choices, source="shown_value")
    # The evidence that the label rests on. That it is frozen besides, `frozen_in` says.
    rung = serializers.ChoiceField(choices=Rung.choices, source="shown_rung")
    cup = serializers.CharField()
    stem = serializers.CharField()
    version = serializers.IntegerField()
    reason = serializers.CharField(source="shown_reason")
    decided_by = serializers.CharField(source="decided_by.name", allow_null=True, default=None)
    decided_at = serializers.DateTimeField()
    # An abstractor who has this note to read, or read it and does not know the other's verdict, sees the codes alone.
    is_withheld = serializers.BooleanField()
    # Numbers of the dataset versions that hold this version of the label.
    frozen_in = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_frozen_in(self, label: Label) -> list[int]:
        return list(self.context["frozen_in"].get(label.pk, []))

    def to_representation(self, instance: Any) -> Any:
        shown = super().to_representation(instance)
        return shown | _NOTHING if instance.is_withheld else shown


# What stands in the place of what others found in a note.
_NOTHING = {"cup": "not_stated", "stem": "not_stated", "decided_by": None, "version": 1}


class CountedLabelSerializer(LabelSerializer):
    # How many people have read this hip's operative note, and whether their verdicts are the same.
    note_readers = serializers.IntegerField()
    note_id = serializers.IntegerField(allow_null=True)


class LabelCountSerializer(serializers.Serializer[Any]):
    value = serializers.ChoiceField(choices=LabelValue.choices)
    rung = serializers.ChoiceField(choices=Rung.choices)
    hips = serializers.IntegerField()
    frozen = serializers.IntegerField()


class LabelPageSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    counts = LabelCountSerializer(many=True)
    results = CountedLabelSerializer(many=True)


class LadderStepSerializer(serializers.Serializer[Any]):
    """One step of a hip's labels: the rung it came to, when, by whom (null: by the rules) and why."""

    rung = serializers.ChoiceField(choices=Rung.choices)
    value = serializers.ChoiceField(choices=LabelValue.choices)
    version = serializers.IntegerField()
    at = serializers.DateTimeField()
    by = serializers.CharField(allow_null=True)
    why = serializers.CharField()
    dataset_version = serializers.IntegerField(allow_null=True)


class DependentSerializer(serializers.Serializer[Any]):
    """Something that was made from this hip's label, and whether a later version of the label has made it stale."""

    kind = serializers.ChoiceField(choices=["dataset_version", "run", "scoring", "comparison"])
    name = serializers.CharField()
    href = serializers.CharField()
    is_stale = serializers.BooleanField()


class LabelDetailSerializer(LabelSerializer):
    history = LabelSerializer(many=True)
    ladder = LadderStepSerializer(many=True)
    dependents = DependentSerializer(many=True)


class CorrectLabelSerializer(serializers.Serializer[Any]):
    value = serializers.ChoiceField(choices=LabelValue.choices)
    reason = serializers.CharField(max_length=1000)


def _detail(actor: Person, label: Label) -> dict[str, Any]:
    """As LabelDetailSerializer says; serialised here already, for its sources are those of a label, not of a dict."""
    history = list(selectors.label_history(actor, label))
    context = {"frozen_in": selectors.frozen_in([version.pk for version in history] + [label.pk])}
    body: dict[str, Any] = dict(LabelSerializer(label, context=context).data)
    body["history"] = LabelSerializer(history, many=True, context=context).data
    body["ladder"] = LadderStepSerializer(selectors.ladder_of(history), many=True).data
    body["dependents"] = DependentSerializer(selectors.dependents_of(label), many=True).data
    return body


class LabelsView(APIView):
    @extend_schema(
        operation_id="labels",
        parameters=[
            OpenApiParameter("value", str, enum=LabelValue.values),
            OpenApiParameter("rung", str, enum=Rung.values),
            OpenApiParameter("patient", str, description="Part of a pseudonym."),
            OpenApiParameter("limit", int),
            OpenApiParameter("offset", int),
        ],
        responses=LabelPageSerializer,
    )
    def get(self, request: Request, slug: str) -> Response:
        labels = selectors.labels_of(actor_of(request), slug)
        asked = request.query_params
        chosen = selectors.filtered_labels(
            labels, value=asked.get("value", ""), rung=asked.get("rung", ""), patient=asked.get("patient", "")
        )
        pages = LimitOffsetPagination()
        pages.default_limit, pages.max_limit = 100, 1000
        page = pages.paginate_queryset(chosen, request, view=self)
        body = {"count": pages.count, "counts": selectors.label_totals(labels), "results": page}
        context = {"frozen_in": selectors.frozen_in([label.pk for label in page or []])}
        return Response(LabelPageSerializer(body, context=context).data)


class LabelView(APIView):
    @extend_schema(operation_id="label", responses={200: LabelDetailSerializer, 404: ErrorSerializer})
    def get(self, request: Request, slug: str, label_id: int) -> Response:
        actor = actor_of(request)
        return Response(_detail(actor, selectors.label_for(actor, slug, label_id)))


class CorrectLabelView(APIView):
    @extend_schema(
        operation_id="correct_label",
        request=CorrectLabelSerializer,
        responses={200: LabelDetailSerializer, 400: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, slug: str, label_id: int) -> Response:
        actor = actor_of(request)
        label = selectors.label_for(actor, slug, label_id, Role.COORDINATOR)
        data = CorrectLabelSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        fresh = services.correct_label(label=label, actor=actor, **data.validated_data)
        return Response(_detail(actor, selectors.label_for(actor, slug, fresh.pk)))
