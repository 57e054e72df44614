"""The linking queue and the rules of linking, for coordinators."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from annotations.cohorts.models import Hip
from annotations.imaging import linking_queue, linking_selectors
from annotations.imaging.allow_list import VIEWS
from annotations.imaging.api import RadiographSerializer
from annotations.imaging.linking import rules_of
from annotations.imaging.models import IdentifierTag, LinkAct, LinkDecision, LinkingRules, Radiograph
from annotations.imaging.viewing import ImageSerializer, image_facts
from common.api import ErrorSerializer
from common.errors import NotFound
from studies.models import Role
from studies.selectors import study_for

_LONGEST_WINDOW = 36_500


class LinkingRulesSerializer(serializers.ModelSerializer[LinkingRules]):
    identifier_tag = serializers.ChoiceField(choices=IdentifierTag.choices)
    days_before_revision = serializers.IntegerField(min_value=0, max_value=_LONGEST_WINDOW)
    days_after_primary_from = serializers.IntegerField(min_value=0, max_value=_LONGEST_WINDOW)
    days_after_primary_to = serializers.IntegerField(min_value=0, max_value=_LONGEST_WINDOW)
    views = serializers.ListField(child=serializers.ChoiceField(choices=VIEWS))
    links_unstated_view = serializers.BooleanField()

    class Meta:
        model = LinkingRules
        fields = (
            "identifier_tag", "days_before_revision", "days_after_primary_from", "days_after_primary_to", "views",
            "links_unstated_view",
        )  # fmt: skip


class LinkDecisionSerializer(serializers.ModelSerializer[LinkDecision]):
    act = serializers.ChoiceField(choices=LinkAct.choices)
    decided_by = serializers.CharField(source="decided_by.name", allow_null=True, default=None)

    class Meta:
        model = LinkDecision
        fields = ("act", "reason", "decided_by", "decided_at")


class DecidedLinkSerializer(RadiographSerializer):
    decision = serializers.SerializerMethodField()

    class Meta(RadiographSerializer.Meta):
        fields = (*RadiographSerializer.Meta.fields, "decision")  # type: ignore[assignment]

    @extend_schema_field(LinkDecisionSerializer)
    def get_decision(self, radiograph: Radiograph) -> dict[str, Any]:
        return dict(LinkDecisionSerializer(next(iter(radiograph.link_decisions.all()))).data)


class LinkingQueueSerializer(serializers.Serializer[Any]):
    rules = LinkingRulesSerializer()
    waiting = RadiographSerializer(many=True)
    decided = DecidedLinkSerializer(many=True)


class LinkCandidateSerializer(serializers.Serializer[Any]):
    """A hip with the interval to its index procedure. Dates stay where they are."""

    hip = serializers.IntegerField()
    patient = serializers.CharField()
    side = serializers.CharField()
    site = serializers.CharField()
    group = serializers.ChoiceField(choices=["revision", "comparison", ""])
    days_from_index_procedure = serializers.IntegerField(allow_null=True)
    problem = serializers.CharField()


class LinkingCaseSerializer(RadiographSerializer):
    image = serializers.SerializerMethodField()
    candidates = serializers.SerializerMethodField()
    decisions = serializers.SerializerMethodField()

    class Meta(RadiographSerializer.Meta):
        fields = (
            *RadiographSerializer.Meta.fields, "is_link_refused", "image", "candidates", "decisions",
        )  # type: ignore[assignment]  # fmt: skip

    @extend_schema_field(ImageSerializer)
    def get_image(self, radiograph: Radiograph) -> dict[str, Any]:
        return dict(ImageSerializer(image_facts(radiograph)).data)

    @extend_schema_field(LinkCandidateSerializer(many=True))
    def get_candidates(self, radiograph: Radiograph) -> list[dict[str, Any]]:
        found = linking_selectors.link_candidates(radiograph, self.context.get("pseudonym", ""))
        return [dict(LinkCandidateSerializer(candidate).data) for candidate in found]

    @extend_schema_field(LinkDecisionSerializer(many=True))
    def get_decisions(self, radiograph: Radiograph) -> list[dict[str, Any]]:
        decisions = radiograph.link_decisions.select_related("decided_by").order_by("pk")
        return [dict(LinkDecisionSerializer(decision).data) for decision in decisions]


class LinkSerializer(serializers.Serializer[Any]):
    hip = serializers.IntegerField()
    reason = serializers.CharField(max_length=500)


class RefuseLinkSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500)


class TriedAgainSerializer(serializers.Serializer[Any]):
    linked = serializers.IntegerField()


class LinkingQueueView(APIView):
    @extend_schema(operation_id="linking_queue", responses=LinkingQueueSerializer)
    def get(self, request: Request, slug: str) -> Response:
        actor = actor_of(request)
        body = {
            "rules": rules_of(study_for(actor, slug, Role.COORDINATOR)),
            "waiting": linking_selectors.waiting_for_link(actor, slug),
            "decided": linking_selectors.decided_by_hand(actor, slug),
        }
        return Response(LinkingQueueSerializer(body).data)


class LinkingRulesView(APIView):
    @extend_schema(
        operation_id="save_linking_rules",
        request=LinkingRulesSerializer,
        responses={200: LinkingRulesSerializer, 400: ErrorSerializer},
    )
    def put(self, request: Request, slug: str) -> Response:
        actor = actor_of(request)
        study = study_for(actor, slug, Role.COORDINATOR)
        data = LinkingRulesSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        rules = linking_queue.save_linking_rules(study=study, actor=actor, **data.validated_data)
        return Response(LinkingRulesSerializer(rules).data)


class TryLinkingAgainView(APIView):
    @extend_schema(operation_id="try_linking_again", request=None, responses=TriedAgainSerializer)
    def post(self, request: Request, slug: str) -> Response:
        actor = actor_of(request)
        study = study_for(actor, slug, Role.COORDINATOR)
        return Response({"linked": linking_queue.try_linking_again(study=study, actor=actor)})


def _case(radiograph: Radiograph, pseudonym: str = "") -> Response:
    return Response(LinkingCaseSerializer(radiograph, context={"pseudonym": pseudonym}).data)


class LinkingCaseView(APIView):
    @extend_schema(
        operation_id="linking_case",
        parameters=[OpenApiParameter("patient", str, description="Candidates of the patient with this pseudonym.")],
        responses={200: LinkingCaseSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, slug: str, radiograph_id: int) -> Response:
        radiograph = linking_selectors.radiograph_to_link(actor_of(request), slug, radiograph_id)
        return _case(radiograph, request.query_params.get("patient", ""))


class LinkRadiographView(APIView):
    @extend_schema(
        operation_id="link_radiograph",
        request=LinkSerializer,
        responses={200: LinkingCaseSerializer, 400: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, slug: str, radiograph_id: int) -> Response:
        actor = actor_of(request)
        radiograph = linking_selectors.radiograph_to_link(actor, slug, radiograph_id)
        data = LinkSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        hip = Hip.objects.select_related("patient").filter(pk=data.validated_data["hip"]).first()
        if hip is None:
            raise NotFound("There is no such hip in this study.")
        reason = data.validated_data["reason"]
        return _case(linking_queue.link_by_hand(radiograph=radiograph, hip=hip, reason=reason, actor=actor))


class RefuseLinkView(APIView):
    @extend_schema(
        operation_id="refuse_link",
        request=RefuseLinkSerializer,
        responses={200: LinkingCaseSerializer, 400: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, slug: str, radiograph_id: int) -> Response:
        actor = actor_of(request)
        radiograph = linking_selectors.radiograph_to_link(actor, slug, radiograph_id)
        data = RefuseLinkSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        reason = data.validated_data["reason"]
        return _case(linking_queue.refuse_link(radiograph=radiograph, reason=reason, actor=actor))


class UndoLinkView(APIView):
    @extend_schema(
        operation_id="undo_link_decision", request=None, responses={200: LinkingCaseSerializer, 409: ErrorSerializer}
    )
    def post(self, request: Request, slug: str, radiograph_id: int) -> Response:
        actor = actor_of(request)
        radiograph = linking_selectors.radiograph_to_link(actor, slug, radiograph_id)
        return _case(linking_queue.undo_link_decision(radiograph=radiograph, actor=actor))
