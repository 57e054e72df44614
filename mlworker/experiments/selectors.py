from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from accounts.models import Person
from annotations.datasets.models import DatasetCase, DatasetVersion, Part
from common.errors import NotFound
from common.models import JobStatus
from mlworker.experiments.models import Comparison, RunEpoch, SaliencyMap, Scoring, TrainingRun
from studies.models import Role, Study
from studies.selectors import study_for


def runs_of(actor: Person, slug: str) -> QuerySet[TrainingRun]:
    study = study_for(actor, slug, Role.RESEARCHER)
    return (
        TrainingRun.objects.filter(study=study)
        .select_related("dataset_version", "started_by", "study")
        .prefetch_related(Prefetch("epochs", RunEpoch.objects.order_by("epoch")), "scorings")
        .order_by("-pk")
    )


def run_for(actor: Person, slug: str, run_id: int) -> TrainingRun:
    run = runs_of(actor, slug).filter(pk=run_id).first()
    if run is None:
        raise NotFound("There is no such run.")
    return run


def queue_position(run: TrainingRun) -> int | None:
    """How many runs start before this one, or None if it does not wait."""
    if run.status != JobStatus.QUEUED:
        return None
    return TrainingRun.objects.filter(status=JobStatus.QUEUED, queued_at__lt=run.queued_at).count()


@dataclass(frozen=True, slots=True)
class ScoredCase:
    case: int
    part: str
    label: str
    logit: float
    probability: float


def scored_cases(scoring: Scoring) -> list[ScoredCase]:
    scores = scoring.scores.select_related("case").order_by("case__number")
    return [ScoredCase(s.case.number, s.case.part, s.case.label_value, s.logit, s.probability) for s in scores]


def scoring_for(run: TrainingRun, part: str) -> Scoring | None:
    return Scoring.objects.filter(run=run, part=part).first()


def test_part_touches(version: DatasetVersion) -> list[Scoring]:
    """Every touch of the sealed part of a version, in the order they were made."""
    return list(
        Scoring.objects.filter(run__dataset_version=version, part=Part.TEST)
        .select_related("run", "requested_by")
        .order_by("queued_at")
    )


def mappable_cases(run: TrainingRun) -> QuerySet[DatasetCase]:
    """Cases of which this run may be asked for a map: the test part only once the run has scored it."""
    cases = DatasetCase.objects.filter(version=run.dataset_version).select_related("radiograph").order_by("number")
    scored = Scoring.objects.filter(run=run, part=Part.TEST, status=JobStatus.SUCCEEDED).exists()
    return cases if scored else cases.exclude(part=Part.TEST)


def mappable_case(run: TrainingRun, number: int) -> DatasetCase:
    case = mappable_cases(run).filter(number=number).first()
    if case is None:
        raise NotFound("There is no such case, or it is sealed for this run.")
    return case


def maps_of(run: TrainingRun) -> QuerySet[SaliencyMap]:
    return SaliencyMap.objects.filter(run=run).select_related("case").order_by("case__number", "method")


def comparisons_of(actor: Person, slug: str) -> QuerySet[Comparison]:
    study = study_for(actor, slug, Role.RESEARCHER)
    return (
        Comparison.objects.filter(study=study)
        .select_related("dataset_version", "requested_by", "study")
        .prefetch_related("scorings__run", "sessions__reader")
        .order_by("-pk")
    )


def comparison_for(actor: Person, slug: str, comparison_id: int) -> Comparison:
    comparison = comparisons_of(actor, slug).filter(pk=comparison_id).first()
    if comparison is None:
        raise NotFound("There is no such comparison.")
    return comparison


def comparable_scorings(study: Study) -> list[Scoring]:
    return list(
        Scoring.objects.filter(run__study=study, status=JobStatus.SUCCEEDED)
        .select_related("run__dataset_version")
        .order_by("pk")
    )
