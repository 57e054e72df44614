"""Blinded reads: the protocol, the stored plan, the answers, the signatures, the unblinding."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models

from annotations.datasets.models import DatasetCase, DatasetVersion, Part
from studies.models import Study

_SUBMITTED_IS_LOCKED = """
IF OLD.state IN ('submitted', 'signed') AND (
    to_jsonb(OLD) - 'state' IS DISTINCT FROM to_jsonb(NEW) - 'state'
    OR (OLD.state, NEW.state) NOT IN (('submitted', 'submitted'), ('submitted', 'signed'), ('signed', 'signed'))
) THEN
    RAISE EXCEPTION 'a submitted read is locked' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class ProtocolStatus(models.TextChoices):
    OPEN = "open"
    UNBLINDED = "unblinded"


class ReadProtocol(models.Model):
    """Who reads which part of which dataset version, and how."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="read_protocols")
    title = models.CharField(max_length=200)
    instructions = models.TextField(blank=True)
    dataset_version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=12, choices=Part.choices)
    practice_version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, null=True, related_name="+")
    cannot_assess_counts_wrong = models.BooleanField(default=True)
    status = models.CharField(max_length=12, choices=ProtocolStatus.choices, default=ProtocolStatus.OPEN)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)


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


class ReadState(models.TextChoices):
    PLANNED = "planned"
    OPENED = "opened"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    SIGNED = "signed"


class Call(models.TextChoices):
    LOOSE = "loose"
    WELL_FIXED = "well_fixed"
    CANNOT_ASSESS = "cannot_assess"


class Read(models.Model):
    """One planned reading of one case by one reader: first a place in the plan, in the end a locked answer."""

    session = models.ForeignKey(ReadSession, on_delete=models.PROTECT, related_name="reads")
    case = models.ForeignKey(DatasetCase, on_delete=models.PROTECT, related_name="reads")
    position = models.PositiveIntegerField()
    is_practice = models.BooleanField(default=False)
    # All that a reader ever sees of a case's identity: random, different in every session.
    code = models.CharField(max_length=24, unique=True)
    state = models.CharField(max_length=12, choices=ReadState.choices, default=ReadState.PLANNED)
    opened_at = models.DateTimeField(null=True, blank=True)
    first_interaction_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    focus_milliseconds = models.PositiveIntegerField(default=0)
    draft = models.JSONField(default=dict)
    draft_revision = models.PositiveIntegerField(default=0)
    # Null only as long as nothing was submitted; see the check below.
    call = models.CharField(max_length=16, choices=Call.choices, blank=True)
    confidence = models.PositiveSmallIntegerField(null=True, blank=True)
    comment = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["session", "position"], name="one_read_a_position"),
            models.UniqueConstraint(fields=["session", "case"], name="case_once_per_session"),
            models.CheckConstraint(
                condition=models.Q(state__in=["planned", "opened", "draft"], call="", submitted_at__isnull=True)
                | models.Q(
                    state__in=["submitted", "signed"],
                    call__in=["loose", "well_fixed"],
                    confidence__isnull=False,
                    submitted_at__isnull=False,
                )
                | models.Q(
                    state__in=["submitted", "signed"],
                    call="cannot_assess",
                    confidence__isnull=True,
                    submitted_at__isnull=False,
                ),
                name="answer_is_whole_or_absent",
            ),
            models.CheckConstraint(
                condition=models.Q(confidence__isnull=True) | models.Q(confidence__lte=100),
                name="confidence_within_100",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="reads_are_kept", operation=pgtrigger.Delete),
            # A locked answer changes in nothing but the step from submitted to signed.
            pgtrigger.Trigger(
                name="submitted_is_locked",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=_SUBMITTED_IS_LOCKED,
            ),
        ]


class Signature(models.Model):
    """A reader's signature under all reads of a session, over the hash of their canonical form."""

    session = models.OneToOneField(ReadSession, on_delete=models.PROTECT, related_name="signature")
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    meaning = models.CharField(max_length=300)
    signed_at = models.DateTimeField()
    reads_sha256 = models.CharField(max_length=64)

    class Meta:
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="signatures_stay", operation=pgtrigger.Update | pgtrigger.Delete),
        ]


class Unblinding(models.Model):
    """The one event after which reads and truth may be seen together."""

    protocol = models.OneToOneField(ReadProtocol, on_delete=models.PROTECT, related_name="unblinding")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    reason = models.TextField()
    absences_explained = models.TextField(blank=True)

    class Meta:
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="unblinding_stays", operation=pgtrigger.Update | pgtrigger.Delete),
        ]
