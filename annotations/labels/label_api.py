"""The reference standard: every hip's label with its rung, its versions, and its correction."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from annotations.labels import selectors, services
from annotations.labels.models import Label, LabelValue, Rung
from common.api import ErrorSerializer
from studies.models import Role


class LabelSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    patient = serializers.CharField(source="hip.patient.pseudonym")
    side = serializers.CharField(source="hip.side")
    site = serializers.CharField(source="hip.patient.site.code")
    value = serializers.ChoiceField(choices=LabelValue.choices)
    rung = serializers.ChoiceField(choices=Rung.choices)
    cup = serializers.CharField()
    stem = serializers.CharField()
    version = serializers.IntegerField()
    reason = serializers.CharField()
    decided_by = serializers.CharField(source="decided_by.name", allow_null=True, default=None)
    decided_at = serializers.DateTimeField()


class CountedLabelSerializer(LabelSerializer):
    # How many people have read this hip's operative note, and whether their verdicts are the same.
    note_readers = serializers.IntegerField()
    note_id = serializers.IntegerField(allow_null=True)


class LabelCountSerializer(serializers.Serializer[Any]):
    value = serializers.ChoiceField(choices=LabelValue.choices)
    rung = serializers.ChoiceField(choices=Rung.choices)
    hips = serializers.IntegerField()


class LabelPageSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    counts = LabelCountSerializer(many=True)
    results = CountedLabelSerializer(many=True)


class LabelDetailSerializer(LabelSerializer):
    history = LabelSerializer(many=True)


class CorrectLabelSerializer(serializers.Serializer[Any]):
    value = serializers.ChoiceField(choices=LabelValue.choices)
    reason = serializers.CharField(max_length=1000)


def _detail(label: Label) -> dict[str, Any]:
    """As LabelDetailSerializer says; serialised here already, for its sources are those of a label, not of a dict."""
    body: dict[str, Any] = dict(LabelSerializer(label).data)
    body["history"] = LabelSerializer(selectors.label_history(label), many=True).data
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
        return Response(LabelPageSerializer(body).data)


class LabelView(APIView):
    @extend_schema(operation_id="label", responses={200: LabelDetailSerializer, 404: ErrorSerializer})
    def get(self, request: Request, slug: str, label_id: int) -> Response:
        return Response(_detail(selectors.label_for(actor_of(request), slug, label_id)))


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
        return Response(_detail(fresh))
