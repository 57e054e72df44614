"""Reading protocols for those who run the study: progress, never answers; and the unblinding."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from annotations.reads import selectors, services
from annotations.reads.models import ProtocolStatus, ReadProtocol, SessionState
from common.api import ErrorSerializer
from studies.models import Role


class ReaderProgressSerializer(serializers.Serializer[Any]):
    session = serializers.IntegerField(allow_null=True)
    reader_id = serializers.IntegerField()
    reader = serializers.CharField()
    is_simulated = serializers.BooleanField()
    number = serializers.IntegerField()
    state = serializers.ChoiceField(choices=[*SessionState.choices, ("to_come", "to come")])
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    practice_done = serializers.IntegerField()
    practice_total = serializers.IntegerField()
    signed_at = serializers.DateTimeField(allow_null=True)
    available_from = serializers.DateTimeField(allow_null=True)
    seed = serializers.IntegerField(allow_null=True)


class ProtocolSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    dataset_version = serializers.IntegerField()
    part = serializers.CharField()
    status = serializers.ChoiceField(choices=ProtocolStatus.choices)
    readers = ReaderProgressSerializer(many=True)
    unblinded_at = serializers.DateTimeField(allow_null=True)
    unblinded_by = serializers.CharField(allow_null=True)
    unblinding_reason = serializers.CharField()


class UnblindSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=1000)
    absences_explained = serializers.CharField(max_length=2000, allow_blank=True, default="")


def protocol_body(protocol: ReadProtocol) -> dict[str, Any]:
    unblinding = getattr(protocol, "unblinding", None)
    return {
        "id": protocol.pk,
        "title": protocol.title,
        "dataset_version": protocol.dataset_version.number,
        "part": protocol.part,
        "status": protocol.status,
        "readers": selectors.reader_progress(protocol),
        "unblinded_at": unblinding.at if unblinding else None,
        "unblinded_by": unblinding.by.name if unblinding and unblinding.by else None,
        "unblinding_reason": unblinding.reason if unblinding else "",
    }


class ProtocolsView(APIView):
    @extend_schema(operation_id="read_protocols", responses=ProtocolSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        protocols = selectors.protocols_of(actor_of(request), slug)
        return Response(ProtocolSerializer([protocol_body(protocol) for protocol in protocols], many=True).data)


class UnblindView(APIView):
    @extend_schema(
        operation_id="unblind_protocol",
        request=UnblindSerializer,
        responses={200: ProtocolSerializer, 400: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, slug: str, protocol_id: int) -> Response:
        actor = actor_of(request)
        protocol = selectors.protocol_for(actor, slug, protocol_id, Role.ADMINISTRATOR)
        data = UnblindSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        services.unblind_protocol(protocol=protocol, actor=actor, **data.validated_data)
        fresh = selectors.protocol_for(actor, slug, protocol_id)
        return Response(ProtocolSerializer(protocol_body(fresh)).data)
