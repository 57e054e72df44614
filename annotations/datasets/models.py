"""Frozen dataset versions: the one contract between the people who read and the machines that learn."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models

from annotations.cohorts.models import Hip, Patient
from annotations.imaging.models import Radiograph
from annotations.labels.models import Label, LabelValue
from studies.models import Study

_PATIENT_IN_ONE_PART = """
IF EXISTS (
    SELECT 1 FROM datasets_datasetcase other
    WHERE other.version_id = NEW.version_id AND other.patient_id = NEW.patient_id AND other.part <> NEW.part
) THEN
    RAISE EXCEPTION 'a patient is in two parts of one dataset version' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


_PATIENT_IN_ONE_FOLD = """
IF EXISTS (
    SELECT 1 FROM datasets_casefold other
    JOIN datasets_datasetcase theirs ON theirs.id = other.case_id
    JOIN datasets_datasetcase mine ON mine.id = NEW.case_id
    WHERE theirs.version_id = mine.version_id AND theirs.patient_id = mine.patient_id AND other.repeat = NEW.repeat
      AND (other.fold <> NEW.fold OR other.held_for_validation <> NEW.held_for_validation)
) THEN
    RAISE EXCEPTION 'a patient is in two folds of one repeat' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class Part(models.TextChoices):
    TRAINING = "training"
    VALIDATION = "validation"
    TEST = "test"
    PRACTICE = "practice"


class DatasetVersion(models.Model):
    """An immutable list of cases with their labels and parts, and the hash of it."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="dataset_versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    is_practice = models.BooleanField(default=False)
    split = models.JSONField()
    selection = models.JSONField(default=dict)
    manifest = models.JSONField()
    sha256 = models.CharField(max_length=64)
    disjointness = models.JSONField(default=dict)
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    frozen_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["study", "number"], name="version_number_once_per_study"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="frozen_means_frozen", operation=pgtrigger.Update | pgtrigger.Delete),
        ]


class DatasetCase(models.Model):
    version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="cases")
    number = models.PositiveIntegerField()
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    hip = models.ForeignKey(Hip, on_delete=models.PROTECT, related_name="+")
    radiograph = models.ForeignKey(Radiograph, on_delete=models.PROTECT, related_name="dataset_cases")
    label = models.ForeignKey(Label, on_delete=models.PROTECT, related_name="+")
    label_value = models.CharField(max_length=16, choices=LabelValue.choices)
    # In a version of folds: the part in the first fold of the first repeat; see CaseFold.
    part = models.CharField(max_length=12, choices=Part.choices)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["version", "number"], name="case_number_once"),
            models.UniqueConstraint(fields=["version", "radiograph"], name="radiograph_once_per_version"),
            models.CheckConstraint(
                condition=models.Q(label_value__in=["loose", "well_fixed"]), name="case_has_a_truth"
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="frozen_cases", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="patient_in_one_part",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_PATIENT_IN_ONE_PART,
            ),
        ]


class CaseFold(models.Model):
    """The fold of a case in one repeat, both counted from 1. What follows for its part: `folds.part_in_fold`."""

    case = models.ForeignKey(DatasetCase, on_delete=models.PROTECT, related_name="folds")
    repeat = models.PositiveSmallIntegerField()
    fold = models.PositiveSmallIntegerField()
    # Where folds are sites: a validation case of every fold that does not test it.
    held_for_validation = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "repeat"], name="one_fold_a_repeat"),
            models.CheckConstraint(condition=models.Q(repeat__gte=1, fold__gte=1), name="folds_count_from_one"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="frozen_folds", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="patient_in_one_fold",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_PATIENT_IN_ONE_FOLD,
            ),
        ]


class StaleReason(models.Model):
    """Why a frozen version no longer says what is known today. The version itself stays as it is.

    Either a label that has a newer version, or a radiograph that was taken in or linked anew since.
    """

    version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="stale_reasons")
    label = models.ForeignKey(Label, on_delete=models.PROTECT, null=True, related_name="+")
    radiograph = models.ForeignKey(Radiograph, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["version", "label"], name="stale_once_per_label"),
            models.UniqueConstraint(fields=["version", "radiograph"], name="stale_once_per_radiograph"),
            models.CheckConstraint(
                condition=models.Q(label__isnull=False) ^ models.Q(radiograph__isnull=False),
                name="stale_for_one_reason",
            ),
        ]
