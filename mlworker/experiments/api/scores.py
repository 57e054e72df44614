"""Scoring a part, and the maps of what moved the score."""

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
from annotations.imaging.models import RenditionKind
from common import storage
from common.api import ErrorSerializer
from common.errors import NotFound
from common.models import JobStatus
from mlworker.experiments import selectors, services
from mlworker.experiments.api.jobs import JobSerializer, job_state
from mlworker.experiments.map_pictures import map_picture
from mlworker.experiments.models import SaliencyMap, Scoring


class ScorePartSerializer(serializers.Serializer[Any]):
    part = serializers.ChoiceField(choices=Part.choices)
    reason = serializers.CharField(max_length=500)


class ScoredCaseSerializer(serializers.Serializer[Any]):
    case = serializers.IntegerField()
    part = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    logit = serializers.FloatField()
    probability = serializers.FloatField()


class ScoringSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    part = serializers.CharField()
    reason = serializers.CharField()
    requested_by = serializers.CharField(allow_null=True)
    job = JobSerializer()
    scores = ScoredCaseSerializer(many=True)


class TouchSerializer(serializers.Serializer[Any]):
    run = serializers.CharField()
    reason = serializers.CharField()
    by = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField()


class ScoringsSerializer(serializers.Serializer[Any]):
    # What the scores rest on has changed since the dataset version was frozen.
    dataset_is_stale = serializers.BooleanField()
    scorings = ScoringSerializer(many=True)
    test_part_touches = TouchSerializer(many=True)


class RequestMapSerializer(serializers.Serializer[Any]):
    case = serializers.IntegerField()
    method = serializers.ChoiceField(choices=services.MAP_METHODS)


class MapSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    case = serializers.IntegerField()
    method = serializers.CharField()
    job = JobSerializer()
    raw_maximum = serializers.FloatField(allow_null=True)
    logit = serializers.FloatField(allow_null=True)


class MappableCaseSerializer(serializers.Serializer[Any]):
    case = serializers.IntegerField()
    part = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class MapsSerializer(serializers.Serializer[Any]):
    methods = serializers.ListField(child=serializers.CharField())
    cases = MappableCaseSerializer(many=True)
    maps = MapSerializer(many=True)


def scoring_body(scoring: Scoring) -> dict[str, Any]:
    finished = scoring.status == JobStatus.SUCCEEDED
    return {
        "id": scoring.pk,
        "part": scoring.part,
        "reason": scoring.reason,
        "requested_by": scoring.requested_by.name if scoring.requested_by else None,
        "job": job_state(scoring),
        "scores": selectors.scored_cases(scoring) if finished else [],
    }


def touch_body(touch: Scoring) -> dict[str, Any]:
    return {
        "run": touch.run.name,
        "reason": touch.reason,
        "by": touch.requested_by.name if touch.requested_by else None,
        "at": touch.queued_at,
    }


def map_body(saliency_map: SaliencyMap) -> dict[str, Any]:
    return {
        "id": saliency_map.pk,
        "case": saliency_map.case.number,
        "method": saliency_map.method,
        "job": job_state(saliency_map),
        "raw_maximum": saliency_map.raw_maximum,
        "logit": saliency_map.logit,
    }


class ScoringsView(APIView):
    @extend_schema(operation_id="scorings", responses=ScoringsSerializer)
    def get(self, request: Request, slug: str, run_id: int) -> Response:
        run = selectors.run_for(actor_of(request), slug, run_id)
        touches = selectors.test_part_touches(run.dataset_version)
        body = {
            "dataset_is_stale": bool(run.dataset_version.stale_reasons.all()),
            "scorings": [scoring_body(scoring) for scoring in run.scorings.order_by("pk")],
            "test_part_touches": [touch_body(touch) for touch in touches],
        }
        return Response(ScoringsSerializer(body).data)

    @extend_schema(
        operation_id="score_part",
        request=ScorePartSerializer,
        responses={201: ScoringSerializer, 400: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, slug: str, run_id: int) -> Response:
        actor = actor_of(request)
        run = selectors.run_for(actor, slug, run_id)
        data = ScorePartSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        scoring = services.score_part(run=run, actor=actor, **data.validated_data)
        return Response(ScoringSerializer(scoring_body(scoring)).data, status=status.HTTP_201_CREATED)


class MapsView(APIView):
    @extend_schema(operation_id="saliency_maps", responses=MapsSerializer)
    def get(self, request: Request, slug: str, run_id: int) -> Response:
        run = selectors.run_for(actor_of(request), slug, run_id)
        cases = selectors.mappable_cases(run)
        body = {
            "methods": list(services.MAP_METHODS),
            "cases": [{"case": c.number, "part": c.part, "label": c.label_value} for c in cases],
            "maps": [map_body(saliency_map) for saliency_map in selectors.maps_of(run)],
        }
        return Response(MapsSerializer(body).data)

    @extend_schema(
        operation_id="request_map",
        request=RequestMapSerializer,
        responses={201: MapSerializer, 400: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, slug: str, run_id: int) -> Response:
        actor = actor_of(request)
        run = selectors.run_for(actor, slug, run_id)
        data = RequestMapSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        saliency_map = services.request_map(
            run=run,
            case=selectors.mappable_case(run, data.validated_data["case"]),
            method=data.validated_data["method"],
            actor=actor,
        )
        return Response(MapSerializer(map_body(saliency_map)).data, status=status.HTTP_201_CREATED)


class MapPictureView(APIView):
    """The map alone, as a transparent picture to lay over the radiograph."""

    @extend_schema(operation_id="map_picture", responses={(200, "image/png"): OpenApiTypes.BINARY})
    def get(self, request: Request, slug: str, run_id: int, map_id: int) -> HttpResponse:
        run = selectors.run_for(actor_of(request), slug, run_id)
        saliency_map = selectors.maps_of(run).filter(pk=map_id, status=JobStatus.SUCCEEDED).first()
        if saliency_map is None:
            raise NotFound("There is no such map.")
        return _image(map_picture(storage.read(saliency_map.name)), "image/png")


class CasePreviewView(APIView):
    """The radiograph under the map: only of cases that this run may be asked about."""

    @extend_schema(operation_id="run_case_preview", responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    def get(self, request: Request, slug: str, run_id: int, case: int) -> HttpResponse:
        run = selectors.run_for(actor_of(request), slug, run_id)
        radiograph = selectors.mappable_case(run, case).radiograph
        rendition = radiograph.renditions.filter(kind=RenditionKind.PREVIEW).first()
        if rendition is None:
            raise NotFound("This radiograph has no preview.")
        return _image(storage.read(rendition.name), rendition.media_type)


def _image(data: bytes, media_type: str) -> HttpResponse:
    response = HttpResponse(data, content_type=media_type)
    response["Cache-Control"] = "private, no-store"
    return response
