"""The reader's side: an allow-list of keys, and nothing beside it."""

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
from annotations.reads.answers import Answer
from annotations.reads.models import Call, Read, ReadSession, ReadState, SessionState
from common import storage
from common.api import ErrorSerializer


class MySessionSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    number = serializers.IntegerField()
    state = serializers.ChoiceField(choices=SessionState.choices)
    practice_done = serializers.IntegerField()
    practice_total = serializers.IntegerField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    instructions_accepted = serializers.BooleanField()


class PlaceSerializer(serializers.Serializer[Any]):
    position = serializers.IntegerField()
    is_practice = serializers.BooleanField()
    state = serializers.ChoiceField(choices=ReadState.choices)
    # Null until the reader's turn is near: a code that nobody has cannot be asked about.
    code = serializers.CharField(allow_null=True)


class SignatureSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    meaning = serializers.CharField()
    signed_at = serializers.DateTimeField()
    reads_sha256 = serializers.CharField()


class MySessionDetailSerializer(MySessionSerializer):
    instructions = serializers.CharField()
    current_position = serializers.IntegerField(allow_null=True)
    places = PlaceSerializer(many=True)
    signature = SignatureSerializer(allow_null=True)


class DraftSerializer(serializers.Serializer[Any]):
    call = serializers.ChoiceField(choices=Call.choices, allow_null=True, default=None)
    confidence = serializers.IntegerField(min_value=0, max_value=100, allow_null=True, default=None)
    comment = serializers.CharField(allow_blank=True, max_length=2000, default="")


class CaseSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    position = serializers.IntegerField()
    is_practice = serializers.BooleanField()
    state = serializers.ChoiceField(choices=ReadState.choices)
    draft = DraftSerializer()
    draft_revision = serializers.IntegerField()
    image = ImageSerializer()


class SaveDraftSerializer(DraftSerializer):
    revision = serializers.IntegerField(min_value=1)
    focus_milliseconds = serializers.IntegerField(min_value=0, max_value=24 * 3600 * 1000, default=0)


class DraftSavedSerializer(serializers.Serializer[Any]):
    draft_revision = serializers.IntegerField()


class SubmitSerializer(serializers.Serializer[Any]):
    call = serializers.ChoiceField(choices=Call.choices)
    confidence = serializers.IntegerField(allow_null=True, default=None)
    comment = serializers.CharField(allow_blank=True, max_length=2000, default="")
    focus_milliseconds = serializers.IntegerField(min_value=0, max_value=24 * 3600 * 1000, default=0)


class SubmittedSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    state = serializers.ChoiceField(choices=ReadState.choices)
    # Of practice cases alone; null for every other.
    feedback = serializers.ChoiceField(choices=[("loose", "loose"), ("well_fixed", "well fixed")], allow_null=True)
    next_code = serializers.CharField(allow_null=True)


class SignSerializer(serializers.Serializer[Any]):
    password = serializers.CharField(trim_whitespace=False)
    meaning = serializers.CharField(max_length=300)


def _summary(session: ReadSession) -> dict[str, Any]:
    return {
        "id": session.pk,
        "title": session.protocol.title,
        "number": session.number,
        "state": session.state,
        "practice_done": session.practice_done,  # type: ignore[attr-defined]
        "practice_total": session.practice_total,  # type: ignore[attr-defined]
        "done": session.done,  # type: ignore[attr-defined]
        "total": session.total,  # type: ignore[attr-defined]
        "instructions_accepted": session.instructions_accepted_at is not None,
    }


def _detail(session: ReadSession) -> dict[str, Any]:
    reads = selectors.plan_of(session)
    current = selectors.current_position(reads)
    near = (current or 0) + selectors.CASES_AHEAD
    places = [
        {
            "position": read.position,
            "is_practice": read.is_practice,
            "state": read.state,
            "code": read.code if current is not None and read.position <= near else None,
        }
        for read in reads
    ]
    signature = getattr(session, "signature", None)
    return _summary(session) | {
        "instructions": session.protocol.instructions,
        "current_position": current,
        "places": places,
        "signature": signature,
    }


class MySessionsView(APIView):
    @extend_schema(operation_id="my_sessions", responses=MySessionSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        sessions = selectors.my_sessions(actor_of(request), slug)
        return Response(MySessionSerializer([_summary(session) for session in sessions], many=True).data)


class MySessionView(APIView):
    @extend_schema(operation_id="my_session", responses=MySessionDetailSerializer)
    def get(self, request: Request, session_id: int) -> Response:
        return Response(MySessionDetailSerializer(_detail(selectors.my_session(actor_of(request), session_id))).data)


class AcceptInstructionsView(APIView):
    @extend_schema(operation_id="accept_instructions", request=None, responses=MySessionDetailSerializer)
    def post(self, request: Request, session_id: int) -> Response:
        actor = actor_of(request)
        services.accept_instructions(session=selectors.my_session(actor, session_id))
        return Response(MySessionDetailSerializer(_detail(selectors.my_session(actor, session_id))).data)


class SignSessionView(APIView):
    @extend_schema(
        operation_id="sign_session",
        request=SignSerializer,
        responses={200: MySessionDetailSerializer, 400: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, session_id: int) -> Response:
        actor = actor_of(request)
        data = SignSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        services.sign_session(session=selectors.my_session(actor, session_id), signer=actor, **data.validated_data)
        return Response(MySessionDetailSerializer(_detail(selectors.my_session(actor, session_id))).data)


def _case(read: Read) -> dict[str, Any]:
    return {
        "code": read.code,
        "position": read.position,
        "is_practice": read.is_practice,
        "state": read.state,
        "draft": DraftSerializer(read.draft or {"call": None, "confidence": None, "comment": ""}).data,
        "draft_revision": read.draft_revision,
        "image": image_facts(read.case.radiograph),
    }


class CaseView(APIView):
    @extend_schema(operation_id="reading_case", responses={200: CaseSerializer, 404: ErrorSerializer})
    def get(self, request: Request, code: str) -> Response:
        return Response(CaseSerializer(_case(selectors.my_read(actor_of(request), code))).data)


class OpenCaseView(APIView):
    @extend_schema(operation_id="open_case", request=None, responses={200: CaseSerializer, 404: ErrorSerializer})
    def post(self, request: Request, code: str) -> Response:
        read = services.open_read(read=selectors.my_read(actor_of(request), code, ahead=0))
        return Response(CaseSerializer(_case(read)).data)


class DraftView(APIView):
    @extend_schema(
        operation_id="save_draft",
        request=SaveDraftSerializer,
        responses={200: DraftSavedSerializer, 404: ErrorSerializer, 409: ErrorSerializer},
    )
    def put(self, request: Request, code: str) -> Response:
        read = selectors.my_read(actor_of(request), code, ahead=0)
        data = SaveDraftSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        values = data.validated_data
        draft = {name: values[name] for name in ("call", "confidence", "comment")}
        revision = services.save_draft(
            read=read, draft=draft, revision=values["revision"], focus_milliseconds=values["focus_milliseconds"]
        )
        return Response(DraftSavedSerializer({"draft_revision": revision}).data)


class SubmitView(APIView):
    @extend_schema(
        operation_id="submit_read",
        request=SubmitSerializer,
        responses={200: SubmittedSerializer, 400: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, code: str) -> Response:
        read = selectors.my_read(actor_of(request), code, ahead=0)
        data = SubmitSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        values = data.validated_data
        answer = Answer(values["call"], values["confidence"], values["comment"])
        read = services.submit_read(read=read, answer=answer, focus_milliseconds=values["focus_milliseconds"])
        body = {
            "code": read.code,
            "state": read.state,
            "feedback": read.case.label_value if read.is_practice else None,
            "next_code": selectors.next_code(read),
        }
        return Response(SubmittedSerializer(body).data)


class CaseImageView(APIView):
    """The pixels, under a name that says nothing."""

    @extend_schema(operation_id="case_image", responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, code: str, kind: str) -> FileResponse:
        picture = selectors.my_picture(actor_of(request), code, kind)
        file = storage.open_to_read(picture.name)
        # Without a name of its own the answer would tell the stored file's, which is a hash of the pixels.
        response = FileResponse(file, filename=code, content_type=picture.media_type)
        response["Cache-Control"] = "no-store"
        return response
