"""One reader's passage through the cases, and the signature at its end."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models

from annotations.reads.models.protocol import SHORTEST_WASHOUT_DAYS, Navigation, ReadProtocol

# The membership's trigger takes the same lock, so that a role and a plan cannot come into being side by side.
_READER_IS_BLINDED = f"""
PERFORM pg_advisory_xact_lock({0x4C554657}, NEW.reader_id::integer);
IF EXISTS (
    SELECT 1 FROM studies_membership membership
    JOIN reads_readprotocol protocol ON protocol.study_id = membership.study_id
    WHERE protocol.id = NEW.protocol_id AND membership.person_id = NEW.reader_id AND membership.role <> 'surgeon'
) THEN
    RAISE EXCEPTION 'who reads blinded holds no other role in the study' USING ERRCODE = 'check_violation';
END IF;
IF NEW.number > 1 AND NOT EXISTS (
    SELECT 1 FROM reads_signature signature
    JOIN reads_readsession earlier ON earlier.id = signature.session_id
    WHERE earlier.protocol_id = NEW.protocol_id AND earlier.reader_id = NEW.reader_id
      AND earlier.number = NEW.number - 1
      AND signature.signed_at <= now() - interval '{SHORTEST_WASHOUT_DAYS} days'
) THEN
    RAISE EXCEPTION 'a session follows the one before it after {SHORTEST_WASHOUT_DAYS} days at the earliest'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""  # noqa: S608


class SessionState(models.TextChoices):
    OPEN = "open"
    SIGNED = "signed"


class ReadSession(models.Model):
    """One reader's passage through the cases, in an order of its own that is stored before the first read."""

    protocol = models.ForeignKey(ReadProtocol, on_delete=models.PROTECT, related_name="sessions")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="read_sessions")
    number = models.PositiveSmallIntegerField(default=1)
    seed = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=SessionState.choices, default=SessionState.OPEN)
    instructions_accepted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["protocol", "reader", "number"], name="session_once"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Trigger(
                name="reader_is_blinded", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_READER_IS_BLINDED
            ),
        ]

    @property
    def navigation_is_forward(self) -> bool:
        return self.protocol.navigation == Navigation.FORWARD


class Signature(models.Model):
    """A reader's signature under all reads of a session, over the hash of their canonical form."""

    session = models.OneToOneField(ReadSession, on_delete=models.PROTECT, related_name="signature")
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    meaning = models.CharField(max_length=300)
    signed_at = models.DateTimeField()
    # Which canonical form was hashed: see annotations.reads.canonical.
    canonical_version = models.PositiveSmallIntegerField(default=1)
    reads_sha256 = models.CharField(max_length=64)

    class Meta:
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="signatures_stay", operation=pgtrigger.Update | pgtrigger.Delete),
        ]
