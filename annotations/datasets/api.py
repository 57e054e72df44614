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
from annotations.datasets import rechecking, seal, selectors, services
from annotations.datasets.differences import differences
from annotations.datasets.manifest import as_csv
from annotations.datasets.models import DatasetVersion
from annotations.datasets.preview_api import (
    DisjointnessSerializer,
    FoldCountSerializer,
    FreezeSerializer,
    PartCountSerializer,
    selection_of,
    split_of,
)
from common.api import ErrorSerializer
from studies.models import Role
from studies.selectors import study_for


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
    # Why: a label has a newer version, or images have changed.
    kind = serializers.ChoiceField(choices=["label", "image"])
    reason = serializers.CharField()
    at = serializers.DateTimeField()


class DatasetVersionDetailSerializer(DatasetVersionSerializer):
    selection = serializers.DictField()
    counts = PartCountSerializer(many=True)
    folds = FoldCountSerializer(many=True)
    stale_reasons = StaleReasonSerializer(many=True)
    disjointness = DisjointnessSerializer()
    remarks = serializers.ListField(child=serializers.CharField())
    # Test cases that an earlier version had shown to researchers when this one was frozen.
    open_before = serializers.IntegerField()
    # Cases that researchers do not get, and whether this person does.
    sealed_count = serializers.IntegerField()
    sees_sealed = serializers.BooleanField()

    class Meta(DatasetVersionSerializer.Meta):
        fields = (  # type: ignore[assignment]
            *DatasetVersionSerializer.Meta.fields, "selection", "counts", "folds", "stale_reasons", "disjointness",
            "remarks", "open_before", "sealed_count", "sees_sealed",
        )  # fmt: skip


class DifferenceSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=["added", "removed", "label", "rung", "part"])
    patient = serializers.CharField()
    side = serializers.CharField()
    case = serializers.IntegerField(allow_null=True)
    earlier_case = serializers.IntegerField(allow_null=True)
    before = serializers.CharField()
    after = serializers.CharField()


class DifferencesSerializer(serializers.Serializer[Any]):
    counts = serializers.DictField(child=serializers.IntegerField())
    shown = DifferenceSerializer(many=True)
    withheld = serializers.IntegerField()
    same = serializers.IntegerField()


def _detail(request: Request, version: DatasetVersion) -> dict[str, Any]:
    body: dict[str, Any] = dict(DatasetVersionSerializer(version).data)
    reasons = [
        {"kind": "label" if reason.label_id else "image", "reason": reason.reason, "at": reason.at}
        for reason in version.stale_reasons.order_by("at", "pk")
    ]
    body["selection"] = version.selection
    body["counts"] = PartCountSerializer(selectors.part_counts(version), many=True).data
    body["folds"] = FoldCountSerializer(selectors.fold_counts(version), many=True).data
    body["stale_reasons"] = StaleReasonSerializer(reasons, many=True).data
    body["disjointness"] = DisjointnessSerializer(version.disjointness).data
    body["remarks"] = version.disjointness.get("remarks", [])
    body["open_before"] = version.disjointness.get("open_before", 0)
    body["sealed_count"] = selectors.sealed_count(version)
    body["sees_sealed"] = seal.may_see_sealed(actor_of(request), version.study)
    return body


class DatasetVersionsView(APIView):
    @extend_schema(operation_id="dataset_versions", responses=DatasetVersionSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        versions = selectors.versions_of(actor_of(request), slug).defer("manifest", "disjointness")
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
            study=study,
            name=data.validated_data["name"],
            split=split_of(data.validated_data),
            selection=selection_of(data.validated_data),
            previewed_sha256=data.validated_data["previewed_sha256"],
            actor=actor,
        )
        fresh = selectors.version_for(actor, slug, version.number)
        return Response(_detail(request, fresh), status=status.HTTP_201_CREATED)


class DatasetVersionView(APIView):
    @extend_schema(operation_id="dataset_version", responses=DatasetVersionDetailSerializer)
    def get(self, request: Request, slug: str, number: int) -> Response:
        return Response(_detail(request, selectors.version_for(actor_of(request), slug, number)))


class RecheckDatasetView(APIView):
    """The proof of disjointness against the images of today; what is found makes the version stale."""

    @extend_schema(operation_id="recheck_dataset", request=None, responses=DatasetVersionDetailSerializer)
    def post(self, request: Request, slug: str, number: int) -> Response:
        actor = actor_of(request)
        version = selectors.version_for(actor, slug, number)
        rechecking.recheck_disjointness(version.study)
        return Response(_detail(request, selectors.version_for(actor, slug, number)))


def _manifest_given(request: Request, slug: str, number: int) -> tuple[DatasetVersion, dict[str, Any]]:
    actor = actor_of(request)
    version = selectors.version_for(actor, slug, number)
    sealed = selectors.sealed_count(version)
    if sealed and seal.may_see_sealed(actor, version.study):
        services.record_sealed_rows_given(version=version, actor=actor, cases=sealed)
    return version, selectors.open_manifest(actor, version)


class ManifestView(APIView):
    @extend_schema(operation_id="dataset_manifest", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, slug: str, number: int) -> Response:
        _, manifest = _manifest_given(request, slug, number)
        response = Response(manifest)
        response["Content-Disposition"] = f'attachment; filename="{slug}-version-{number}.json"'
        return response


class ManifestTableView(APIView):
    @extend_schema(operation_id="dataset_manifest_table", responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, slug: str, number: int) -> HttpResponse:
        _, manifest = _manifest_given(request, slug, number)
        response = HttpResponse(as_csv(manifest), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{slug}-version-{number}.csv"'
        return response


class DifferencesView(APIView):
    @extend_schema(operation_id="dataset_differences", responses=DifferencesSerializer)
    def get(self, request: Request, slug: str, number: int, earlier: int) -> Response:
        actor = actor_of(request)
        version = selectors.version_for(actor, slug, number)
        other = selectors.version_for(actor, slug, earlier)
        found = differences(
            version,
            other,
            withheld=seal.withheld_numbers(actor, version),
            withheld_earlier=seal.withheld_numbers(actor, other),
        )
        return Response(DifferencesSerializer(found).data)
