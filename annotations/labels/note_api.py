"""The queue of operative notes: reading one, giving a verdict, adjudicating where two people disagree."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from accounts.models import Person
from annotations.cohorts.models import OperativeNote
from annotations.labels import selectors, services
from annotations.labels.evidence import MOST_CHARACTERS, RULES_VERSION, find_evidence
from annotations.labels.masking import MASKING_VERSION, mask_note
from annotations.labels.note_serializers import (
    AdjudicationSerializer,
    NotesSerializer,
    OperativeNoteSerializer,
    VerdictSerializer,
)
from annotations.labels.quotes import releases_of
from annotations.labels.services import Verdict
from common.api import ErrorSerializer
from common.encryption import decrypt
from studies.models import Role


def _note_body(actor: Person, note: OperativeNote) -> dict[str, Any]:
    original = decrypt(note.text_encrypted)
    masked = mask_note(original)
    return {
        "id": note.pk,
        "side": note.procedure.hip.side,
        "cpt": note.procedure.cpt,
        "text": masked.text,
        "hidden": [{"kind": kind, "places": places} for kind, places in masked.hidden.items()],
        # Marks are found in the masked text: a hidden name cannot shift or be one.
        "evidence": find_evidence(masked.text, note.procedure.hip.side),
        "evidence_up_to": min(len(masked.text), MOST_CHARACTERS),
        "rules_version": RULES_VERSION,
        "masking_version": MASKING_VERSION,
        "may_read": selectors.may_read(actor, note),
        "mine": selectors.my_assessment(actor, note),
        "label": selectors.label_after_reading(actor, note),
        "to_adjudicate": selectors.verdicts_to_adjudicate(actor, note),
        "decision": selectors.decision_for(actor, note),
        "releases": releases_of(note),
    } | selectors.neighbours(actor, note)


class NotesView(APIView):
    @extend_schema(operation_id="notes", responses=NotesSerializer)
    def get(self, request: Request, slug: str) -> Response:
        return Response(NotesSerializer(selectors.notes_overview(actor_of(request), slug)).data)


class NoteView(APIView):
    @extend_schema(operation_id="note", responses={200: OperativeNoteSerializer, 404: ErrorSerializer})
    def get(self, request: Request, slug: str, note_id: int) -> Response:
        actor = actor_of(request)
        note = selectors.note_for(actor, slug, note_id)
        services.record_note_opened(note=note, reader=actor)
        return Response(OperativeNoteSerializer(_note_body(actor, note)).data)


class AssessNoteView(APIView):
    @extend_schema(
        operation_id="assess_note",
        request=VerdictSerializer,
        responses={201: OperativeNoteSerializer, 400: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, slug: str, note_id: int) -> Response:
        actor = actor_of(request)
        note = selectors.note_for(actor, slug, note_id, Role.ABSTRACTOR)
        data = VerdictSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        services.assess_note(note=note, abstractor=actor, verdict=Verdict(**data.validated_data))
        return Response(OperativeNoteSerializer(_note_body(actor, note)).data, status=status.HTTP_201_CREATED)


class AdjudicateNoteView(APIView):
    @extend_schema(
        operation_id="adjudicate_note",
        request=AdjudicationSerializer,
        responses={201: OperativeNoteSerializer, 400: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, slug: str, note_id: int) -> Response:
        actor = actor_of(request)
        note = selectors.note_for(actor, slug, note_id, Role.ADJUDICATOR)
        data = AdjudicationSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        values = dict(data.validated_data)
        reason = values.pop("reason")
        services.adjudicate(note=note, adjudicator=actor, verdict=Verdict(**values), reason=reason)
        return Response(OperativeNoteSerializer(_note_body(actor, note)).data, status=status.HTTP_201_CREATED)
