"""The report of a comparison: its archives, and the reporting guidelines that people complete."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from common import storage
from common.api import ErrorSerializer
from common.errors import NotFound
from common.models import JobStatus
from mlworker.experiments import selectors
from mlworker.experiments.api.jobs import JobSerializer, job_state
from mlworker.experiments.models import Comparison, ComparisonReport, ReportingAnswer, ReportingStatus
from mlworker.experiments.report import checklist
from mlworker.experiments.report.facts import facts_of, known_of
from mlworker.experiments.report.guidelines import GUIDELINES
from mlworker.experiments.report.services import request_report
from mlworker.experiments.tidy_table import rows_from_json


class ArchiveFileSerializer(serializers.Serializer[Any]):
    path = serializers.CharField()
    bytes = serializers.IntegerField()
    sha256 = serializers.CharField()


class ReportSerializer(serializers.Serializer[Any]):
    """One archive. It stays as it was made; answers given later come into the next."""

    id = serializers.IntegerField()
    requested_by = serializers.CharField(allow_null=True)
    job = JobSerializer()
    sha256 = serializers.CharField(allow_blank=True)
    size = serializers.IntegerField()
    files = ArchiveFileSerializer(many=True)


class GuidelineVersionSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    status = serializers.ChoiceField(choices=ReportingStatus.choices)
    where = serializers.CharField(allow_blank=True)
    by = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField()


class GuidelineRowSerializer(serializers.Serializer[Any]):
    """`status` and `where` as printed: a person's answer before the platform's, which stands beside it."""

    number = serializers.CharField()
    section = serializers.CharField()
    asks = serializers.CharField()
    status = serializers.ChoiceField(choices=ReportingStatus.choices)
    where = serializers.CharField(allow_blank=True)
    platform_status = serializers.ChoiceField(choices=ReportingStatus.choices)
    platform = serializers.CharField(allow_blank=True)
    versions = GuidelineVersionSerializer(many=True)


class GuidelineSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    numbering = serializers.CharField()
    rows = GuidelineRowSerializer(many=True)


class AnswerItemSerializer(serializers.Serializer[Any]):
    guideline = serializers.CharField(max_length=20)
    number = serializers.CharField(max_length=12)
    status = serializers.ChoiceField(choices=ReportingStatus.choices)
    where = serializers.CharField(max_length=4000, allow_blank=True, default="")


def report_body(report: ComparisonReport) -> dict[str, Any]:
    return {
        "id": report.pk,
        "requested_by": report.requested_by.name if report.requested_by else None,
        "job": job_state(report),
        "sha256": report.sha256,
        "size": report.size,
        "files": report.files,
    }


def guidelines_body(comparison: Comparison) -> list[dict[str, Any]]:
    result = selectors.result_of(comparison) or {}
    facts = facts_of(known_of(comparison, result, rows_from_json(comparison.inputs)))
    answers = checklist.current_answers(comparison.study)
    versions: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for answer in (
        ReportingAnswer.objects.filter(study=comparison.study).select_related("answered_by").order_by("version")
    ):
        versions.setdefault((answer.guideline, answer.item), []).append(_version(answer))
    return [
        {
            "key": guideline.key,
            "title": guideline.title,
            "numbering": guideline.numbering,
            "rows": [
                _row(row, versions.get((guideline.key, row.item.number), []))
                for row in checklist.filled_in(guideline, facts, checklist.answers_of(guideline, answers))
            ],
        }
        for guideline in GUIDELINES.values()
    ]


def _version(answer: ReportingAnswer) -> dict[str, Any]:
    return {
        "version": answer.version,
        "status": answer.status,
        "where": answer.where,
        "by": answer.answered_by.name if answer.answered_by else None,
        "at": answer.answered_at,
    }


def _row(row: checklist.Row, versions: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "number": row.item.number,
        "section": row.item.section,
        "asks": row.item.asks,
        "status": row.status,
        "where": row.where,
        "platform_status": row.platform_status,
        "platform": row.platform,
        "versions": versions,
    }


class ReportsView(APIView):
    @extend_schema(operation_id="comparison_reports", responses=ReportSerializer(many=True))
    def get(self, request: Request, slug: str, comparison_id: int) -> Response:
        comparison = selectors.opened_comparison(actor_of(request), slug, comparison_id)
        found = comparison.reports.select_related("requested_by").order_by("-pk")
        return Response(ReportSerializer([report_body(report) for report in found], many=True).data)

    @extend_schema(
        operation_id="request_report",
        request=None,
        responses={201: ReportSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, slug: str, comparison_id: int) -> Response:
        actor = actor_of(request)
        comparison = selectors.opened_comparison(actor, slug, comparison_id)
        report = request_report(comparison=comparison, actor=actor)
        return Response(ReportSerializer(report_body(report)).data, status=status.HTTP_201_CREATED)


class ReportArchiveView(APIView):
    """The archive: report as HTML and PDF, figures, tables, list-mode files, model card and manifest."""

    @extend_schema(operation_id="report_archive", responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, slug: str, comparison_id: int, number: int) -> FileResponse:
        comparison = selectors.opened_comparison(actor_of(request), slug, comparison_id)
        report = comparison.reports.filter(pk=number, status=JobStatus.SUCCEEDED).first()
        if report is None:
            raise NotFound("There is no such report.")
        name = f"{slug}-comparison-{comparison.pk}-report-{report.pk}.zip"
        response = FileResponse(storage.open_to_read(report.name), as_attachment=True, filename=name)
        response["Content-Type"] = "application/zip"
        response["Cache-Control"] = "private, no-store"
        return response


class GuidelinesView(APIView):
    """The reporting guidelines as the platform fills them in for this comparison, with people's answers."""

    @extend_schema(operation_id="reporting_guidelines", responses=GuidelineSerializer(many=True))
    def get(self, request: Request, slug: str, comparison_id: int) -> Response:
        comparison = selectors.opened_comparison(actor_of(request), slug, comparison_id)
        return Response(GuidelineSerializer(guidelines_body(comparison), many=True).data)

    @extend_schema(
        operation_id="answer_reporting_item",
        request=AnswerItemSerializer,
        responses={201: GuidelineVersionSerializer, 400: ErrorSerializer, 404: ErrorSerializer},
    )
    def post(self, request: Request, slug: str, comparison_id: int) -> Response:
        actor = actor_of(request)
        comparison = selectors.opened_comparison(actor, slug, comparison_id)
        data = AnswerItemSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        answer = checklist.answer_item(study=comparison.study, actor=actor, **data.validated_data)
        return Response(GuidelineVersionSerializer(_version(answer)).data, status=status.HTTP_201_CREATED)
