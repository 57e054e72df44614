"""Consensus meetings: planned by administrators, held by the readers in one room."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from annotations.imaging.viewing import ImageSerializer, image_facts
from annotations.reads import selectors, services
from annotations.reads.answer_serializers import AnswerSerializer, LockedAnswerSerializer
from annotations.reads.answers import answer_of
from annotations.reads.models import Call, ConsensusMeeting, ConsensusRead, ConsensusState, Form
from annotations.reads.protocol_api import people_of
from annotations.reads.reader_role import ReaderView
from common import storage
from common.api import ErrorSerializer
from studies.models import Role

_REFUSALS = {400: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer}


class ParticipantSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    signed_at = serializers.DateTimeField(allow_null=True)


class MeetingSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    form = serializers.ChoiceField(choices=Form.choices)
    state = serializers.ChoiceField(choices=ConsensusState.choices)
    participants = ParticipantSerializer(many=True)
    decided = serializers.IntegerField()
    total = serializers.IntegerField()
    signed_at = serializers.DateTimeField(allow_null=True)
    sha256 = serializers.CharField()


class MeetingItemSerializer(serializers.Serializer[Any]):
    position = serializers.IntegerField()
    code = serializers.CharField(allow_null=True)
    is_decided = serializers.BooleanField()


class MeetingDetailSerializer(MeetingSerializer):
    items = MeetingItemSerializer(many=True)


class SaidBeforeSerializer(serializers.Serializer[Any]):
    reader_name = serializers.CharField(source="reader")
    call = serializers.ChoiceField(choices=Call.choices)
    confidence = serializers.IntegerField(allow_null=True)
    conclusion = serializers.CharField()
    comment = serializers.CharField()


class ConsensusCaseSerializer(LockedAnswerSerializer):
    code = serializers.CharField()
    position = serializers.IntegerField()
    call = serializers.ChoiceField(choices=Call.choices, allow_blank=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    said_before = SaidBeforeSerializer(many=True)
    image = ImageSerializer()


class PlanConsensusSerializer(serializers.Serializer[Any]):
    readers = serializers.ListField(child=serializers.IntegerField(), min_length=1, max_length=50)
    only_differing = serializers.BooleanField(default=True)


class ParticipantSignatureSerializer(serializers.Serializer[Any]):
    reader = serializers.IntegerField()
    password = serializers.CharField(trim_whitespace=False)


class SignConsensusSerializer(serializers.Serializer[Any]):
    signatures = ParticipantSignatureSerializer(many=True)


def _meeting(meeting: ConsensusMeeting) -> dict[str, Any]:
    return {
        "id": meeting.pk,
        "title": meeting.protocol.title,
        "form": meeting.protocol.form,
        "state": meeting.state,
        "participants": [
            {"id": p.reader_id, "name": p.reader.name, "signed_at": p.signed_at} for p in meeting.participants.all()
        ],
        "decided": meeting.decided,  # type: ignore[attr-defined]
        "total": meeting.total,  # type: ignore[attr-defined]
        "signed_at": meeting.signed_at,
        "sha256": meeting.sha256,
    }


def _detail(meeting: ConsensusMeeting) -> dict[str, Any]:
    is_open = meeting.state == ConsensusState.OPEN
    items = [
        {"position": r.position, "code": r.code if is_open else None, "is_decided": r.decided_at is not None}
        for r in selectors.items_of(meeting)
    ]
    return _meeting(meeting) | {"items": items}


def _case(read: ConsensusRead) -> dict[str, Any]:
    return {
        "code": read.code,
        "position": read.position,
        "call": read.call,
        "confidence": read.confidence,
        "conclusion": read.conclusion,
        "comment": read.comment,
        "findings": read.findings,
        "decided_at": read.decided_at,
        "said_before": selectors.said_before(read),
        "image": image_facts(read.case.radiograph),
    }


class PlanConsensusView(APIView):
    @extend_schema(
        operation_id="plan_consensus",
        request=PlanConsensusSerializer,
        responses={200: ParticipantSerializer(many=True), **_REFUSALS},
    )
    def post(self, request: Request, slug: str, protocol_id: int) -> Response:
        actor = actor_of(request)
        protocol = selectors.protocol_for(actor, slug, protocol_id, Role.ADMINISTRATOR)
        data = PlanConsensusSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        meeting = services.plan_consensus(
            protocol=protocol, readers=people_of(protocol.study, data.validated_data["readers"]),
            only_differing=data.validated_data["only_differing"], actor=actor,
        )  # fmt: skip
        rows = [{"id": p.reader_id, "name": p.reader.name, "signed_at": None} for p in meeting.participants.all()]
        return Response(ParticipantSerializer(rows, many=True).data)


class MyMeetingsView(ReaderView):
    @extend_schema(operation_id="my_consensus_meetings", responses=MeetingSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        rows = [_meeting(meeting) for meeting in selectors.my_meetings(actor_of(request), slug)]
        return Response(MeetingSerializer(rows, many=True).data)


class MyMeetingView(ReaderView):
    @extend_schema(operation_id="my_consensus_meeting", responses={200: MeetingDetailSerializer, 404: ErrorSerializer})
    def get(self, request: Request, meeting_id: int) -> Response:
        return Response(MeetingDetailSerializer(_detail(selectors.my_meeting(actor_of(request), meeting_id))).data)


class SignConsensusView(ReaderView):
    @extend_schema(
        operation_id="sign_consensus",
        request=SignConsensusSerializer,
        responses={200: MeetingDetailSerializer, **_REFUSALS},
    )
    def post(self, request: Request, meeting_id: int) -> Response:
        actor = actor_of(request)
        meeting = selectors.my_meeting(actor, meeting_id)
        data = SignConsensusSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        passwords = {entry["reader"]: entry["password"] for entry in data.validated_data["signatures"]}
        services.sign_consensus(meeting=meeting, passwords=passwords)
        return Response(MeetingDetailSerializer(_detail(selectors.my_meeting(actor, meeting_id))).data)


class ConsensusCaseView(ReaderView):
    @extend_schema(operation_id="consensus_case", responses={200: ConsensusCaseSerializer, 404: ErrorSerializer})
    def get(self, request: Request, code: str) -> Response:
        return Response(ConsensusCaseSerializer(_case(selectors.my_consensus_read(actor_of(request), code))).data)


class DecideTogetherView(ReaderView):
    @extend_schema(
        operation_id="decide_together",
        request=AnswerSerializer,
        responses={200: ConsensusCaseSerializer, **_REFUSALS},
    )
    def post(self, request: Request, code: str) -> Response:
        actor = actor_of(request)
        read = selectors.my_consensus_read(actor, code)
        data = AnswerSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        # A room may answer by the quick form where each of them alone filled in the full one.
        form = read.meeting.protocol.form if data.validated_data["findings"] else Form.QUICK
        answer = answer_of(form, data.validated_data)
        decided = services.decide_together(read=read, answer=answer, actor=actor)
        return Response(ConsensusCaseSerializer(_case(decided)).data)


class ConsensusImageView(ReaderView):
    @extend_schema(operation_id="consensus_image", responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, code: str, kind: str) -> FileResponse:
        picture = selectors.consensus_picture(actor_of(request), code, kind)
        response = FileResponse(storage.open_to_read(picture.name), filename=code, content_type=picture.media_type)
        response["Cache-Control"] = "no-store"
        return response
