"""The reader's cases: an allow-list of keys, and nothing beside it."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import actor_of
from annotations.imaging.viewing import ImageSerializer, image_facts
from annotations.reads import selectors, services
from annotations.reads.answer_serializers import AnswerSerializer, DraftSerializer
from annotations.reads.answers import answer_of
from annotations.reads.models import Feedback, Form, Read, ReadState
from annotations.reads.reader_role import ReaderView
from common import storage
from common.api import ErrorSerializer

_DAY_MILLISECONDS = 24 * 3600 * 1000
_NO_DRAFT = {"call": None, "confidence": None, "comment": "", "findings": None, "look_again": False}


class CaseSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    position = serializers.IntegerField()
    is_practice = serializers.BooleanField()
    state = serializers.ChoiceField(choices=ReadState.choices)
    form = serializers.ChoiceField(choices=Form.choices)
    draft = DraftSerializer()
    draft_revision = serializers.IntegerField()
    image = ImageSerializer()


class SaveDraftSerializer(DraftSerializer):
    revision = serializers.IntegerField(min_value=1)
    focus_milliseconds = serializers.IntegerField(min_value=0, max_value=_DAY_MILLISECONDS, default=0)


class DraftSavedSerializer(serializers.Serializer[Any]):
    draft_revision = serializers.IntegerField()


class SubmitSerializer(AnswerSerializer):
    focus_milliseconds = serializers.IntegerField(min_value=0, max_value=_DAY_MILLISECONDS, default=0)


class SubmittedSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    state = serializers.ChoiceField(choices=ReadState.choices)
    # Of practice cases alone, where the protocol gives feedback; null for every other.
    feedback = serializers.ChoiceField(choices=[("loose", "loose"), ("well_fixed", "well fixed")], allow_null=True)
    next_code = serializers.CharField(allow_null=True)


def _case(read: Read) -> dict[str, Any]:
    return {
        "code": read.code,
        "position": read.position,
        "is_practice": read.is_practice,
        "state": read.state,
        "form": read.session.protocol.form,
        "draft": DraftSerializer(_NO_DRAFT | read.draft).data,
        "draft_revision": read.draft_revision,
        "image": image_facts(read.case.radiograph),
    }


class CaseView(ReaderView):
    @extend_schema(operation_id="reading_case", responses={200: CaseSerializer, 404: ErrorSerializer})
    def get(self, request: Request, code: str) -> Response:
        return Response(CaseSerializer(_case(selectors.my_read(actor_of(request), code))).data)


class OpenCaseView(ReaderView):
    @extend_schema(operation_id="open_case", request=None, responses={200: CaseSerializer, 404: ErrorSerializer})
    def post(self, request: Request, code: str) -> Response:
        read = services.open_read(read=selectors.my_read(actor_of(request), code, ahead=0))
        return Response(CaseSerializer(_case(read)).data)


class DraftView(ReaderView):
    @extend_schema(
        operation_id="save_draft",
        request=SaveDraftSerializer,
        responses={200: DraftSavedSerializer, 400: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer},
    )
    def put(self, request: Request, code: str) -> Response:
        read = selectors.my_read(actor_of(request), code, ahead=0)
        data = SaveDraftSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        values = data.validated_data
        revision = services.save_draft(
            read=read, revision=values["revision"],
            draft={name: values.get(name, empty) for name, empty in _NO_DRAFT.items()},
            focus_milliseconds=values["focus_milliseconds"],
        )  # fmt: skip
        return Response(DraftSavedSerializer({"draft_revision": revision}).data)


class SubmitView(ReaderView):
    @extend_schema(
        operation_id="submit_read",
        request=SubmitSerializer,
        responses={200: SubmittedSerializer, 400: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, code: str) -> Response:
        read = selectors.my_read(actor_of(request), code, ahead=0)
        data = SubmitSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        answer = answer_of(read.session.protocol.form, data.validated_data)
        focus = data.validated_data["focus_milliseconds"]
        read = services.submit_read(read=read, answer=answer, focus_milliseconds=focus)
        tells = read.is_practice and read.session.protocol.feedback == Feedback.PRACTICE
        body = {
            "code": read.code,
            "state": read.state,
            "feedback": selectors.practice_truth(read) if tells else None,
            "next_code": selectors.next_code(read),
        }
        return Response(SubmittedSerializer(body).data)


class CaseImageView(ReaderView):
    """The pixels, under a name that says nothing."""

    @extend_schema(operation_id="case_image", responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, code: str, kind: str) -> FileResponse:
        picture = selectors.my_picture(actor_of(request), code, kind)
        file = storage.open_to_read(picture.name)
        # Without a name of its own the answer would tell the stored file's, which is a hash of the pixels.
        response = FileResponse(file, filename=code, content_type=picture.media_type)
        response["Cache-Control"] = "no-store"
        return response
