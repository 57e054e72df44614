"""Training runs: the form's choices, launching, watching, cancelling, trying again."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from accounts.models import Person
from annotations.datasets.selectors import version_for
from common.api import ErrorSerializer
from mlworker.engine.backbone_catalogue import BACKBONES, weights_available
from mlworker.engine.configuration import ADDED_LATER, PRESETS, describe_fields
from mlworker.experiments import selectors, services
from mlworker.experiments.api.jobs import JobSerializer, job_state
from mlworker.experiments.models import TrainingRun
from studies.models import Role
from studies.selectors import study_for


class BackboneSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    title = serializers.CharField()
    published = serializers.BooleanField()
    parameter_count = serializers.IntegerField()
    needs_weights = serializers.BooleanField()
    weights_available = serializers.BooleanField()
    weights_message = serializers.CharField()


class ConfigurationFieldSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    kind = serializers.CharField()
    default = serializers.JSONField()
    minimum = serializers.FloatField(allow_null=True)
    maximum = serializers.FloatField(allow_null=True)
    choices = serializers.ListField(child=serializers.CharField())
    help = serializers.CharField()


class PresetSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    values = serializers.DictField()


class TrainingChoicesSerializer(serializers.Serializer[Any]):
    backbones = BackboneSerializer(many=True)
    presets = PresetSerializer(many=True)
    fields = ConfigurationFieldSerializer(many=True)  # type: ignore[assignment]


class LaunchSerializer(serializers.Serializer[Any]):
    dataset_version = serializers.IntegerField()
    backbones = serializers.ListField(child=serializers.CharField(), min_length=1)
    preset = serializers.ChoiceField(choices=sorted(PRESETS))
    overrides = serializers.DictField(default=dict)
    name = serializers.CharField(max_length=120, allow_blank=True, default="")


def asked_launch(request: Request, actor: Person, slug: str) -> dict[str, Any]:
    """What a launch form says, with its dataset version found: the same for a preview and for the start."""
    study_for(actor, slug, Role.RESEARCHER)
    data = LaunchSerializer(data=request.data)
    data.is_valid(raise_exception=True)
    chosen = dict(data.validated_data)
    return chosen | {"version": version_for(actor, slug, chosen.pop("dataset_version"))}


class EpochSerializer(serializers.Serializer[Any]):
    epoch = serializers.IntegerField()
    metrics = serializers.DictField(child=serializers.FloatField(allow_null=True))
    seconds = serializers.FloatField()


class RunSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    backbone = serializers.CharField()
    preset = serializers.CharField()
    dataset_version = serializers.IntegerField()
    dataset_is_stale = serializers.BooleanField()
    started_by = serializers.CharField(allow_null=True)
    job = JobSerializer()
    queue_position = serializers.IntegerField(allow_null=True)
    epochs = EpochSerializer(many=True)
    threshold = serializers.FloatField(allow_null=True)
    threshold_rule = serializers.CharField()
    threshold_fixed_at = serializers.DateTimeField(allow_null=True)
    validation_metrics = serializers.DictField()
    test_scored = serializers.BooleanField()
    tags = serializers.ListField(child=serializers.CharField())
    search = serializers.IntegerField(allow_null=True)


class LogLineSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    kind = serializers.CharField()
    message = serializers.CharField()


class RunDetailSerializer(RunSerializer):
    configuration = serializers.DictField()
    configuration_sha256 = serializers.CharField()
    dataset_sha256 = serializers.CharField()
    model_sha256 = serializers.CharField()
    parameter_count = serializers.IntegerField(allow_null=True)
    environment = serializers.DictField()
    notes = serializers.CharField()
    log = LogLineSerializer(many=True)


def run_body(run: TrainingRun) -> dict[str, Any]:
    return {
        "id": run.pk,
        "name": run.name,
        "backbone": run.backbone,
        "preset": run.preset,
        "dataset_version": run.dataset_version.number,
        "dataset_is_stale": bool(run.dataset_version.stale_reasons.all()),
        "started_by": run.started_by.name if run.started_by else None,
        "job": job_state(run),
        "queue_position": selectors.queue_position(run),
        "epochs": [{"epoch": e.epoch, "metrics": e.metrics, "seconds": e.seconds} for e in run.epochs.all()],
        "threshold": run.threshold,
        "threshold_rule": run.threshold_rule,
        "threshold_fixed_at": run.threshold_fixed_at,
        "validation_metrics": run.validation_metrics,
        "test_scored": any(s.part == "test" and s.status == "succeeded" for s in run.scorings.all()),
        "tags": run.tags,
        "search": run.search_id,
    }


def run_detail(run: TrainingRun) -> dict[str, Any]:
    log = run.events.order_by("pk")
    return run_body(run) | {
        # A run that is older than a field did without it.
        "configuration": ADDED_LATER | run.configuration,
        "configuration_sha256": run.configuration_sha256,
        "dataset_sha256": run.dataset_version.sha256,
        "model_sha256": run.model_sha256,
        "parameter_count": run.parameter_count,
        "environment": run.environment,
        "notes": run.notes,
        "log": [{"at": line.at, "kind": line.kind, "message": line.message} for line in log],
    }


class TrainingChoicesView(APIView):
    @extend_schema(operation_id="training_choices", responses=TrainingChoicesSerializer)
    def get(self, request: Request, slug: str) -> Response:
        study_for(actor_of(request), slug, Role.RESEARCHER)
        body = {
            "backbones": [_backbone(name) for name in BACKBONES],
            "presets": [{"name": name, "values": preset.to_dict()} for name, preset in PRESETS.items()],
            "fields": describe_fields(),
        }
        return Response(body)


def _backbone(name: str) -> dict[str, Any]:
    entry = BACKBONES[name]
    weights = weights_available(entry)
    return {
        "name": name,
        "title": entry.title,
        "published": entry.published,
        "parameter_count": entry.parameter_count,
        "needs_weights": entry.weights_file is not None,
        "weights_available": weights.available,
        "weights_message": weights.message,
    }


class RunsView(APIView):
    @extend_schema(operation_id="training_runs", responses=RunSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        runs = selectors.runs_of(actor_of(request), slug)
        return Response(RunSerializer([run_body(run) for run in runs], many=True).data)

    @extend_schema(
        operation_id="start_training",
        request=LaunchSerializer,
        responses={201: RunSerializer(many=True), 400: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        actor = actor_of(request)
        runs = services.start_training(**asked_launch(request, actor, slug), actor=actor)
        return Response(RunSerializer([run_body(run) for run in runs], many=True).data, status=status.HTTP_201_CREATED)


class RunView(APIView):
    @extend_schema(operation_id="training_run", responses=RunDetailSerializer)
    def get(self, request: Request, slug: str, run_id: int) -> Response:
        run = selectors.run_for(actor_of(request), slug, run_id)
        return Response(RunDetailSerializer(run_detail(run)).data)


class CancelRunView(APIView):
    @extend_schema(operation_id="cancel_run", request=None, responses={200: RunDetailSerializer, 409: ErrorSerializer})
    def post(self, request: Request, slug: str, run_id: int) -> Response:
        actor = actor_of(request)
        services.cancel_run(run=selectors.run_for(actor, slug, run_id), actor=actor)
        return Response(RunDetailSerializer(run_detail(selectors.run_for(actor, slug, run_id))).data)


class RetryRunView(APIView):
    @extend_schema(operation_id="retry_run", request=None, responses={200: RunDetailSerializer, 409: ErrorSerializer})
    def post(self, request: Request, slug: str, run_id: int) -> Response:
        actor = actor_of(request)
        services.retry_run(run=selectors.run_for(actor, slug, run_id), actor=actor)
        return Response(RunDetailSerializer(run_detail(selectors.run_for(actor, slug, run_id))).data)
