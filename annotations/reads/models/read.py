"""A planned reading of a case: first a place in the plan, in the end a locked answer, with its corrections."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models

from annotations.datasets.models import DatasetCase
from annotations.reads.models.session import ReadSession

_SUBMITTED_IS_LOCKED = """
IF OLD.state IN ('submitted', 'signed') AND (
    to_jsonb(OLD) - 'state' IS DISTINCT FROM to_jsonb(NEW) - 'state'
    OR (OLD.state, NEW.state) NOT IN (('submitted', 'submitted'), ('submitted', 'signed'), ('signed', 'signed'))
) THEN
    RAISE EXCEPTION 'a submitted read is locked' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
_READER_MAY_READ_IT = """
IF reads_recused_because(
    (SELECT session.reader_id FROM reads_readsession session WHERE session.id = NEW.session_id), NEW.case_id
) <> '' THEN
    RAISE EXCEPTION 'who abstracted, adjudicated or operated on a case does not read it'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


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


class Conclusion(models.TextChoices):
    """The full form's six-point scale for a component, from certainly loose to certainly fixed."""

    DEFINITELY_LOOSE = "definitely_loose"
    PROBABLY_LOOSE = "probably_loose"
    POSSIBLY_LOOSE = "possibly_loose"
    POSSIBLY_WELL_FIXED = "possibly_well_fixed"
    PROBABLY_WELL_FIXED = "probably_well_fixed"
    DEFINITELY_WELL_FIXED = "definitely_well_fixed"


class Answered(models.Model):
    """The answer of a read, of its corrections, of a consensus: one shape."""

    # Empty only as long as nothing was submitted; see the check.
    call = models.CharField(max_length=16, choices=Call.choices, blank=True)
    # The quick form's, 0 to 100 in the reader's own call.
    confidence = models.PositiveSmallIntegerField(null=True, blank=True)
    # The full form's: that of the worse component.
    conclusion = models.CharField(max_length=24, choices=Conclusion.choices, blank=True)
    comment = models.TextField(blank=True)
    # The full form as it was filled in; empty for the quick form.
    findings = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True


ANSWER_IS_WHOLE = models.Q(
    models.Q(call__in=["loose", "well_fixed"], confidence__isnull=False, conclusion="")
    | models.Q(call="loose", confidence__isnull=True, conclusion__endswith="_loose")
    | models.Q(call="well_fixed", confidence__isnull=True, conclusion__endswith="_well_fixed")
    | models.Q(call="cannot_assess", confidence__isnull=True, conclusion="")
)


class Read(Answered):
    """One planned reading of one case by one reader."""

    session = models.ForeignKey(ReadSession, on_delete=models.PROTECT, related_name="reads")
    case = models.ForeignKey(DatasetCase, on_delete=models.PROTECT, related_name="reads")
    position = models.PositiveIntegerField()
    is_practice = models.BooleanField(default=False)
    # The second reading of a case within one session, where the protocol wants some.
    is_repeat = models.BooleanField(default=False)
    # All that a reader ever sees of a case's identity: random, different in every session.
    code = models.CharField(max_length=24, unique=True)
    state = models.CharField(max_length=12, choices=ReadState.choices, default=ReadState.PLANNED)
    opened_at = models.DateTimeField(null=True, blank=True)
    first_interaction_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    focus_milliseconds = models.PositiveIntegerField(default=0)
    draft = models.JSONField(default=dict)
    draft_revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["session", "position"], name="one_read_a_position"),
            models.UniqueConstraint(fields=["session", "case", "is_repeat"], name="case_once_per_session"),
            models.CheckConstraint(
                condition=models.Q(state__in=["planned", "opened", "draft"], call="", submitted_at__isnull=True)
                | models.Q(ANSWER_IS_WHOLE, state__in=["submitted", "signed"], submitted_at__isnull=False),
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
            pgtrigger.Trigger(
                name="reader_may_read_it",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_READER_MAY_READ_IT,
            ),
        ]


class ReadCorrection(Answered):
    """A later version of a locked answer. The first version stays, and both are shown."""

    read = models.ForeignKey(Read, on_delete=models.PROTECT, related_name="corrections")
    version = models.PositiveSmallIntegerField()
    reason = models.TextField()
    corrected_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField()
    # A correction that came before the signature is under it; a later one carries a hash of its own.
    after_signing = models.BooleanField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["read", "version"], name="correction_version_once"),
            models.CheckConstraint(condition=models.Q(version__gte=2), name="first_version_is_the_read"),
            models.CheckConstraint(condition=ANSWER_IS_WHOLE, name="correction_is_whole"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="corrections_stay", operation=pgtrigger.Update | pgtrigger.Delete),
        ]
