from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, Prefetch, QuerySet

from accounts.models import Person
from annotations.datasets.models import DatasetCase, DatasetVersion, Part
from annotations.datasets.seal import sealed_hips
from annotations.datasets.selectors import label_counts
from annotations.reads.models import ReadSession
from annotations.reads.selectors import comparable_sessions
from common.errors import Conflict, Invalid, NotFound
from common.models import JobStatus
from mlworker.engine.backbone_catalogue import BACKBONES
from mlworker.engine.configuration import TrainingConfiguration, estimated_cpu_seconds
from mlworker.experiments.comparison_result import FORMAT
from mlworker.experiments.models import Comparison, RunEpoch, SaliencyMap, Scoring, TrainingRun, TuningSearch
from mlworker.experiments.tidy_table import answers_sha256
from studies.models import Role, Study
from studies.selectors import study_for

Found = TypeVar("Found", bound=Model)


def runs_of(actor: Person, slug: str) -> QuerySet[TrainingRun]:
    study = study_for(actor, slug, Role.RESEARCHER)
    return (
        TrainingRun.objects.filter(study=study)
        .select_related("dataset_version", "started_by", "study")
        # A manifest has a row a case; the list needs none of them.
        .defer("dataset_version__manifest", "dataset_version__disjointness")
        .prefetch_related(
            Prefetch("epochs", RunEpoch.objects.order_by("epoch")), "scorings", "dataset_version__stale_reasons"
        )
        .order_by("-pk")
    )


def run_for(actor: Person, slug: str, run_id: int) -> TrainingRun:
    run = runs_of(actor, slug).filter(pk=run_id).first()
    if run is None:
        raise NotFound("There is no such run.")
    return run


def searches_of(actor: Person, slug: str) -> QuerySet[TuningSearch]:
    study = study_for(actor, slug, Role.RESEARCHER)
    return (
        TuningSearch.objects.filter(study=study)
        .select_related("dataset_version", "started_by")
        .defer("dataset_version__manifest", "dataset_version__disjointness")
        .order_by("-pk")
    )


def queue_position(run: TrainingRun) -> int | None:
    """How many runs start before this one, or None if it does not wait."""
    if run.status != JobStatus.QUEUED:
        return None
    return TrainingRun.objects.filter(status=JobStatus.QUEUED, queued_at__lt=run.queued_at).count()


def cost_estimate(version: DatasetVersion, configuration: TrainingConfiguration) -> dict[str, Any]:
    """What a run would take, roughly, and on how many cases of each part it would learn and be watched."""
    counts = label_counts(version)
    sizes = {
        part: sum(counts.get((part, label), 0) for label in ("loose", "well_fixed"))
        for part in (Part.TRAINING.value, Part.VALIDATION.value)
    }
    entry = BACKBONES[configuration.backbone]
    return {
        "backbone": entry.name,
        "title": entry.title,
        "cpu_seconds": estimated_cpu_seconds(configuration, training=sizes["training"], validation=sizes["validation"]),
        "steps": configuration.epochs * -(-sizes["training"] // configuration.batch_size),
    }


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
    """Cases of which this run may be asked for a map: the test part only once the run has scored it.

    What is sealed in any version of the study is sealed here too.
    """
    cases = DatasetCase.objects.filter(version=run.dataset_version).exclude(hip_id__in=sealed_hips(run.study))
    cases = cases.select_related("radiograph").order_by("number")
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
        .prefetch_related("scorings__run", "sessions__reader", "sessions__protocol", "dataset_version__stale_reasons")
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


def comparable_groups(study: Study) -> list[dict[str, Any]]:
    """What may stand beside each other: scores and signed, unblinded reads over the same cases."""
    groups: dict[tuple[int, str], dict[str, Any]] = {}

    def group(version: DatasetVersion, part: str) -> dict[str, Any]:
        empty: dict[str, Any] = {"part": part, "scorings": [], "sessions": []}
        return groups.setdefault(
            (version.number, part), {"dataset_version": version.number, "dataset_name": version.name, **empty}
        )

    for scoring in comparable_scorings(study):
        run = scoring.run
        group(run.dataset_version, scoring.part)["scorings"].append(
            {
                "id": scoring.pk,
                "run": run.pk,
                "name": run.name,
                "backbone": run.backbone,
                "scored_at": scoring.finished_at,
            }
        )
    for session in comparable_sessions(study):
        protocol = session.protocol
        group(protocol.dataset_version, protocol.part)["sessions"].append(_comparable_session(session))
    return [groups[key] for key in sorted(groups, key=lambda key: (-key[0], key[1]))]


def _comparable_session(session: ReadSession) -> dict[str, Any]:
    signature = getattr(session, "signature", None)
    return {
        "id": session.pk,
        "reader": session.reader.name,
        "is_simulated": session.reader.is_simulated,
        "number": session.number,
        "protocol": session.protocol.title,
        "signed_at": signature.signed_at if signature else None,
    }


def scorings_by_id(study: Study, ids: Sequence[int]) -> list[Scoring]:
    found = Scoring.objects.filter(run__study=study, pk__in=ids).select_related("run").order_by("pk")
    return _all_of("scorings", ids, list(found))


def sessions_by_id(study: Study, ids: Sequence[int]) -> list[ReadSession]:
    """Sessions of the study, whatever their state: whether they may be compared is the service's to say."""
    found = ReadSession.objects.filter(protocol__study=study, pk__in=ids).select_related("protocol").order_by("pk")
    return _all_of("sessions", ids, list(found))


def _all_of(field: str, ids: Sequence[int], found: list[Found]) -> list[Found]:
    missing = sorted(set(ids) - {row.pk for row in found})
    if missing:
        details = [{"field": field, "message": f"there is no {pk} in this study"} for pk in missing]
        raise Invalid("Some of what was chosen does not exist.", code="comparison_invalid", details=details)
    return found


def stale_reasons(comparison: Comparison, known: dict[int, str] | None = None) -> list[str]:
    """Why a finished comparison no longer says what is known today, in words; it stays as it was made.

    Args:
        known: hashes of sessions' answers that were asked for before, so that a list asks for each but once.
    """
    hashes = known if known is not None else {}
    reasons = comparison.dataset_version.stale_reasons.all()
    # Reasons of images are sentences already.
    told = [
        f"A label of this dataset version has a newer version: {reason.reason}" if reason.label_id else reason.reason
        for reason in reasons
    ]
    for session in comparison.sessions.all():
        before = comparison.read_hashes.get(str(session.pk))
        if before is None:
            continue
        if session.pk not in hashes:
            hashes[session.pk] = answers_sha256(session)
        if hashes[session.pk] != before:
            told.append(f"The reads of {session.reader.name} have changed since.")
    return told


def per_case_is_open(comparison: Comparison) -> bool:
    """Whether its cases may be told one by one: those of the test part only once a model has scored it."""
    if comparison.part != Part.TEST:
        return True
    return Scoring.objects.filter(
        run__dataset_version=comparison.dataset_version_id, part=Part.TEST, status=JobStatus.SUCCEEDED
    ).exists()


def finished_comparison(actor: Person, slug: str, comparison_id: int) -> Comparison:
    comparison = comparison_for(actor, slug, comparison_id)
    if comparison.status != JobStatus.SUCCEEDED:
        raise Conflict("This comparison has not been computed yet.", code="not_finished")
    if result_of(comparison) is None:
        raise Conflict("An earlier version of Lucency made this comparison. Recompute it.", code="earlier_version")
    return comparison


def result_of(comparison: Comparison) -> dict[str, Any] | None:
    """The stored result, or None before there is one and where an earlier version of Lucency gave it another shape."""
    if comparison.status != JobStatus.SUCCEEDED:
        return None
    result: dict[str, Any] = json.loads(comparison.result)
    return result if result.get("format") == FORMAT else None


def opened_comparison(actor: Person, slug: str, comparison_id: int) -> Comparison:
    """A finished comparison whose cases may be told one by one."""
    comparison = finished_comparison(actor, slug, comparison_id)
    if not per_case_is_open(comparison):
        raise Conflict(
            "No model has scored the test part yet, so its cases stay sealed. Score it first, with a reason.",
            code="part_sealed",
        )
    return comparison


def compared_case(comparison: Comparison, number: int) -> DatasetCase:
    cases = DatasetCase.objects.filter(version=comparison.dataset_version_id, part=comparison.part)
    case = cases.filter(number=number).select_related("radiograph").first()
    if case is None:
        raise NotFound("This comparison has no such case.")
    return case
