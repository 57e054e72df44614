"""Training runs, scorings, saliency maps and comparisons, as records that outlive any worker."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone

from annotations.datasets.models import DatasetCase, DatasetVersion, Part
from annotations.reads.models import ReadSession
from common.models import Job
from studies.models import Study


class TuningSearch(models.Model):
    """Several runs that differ in some values, to choose by the validation part. Every trial stays a run of its own."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="tuning_searches")
    dataset_version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    # Method, space, seed and budget as they were asked for: with them the trials can be drawn again.
    specification = models.JSONField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            # Which trials a search had must not be tidied up after its result.
            pgtrigger.Protect(name="searches_stay", operation=pgtrigger.Update | pgtrigger.Delete),
        ]


class TrainingRun(Job):
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="training_runs")
    dataset_version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="training_runs")
    name = models.CharField(max_length=120)
    backbone = models.CharField(max_length=40)
    preset = models.CharField(max_length=40)
    configuration = models.JSONField()
    configuration_sha256 = models.CharField(max_length=64)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    search = models.ForeignKey(TuningSearch, on_delete=models.PROTECT, null=True, related_name="trials")
    # A researcher's own words; they decide nothing.
    notes = models.TextField(blank=True)
    tags = models.JSONField(default=list)
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


class Endpoint(models.TextChoices):
    """The one figure that a comparison is about; all others are read beside it."""

    AUC = "auc"
    SENSITIVITY = "sensitivity"
    SPECIFICITY = "specificity"


class RaterKind(models.TextChoices):
    MODEL = "model"
    READER = "reader"


class ReportingStatus(models.TextChoices):
    REPORTED = "reported"
    PARTLY = "partly"
    NOT_REPORTED = "not_reported"
    NOT_APPLICABLE = "not_applicable"


class MapQuality(Job):
    """What is known of one method's maps of one model: tests with plain verdicts, on cases that are not sealed."""

    run = models.ForeignKey(TrainingRun, on_delete=models.PROTECT, related_name="map_qualities")
    method = models.CharField(max_length=40)
    model_sha256 = models.CharField(max_length=64)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    # The numbers of the cases and the findings, as `engine.map_quality` says them.
    cases = models.JSONField(default=list)
    findings = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["run", "method"], name="one_quality_a_method"),
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
    primary_endpoint = models.CharField(max_length=20, choices=Endpoint.choices, default=Endpoint.SENSITIVITY)
    # Kept when the same inputs are computed again: what counts is when it was named first.
    endpoint_named_at = models.DateTimeField(default=timezone.now)
    # The tidy table as canonical JSON: every later figure and export comes from it, whatever changes elsewhere.
    inputs = models.TextField(blank=True)
    inputs_sha256 = models.CharField(max_length=64, blank=True)
    # Hash of each session's answers as they were analysed, by the session's key: a later change is seen by it.
    read_hashes = models.JSONField(default=dict)
    # The canonical JSON as text, so that "the same bytes" can be checked.
    result = models.TextField(blank=True)
    result_sha256 = models.CharField(max_length=64, blank=True)


class ReportingAnswer(models.Model):
    """What a person says of one item of a reporting guideline. A change of mind is a new version."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="reporting_answers")
    guideline = models.CharField(max_length=20)
    item = models.CharField(max_length=12)
    version = models.PositiveIntegerField()
    status = models.CharField(max_length=16, choices=ReportingStatus.choices)
    where = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["study", "guideline", "item", "version"], name="reporting_answer_version_once"
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="reporting_answers_stay", operation=pgtrigger.Update | pgtrigger.Delete),
        ]


class ComparisonReport(Job):
    """The archive of one comparison: report, figures, tables, list-mode files, model card, under one manifest."""

    comparison = models.ForeignKey(Comparison, on_delete=models.PROTECT, related_name="reports")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    files = models.JSONField(default=list)
