"""Two or more readers in a room, over their locked reads: a record of its own beside those."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models

from annotations.datasets.models import DatasetCase
from annotations.reads.models.protocol import ReadProtocol
from annotations.reads.models.read import ANSWER_IS_WHOLE, Answered

_STAYS = pgtrigger.Update | pgtrigger.Delete
_SIGNED_IS_LOCKED = """
IF EXISTS (
    SELECT 1 FROM reads_consensusmeeting meeting WHERE meeting.id = OLD.meeting_id AND meeting.state = 'signed'
) THEN
    RAISE EXCEPTION 'a signed consensus is locked' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class ConsensusState(models.TextChoices):
    OPEN = "open"
    SIGNED = "signed"


class ConsensusMeeting(models.Model):
    protocol = models.ForeignKey(ReadProtocol, on_delete=models.PROTECT, related_name="consensus_meetings")
    seed = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=ConsensusState.choices, default=ConsensusState.OPEN)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    planned_at = models.DateTimeField(auto_now_add=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(state="open", signed_at__isnull=True)
                | models.Q(state="signed", signed_at__isnull=False),
                name="consensus_signed_when_signed",
            ),
        ]


class ConsensusParticipant(models.Model):
    meeting = models.ForeignKey(ConsensusMeeting, on_delete=models.PROTECT, related_name="participants")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # The person's name when they signed, in the room.
    name = models.CharField(max_length=200, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["meeting", "reader"], name="participant_once"),
        ]


class ConsensusRead(Answered):
    meeting = models.ForeignKey(ConsensusMeeting, on_delete=models.PROTECT, related_name="reads")
    case = models.ForeignKey(DatasetCase, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    code = models.CharField(max_length=24, unique=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["meeting", "position"], name="consensus_position_once"),
            models.UniqueConstraint(fields=["meeting", "case"], name="consensus_case_once"),
            models.CheckConstraint(
                condition=models.Q(call="", decided_at__isnull=True)
                | models.Q(ANSWER_IS_WHOLE, decided_at__isnull=False),
                name="consensus_is_whole_or_absent",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="consensus_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="signed_consensus_is_locked",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=_SIGNED_IS_LOCKED,
            ),
        ]
