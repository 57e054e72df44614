"""The registry as imported, the rules that make a cohort of it, and what they decided about each patient.

Rows that a later import corrects keep in their history what stood there before.
"""

from __future__ import annotations

from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models

from annotations.cohorts.import_models import ColumnMapping, RefusedRow, RegistryFile, RegistryImport  # noqa: F401
from studies.models import Site, Study


class Side(models.TextChoices):
    RIGHT = "R", "right"
    LEFT = "L", "left"
    # Only where pictures came without a word of it: no registry row and no rule knows this one.
    NOT_STATED = "U", "not stated"


REGISTRY_SIDES = (Side.RIGHT.value, Side.LEFT.value)


class Fixation(models.TextChoices):
    CEMENTLESS = "cementless"
    CEMENTED = "cemented"
    UNKNOWN = "unknown"


class Origin(models.TextChoices):
    REGISTRY = "registry"
    # Teaching cases are read in practice only and never enter a cohort.
    TEACHING = "teaching"
    # Came as pictures in folders named by class: nobody here knows more of the patient, and no cohort counts them.
    SUPPLIED = "supplied"


_REFUSE_TO_DELETE = """
    IF EXISTS (SELECT 1 FROM cohorts_cohortdecision WHERE named_here = OLD.id) THEN
        RAISE EXCEPTION 'A cohort has decided about this row.' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN OLD;
"""


def decided_about_stays(column: str) -> pgtrigger.Trigger:
    """Refuses to delete a row that a cohort's decision names, as a foreign key would."""
    return pgtrigger.Trigger(
        name="decided_about_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Delete,
        func=_REFUSE_TO_DELETE.replace("named_here", column),
    )


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Patient(models.Model):
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="patients")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="patients")
    # What people see: never the hospital's own number, which is in PatientLink.
    pseudonym = models.CharField(max_length=24)
    # 0 for a patient who was supplied as a picture.
    birth_year = models.PositiveSmallIntegerField()
    sex = models.CharField(max_length=1, choices=[("F", "female"), ("M", "male"), ("O", "other"), ("U", "not stated")])
    origin = models.CharField(max_length=12, choices=Origin.choices, default=Origin.REGISTRY)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["study", "pseudonym"], name="pseudonym_once_per_study"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [decided_about_stays("patient_id")]


class PatientLink(models.Model):
    """The way back to the hospital's identifier: encrypted, looked up by a keyed hash, apart from everything else."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="+")
    patient = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="link")
    identifier_hash = models.CharField(max_length=64)
    identifier_encrypted = models.BinaryField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["study", "identifier_hash"], name="identifier_once_per_study"),
        ]


class Hip(models.Model):
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="hips")
    side = models.CharField(max_length=1, choices=Side.choices)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["patient", "side"], name="one_hip_a_side"),
            models.CheckConstraint(condition=models.Q(side__in=Side.values), name="side_is_known"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [decided_about_stays("hip_id")]


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Procedure(models.Model):
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="+")
    hip = models.ForeignKey(Hip, on_delete=models.PROTECT, related_name="procedures")
    registry_key = models.CharField(max_length=64)
    performed_on = models.DateField()
    cpt = models.CharField(max_length=5)
    modifiers = models.CharField(max_length=40, blank=True)
    surgeon = models.CharField(max_length=40, blank=True)
    cup_fixation = models.CharField(max_length=12, choices=Fixation.choices, default=Fixation.UNKNOWN)
    stem_fixation = models.CharField(max_length=12, choices=Fixation.choices, default=Fixation.UNKNOWN)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["study", "registry_key"], name="procedure_once_per_study"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [decided_about_stays("index_procedure_id")]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["study", "cpt", "performed_on"])]


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Diagnosis(models.Model):
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="diagnoses")
    registry_key = models.CharField(max_length=64)
    recorded_on = models.DateField()
    icd10cm = models.CharField(max_length=8)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["study", "registry_key"], name="diagnosis_once_per_study"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["patient", "recorded_on"])]


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class FollowUp(models.Model):
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="+")
    hip = models.ForeignKey(Hip, on_delete=models.PROTECT, related_name="follow_ups")
    registry_key = models.CharField(max_length=64)
    seen_on = models.DateField()
    complication = models.CharField(max_length=40, default="none")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["study", "registry_key"], name="follow_up_once_per_study"),
        ]


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class OperativeNote(models.Model):
    """The surgeon's report of one procedure. Encrypted at rest; only the notes queue opens it."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="+")
    procedure = models.OneToOneField(Procedure, on_delete=models.PROTECT, related_name="note")
    registry_key = models.CharField(max_length=64)
    written_on = models.DateField()
    text_encrypted = models.BinaryField()
    text_hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["study", "registry_key"], name="note_once_per_study"),
        ]


class SurgeonLink(models.Model):
    """The person behind a surgeon's pseudonym in the registry, so that nobody reads a hip they operated on."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="surgeon_links")
    surgeon = models.CharField(max_length=40)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="surgeon_links")
    linked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    linked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["study", "surgeon"], name="surgeon_linked_once"),
        ]


class CohortRules(models.Model):
    """One version of the rules, as data. A new version is a new row."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="cohort_rules")
    version = models.PositiveIntegerField()
    rules = models.JSONField()
    # Why it differs from the version before it, in the words of who saved it.
    note = models.CharField(max_length=500, blank=True, default="")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["study", "version"], name="rules_version_once_per_study"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="rules_are_versions", operation=pgtrigger.Update | pgtrigger.Delete),
        ]


class Cohort(models.Model):
    """What one version of the rules made of the registry at one time."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="cohorts")
    rules = models.ForeignKey(CohortRules, on_delete=models.PROTECT, related_name="cohorts")
    built_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    built_at = models.DateTimeField(auto_now_add=True)
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["study"], condition=models.Q(is_current=True), name="one_current_cohort"),
        ]


class CohortDecision(models.Model):
    """The one first reason why a patient left the loosening arm, or none if the rules kept the patient.

    A cohort of a million patients has a million of these, written by one statement from the rows that they name. So
    indexes are few (a decision is found by its cohort), and PostgreSQL does not look up four keys a row once more: that
    took half of the time. The triggers `decided_about_stays` keep what a decision names from being deleted.
    """

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="decisions", db_index=False)
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    # The index procedure and its hip: the revision that came furthest, or the primary judged for the comparison group.
    hip = models.ForeignKey(
        Hip, on_delete=models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    index_procedure = models.ForeignKey(
        Procedure, on_delete=models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    excluded_at_step = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=60, blank=True)
    # Of patients who were never operated on again: why they are not eligible as well fixed, "" if they are.
    comparison_reason = models.CharField(max_length=60, null=True)
    # "", "R", "L" or "RL": hips with an operation in the registry, those replaced, and those revised.
    operated_sides = models.CharField(max_length=2, blank=True, default="")
    replaced_sides = models.CharField(max_length=2, blank=True, default="")
    revised_sides = models.CharField(max_length=2, blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["cohort", "patient"], name="one_decision_a_patient"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["cohort", "excluded_at_step", "reason", "comparison_reason"], name="decision_by_reason"
            ),
            models.Index(fields=["hip"], condition=models.Q(excluded_at_step=""), name="decision_of_kept_hip"),
        ]


class ComparisonDraw(models.Model):
    """A seeded draw of well-fixed hips from all that are eligible by rule. Another draw is another cohort's."""

    cohort = models.OneToOneField(Cohort, on_delete=models.CASCADE, related_name="comparison_draw")
    seed = models.BigIntegerField()
    size = models.PositiveIntegerField()
    eligible = models.PositiveIntegerField()
    # The loosening group that it is compared with: "coded" or "confirmed", and how many hips that was.
    against = models.CharField(max_length=12, default="coded")
    cases = models.PositiveIntegerField(default=0)
    # Empty for a plain draw. Strata: what was asked for, eligible and drawn in each, what is missing included.
    matched_by = models.JSONField(default=list)
    age_band_years = models.PositiveSmallIntegerField(default=10)
    per_case = models.PositiveSmallIntegerField(default=1)
    strata = models.JSONField(default=list)
    balance = models.JSONField(default=list)
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    drawn_at = models.DateTimeField(auto_now_add=True)
    # The draw whose hips were kept when the cohort was built again.
    kept_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")


class ComparisonHip(models.Model):
    draw = models.ForeignKey(ComparisonDraw, on_delete=models.CASCADE, related_name="hips")
    hip = models.ForeignKey(Hip, on_delete=models.PROTECT, related_name="+")
    index_procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["draw", "hip"], name="hip_once_per_draw"),
        ]
