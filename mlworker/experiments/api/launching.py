"""Before a run is queued: what it would take; and several runs at once, as a search."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from annotations.datasets.selectors import label_counts, version_for
from common.api import ErrorSerializer
from mlworker.engine.configuration import PRESETS
from mlworker.engine.search import SearchPlan
from mlworker.experiments import selectors, services
from mlworker.experiments.api.runs import LaunchSerializer, RunSerializer, asked_launch, run_body
from mlworker.experiments.models import TuningSearch
from studies.models import Role
from studies.selectors import study_for


class RunEstimateSerializer(serializers.Serializer[Any]):
    backbone = serializers.CharField()
    title = serializers.CharField()
    # Of one core, without a GPU.
    cpu_seconds = serializers.FloatField()
    steps = serializers.IntegerField()


class TrainedPartSerializer(serializers.Serializer[Any]):
    part = serializers.CharField()
    loose = serializers.IntegerField()
    well_fixed = serializers.IntegerField()


class LaunchPreviewSerializer(serializers.Serializer[Any]):
    parts = TrainedPartSerializer(many=True)
    runs = RunEstimateSerializer(many=True)


class LaunchPreviewView(APIView):
    """Says what would be trained on what, and saves nothing."""

    @extend_schema(
        operation_id="preview_training",
        request=LaunchSerializer,
        responses={200: LaunchPreviewSerializer, 400: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        asked = asked_launch(request, actor_of(request), slug)
        asked.pop("name")
        version = asked["version"]
        configurations = services.checked_configurations(**asked)
        counts = label_counts(version)
        body = {
            "parts": [
                {"part": part, **{label: counts.get((part, label), 0) for label in ("loose", "well_fixed")}}
                for part in ("training", "validation")
            ],
            "runs": [selectors.cost_estimate(version, configuration) for configuration in configurations],
        }
        return Response(LaunchPreviewSerializer(body).data)


class SearchRequestSerializer(serializers.Serializer[Any]):
    dataset_version = serializers.IntegerField()
    backbone = serializers.CharField()
    preset = serializers.ChoiceField(choices=sorted(PRESETS))
    overrides = serializers.DictField(default=dict)
    method = serializers.CharField()
    # Field name to a list of values or to {"low": a, "high": b}.
    space = serializers.DictField()
    trials = serializers.IntegerField()
    seed = serializers.IntegerField(default=1)
    name = serializers.CharField(max_length=80, allow_blank=True, default="")


class SearchSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    specification = serializers.DictField()
    dataset_version = serializers.IntegerField()
    started_by = serializers.CharField(allow_null=True)
    started_at = serializers.DateTimeField()
    # By the smallest validation loss, those without one last.
    trials = RunSerializer(many=True)


def search_body(search: TuningSearch, trials: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": search.pk,
        "name": search.name,
        "specification": search.specification,
        "dataset_version": search.dataset_version.number,
        "started_by": search.started_by.name if search.started_by else None,
        "started_at": search.started_at,
        "trials": trials,
    }


def _body(actor: Any, slug: str, search: TuningSearch) -> dict[str, Any]:
    trials = [run_body(run) for run in selectors.runs_of(actor, slug).filter(search=search)]
    trials.sort(key=lambda run: (_loss(run), run["id"]))
    return search_body(search, trials)


def _loss(run: dict[str, Any]) -> float:
    loss = run["validation_metrics"].get("validation_loss")
    return float("inf") if loss is None else float(loss)


class SearchesView(APIView):
    @extend_schema(operation_id="tuning_searches", responses=SearchSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        actor = actor_of(request)
        searches = selectors.searches_of(actor, slug)
        return Response(SearchSerializer([_body(actor, slug, search) for search in searches], many=True).data)

    @extend_schema(
        operation_id="start_search",
        request=SearchRequestSerializer,
        responses={201: SearchSerializer, 400: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        actor = actor_of(request)
        study_for(actor, slug, Role.RESEARCHER)
        data = SearchRequestSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        chosen = data.validated_data
        search = services.start_search(
            version=version_for(actor, slug, chosen["dataset_version"]),
            backbone=chosen["backbone"],
            preset=chosen["preset"],
            overrides=chosen["overrides"],
            plan=SearchPlan(chosen["method"], chosen["space"], chosen["trials"], chosen["seed"]),
            name=chosen["name"],
            actor=actor,
        )
        return Response(SearchSerializer(_body(actor, slug, search)).data, status=status.HTTP_201_CREATED)
