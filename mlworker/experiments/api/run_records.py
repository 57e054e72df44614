"""A run's own words and its model file."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from common import storage
from common.api import ErrorSerializer
from common.errors import Conflict
from mlworker.experiments import selectors, services
from mlworker.experiments.api.runs import RunDetailSerializer, run_detail


class RunWordsSerializer(serializers.Serializer[Any]):
    notes = serializers.CharField(allow_blank=True)
    tags = serializers.ListField(child=serializers.CharField(allow_blank=True))


class RunWordsView(APIView):
    @extend_schema(
        operation_id="annotate_run",
        request=RunWordsSerializer,
        responses={200: RunDetailSerializer, 400: ErrorSerializer},
    )
    def put(self, request: Request, slug: str, run_id: int) -> Response:
        actor = actor_of(request)
        run = selectors.run_for(actor, slug, run_id)
        data = RunWordsSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        services.annotate_run(run=run, actor=actor, **data.validated_data)
        return Response(RunDetailSerializer(run_detail(selectors.run_for(actor, slug, run_id))).data)


class RunModelView(APIView):
    """The `.keras` file as it was written; its hash is the one that the run records."""

    @extend_schema(
        operation_id="run_model", responses={(200, "application/zip"): OpenApiTypes.BINARY, 409: ErrorSerializer}
    )
    def get(self, request: Request, slug: str, run_id: int) -> FileResponse:
        run = selectors.run_for(actor_of(request), slug, run_id)
        if not run.model_name:
            raise Conflict("This run has no model yet.", code="run_not_finished")
        name = f"run-{run.pk}-{run.backbone}-{run.model_sha256[:12]}.keras"
        return FileResponse(storage.open_to_read(run.model_name), as_attachment=True, filename=name)
