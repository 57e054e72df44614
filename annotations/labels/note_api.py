"""The queue of operative notes: reading one, giving a verdict, adjudicating where two people disagree."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from accounts.models import Person
from annotations.cohorts.models import OperativeNote
from annotations.labels import selectors, services
from annotations.labels.evidence import RULES_VERSION, find_evidence
from annotations.labels.masking import mask_note
from annotations.labels.models import ComponentVerdict, Infection, LabelValue, Rung
from annotations.labels.services import Verdict
from common.api import ErrorSerializer
from common.encryption import decrypt


class NoteProgressSerializer(serializers.Serializer[Any]):
    notes = serializers.IntegerField()
    read_once = serializers.IntegerField()
    read_twice = serializers.IntegerField()
    mine = serializers.IntegerField()
    waiting_for_me = serializers.IntegerField()


class QueuedNoteSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    side = serializers.CharField()
    cpt = serializers.CharField()
    readers = serializers.IntegerField()


class AgreementSerializer(serializers.Serializer[Any]):
    item = serializers.CharField()
    notes = serializers.IntegerField()
    agree = serializers.IntegerField()
    kappa = serializers.FloatField(allow_null=True)


class NotesSerializer(serializers.Serializer[Any]):
    progress = NoteProgressSerializer(allow_null=True)
    queue = QueuedNoteSerializer(many=True)
    disputed = QueuedNoteSerializer(many=True)
    agreement = AgreementSerializer(many=True)


class VerdictSerializer(serializers.Serializer[Any]):
    cup = serializers.ChoiceField(choices=ComponentVerdict.choices)
    stem = serializers.ChoiceField(choices=ComponentVerdict.choices)
    infection = serializers.ChoiceField(choices=Infection.choices)
    diagnoses_agree = serializers.BooleanField()
    quote_start = serializers.IntegerField(min_value=0, allow_null=True, default=None)
    quote_end = serializers.IntegerField(min_value=0, allow_null=True, default=None)
    comment = serializers.CharField(max_length=2000, allow_blank=True, default="")


class AdjudicationSerializer(VerdictSerializer):
    reason = serializers.CharField(max_length=1000)


class GivenVerdictSerializer(serializers.Serializer[Any]):
    cup = serializers.ChoiceField(choices=ComponentVerdict.choices)
    stem = serializers.ChoiceField(choices=ComponentVerdict.choices)
    infection = serializers.ChoiceField(choices=Infection.choices)
    diagnoses_agree = serializers.BooleanField()
    quote_start = serializers.IntegerField(allow_null=True)
    quote_end = serializers.IntegerField(allow_null=True)
    version = serializers.IntegerField()
    assessed_at = serializers.DateTimeField()


class EvidenceSerializer(serializers.Serializer[Any]):
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=["loose", "well_fixed", "infection"])
    polarity = serializers.ChoiceField(choices=["affirmed", "negated", "hedged"])
    section = serializers.CharField()
    component = serializers.ChoiceField(choices=["cup", "stem", "both", "unknown"])
    counts = serializers.BooleanField()


class HiddenSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    places = serializers.IntegerField()


class LabelFromNoteSerializer(serializers.Serializer[Any]):
    """What has become of the hip's label, and where its note stands."""

    id = serializers.IntegerField()
    patient = serializers.CharField()
    value = serializers.ChoiceField(choices=LabelValue.choices)
    rung = serializers.ChoiceField(choices=Rung.choices)
    version = serializers.IntegerField()
    reason = serializers.CharField()
    readers = serializers.IntegerField()
    disputed = serializers.BooleanField()


class OperativeNoteSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    side = serializers.CharField()
    cpt = serializers.CharField()
    text = serializers.CharField()
    hidden = HiddenSerializer(many=True)
    evidence = EvidenceSerializer(many=True)
    rules_version = serializers.CharField()
    mine = GivenVerdictSerializer(allow_null=True)
    # Null until this person has given a verdict: the label would tell what another reader found.
    label = LabelFromNoteSerializer(allow_null=True)  # type: ignore[assignment]
    # Filled for a third person alone, when two have come to different ends: their verdicts without their names.
    to_adjudicate = GivenVerdictSerializer(many=True)
    next_id = serializers.IntegerField(allow_null=True)


def _note_body(actor: Person, slug: str, note: OperativeNote) -> dict[str, Any]:
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
        "rules_version": RULES_VERSION,
        "mine": selectors.my_assessment(actor, note),
        "label": selectors.label_after_reading(actor, note),
        "to_adjudicate": selectors.verdicts_to_adjudicate(actor, note),
        "next_id": selectors.next_note_id(actor, slug, after=note),
    }


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
        return Response(OperativeNoteSerializer(_note_body(actor, slug, note)).data)


class AssessNoteView(APIView):
    @extend_schema(
        operation_id="assess_note",
        request=VerdictSerializer,
        responses={201: OperativeNoteSerializer, 400: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, slug: str, note_id: int) -> Response:
        actor = actor_of(request)
        note = selectors.note_for(actor, slug, note_id)
        data = VerdictSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        services.assess_note(note=note, abstractor=actor, verdict=Verdict(**data.validated_data))
        return Response(OperativeNoteSerializer(_note_body(actor, slug, note)).data, status=status.HTTP_201_CREATED)


class AdjudicateNoteView(APIView):
    @extend_schema(
        operation_id="adjudicate_note",
        request=AdjudicationSerializer,
        responses={201: OperativeNoteSerializer, 400: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, slug: str, note_id: int) -> Response:
        actor = actor_of(request)
        note = selectors.note_for(actor, slug, note_id)
        data = AdjudicationSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        values = dict(data.validated_data)
        reason = values.pop("reason")
        services.adjudicate(note=note, adjudicator=actor, verdict=Verdict(**values), reason=reason)
        return Response(OperativeNoteSerializer(_note_body(actor, slug, note)).data, status=status.HTTP_201_CREATED)
