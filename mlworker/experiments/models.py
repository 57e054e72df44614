"""Training runs, scorings, saliency maps and comparisons, as records that outlive any worker."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models

from annotations.datasets.models import DatasetCase, DatasetVersion, Part
from annotations.reads.models import ReadSession
from common.models import Job
from studies.models import Study


class TrainingRun(Job):
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="training_runs")
    dataset_version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="training_runs")
    name = models.CharField(max_length=120)
    backbone = models.CharField(max_length=40)
    preset = models.CharField(max_length=40)
    configuration = models.JSONField()
    configuration_sha256 = models.CharField(max_length=64)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    # Written once, at the end, with the model.
    model_name = models.CharField(max_length=200, blank=True)
    model_sha256 = models.CharField(max_length=64, blank=True)
    parameter_count = models.PositiveBigIntegerField(null=True, blank=True)
    threshold_rule = models.CharField(max_length=60, blank=True)
    threshold = models.FloatField(null=True, blank=True)
    threshold_fixed_at = models.DateTimeField(null=True, blank=True)
    validation_metrics = models.JSONField(default=dict)
    environment = models.JSONField(default=dict)


class RunEpoch(models.Model):
    """The figures of one finished epoch, as the engine reported them."""

    run = models.ForeignKey(TrainingRun, on_delete=models.CASCADE, related_name="epochs")
    epoch = models.PositiveIntegerField()
    metrics = models.JSONField()
    seconds = models.FloatField()
    finished_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["run", "epoch"], name="epoch_once_per_run"),
        ]


class RunEvent(models.Model):
    """A line of the run's log."""

    run = models.ForeignKey(TrainingRun, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(auto_now_add=True)
    kind = models.CharField(max_length=40)
    message = models.TextField()


class Scoring(Job):
    """One touch of a part of a dataset version by one model. The test part is sealed: each touch is counted."""

    run = models.ForeignKey(TrainingRun, on_delete=models.PROTECT, related_name="scorings")
    part = models.CharField(max_length=12, choices=Part.choices)
    reason = models.TextField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    model_sha256 = models.CharField(max_length=64)
    runtime = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["run", "part"], name="one_scoring_a_part"),
        ]


class Score(models.Model):
    scoring = models.ForeignKey(Scoring, on_delete=models.CASCADE, related_name="scores")
    case = models.ForeignKey(DatasetCase, on_delete=models.PROTECT, related_name="+")
    logit = models.FloatField()
    probability = models.FloatField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["scoring", "case"], name="one_score_a_case"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="scores_stay", operation=pgtrigger.Update | pgtrigger.Delete),
        ]


class SaliencyMap(Job):
    """What moved the score of one case, by one method. Kept at full precision as a NumPy file."""

    run = models.ForeignKey(TrainingRun, on_delete=models.PROTECT, related_name="saliency_maps")
    case = models.ForeignKey(DatasetCase, on_delete=models.PROTECT, related_name="+")
    method = models.CharField(max_length=40)
    parameters = models.JSONField(default=dict)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    model_sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200, blank=True)
    raw_maximum = models.FloatField(null=True, blank=True)
    logit = models.FloatField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["run", "case", "method"], name="one_map_a_method"),
        ]


class Comparison(Job):
    """Models beside readers on one part of one frozen dataset version."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="comparisons")
    title = models.CharField(max_length=200)
    dataset_version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=12, choices=Part.choices)
    scorings = models.ManyToManyField(Scoring, related_name="comparisons")
    sessions = models.ManyToManyField(ReadSession, related_name="comparisons")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    inputs_sha256 = models.CharField(max_length=64, blank=True)
    # The canonical JSON as text, so that "the same bytes" can be checked.
    result = models.TextField(blank=True)
    result_sha256 = models.CharField(max_length=64, blank=True)
