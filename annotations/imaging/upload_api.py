"""Going on with an upload: which files are here already, and large files in pieces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from annotations.imaging import partial_uploads, receiving, selectors
from annotations.imaging.models import IntakeOutcome, PartialUpload
from common.api import ErrorSerializer
from common.errors import Invalid, NotFound
from studies.models import Role
from studies.selectors import study_for

_CHUNK = 1 << 20
_MOST_HASHES = 2000


class KnownFilesSerializer(serializers.Serializer[Any]):
    sha256 = serializers.ListField(child=serializers.RegexField(r"^[0-9a-f]{64}$"), max_length=_MOST_HASHES)


class KnownFileSerializer(serializers.Serializer[Any]):
    sha256 = serializers.CharField()
    outcome = serializers.ChoiceField(choices=[("", "waiting"), *IntakeOutcome.choices])


class BeginUploadSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=1000)
    size = serializers.IntegerField(min_value=1)
    fingerprint = serializers.RegexField(r"^[0-9a-f]{64}$")
    batch = serializers.IntegerField(required=False, help_text="The upload that it belongs to; else it begins one.")


class PartialUploadSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    batch = serializers.IntegerField()
    received = serializers.IntegerField()
    is_whole = serializers.BooleanField()


class OctetStreamParser(BaseParser):
    """The body as it comes, unread."""

    media_type = "application/octet-stream"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        return stream


class KnownFilesView(APIView):
    @extend_schema(operation_id="known_files", request=KnownFilesSerializer, responses=KnownFileSerializer(many=True))
    def post(self, request: Request, slug: str) -> Response:
        """Which of these bytes have been taken in, or wait to be: they need not be sent again."""
        study = study_for(actor_of(request), slug, Role.COORDINATOR)
        data = KnownFilesSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        known = selectors.known_files(study, data.validated_data["sha256"])
        return Response(KnownFileSerializer(known, many=True).data)


class BeginUploadView(APIView):
    @extend_schema(
        operation_id="begin_upload",
        request=BeginUploadSerializer,
        responses={200: PartialUploadSerializer, 400: ErrorSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Begin with a large file, or learn how much of it has come."""
        actor = actor_of(request)
        study = study_for(actor, slug, Role.COORDINATOR)
        data = BeginUploadSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        batch_id = data.validated_data.pop("batch", None)
        batch = selectors.batch_for(actor, slug, batch_id) if batch_id is not None else None
        most = max(receiving.limit_for(b""), receiving.limit_for(b"PK\x03\x04"))
        if data.validated_data["size"] > most:
            raise Invalid(receiving.too_large(most), details=[{"field": "size", "message": "too large"}])
        upload = partial_uploads.begin_upload(study=study, batch=batch, actor=actor, **data.validated_data)
        return _told(upload, partial_uploads.received_bytes(upload), is_whole=False)


class UploadPieceView(APIView):
    parser_classes = (OctetStreamParser,)

    @extend_schema(
        operation_id="upload_piece",
        parameters=[OpenApiParameter("offset", int, required=True, description="Where in the file it begins.")],
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses={200: PartialUploadSerializer, 409: ErrorSerializer},
    )
    def put(self, request: Request, slug: str, upload_id: int) -> Response:
        actor = actor_of(request)
        study = study_for(actor, slug, Role.COORDINATOR)
        upload = PartialUpload.objects.filter(batch__study=study, person=actor, pk=upload_id).first()
        if upload is None:
            raise NotFound("There is no such upload.")
        offset = request.query_params.get("offset", "")
        if not offset.isascii() or not offset.isdigit() or len(offset) > 15:
            raise Invalid("offset must be a whole number.", details=[{"field": "offset", "message": "is no number"}])
        file = partial_uploads.receive_piece(upload=upload, offset=int(offset), chunks=_chunks(request))
        if file is not None:
            return _told(upload, file.size, is_whole=True)
        return _told(upload, partial_uploads.received_bytes(upload), is_whole=False)


def _chunks(request: Request) -> Iterator[bytes]:
    left = partial_uploads.MOST_PIECE_BYTES
    body: BinaryIO = request.data  # type: ignore[assignment]
    while chunk := body.read(min(_CHUNK, left + 1)):
        left -= len(chunk)
        if left < 0:
            raise Invalid("A piece is larger than 32 MB.", details=[{"field": "body", "message": "too large"}])
        yield chunk


def _told(upload: PartialUpload, received: int, *, is_whole: bool) -> Response:
    body = {"id": upload.pk, "batch": upload.batch_id, "received": received, "is_whole": is_whole}
    return Response(PartialUploadSerializer(body).data)
