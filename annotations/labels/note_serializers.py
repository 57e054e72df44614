"""What the routes of the notes queue take and give."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.api import PersonSerializer
from annotations.labels.models import (
    Adjudication,
    ComponentVerdict,
    Infection,
    LabelValue,
    NoteAssessment,
    QuoteRelease,
    Rung,
)
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
    # Assigned to this person, or claimed by them.
    is_mine = serializers.BooleanField()


class ReadNoteSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    assessed_at = serializers.DateTimeField()


class AbstractorProgressSerializer(serializers.Serializer[Any]):
    """One abstractor's share: places at notes that are theirs, and notes they have read."""

    person = PersonSerializer()
    is_abstractor = serializers.BooleanField()
    places = serializers.IntegerField()
    read = serializers.IntegerField()
    last_read_at = serializers.DateTimeField(allow_null=True)


class NotesSerializer(serializers.Serializer[Any]):
    may_read = serializers.BooleanField()
    may_adjudicate = serializers.BooleanField()
    may_assign = serializers.BooleanField()
    progress = NoteProgressSerializer(allow_null=True)
    queue = QueuedNoteSerializer(many=True)
    disputed = QueuedNoteSerializer(many=True)
    read = ReadNoteSerializer(many=True)
    # Everybody for a coordinator; otherwise the person alone.
    people = AbstractorProgressSerializer(many=True)


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


class FoundSerializer(serializers.Serializer[Any]):
    cup = serializers.ChoiceField(choices=ComponentVerdict.choices)
    stem = serializers.ChoiceField(choices=ComponentVerdict.choices)
    infection = serializers.ChoiceField(choices=Infection.choices)
    diagnoses_agree = serializers.BooleanField()
    quote_start = serializers.IntegerField(allow_null=True)
    quote_end = serializers.IntegerField(allow_null=True)
    comment = serializers.SerializerMethodField()

    def get_comment(self, verdict: NoteAssessment | Adjudication) -> str:
        return decrypt(verdict.comment_encrypted) if verdict.comment_encrypted else ""


class GivenVerdictSerializer(FoundSerializer):
    version = serializers.IntegerField()
    assessed_at = serializers.DateTimeField()


class DecisionSerializer(FoundSerializer):
    """What a third person decided, with the reason, which stays with the note."""

    decided_at = serializers.DateTimeField()
    reason = serializers.SerializerMethodField()

    def get_reason(self, decision: Adjudication) -> str:
        return decrypt(decision.reason_encrypted)


class QuoteReleaseSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    text = serializers.SerializerMethodField()
    reason = serializers.CharField()
    released_by = serializers.CharField(source="released_by.name")
    released_at = serializers.DateTimeField()
    withdrawn_by = serializers.CharField(source="withdrawn_by.name", allow_null=True, default=None)
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    withdrawal_reason = serializers.CharField()

    def get_text(self, release: QuoteRelease) -> str:
        return decrypt(release.text_encrypted)


class EvidenceSerializer(serializers.Serializer[Any]):
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=["loose", "well_fixed", "infection"])
    polarity = serializers.ChoiceField(choices=["affirmed", "negated", "hedged"])
    section = serializers.CharField()
    component = serializers.ChoiceField(choices=["cup", "stem", "both", "unknown"])
    counts = serializers.BooleanField()
    # Why it does not count; empty if it does.
    why_not = serializers.CharField()


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


class OperativeNoteSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    side = serializers.CharField()
    cpt = serializers.CharField()
    text = serializers.CharField()
    hidden = HiddenSerializer(many=True)
    evidence = EvidenceSerializer(many=True)
    # The first so many characters were looked at for evidence: no operative note is as long.
    evidence_up_to = serializers.IntegerField()
    rules_version = serializers.CharField()
    masking_version = serializers.CharField()
    may_read = serializers.BooleanField()
    mine = GivenVerdictSerializer(allow_null=True)
    # Null until it is settled: before, the label would tell an abstractor what the other found.
    label = LabelFromNoteSerializer(allow_null=True)  # type: ignore[assignment]
    # Filled for a third person alone, when two have come to different ends: their verdicts without their names.
    to_adjudicate = GivenVerdictSerializer(many=True)
    # Of the decision, for adjudicators, once there is one.
    decision = DecisionSerializer(allow_null=True)
    releases = QuoteReleaseSerializer(many=True)
    # Among the notes that this person has read.
    previous_id = serializers.IntegerField(allow_null=True)
    next_id = serializers.IntegerField(allow_null=True)
