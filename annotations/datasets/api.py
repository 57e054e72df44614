from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from annotations.datasets import selectors, services
from annotations.datasets.models import DatasetVersion, Part
from annotations.datasets.split import RatioSplit
from annotations.labels.models import LabelValue
from common.api import ErrorSerializer
from studies.models import Role
from studies.selectors import study_for


class SplitSerializer(serializers.Serializer[Any]):
    seed = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    validation = serializers.FloatField(default=0.1)
    test = serializers.FloatField(default=0.1)


class FreezeSerializer(SplitSerializer):
    name = serializers.CharField(max_length=120)


class PartCountSerializer(serializers.Serializer[Any]):
    part = serializers.ChoiceField(choices=Part.choices)
    # "label" is also the name of a field's own caption.
    label = serializers.ChoiceField(choices=LabelValue.choices)  # type: ignore[assignment]
    site = serializers.CharField()
    cases = serializers.IntegerField()


class DatasetVersionSerializer(serializers.ModelSerializer[DatasetVersion]):
    case_count = serializers.IntegerField()
    stale_count = serializers.IntegerField()
    frozen_by = serializers.CharField(source="frozen_by.name", allow_null=True, default=None)
    split = serializers.DictField()

    class Meta:
        model = DatasetVersion
        fields = (
            "number", "name", "is_practice", "split", "sha256", "frozen_by", "frozen_at", "case_count", "stale_count",
        )  # fmt: skip


class StaleReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField()
    at = serializers.DateTimeField()


class DisjointnessSerializer(serializers.Serializer[Any]):
    checked = serializers.ListField(child=serializers.CharField())
    cases = serializers.IntegerField()
    nearest_across_parts_bits = serializers.IntegerField(allow_null=True)
    problems = serializers.ListField(child=serializers.CharField())
    suspects = serializers.ListField(child=serializers.CharField())


class DatasetVersionDetailSerializer(DatasetVersionSerializer):
    counts = PartCountSerializer(many=True)
    stale_reasons = StaleReasonSerializer(many=True)
    disjointness = DisjointnessSerializer()

    class Meta(DatasetVersionSerializer.Meta):
        fields = (*DatasetVersionSerializer.Meta.fields, "counts", "stale_reasons", "disjointness")  # type: ignore[assignment]


def _detail(version: DatasetVersion) -> dict[str, Any]:
    body: dict[str, Any] = dict(DatasetVersionSerializer(version).data)
    body["counts"] = PartCountSerializer(selectors.part_counts(version), many=True).data
    body["stale_reasons"] = StaleReasonSerializer(version.stale_reasons.order_by("at"), many=True).data
    body["disjointness"] = DisjointnessSerializer(version.disjointness).data
    return body


def _split(data: dict[str, Any]) -> RatioSplit:
    return RatioSplit(seed=data["seed"], validation=data["validation"], test=data["test"])


class DatasetVersionsView(APIView):
    @extend_schema(operation_id="dataset_versions", responses=DatasetVersionSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        versions = selectors.versions_of(actor_of(request), slug)
        return Response(DatasetVersionSerializer(versions, many=True).data)

    @extend_schema(
        operation_id="freeze_dataset_version",
        request=FreezeSerializer,
        responses={201: DatasetVersionDetailSerializer, 400: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        actor = actor_of(request)
        study = study_for(actor, slug, Role.RESEARCHER, Role.COORDINATOR)
        data = FreezeSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        version = services.freeze_dataset_version(
            study=study, name=data.validated_data["name"], split=_split(data.validated_data), actor=actor
        )
        fresh = selectors.version_for(actor, slug, version.number)
        return Response(_detail(fresh), status=status.HTTP_201_CREATED)


class PreviewSplitView(APIView):
    @extend_schema(operation_id="preview_split", request=SplitSerializer, responses=PartCountSerializer(many=True))
    def post(self, request: Request, slug: str) -> Response:
        study = study_for(actor_of(request), slug, Role.RESEARCHER, Role.COORDINATOR)
        data = SplitSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        counts = selectors.preview_split(study, _split(data.validated_data))
        return Response(PartCountSerializer(counts, many=True).data)


class DatasetVersionView(APIView):
    @extend_schema(operation_id="dataset_version", responses=DatasetVersionDetailSerializer)
    def get(self, request: Request, slug: str, number: int) -> Response:
        return Response(_detail(selectors.version_for(actor_of(request), slug, number)))


class ManifestView(APIView):
    @extend_schema(operation_id="dataset_manifest", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, slug: str, number: int) -> Response:
        version = selectors.version_for(actor_of(request), slug, number)
        response = Response(selectors.open_manifest(version))
        response["Content-Disposition"] = f'attachment; filename="{slug}-version-{number}.json"'
        return response
