"""Who reads what, and how: settled before the first read, and changed after it only by a signed amendment."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models

from annotations.datasets.models import DatasetVersion, Part
from studies.models import Study

SHORTEST_WASHOUT_DAYS = 14

_FROZEN_CHANGES_BY_AMENDMENT = """
IF OLD.status = 'unblinded' AND to_jsonb(OLD) IS DISTINCT FROM to_jsonb(NEW) THEN
    RAISE EXCEPTION 'an unblinded protocol does not change' USING ERRCODE = 'check_violation';
END IF;
IF OLD.status = 'open' AND NEW.status = 'draft' THEN
    RAISE EXCEPTION 'a frozen protocol does not become a draft again' USING ERRCODE = 'check_violation';
END IF;
IF OLD.status = 'open' AND to_jsonb(OLD) - 'status' IS DISTINCT FROM to_jsonb(NEW) - 'status' AND NOT EXISTS (
    SELECT 1 FROM reads_protocolamendment amendment
    WHERE amendment.protocol_id = NEW.id AND amendment.version = NEW.version AND NEW.version = OLD.version + 1
) THEN
    RAISE EXCEPTION 'a frozen protocol changes only by a signed amendment' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
_READERS_CHANGE_BY_AMENDMENT = """
IF EXISTS (
    SELECT 1 FROM reads_readprotocol protocol
    WHERE protocol.id = NEW.protocol_id AND protocol.status <> 'draft' AND NOT EXISTS (
        SELECT 1 FROM reads_protocolamendment amendment
        WHERE amendment.protocol_id = protocol.id AND amendment.version = NEW.since_version
    )
) THEN
    RAISE EXCEPTION 'a frozen protocol gets readers only by a signed amendment' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class ProtocolStatus(models.TextChoices):
    DRAFT = "draft"
    OPEN = "open"
    UNBLINDED = "unblinded"


class Form(models.TextChoices):
    QUICK = "quick"
    FULL = "full"


class Navigation(models.TextChoices):
    # Submitting a case locks it, and the next one follows.
    FORWARD = "forward"
    # Answers stay drafts; signing submits and locks them all.
    FREE = "free"


class Feedback(models.TextChoices):
    NEVER = "never"
    PRACTICE = "practice"


class AnalysedVersion(models.TextChoices):
    FIRST = "first"
    LAST = "last"


class ReadProtocol(models.Model):
    """Who reads which part of which dataset version, and how."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="read_protocols")
    title = models.CharField(max_length=200)
    instructions = models.TextField(blank=True)
    dataset_version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=12, choices=Part.choices)
    practice_version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, null=True, related_name="+")
    form = models.CharField(max_length=8, choices=Form.choices, default=Form.QUICK)
    navigation = models.CharField(max_length=8, choices=Navigation.choices, default=Navigation.FORWARD)
    feedback = models.CharField(max_length=8, choices=Feedback.choices, default=Feedback.PRACTICE)
    sessions_per_reader = models.PositiveSmallIntegerField(default=1)
    washout_days = models.PositiveSmallIntegerField(default=28)
    # Cases that come twice within one session, for intra-session agreement.
    repeated_percent = models.PositiveSmallIntegerField(default=0)
    # A break is offered after so many cases; 0 for never.
    batch_size = models.PositiveSmallIntegerField(default=25)
    cannot_assess_counts_wrong = models.BooleanField(default=True)
    analysed_version = models.CharField(max_length=8, choices=AnalysedVersion.choices, default=AnalysedVersion.FIRST)
    consensus_wanted = models.BooleanField(default=False)
    version = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=12, choices=ProtocolStatus.choices, default=ProtocolStatus.DRAFT)
    frozen_at = models.DateTimeField(null=True, blank=True)
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    copied_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(washout_days__gte=SHORTEST_WASHOUT_DAYS, washout_days__lte=730),
                name="washout_is_never_under_14_days",
            ),
            models.CheckConstraint(condition=models.Q(repeated_percent__lte=50), name="at_most_half_is_repeated"),
            models.CheckConstraint(
                condition=models.Q(sessions_per_reader__gte=1, sessions_per_reader__lte=6), name="one_to_six_sessions"
            ),
            models.CheckConstraint(
                condition=models.Q(status="draft", frozen_at__isnull=True)
                | models.Q(status__in=["open", "unblinded"], frozen_at__isnull=False),
                name="frozen_when_no_draft",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="protocols_are_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="frozen_changes_by_amendment",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=_FROZEN_CHANGES_BY_AMENDMENT,
            ),
        ]


class ProtocolReader(models.Model):
    """Somebody who is to read in a protocol, from which of its versions on."""

    protocol = models.ForeignKey(ReadProtocol, on_delete=models.PROTECT, related_name="assignments")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since_version = models.PositiveSmallIntegerField(default=1)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    assigned_at = models.DateTimeField(auto_now_add=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["protocol", "reader"], name="reader_once_per_protocol"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Trigger(
                name="readers_change_by_amendment",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_READERS_CHANGE_BY_AMENDMENT,
            ),
        ]


class ProtocolAmendment(models.Model):
    """What was changed in a frozen protocol, why, and under whose signature."""

    protocol = models.ForeignKey(ReadProtocol, on_delete=models.PROTECT, related_name="amendments")
    version = models.PositiveSmallIntegerField()
    # {field: {"from": …, "to": …}}
    changes = models.JSONField()
    reason = models.TextField()
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    meaning = models.CharField(max_length=300)
    signed_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["protocol", "version"], name="amendment_version_once"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="amendments_stay", operation=pgtrigger.Update | pgtrigger.Delete),
        ]
