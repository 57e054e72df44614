"""The flow from registry to frozen cases, who is behind each of its boxes, and building and drawing."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from annotations.cohorts.comparison_draw import AGE_BANDS, MATCHING_VARIABLES
from annotations.cohorts.selectors import rules_version
from annotations.cohorts.services import DROP_THE_DRAW, KEEP_THE_DRAW
from annotations.datasets import flow
from annotations.datasets.flow_people import BOXES, flow_patients, flow_rows
from annotations.datasets.flow_services import (
    CODED,
    CONFIRMED,
    REDRAW,
    DrawRequest,
    build_study_cohort,
    draw_study_comparison,
)
from common.api import ErrorSerializer
from studies.models import Role
from studies.selectors import study_for

_STEP_KEYS = ["registry", "revised", "coded", "confirmed"]
_COMPARISON_CHOICES = [KEEP_THE_DRAW, REDRAW, DROP_THE_DRAW]
_LARGEST_SEED = 2**53 - 1  # what a browser counts exactly


class ExclusionSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField()
    patients = serializers.IntegerField()
    hips = serializers.IntegerField()
    radiographs = serializers.IntegerField()


class FlowStepSerializer(serializers.Serializer[Any]):
    key = serializers.ChoiceField(choices=_STEP_KEYS)
    patients_in = serializers.IntegerField()
    patients_out = serializers.IntegerField()
    hips_in = serializers.IntegerField()
    hips_out = serializers.IntegerField()
    radiographs_in = serializers.IntegerField()
    radiographs_out = serializers.IntegerField()
    excluded = ExclusionSerializer(many=True)
    expected = serializers.IntegerField(allow_null=True)
    is_met = serializers.BooleanField(allow_null=True)


class BalanceSerializer(serializers.Serializer[Any]):
    variable = serializers.CharField()
    loosening = serializers.FloatField(allow_null=True)
    eligible = serializers.FloatField(allow_null=True)
    comparison = serializers.FloatField(allow_null=True)
    difference_before = serializers.FloatField(allow_null=True)
    difference_after = serializers.FloatField(allow_null=True)


class StratumSerializer(serializers.Serializer[Any]):
    stratum = serializers.DictField(child=serializers.CharField())
    cases = serializers.IntegerField()
    wanted = serializers.IntegerField()
    eligible = serializers.IntegerField()
    drawn = serializers.IntegerField()


class DrawSerializer(serializers.Serializer[Any]):
    drawn = serializers.IntegerField()
    radiographs = serializers.IntegerField()
    seed = serializers.IntegerField()
    against = serializers.ChoiceField(choices=[CODED, CONFIRMED])
    cases = serializers.IntegerField()
    matched_by = serializers.ListField(child=serializers.ChoiceField(choices=MATCHING_VARIABLES))
    age_band_years = serializers.IntegerField()
    per_case = serializers.IntegerField()
    strata = StratumSerializer(many=True)
    balance = BalanceSerializer(many=True)
    drawn_by = serializers.CharField(allow_null=True)
    drawn_at = serializers.DateTimeField()
    is_kept = serializers.BooleanField()
    eligible_when_drawn = serializers.IntegerField()
    expected = serializers.IntegerField(allow_null=True)
    is_met = serializers.BooleanField(allow_null=True)


class PoolExclusionSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField()
    patients = serializers.IntegerField()


class ExpectationSerializer(serializers.Serializer[Any]):
    expected = serializers.IntegerField(allow_null=True)
    is_met = serializers.BooleanField(allow_null=True)


class ComparisonGroupSerializer(serializers.Serializer[Any]):
    pool = serializers.IntegerField()
    excluded = PoolExclusionSerializer(many=True)
    eligible = serializers.IntegerField()
    eligible_expectation = ExpectationSerializer()
    draw = DrawSerializer(allow_null=True)


class RadiographCountsSerializer(serializers.Serializer[Any]):
    loose = serializers.IntegerField()
    well_fixed = serializers.IntegerField()


class FlowRulesSerializer(serializers.Serializer[Any]):
    cementless = serializers.BooleanField()
    only_reason = serializers.BooleanField()
    side_agreement = serializers.BooleanField()


class CohortFlowSerializer(serializers.Serializer[Any]):
    rules_version = serializers.IntegerField()
    rules = FlowRulesSerializer()
    built_at = serializers.DateTimeField()
    built_by = serializers.CharField(allow_null=True)
    steps = FlowStepSerializer(many=True)
    comparison = ComparisonGroupSerializer()
    radiographs = RadiographCountsSerializer()


class MaybeFlowSerializer(serializers.Serializer[Any]):
    flow = CohortFlowSerializer(allow_null=True)


class FlowPatientSerializer(serializers.Serializer[Any]):
    pseudonym = serializers.CharField()
    site = serializers.CharField()
    side = serializers.CharField(allow_null=True)
    reason = serializers.CharField()


class FlowPatientPageSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    results = FlowPatientSerializer(many=True)


class BuildCohortSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(min_value=1)
    comparison = serializers.ChoiceField(
        choices=["keep", REDRAW, "drop"], required=False, allow_null=True, default=None
    )


class BuiltCohortSerializer(serializers.Serializer[Any]):
    rules_version = serializers.IntegerField()
    built_at = serializers.DateTimeField()


class DrawComparisonSerializer(serializers.Serializer[Any]):
    seed = serializers.IntegerField(min_value=0, max_value=_LARGEST_SEED)
    size = serializers.IntegerField(min_value=1, required=False, allow_null=True, default=None)
    matched_by = serializers.ListField(
        child=serializers.ChoiceField(choices=MATCHING_VARIABLES), required=False, default=list, max_length=4
    )
    age_band_years = serializers.ChoiceField(choices=AGE_BANDS, required=False, default=10)
    per_case = serializers.IntegerField(min_value=1, max_value=5, required=False, default=1)
    against = serializers.ChoiceField(choices=[CODED, CONFIRMED], required=False, default=CODED)
    again = serializers.BooleanField(required=False, default=False)


class DrawnSerializer(serializers.Serializer[Any]):
    drawn = serializers.IntegerField(source="size")
    eligible = serializers.IntegerField()
    seed = serializers.IntegerField()


class CohortFlowView(APIView):
    @extend_schema(operation_id="cohort_flow", responses=MaybeFlowSerializer)
    def get(self, request: Request, slug: str) -> Response:
        body = flow.cohort_flow(flow.study_of_flow(actor_of(request), slug))
        return Response(MaybeFlowSerializer({"flow": body}).data)


class FlowPatientsView(APIView):
    @extend_schema(
        operation_id="flow_patients",
        parameters=[
            OpenApiParameter("step", str, required=True, enum=BOXES),
            OpenApiParameter("reason", str, description="One reason of exclusion; all of the step if absent."),
            OpenApiParameter("kept", bool, description="Those who passed the step instead of those who left."),
            OpenApiParameter("search", str, description="Part of a pseudonym, or a site's code."),
            OpenApiParameter("limit", int),
            OpenApiParameter("offset", int),
        ],
        responses={200: FlowPatientPageSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, slug: str) -> Response:
        asked = request.query_params
        step = asked.get("step", "")
        rows = flow_patients(
            actor_of(request),
            slug,
            step=step,
            reason=asked.get("reason", ""),
            kept=asked.get("kept") == "true",
            search=asked.get("search", "").strip()[:40],
        )
        pages = LimitOffsetPagination()
        pages.default_limit, pages.max_limit = 50, 500
        page = pages.paginate_queryset(rows, request, view=self) or []
        body = {"count": pages.count, "results": flow_rows(page, step)}
        return Response(FlowPatientPageSerializer(body).data)


class BuildCohortView(APIView):
    @extend_schema(
        operation_id="build_cohort",
        request=BuildCohortSerializer,
        responses={201: BuiltCohortSerializer, 404: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        actor = actor_of(request)
        study = study_for(actor, slug, Role.COORDINATOR, Role.ADMINISTRATOR)
        data = BuildCohortSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        rules = rules_version(actor, slug, data.validated_data["version"])
        cohort = build_study_cohort(study=study, rules=rules, comparison=data.validated_data["comparison"], actor=actor)
        body = {"rules_version": rules.version, "built_at": cohort.built_at}
        return Response(BuiltCohortSerializer(body).data, status=status.HTTP_201_CREATED)


class DrawComparisonView(APIView):
    @extend_schema(
        operation_id="draw_comparison",
        request=DrawComparisonSerializer,
        responses={201: DrawnSerializer, 400: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        actor = actor_of(request)
        study = study_for(actor, slug, Role.COORDINATOR, Role.ADMINISTRATOR)
        data = DrawComparisonSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        asked = dict(data.validated_data)
        again = asked.pop("again")
        asked["matched_by"] = tuple(asked["matched_by"])
        draw = draw_study_comparison(study=study, request=DrawRequest(**asked), again=again, actor=actor)
        return Response(DrawnSerializer(draw).data, status=status.HTTP_201_CREATED)
