"""What is known of a method's maps, beside every map."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from common.api import ErrorSerializer
from mlworker.experiments import selectors, services
from mlworker.experiments.api.jobs import JobSerializer, job_state
from mlworker.experiments.models import MapQuality


class MapFindingSerializer(serializers.Serializer[Any]):
    test = serializers.CharField()
    verdict = serializers.CharField()
    figures = serializers.DictField(child=serializers.FloatField(allow_null=True))
    cases = serializers.IntegerField()
    reason = serializers.CharField()


class MapQualitySerializer(serializers.Serializer[Any]):
    method = serializers.CharField()
    job = JobSerializer()
    cases = serializers.ListField(child=serializers.IntegerField())
    findings = MapFindingSerializer(many=True)


class RequestQualitySerializer(serializers.Serializer[Any]):
    method = serializers.CharField()


def quality_body(quality: MapQuality) -> dict[str, Any]:
    return {
        "method": quality.method,
        "job": job_state(quality),
        "cases": quality.cases,
        "findings": quality.findings,
    }


class MapQualityView(APIView):
    @extend_schema(operation_id="map_quality", responses=MapQualitySerializer(many=True))
    def get(self, request: Request, slug: str, run_id: int) -> Response:
        run = selectors.run_for(actor_of(request), slug, run_id)
        panels = [quality_body(quality) for quality in run.map_qualities.order_by("method")]
        return Response(MapQualitySerializer(panels, many=True).data)

    @extend_schema(
        operation_id="judge_maps",
        request=RequestQualitySerializer,
        responses={201: MapQualitySerializer, 400: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, slug: str, run_id: int) -> Response:
        actor = actor_of(request)
        run = selectors.run_for(actor, slug, run_id)
        data = RequestQualitySerializer(data=request.data)
        data.is_valid(raise_exception=True)
        quality = services.request_quality(run=run, method=data.validated_data["method"], actor=actor)
        return Response(MapQualitySerializer(quality_body(quality)).data, status=status.HTTP_201_CREATED)
