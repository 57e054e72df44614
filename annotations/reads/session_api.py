"""The reader's sessions: progress, instructions, own answers, signature, corrections, what became known too early."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import actor_of
from annotations.reads import selectors, services
from annotations.reads.answer_serializers import AnswerSerializer, LockedAnswerSerializer
from annotations.reads.answers import answer_of
from annotations.reads.models import Form, Learnt, Navigation, Read, ReadSession, ReadState, SessionState
from annotations.reads.reader_role import ReaderView
from annotations.reads.session_pdf import session_pdf
from common.api import ErrorSerializer


class MySessionSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    number = serializers.IntegerField()
    state = serializers.ChoiceField(choices=SessionState.choices)
    form = serializers.ChoiceField(choices=Form.choices)
    navigation = serializers.ChoiceField(choices=Navigation.choices)
    batch_size = serializers.IntegerField()
    practice_done = serializers.IntegerField()
    practice_total = serializers.IntegerField()
    done = serializers.IntegerField()
    # Begun and not locked: where the reader may go back, these are the answered ones.
    drafted = serializers.IntegerField()
    total = serializers.IntegerField()
    instructions_accepted = serializers.BooleanField()


class PlaceSerializer(serializers.Serializer[Any]):
    position = serializers.IntegerField()
    is_practice = serializers.BooleanField()
    state = serializers.ChoiceField(choices=ReadState.choices)
    # Null until the reader's turn is near: a code that nobody has cannot be asked about.
    code = serializers.CharField(allow_null=True)
    # Where the reader may go back and forth: marked to be looked at again.
    look_again = serializers.BooleanField()


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


class SignSerializer(serializers.Serializer[Any]):
    password = serializers.CharField(trim_whitespace=False)
    meaning = serializers.CharField(max_length=300)


class NextSessionSerializer(serializers.Serializer[Any]):
    protocol = serializers.IntegerField()
    title = serializers.CharField()
    number = serializers.IntegerField()
    of = serializers.IntegerField()
    available_from = serializers.DateTimeField()
    available = serializers.BooleanField()


class CorrectionSerializer(LockedAnswerSerializer):
    version = serializers.IntegerField()
    reason = serializers.CharField()
    corrected_at = serializers.DateTimeField()
    after_signing = serializers.BooleanField()


class MyReadSerializer(LockedAnswerSerializer):
    """A reader's own answer; of a case that is not locked the call is empty."""

    position = serializers.IntegerField()
    state = serializers.ChoiceField(choices=ReadState.choices)
    corrections = CorrectionSerializer(many=True)


class CorrectReadSerializer(AnswerSerializer):
    reason = serializers.CharField(max_length=1000)
    password = serializers.CharField(trim_whitespace=False)


class ReportUnblindingSerializer(serializers.Serializer[Any]):
    learnt = serializers.ChoiceField(choices=Learnt.choices)
    what_happened = serializers.CharField(max_length=2000)
    happened_at = serializers.DateTimeField(allow_null=True, default=None)
    positions = serializers.ListField(child=serializers.IntegerField(min_value=1), default=list, max_length=2000)


class ReportedSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    reported_at = serializers.DateTimeField()


def _summary(session: ReadSession) -> dict[str, Any]:
    return {
        "id": session.pk,
        "title": session.protocol.title,
        "number": session.number,
        "state": session.state,
        "form": session.protocol.form,
        "navigation": session.protocol.navigation,
        "batch_size": session.protocol.batch_size,
        "practice_done": session.practice_done,  # type: ignore[attr-defined]
        "practice_total": session.practice_total,  # type: ignore[attr-defined]
        "done": session.done,  # type: ignore[attr-defined]
        "drafted": session.drafted,  # type: ignore[attr-defined]
        "total": session.total,  # type: ignore[attr-defined]
        "instructions_accepted": session.instructions_accepted_at is not None,
    }


def _detail(session: ReadSession) -> dict[str, Any]:
    reads = selectors.plan_of(session)
    current = selectors.current_position(reads)
    return _summary(session) | {
        "instructions": session.protocol.instructions,
        "current_position": current,
        "places": [_place(read, _nearest(session, reads, current)) for read in reads],
        "signature": getattr(session, "signature", None),
    }


def _nearest(session: ReadSession, reads: list[Read], current: int | None) -> int:
    """The last place whose code the reader is told now."""
    if current is None:
        return 0
    practising = next(read for read in reads if read.position == current).is_practice
    if session.navigation_is_forward or practising:
        return current + selectors.CASES_AHEAD
    return reads[-1].position


def _place(read: Read, nearest: int) -> dict[str, Any]:
    return {
        "position": read.position,
        "is_practice": read.is_practice,
        "state": read.state,
        "code": read.code if read.position <= nearest else None,
        "look_again": "draft" in read.__dict__ and bool(read.draft.get("look_again")),
    }


class MySessionsView(ReaderView):
    @extend_schema(operation_id="my_sessions", responses=MySessionSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        sessions = selectors.my_sessions(actor_of(request), slug)
        return Response(MySessionSerializer([_summary(session) for session in sessions], many=True).data)


class MyNextSessionsView(ReaderView):
    """Further sessions that the protocols want of the reader, and from when on."""

    @extend_schema(operation_id="my_next_sessions", responses=NextSessionSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        return Response(NextSessionSerializer(selectors.my_next_sessions(actor_of(request), slug), many=True).data)


class BeginNextSessionView(ReaderView):
    @extend_schema(
        operation_id="begin_next_session",
        request=None,
        responses={200: MySessionDetailSerializer, 404: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, slug: str, protocol_id: int) -> Response:
        actor = actor_of(request)
        protocol = selectors.my_protocol(actor, slug, protocol_id)
        session = services.begin_next_session(protocol=protocol, reader=actor)
        return Response(MySessionDetailSerializer(_detail(selectors.my_session(actor, session.pk))).data)


class MySessionView(ReaderView):
    @extend_schema(operation_id="my_session", responses=MySessionDetailSerializer)
    def get(self, request: Request, session_id: int) -> Response:
        return Response(MySessionDetailSerializer(_detail(selectors.my_session(actor_of(request), session_id))).data)


class AcceptInstructionsView(ReaderView):
    @extend_schema(operation_id="accept_instructions", request=None, responses=MySessionDetailSerializer)
    def post(self, request: Request, session_id: int) -> Response:
        actor = actor_of(request)
        services.accept_instructions(session=selectors.my_session(actor, session_id))
        return Response(MySessionDetailSerializer(_detail(selectors.my_session(actor, session_id))).data)


class SignSessionView(ReaderView):
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


class MyReadsView(ReaderView):
    """The reader's own answers, for the summary before the signature and for corrections after it.

    Where answers lock one by one the list stays empty until the last is locked: a case that comes twice in a session
    must not be recognised by its first answer.
    """

    @extend_schema(operation_id="my_reads", responses=MyReadSerializer(many=True))
    def get(self, request: Request, session_id: int) -> Response:
        session = selectors.my_session(actor_of(request), session_id)
        rows = [_my_read(read) for read in selectors.my_reads(session)]
        return Response(MyReadSerializer(rows, many=True).data)


def _my_read(read: Read) -> dict[str, Any]:
    is_draft = read.state == ReadState.DRAFT
    shown = read.draft if is_draft else {}
    return {
        "position": read.position,
        "state": read.state,
        "call": (shown.get("call") or "") if is_draft else read.call,
        "confidence": shown.get("confidence") if is_draft else read.confidence,
        "conclusion": read.conclusion,
        "comment": shown.get("comment", "") if is_draft else read.comment,
        "findings": shown.get("findings") if is_draft else read.findings,
        "corrections": sorted(read.corrections.all(), key=lambda correction: correction.version),
    }


class CorrectReadView(ReaderView):
    @extend_schema(
        operation_id="correct_read",
        request=CorrectReadSerializer,
        responses={200: CorrectionSerializer, 400: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, session_id: int, position: int) -> Response:
        actor = actor_of(request)
        read = selectors.my_read_at(selectors.my_session(actor, session_id), position)
        data = CorrectReadSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        values = data.validated_data
        correction = services.correct_read(
            read=read, answer=answer_of(read.session.protocol.form, values), reason=values["reason"], reader=actor,
            password=values["password"],
        )  # fmt: skip
        return Response(CorrectionSerializer(correction).data)


class ReportUnblindingView(ReaderView):
    """The reader says that something became known too early."""

    @extend_schema(
        operation_id="report_unblinding",
        request=ReportUnblindingSerializer,
        responses={200: ReportedSerializer, 400: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, session_id: int) -> Response:
        actor = actor_of(request)
        session = selectors.my_session(actor, session_id)
        data = ReportUnblindingSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        report = services.report_unblinding(session=session, reporter=actor, **data.validated_data)
        return Response(ReportedSerializer(report).data)


class MySessionPdfView(ReaderView):
    """The signed session as a document: every read, the corrections, the signature and its hash."""

    @extend_schema(operation_id="my_session_pdf", responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, session_id: int) -> HttpResponse:
        session = selectors.my_session(actor_of(request), session_id)
        response = HttpResponse(session_pdf(session), content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="session-{session.pk}.pdf"'
        response["Cache-Control"] = "no-store"
        return response
