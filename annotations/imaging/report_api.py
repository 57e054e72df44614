"""De-identification reports to take away: of one file, and of a whole upload."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from annotations.imaging import selectors
from annotations.imaging.api import DeidentificationReportSerializer
from annotations.imaging.batch_report import batch_report, batch_report_csv, file_report
from common.errors import NotFound


class FileReportSerializer(serializers.Serializer[Any]):
    file = serializers.IntegerField()
    outcome = serializers.CharField()
    reason_code = serializers.CharField()
    reason = serializers.CharField()
    is_duplicate = serializers.BooleanField()
    radiograph = serializers.IntegerField(allow_null=True)
    deidentification = DeidentificationReportSerializer(allow_null=True)


class BatchReportSerializer(serializers.Serializer[Any]):
    upload = serializers.IntegerField()
    profile_version = serializers.CharField()
    checked_against = serializers.CharField()
    files_cleaned_by_profile = serializers.DictField(child=serializers.IntegerField())
    outcomes = serializers.DictField(child=serializers.IntegerField())
    reasons = serializers.DictField(child=serializers.IntegerField())
    burned_in_text = serializers.DictField(child=serializers.IntegerField())
    elements = serializers.DictField(child=serializers.DictField(child=serializers.IntegerField()))
    files = FileReportSerializer(many=True)


class BatchReportView(APIView):
    @extend_schema(operation_id="batch_report", responses=BatchReportSerializer)
    def get(self, request: Request, slug: str, batch_id: int) -> Response:
        report = batch_report(selectors.batch_for(actor_of(request), slug, batch_id))
        return _as_file(BatchReportSerializer(report).data, f"upload-{batch_id}-deidentification.json")


class BatchReportTableView(APIView):
    @extend_schema(operation_id="batch_report_table", responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, slug: str, batch_id: int) -> HttpResponse:
        report = batch_report(selectors.batch_for(actor_of(request), slug, batch_id))
        response = HttpResponse(batch_report_csv(report), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="upload-{batch_id}-deidentification.csv"'
        return response


class FileReportView(APIView):
    @extend_schema(operation_id="file_report", responses=FileReportSerializer)
    def get(self, request: Request, slug: str, batch_id: int, file_id: int) -> Response:
        batch = selectors.batch_for(actor_of(request), slug, batch_id)
        file = selectors.files_of(batch).select_related("radiograph", "quarantined_image").filter(pk=file_id).first()
        if file is None:
            raise NotFound("There is no such file in this upload.")
        return _as_file(FileReportSerializer(file_report(file)).data, f"file-{file_id}-deidentification.json")


def _as_file(body: Any, name: str) -> Response:
    return Response(body, headers={"Content-Disposition": f'attachment; filename="{name}"'})
