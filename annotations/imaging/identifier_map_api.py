"""The map of identifiers: for people with the right to it alone, and every look is on record."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from annotations.imaging import identifier_map, linking_queue
from common.api import ErrorSerializer
from common.errors import Invalid
from studies.models import Role, Study
from studies.selectors import study_for

_MOST_LINES = 200


class MapFileSerializer(serializers.Serializer[Any]):
    file = serializers.FileField(allow_empty_file=True)


class MapLineSerializer(serializers.Serializer[Any]):
    identifier = serializers.CharField()
    file = serializers.CharField()
    patient_id = serializers.CharField()
    side = serializers.CharField()
    view = serializers.CharField()
    acquired_on = serializers.CharField()


class MapLinesSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    results = MapLineSerializer(many=True)


class RefusedLineSerializer(serializers.Serializer[Any]):
    line = serializers.IntegerField()
    column = serializers.CharField()
    reason = serializers.CharField()


class BroughtMapSerializer(serializers.Serializer[Any]):
    new = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    refused = RefusedLineSerializer(many=True)
    linked = serializers.IntegerField()


class RevealSerializer(serializers.Serializer[Any]):
    patient = serializers.CharField(max_length=24)
    reason = serializers.CharField(max_length=500)


class RevealedSerializer(serializers.Serializer[Any]):
    identifier = serializers.CharField()


def _study(request: Request, slug: str) -> Study:
    return study_for(actor_of(request), slug, Role.IDENTIFIER_KEEPER)


class IdentifierMapView(APIView):
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="identifier_map",
        parameters=[OpenApiParameter("limit", int), OpenApiParameter("offset", int)],
        responses=MapLinesSerializer,
    )
    def get(self, request: Request, slug: str) -> Response:
        study = _study(request, slug)
        limit, offset = (_number(request, name) for name in ("limit", "offset"))
        count, lines = identifier_map.look_at_map(
            study=study, actor=actor_of(request), offset=offset or 0, limit=min(limit or _MOST_LINES, _MOST_LINES)
        )
        return Response(MapLinesSerializer({"count": count, "results": lines}).data)

    @extend_schema(
        operation_id="bring_identifier_map",
        request={"multipart/form-data": MapFileSerializer},
        responses={200: BroughtMapSerializer, 400: ErrorSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Add lines, and try again to link what waits."""
        study, actor = _study(request, slug), actor_of(request)
        data = MapFileSerializer(data={"file": request.FILES.get("file")})
        data.is_valid(raise_exception=True)
        content = data.validated_data["file"].read(identifier_map.MOST_BYTES + 1)
        brought = identifier_map.bring_map(study=study, data=content, actor=actor)
        linked = linking_queue.try_linking_again(study=study, actor=actor)
        return Response(BroughtMapSerializer(asdict(brought) | {"linked": linked}).data)

    @extend_schema(operation_id="remove_identifier_map", responses={204: None})
    def delete(self, request: Request, slug: str) -> Response:
        identifier_map.forget_map(study=_study(request, slug), actor=actor_of(request))
        return Response(status=204)


def _number(request: Request, name: str) -> int:
    text = request.query_params.get(name, "0")
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Invalid(f"{name} must be a whole number.", details=[{"field": name, "message": "is no whole number"}])
    return int(text)


class RevealIdentifierView(APIView):
    @extend_schema(
        operation_id="reveal_identifier",
        request=RevealSerializer,
        responses={200: RevealedSerializer, 400: ErrorSerializer, 404: ErrorSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        """The pseudonym is in the body, not in the address, and so is the answer: neither gets into a log."""
        study = _study(request, slug)
        data = RevealSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        identifier = identifier_map.reveal_identifier(
            study=study, pseudonym=data.validated_data["patient"], reason=data.validated_data["reason"],
            actor=actor_of(request),
        )  # fmt: skip
        return Response(RevealedSerializer({"identifier": identifier}).data)
