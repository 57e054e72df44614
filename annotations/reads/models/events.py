"""What happens to the blinding: who is recused, what deviated, what became known too early, and the unblinding."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models

from annotations.datasets.models import DatasetCase
from annotations.reads.models.protocol import ReadProtocol
from annotations.reads.models.session import ReadSession

_STAYS = pgtrigger.Update | pgtrigger.Delete


class RecusalReason(models.TextChoices):
    ABSTRACTED = "abstracted"
    ADJUDICATED = "adjudicated"
    OPERATED = "operated"


class Recusal(models.Model):
    """A case that a reader is not given, because they know something of it."""

    protocol = models.ForeignKey(ReadProtocol, on_delete=models.PROTECT, related_name="recusals")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(DatasetCase, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=12, choices=RecusalReason.choices)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["protocol", "reader", "case"], name="recused_once"),
        ]


class PracticeTruth(models.Model):
    """A view of the database: the truth of practice cases, and of no other."""

    case = models.OneToOneField(DatasetCase, on_delete=models.DO_NOTHING, primary_key=True, related_name="+")
    label_value = models.CharField(max_length=16)

    class Meta:
        managed = False
        db_table = "reads_practicetruth"


class DeviationKind(models.TextChoices):
    WASHOUT_SHORTENED = "washout_shortened"
    READER_ABSENT = "reader_absent"
    OTHER = "other"


class Deviation(models.Model):
    """Something that did not go as the protocol says, with the reason."""

    protocol = models.ForeignKey(ReadProtocol, on_delete=models.PROTECT, related_name="deviations")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    # The reader's session that it concerns, also one that is not planned yet.
    session_number = models.PositiveSmallIntegerField(null=True)
    kind = models.CharField(max_length=20, choices=DeviationKind.choices)
    # Of a shortened washout: the days that are kept instead.
    days = models.PositiveSmallIntegerField(null=True)
    reason = models.TextField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(kind="washout_shortened")
                | models.Q(reader__isnull=False, session_number__gte=2, days__gte=14),
                name="shortened_washout_has_14_days",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [pgtrigger.Protect(name="deviations_stay", operation=_STAYS)]


class Learnt(models.TextChoices):
    REFERENCE_STANDARD = "reference_standard"
    MODEL_SCORE = "model_score"
    OTHER_READ = "other_read"
    CLINICAL_DATA = "clinical_data"
    OTHER = "other"


class Consequence(models.TextChoices):
    NONE = "none"
    CASES_LEFT_OUT = "cases_left_out"
    SESSION_LEFT_OUT = "session_left_out"
    UNDECIDED = "undecided"


class InadvertentUnblinding(models.Model):
    """A reader learnt something that they must not know yet."""

    protocol = models.ForeignKey(ReadProtocol, on_delete=models.PROTECT, related_name="inadvertent_unblindings")
    session = models.ForeignKey(ReadSession, on_delete=models.PROTECT, related_name="inadvertent_unblindings")
    learnt = models.CharField(max_length=20, choices=Learnt.choices)
    what_happened = models.TextField()
    # Places of the session's plan; empty when it concerns them all or is not known.
    positions = models.JSONField(default=list)
    consequence = models.CharField(max_length=20, choices=Consequence.choices, default=Consequence.UNDECIDED)
    happened_at = models.DateTimeField()
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        triggers: ClassVar[list[pgtrigger.Trigger]] = [pgtrigger.Protect(name="reports_stay", operation=_STAYS)]


class Unblinding(models.Model):
    """The one event after which reads and truth may be seen together."""

    protocol = models.OneToOneField(ReadProtocol, on_delete=models.PROTECT, related_name="unblinding")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    # The name at the time, as on every signature; empty where a program did it.
    name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    reason = models.TextField()
    absences_explained = models.TextField(blank=True)
    # Over the signatures of all sessions, so that it is on record which reads the truth met.
    sessions_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        triggers: ClassVar[list[pgtrigger.Trigger]] = [pgtrigger.Protect(name="unblinding_stays", operation=_STAYS)]
