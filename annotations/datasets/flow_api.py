"""The flow from registry to frozen cases, and who is behind each of its boxes."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from annotations.datasets import flow
from common.api import ErrorSerializer

_STEP_KEYS = ["registry", "revised", "coded", "confirmed"]


class ExclusionSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField()
    patients = serializers.IntegerField()


class FlowStepSerializer(serializers.Serializer[Any]):
    key = serializers.ChoiceField(choices=_STEP_KEYS)
    patients_in = serializers.IntegerField()
    patients_out = serializers.IntegerField()
    excluded = ExclusionSerializer(many=True)
    expected = serializers.IntegerField(allow_null=True)


class BalanceSerializer(serializers.Serializer[Any]):
    variable = serializers.CharField()
    loosening = serializers.FloatField()
    comparison = serializers.FloatField()
    standardised_difference = serializers.FloatField(allow_null=True)


class ComparisonGroupSerializer(serializers.Serializer[Any]):
    eligible = serializers.IntegerField()
    drawn = serializers.IntegerField()
    seed = serializers.IntegerField()
    balance = BalanceSerializer(many=True)


class RadiographCountsSerializer(serializers.Serializer[Any]):
    loose = serializers.IntegerField()
    well_fixed = serializers.IntegerField()


class CohortFlowSerializer(serializers.Serializer[Any]):
    rules_version = serializers.IntegerField()
    built_at = serializers.DateTimeField()
    built_by = serializers.CharField(allow_null=True)
    steps = FlowStepSerializer(many=True)
    comparison = ComparisonGroupSerializer(allow_null=True)
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


class CohortFlowView(APIView):
    @extend_schema(operation_id="cohort_flow", responses=MaybeFlowSerializer)
    def get(self, request: Request, slug: str) -> Response:
        body = flow.cohort_flow(flow.study_of_flow(actor_of(request), slug))
        return Response(MaybeFlowSerializer({"flow": body}).data)


class FlowPatientsView(APIView):
    @extend_schema(
        operation_id="flow_patients",
        parameters=[
            OpenApiParameter("step", str, required=True, enum=[*_STEP_KEYS, "comparison"]),
            OpenApiParameter("reason", str, description="One reason of exclusion; all of the step if absent."),
            OpenApiParameter("kept", bool, description="Those who passed the step instead of those who left."),
            OpenApiParameter("limit", int),
            OpenApiParameter("offset", int),
        ],
        responses={200: FlowPatientPageSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, slug: str) -> Response:
        rows = flow.flow_patients(
            actor_of(request),
            slug,
            step=request.query_params.get("step", ""),
            reason=request.query_params.get("reason", ""),
            kept=request.query_params.get("kept") == "true",
        )
        pages = LimitOffsetPagination()
        pages.default_limit, pages.max_limit = 50, 500
        page = pages.paginate_queryset(rows, request, view=self) or []
        body = {"count": pages.count, "results": [flow.flow_patient(row) for row in page]}
        return Response(FlowPatientPageSerializer(body).data)
