"""What people found in the operative notes, and the reference standard that follows from it."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models

from annotations.cohorts.models import Hip, OperativeNote
from studies.models import Study


class ComponentVerdict(models.TextChoices):
    LOOSE = "loose"
    WELL_FIXED = "well_fixed"
    NOT_STATED = "not_stated"


class Infection(models.TextChoices):
    NONE = "none"
    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"


class NoteAssessment(models.Model):
    """One abstractor's reading of one operative note. A change of mind is a new version."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="+")
    note = models.ForeignKey(OperativeNote, on_delete=models.PROTECT, related_name="assessments")
    abstractor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    cup = models.CharField(max_length=12, choices=ComponentVerdict.choices)
    stem = models.CharField(max_length=12, choices=ComponentVerdict.choices)
    infection = models.CharField(max_length=12, choices=Infection.choices)
    diagnoses_agree = models.BooleanField()
    quote_start = models.PositiveIntegerField(null=True, blank=True)
    quote_end = models.PositiveIntegerField(null=True, blank=True)
    comment_encrypted = models.BinaryField(default=bytes)
    assessed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["note", "abstractor", "version"], name="assessment_version_once"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="assessments_are_versions", operation=pgtrigger.Update | pgtrigger.Delete),
        ]


class NoteAssignment(models.Model):
    """One of the two places at a note, and whose it is: given by a coordinator, or claimed for a while."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="+")
    note = models.ForeignKey(OperativeNote, on_delete=models.PROTECT, related_name="assignments")
    abstractor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()
    # Nobody where the abstractor took the place.
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    assigned_at = models.DateTimeField(auto_now_add=True)
    # A claim that is not used falls back; what was assigned or read stays.
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["note", "place"], name="one_abstractor_a_place"),
            models.UniqueConstraint(fields=["note", "abstractor"], name="abstractor_once_a_note"),
            models.CheckConstraint(condition=models.Q(place__in=[1, 2]), name="two_places_a_note"),
        ]


class LabelValue(models.TextChoices):
    LOOSE = "loose"
    WELL_FIXED = "well_fixed"
    # The note was read and does not confirm loosening: the hip leaves the study.
    NOT_CONFIRMED = "not_confirmed"


class Rung(models.TextChoices):
    """How far up the ladder of evidence a label stands."""

    CODE_DERIVED = "code_derived"
    NOTE_CONFIRMED = "note_confirmed"
    ADJUDICATED = "adjudicated"
    FOLLOW_UP_DERIVED = "follow_up_derived"
    TEACHING = "teaching"
    # The class of the folder that a picture came in: as supplied, not confirmed by anybody here.
    AS_SUPPLIED = "as_supplied"
    FROZEN = "frozen"


class Label(models.Model):
    """One version of the reference standard of one hip."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="labels")
    hip = models.ForeignKey(Hip, on_delete=models.PROTECT, related_name="labels")
    version = models.PositiveIntegerField()
    value = models.CharField(max_length=16, choices=LabelValue.choices)
    rung = models.CharField(max_length=20, choices=Rung.choices)
    cup = models.CharField(max_length=12, choices=ComponentVerdict.choices, default=ComponentVerdict.NOT_STATED)
    stem = models.CharField(max_length=12, choices=ComponentVerdict.choices, default=ComponentVerdict.NOT_STATED)
    reason = models.TextField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["hip", "version"], name="label_version_once"),
            models.UniqueConstraint(fields=["hip"], condition=models.Q(is_current=True), name="one_current_label"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="labels_are_kept", operation=pgtrigger.Delete),
            # Only "is_current" may change: the content of a version never does.
            pgtrigger.Protect(
                name="label_versions_do_not_change",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["is_current"]),
            ),
        ]


class Adjudication(models.Model):
    """What a third person decided about a note on which two differ: a record of its own, never overwritten."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="+")
    note = models.ForeignKey(OperativeNote, on_delete=models.PROTECT, related_name="adjudications")
    adjudicator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    label = models.OneToOneField(Label, on_delete=models.PROTECT, related_name="adjudication")
    cup = models.CharField(max_length=12, choices=ComponentVerdict.choices)
    stem = models.CharField(max_length=12, choices=ComponentVerdict.choices)
    infection = models.CharField(max_length=12, choices=Infection.choices)
    diagnoses_agree = models.BooleanField()
    quote_start = models.PositiveIntegerField(null=True, blank=True)
    quote_end = models.PositiveIntegerField(null=True, blank=True)
    # Written about a note, so it stays with the note: the label carries the coded reason alone.
    reason_encrypted = models.BinaryField()
    comment_encrypted = models.BinaryField(default=bytes)
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="adjudications_are_kept", operation=pgtrigger.Update | pgtrigger.Delete),
        ]


class QuoteRelease(models.Model):
    """Masked words of a note that a person has released to be shown outside the notes queue, until withdrawn."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="+")
    note = models.ForeignKey(OperativeNote, on_delete=models.PROTECT, related_name="releases")
    hip = models.ForeignKey(Hip, on_delete=models.PROTECT, related_name="released_quotes")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text_encrypted = models.BinaryField()
    reason = models.TextField()
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(auto_now_add=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_reason = models.TextField(default="", blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["note", "start", "end"], condition=models.Q(withdrawn_at=None), name="released_once"
            ),
            models.CheckConstraint(condition=models.Q(start__lt=models.F("end")), name="release_has_words"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="releases_are_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="released_words_do_not_change",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["withdrawn_by", "withdrawn_at", "withdrawal_reason"]),
            ),
        ]
