"""Comparisons: what may be compared, starting one, its result, and the table that it was made from."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from annotations.datasets.models import Part
from annotations.datasets.selectors import version_for
from common.api import ErrorSerializer
from common.models import JobStatus
from mlworker.experiments import comparisons, selectors
from mlworker.experiments.api.jobs import JobSerializer, job_state
from mlworker.experiments.api.results import ComparisonResultSerializer
from mlworker.experiments.api.scores import TouchSerializer, touch_body
from mlworker.experiments.figures import figure_names
from mlworker.experiments.models import Comparison, Endpoint
from mlworker.experiments.tidy_table import rows_from_json, table_as_csv
from studies.models import Role
from studies.selectors import study_for


class ComparableScoringSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    run = serializers.IntegerField()
    name = serializers.CharField()
    backbone = serializers.CharField()
    scored_at = serializers.DateTimeField(allow_null=True)


class ComparableSessionSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    reader = serializers.CharField()
    is_simulated = serializers.BooleanField()
    number = serializers.IntegerField()
    protocol = serializers.CharField()
    signed_at = serializers.DateTimeField(allow_null=True)


class ComparableGroupSerializer(serializers.Serializer[Any]):
    """Scores and reads over the same cases: one part of one dataset version."""

    dataset_version = serializers.IntegerField()
    dataset_name = serializers.CharField()
    part = serializers.ChoiceField(choices=Part.choices)
    scorings = ComparableScoringSerializer(many=True)
    sessions = ComparableSessionSerializer(many=True)


class StartComparisonSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=200)
    dataset_version = serializers.IntegerField()
    part = serializers.ChoiceField(choices=Part.choices)
    scorings = serializers.ListField(child=serializers.IntegerField(), default=list)
    sessions = serializers.ListField(child=serializers.IntegerField(), default=list)
    primary_endpoint = serializers.ChoiceField(choices=Endpoint.choices, default=Endpoint.SENSITIVITY)


class ComparisonSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    dataset_version = serializers.IntegerField()
    dataset_name = serializers.CharField()
    part = serializers.CharField()
    models = serializers.ListField(child=serializers.CharField())
    readers = serializers.ListField(child=serializers.CharField())
    requested_by = serializers.CharField(allow_null=True)
    job = JobSerializer()
    primary_endpoint = serializers.ChoiceField(choices=Endpoint.choices)
    # True when a label or a read has changed since: the result stays as it was made, and says so.
    is_stale = serializers.BooleanField()


class ComparisonDetailSerializer(ComparisonSerializer):
    stale_reasons = serializers.ListField(child=serializers.CharField())
    # Its result has another shape and is not shown: it has to be computed again.
    made_by_earlier_version = serializers.BooleanField()
    endpoint_named_at = serializers.DateTimeField()
    # Null as long as no model has touched the part.
    endpoint_named_before_first_touch = serializers.BooleanField(allow_null=True)
    cases_are_open = serializers.BooleanField()
    figures = serializers.ListField(child=serializers.CharField())
    inputs_sha256 = serializers.CharField(allow_blank=True)
    result_sha256 = serializers.CharField(allow_blank=True)
    result = ComparisonResultSerializer(allow_null=True)
    test_part_touch_count = serializers.IntegerField()
    test_part_touches = TouchSerializer(many=True)


def comparison_body(comparison: Comparison, reasons: list[str]) -> dict[str, Any]:
    return {
        "id": comparison.pk,
        "title": comparison.title,
        "dataset_version": comparison.dataset_version.number,
        "dataset_name": comparison.dataset_version.name,
        "part": comparison.part,
        "models": [scoring.run.name for scoring in comparison.scorings.all()],
        "readers": [session.reader.name for session in comparison.sessions.all()],
        "requested_by": comparison.requested_by.name if comparison.requested_by else None,
        "job": job_state(comparison),
        "primary_endpoint": comparison.primary_endpoint,
        "is_stale": bool(reasons),
    }


def comparison_detail(comparison: Comparison) -> dict[str, Any]:
    result = selectors.result_of(comparison)
    finished = comparison.status == JobStatus.SUCCEEDED
    touches = selectors.test_part_touches(comparison.dataset_version)
    reasons = selectors.stale_reasons(comparison)
    first = touches[0].queued_at if touches else None
    return comparison_body(comparison, reasons) | {
        "stale_reasons": reasons,
        "made_by_earlier_version": finished and result is None,
        "endpoint_named_at": comparison.endpoint_named_at,
        "endpoint_named_before_first_touch": comparison.endpoint_named_at <= first if first else None,
        "cases_are_open": selectors.per_case_is_open(comparison),
        "inputs_sha256": comparison.inputs_sha256,
        "result_sha256": comparison.result_sha256,
        "result": result,
        "figures": figure_names(result) if result else [],
        "test_part_touch_count": len(touches),
        "test_part_touches": [touch_body(touch) for touch in touches],
    }


class ComparisonChoicesView(APIView):
    """For each dataset version and part: the finished scorings, and the signed sessions that are unblinded."""

    @extend_schema(operation_id="comparison_choices", responses=ComparableGroupSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        study = study_for(actor_of(request), slug, Role.RESEARCHER)
        return Response(ComparableGroupSerializer(selectors.comparable_groups(study), many=True).data)


class ComparisonsView(APIView):
    @extend_schema(operation_id="comparisons", responses=ComparisonSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        found = selectors.comparisons_of(actor_of(request), slug)
        hashes: dict[int, str] = {}
        bodies = [comparison_body(one, selectors.stale_reasons(one, hashes)) for one in found]
        return Response(ComparisonSerializer(bodies, many=True).data)

    @extend_schema(
        operation_id="start_comparison",
        request=StartComparisonSerializer,
        responses={201: ComparisonDetailSerializer, 400: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        actor = actor_of(request)
        study = study_for(actor, slug, Role.RESEARCHER)
        data = StartComparisonSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        chosen = data.validated_data
        comparison = comparisons.start_comparison(
            version=version_for(actor, slug, chosen["dataset_version"]),
            part=chosen["part"],
            title=chosen["title"],
            scorings=selectors.scorings_by_id(study, chosen["scorings"]),
            sessions=selectors.sessions_by_id(study, chosen["sessions"]),
            actor=actor,
            primary_endpoint=chosen["primary_endpoint"],
        )
        fresh = selectors.comparison_for(actor, slug, comparison.pk)
        return Response(ComparisonDetailSerializer(comparison_detail(fresh)).data, status=status.HTTP_201_CREATED)


class ComparisonView(APIView):
    @extend_schema(operation_id="comparison", responses=ComparisonDetailSerializer)
    def get(self, request: Request, slug: str, comparison_id: int) -> Response:
        comparison = selectors.comparison_for(actor_of(request), slug, comparison_id)
        return Response(ComparisonDetailSerializer(comparison_detail(comparison)).data)


class RecomputeComparisonView(APIView):
    """The same inputs again, as a comparison of its own: equal inputs give equal bytes."""

    @extend_schema(
        operation_id="recompute_comparison",
        request=None,
        responses={201: ComparisonDetailSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, slug: str, comparison_id: int) -> Response:
        actor = actor_of(request)
        comparison = selectors.comparison_for(actor, slug, comparison_id)
        again = comparisons.recompute_comparison(comparison=comparison, actor=actor)
        fresh = selectors.comparison_for(actor, slug, again.pk)
        return Response(ComparisonDetailSerializer(comparison_detail(fresh)).data, status=status.HTTP_201_CREATED)


class ComparisonRowsView(APIView):
    """One row for each rater and case, by case number alone."""

    @extend_schema(operation_id="comparison_rows", responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, slug: str, comparison_id: int) -> HttpResponse:
        comparison = selectors.opened_comparison(actor_of(request), slug, comparison_id)
        response = HttpResponse(table_as_csv(rows_from_json(comparison.inputs)), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{slug}-comparison-{comparison.pk}.csv"'
        response["Cache-Control"] = "private, no-store"
        return response
