"""Radiographs for coordinators: uploading, what became of each file, looking at the clean image and its report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from annotations.imaging import receiving, selectors
from annotations.imaging.content_type import HEAD_BYTES
from annotations.imaging.models import IntakeBatch, IntakeFile, Radiograph
from annotations.imaging.viewing import ImageSerializer, image_facts
from common import audit, storage
from common.api import ErrorSerializer
from common.encryption import decrypt
from common.errors import Invalid
from studies.models import Role
from studies.selectors import study_for


class UploadSerializer(serializers.Serializer[Any]):
    files = serializers.ListField(child=serializers.FileField(), allow_empty=False)


class IntakeBatchSerializer(serializers.ModelSerializer[IntakeBatch]):
    uploaded_by = serializers.SerializerMethodField()
    file_count = serializers.IntegerField()
    waiting = serializers.IntegerField()
    failed = serializers.IntegerField()
    accepted = serializers.IntegerField()
    quarantined = serializers.IntegerField()
    refused = serializers.IntegerField()
    unpacked = serializers.IntegerField()
    duplicates = serializers.IntegerField()

    class Meta:
        model = IntakeBatch
        fields = (
            "id", "uploaded_by", "created_at", "file_count", "waiting", "failed", "accepted", "quarantined",
            "refused", "unpacked", "duplicates",
        )  # fmt: skip

    def get_uploaded_by(self, batch: IntakeBatch) -> str | None:
        """A person, or the machine that has sent the files."""
        who = batch.uploaded_by or batch.sent_with
        return who.name if who else None


class IntakeFileSerializer(serializers.ModelSerializer[IntakeFile]):
    name = serializers.SerializerMethodField()
    link_problem = serializers.SerializerMethodField()

    class Meta:
        model = IntakeFile
        fields = (
            "id", "name", "size", "status", "outcome", "reason_code", "reason", "is_duplicate", "radiograph",
            "link_problem", "failure_reason", "progress_note", "archive",
        )  # fmt: skip

    def get_name(self, file: IntakeFile) -> str:
        return decrypt(file.name_encrypted)

    def get_link_problem(self, file: IntakeFile) -> str:
        return file.radiograph.link_problem if file.radiograph else ""


class IntakeBatchDetailSerializer(IntakeBatchSerializer):
    files = IntakeFileSerializer(many=True)

    class Meta(IntakeBatchSerializer.Meta):
        fields = (*IntakeBatchSerializer.Meta.fields, "files")  # type: ignore[assignment]


class RadiographSerializer(serializers.ModelSerializer[Radiograph]):
    patient = serializers.CharField(source="hip.patient.pseudonym", allow_null=True, default=None)
    side = serializers.CharField(source="hip.side", allow_null=True, default=None)
    site = serializers.CharField(source="hip.patient.site.code", allow_null=True, default=None)

    class Meta:
        model = Radiograph
        fields = (
            "id", "patient", "side", "site", "laterality", "view", "rows", "columns", "bits_stored",
            "days_from_index_procedure", "spacing_kind", "manufacturer", "link_problem", "accepted_at",
        )  # fmt: skip


class DeidentificationReportSerializer(serializers.Serializer[Any]):
    """Names of elements, never their values."""

    profile_version = serializers.CharField()
    checked_against = serializers.CharField()
    kept = serializers.ListField(child=serializers.CharField())
    replaced = serializers.ListField(child=serializers.CharField())
    rebuilt = serializers.ListField(child=serializers.CharField())
    dropped = serializers.ListField(child=serializers.CharField())
    value_not_allowed = serializers.ListField(child=serializers.CharField())
    burned_in_text = serializers.CharField()


class RadiographDetailSerializer(RadiographSerializer):
    image = serializers.SerializerMethodField()
    report = DeidentificationReportSerializer()

    class Meta(RadiographSerializer.Meta):
        fields = (
            *RadiographSerializer.Meta.fields, "image", "profile_version", "pixel_sha256", "report",
        )  # type: ignore[assignment]  # fmt: skip

    @extend_schema_field(ImageSerializer)
    def get_image(self, radiograph: Radiograph) -> dict[str, Any]:
        return dict(ImageSerializer(image_facts(radiograph)).data)


class RadiographPageSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    unlinked = serializers.IntegerField()
    results = RadiographSerializer(many=True)


class IntakeView(APIView):
    parser_classes = (MultiPartParser,)

    @extend_schema(operation_id="intake_batches", responses=IntakeBatchSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        batches = selectors.batches_of(actor_of(request), slug).filter(pk__in=IntakeFile.objects.values("batch"))
        return Response(IntakeBatchSerializer(batches, many=True).data)

    @extend_schema(
        operation_id="upload_radiographs",
        request={"multipart/form-data": UploadSerializer},
        responses={201: IntakeBatchDetailSerializer, 400: ErrorSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        actor = actor_of(request)
        study = study_for(actor, slug, Role.COORDINATOR)
        batch = receiving.receive_files(study=study, uploads=_uploads(request), actor=actor)
        body = _batch_detail(selectors.batch_for(actor, slug, batch.pk))
        return Response(body, status=status.HTTP_201_CREATED)


def _uploads(request: Request) -> Iterator[receiving.Upload]:
    """The files of the request. One that is too large is refused as a file; if all are, the request is."""
    data = UploadSerializer(data={"files": request.FILES.getlist("files")})
    data.is_valid(raise_exception=True)
    files = data.validated_data["files"]
    limits = [receiving.limit_for(_head(file)) for file in files]
    if all(file.size > limit for file, limit in zip(files, limits, strict=True)):
        raise Invalid(receiving.too_large(min(limits)), details=[{"field": "files", "message": "too large"}])
    return (receiving.Upload(file.name, file) for file in files)


def _head(file: Any) -> bytes:
    head: bytes = file.read(HEAD_BYTES)
    file.seek(0)
    return head


def _batch_detail(batch: IntakeBatch) -> dict[str, Any]:
    body: dict[str, Any] = dict(IntakeBatchSerializer(batch).data)
    files = selectors.files_of(batch).select_related("radiograph")
    body["files"] = IntakeFileSerializer(files, many=True).data
    return body


class IntakeBatchView(APIView):
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="upload_more_radiographs",
        request={"multipart/form-data": UploadSerializer},
        responses={201: IntakeFileSerializer(many=True), 400: ErrorSerializer},
    )
    def post(self, request: Request, slug: str, batch_id: int) -> Response:
        """Further files of the same upload."""
        batch = selectors.batch_for(actor_of(request), slug, batch_id)
        received = [receiving.receive_file(batch=batch, upload=upload) for upload in _uploads(request)]
        return Response(IntakeFileSerializer(received, many=True).data, status=status.HTTP_201_CREATED)

    @extend_schema(operation_id="intake_batch", responses=IntakeBatchDetailSerializer)
    def get(self, request: Request, slug: str, batch_id: int) -> Response:
        return Response(_batch_detail(selectors.batch_for(actor_of(request), slug, batch_id)))


class RadiographsView(APIView):
    @extend_schema(
        operation_id="radiographs",
        parameters=[
            OpenApiParameter("limit", int),
            OpenApiParameter("offset", int),
            OpenApiParameter("unlinked", bool, description="Only images that wait to be linked to a hip."),
        ],
        responses=RadiographPageSerializer,
    )
    def get(self, request: Request, slug: str) -> Response:
        radiographs = selectors.radiographs_of(actor_of(request), slug)
        unlinked = radiographs.filter(hip__isnull=True)
        chosen = unlinked if request.query_params.get("unlinked") == "true" else radiographs
        pages = LimitOffsetPagination()
        pages.default_limit, pages.max_limit = 60, 500
        page = pages.paginate_queryset(chosen, request, view=self)
        body = {"count": pages.count, "unlinked": unlinked.count(), "results": page}
        return Response(RadiographPageSerializer(body).data)


class RadiographView(APIView):
    @extend_schema(operation_id="radiograph", responses=RadiographDetailSerializer)
    def get(self, request: Request, slug: str, radiograph_id: int) -> Response:
        radiograph = selectors.radiograph_for(actor_of(request), slug, radiograph_id)
        return Response(RadiographDetailSerializer(radiograph).data)


class RenditionView(APIView):
    @extend_schema(operation_id="radiograph_rendition", responses={(200, "image/*"): OpenApiTypes.BINARY})
    def get(self, request: Request, slug: str, radiograph_id: int, kind: str) -> HttpResponse:
        actor = actor_of(request)
        radiograph = selectors.radiograph_for(actor, slug, radiograph_id)
        rendition = selectors.viewable_rendition(radiograph, kind)
        if kind == "full_depth":
            audit.record(actor=actor, action="image_viewed", subject=f"radiograph:{radiograph.pk}", study_slug=slug)
        response = HttpResponse(storage.read(rendition.name), content_type=rendition.media_type)
        # The content of a rendition never changes under its address; only people who may see it get that far.
        response["Cache-Control"] = "private, max-age=3600"
        return response
