"""What people ask of the machine: train, cancel, try again, score, map. Each leaves a row and wakes a worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import Person
from annotations.datasets.models import DatasetCase, DatasetVersion, Part
from annotations.datasets.selectors import label_counts
from common import audit, jobs
from common.enqueue import enqueue
from common.errors import Conflict, Invalid
from common.models import JobStatus
from mlworker.engine.backbone_catalogue import BACKBONES, weights_available
from mlworker.engine.configuration import ConfigurationError, TrainingConfiguration, configuration_from
from mlworker.engine.search import SearchPlan, drawn_trials
from mlworker.experiments.models import MapQuality, RunEvent, SaliencyMap, Scoring, TrainingRun, TuningSearch

MAP_METHODS = (
    "vanilla_gradient", "smooth_grad", "integrated_gradients", "grad_cam", "grad_cam_plus_plus", "occlusion", "rise",
)  # fmt: skip


def check_configuration(
    *, version: DatasetVersion, backbone: str, preset: str, overrides: Mapping[str, Any]
) -> TrainingConfiguration:
    """The whole configuration, or every reason why it cannot be: before anything is queued."""
    if backbone not in BACKBONES:
        message = f"“{backbone}” is not one of the backbones: {', '.join(BACKBONES)}."
        raise Invalid(message, details=[{"field": "backbone", "message": message}])
    try:
        configuration = configuration_from(preset, {"backbone": backbone, **overrides})
    except ConfigurationError as error:
        raise _invalid(error) from error
    _check_weights(configuration)
    _check_cases(version, configuration)
    return configuration


def _invalid(error: ConfigurationError) -> Invalid:
    details = [
        {"field": problem.field, "message": f"received {problem.received!r}: {problem.reason}"}
        for problem in error.problems
    ]
    return Invalid("The configuration is not valid.", code="configuration_invalid", details=details)


def _check_weights(configuration: TrainingConfiguration) -> None:
    if configuration.weights == "none":
        return
    weights = weights_available(BACKBONES[configuration.backbone])
    if not weights.available:
        raise Conflict(
            weights.message,
            code="weights_missing",
            details=[{"field": "weights", "message": weights.message}],
        )


def _check_cases(version: DatasetVersion, configuration: TrainingConfiguration) -> None:
    counts = label_counts(version)
    problems = [
        f"The {part} part of version {version.number} has no {label.replace('_', ' ')} case."
        for part in (Part.TRAINING.value, Part.VALIDATION.value)
        for label in ("loose", "well_fixed")
        if not counts.get((part, label))
    ]
    size = sum(counts.get((Part.TRAINING.value, label), 0) for label in ("loose", "well_fixed"))
    if configuration.batch_size > size:
        problems.append(f"A batch of {configuration.batch_size} is larger than the {size} training cases.")
    if problems:
        raise Invalid(
            "This version cannot be trained on.",
            code="cases_unsuitable",
            details=[{"field": "dataset_version", "message": problem} for problem in problems],
        )


def checked_configurations(
    *, version: DatasetVersion, backbones: Sequence[str], preset: str, overrides: Mapping[str, Any]
) -> list[TrainingConfiguration]:
    """One configuration for each backbone, or every reason why there is none; nothing is saved."""
    if not backbones:
        raise Invalid("Choose at least one backbone.", details=[{"field": "backbones", "message": "none chosen"}])
    if version.is_practice:
        raise Invalid("The practice set is for readers; it is not for training.", code="practice_set")
    return [
        check_configuration(version=version, backbone=backbone, preset=preset, overrides=overrides)
        for backbone in dict.fromkeys(backbones)
    ]


@transaction.atomic
def start_training(
    *,
    version: DatasetVersion,
    backbones: Sequence[str],
    preset: str,
    overrides: Mapping[str, Any],
    actor: Person | None,
    name: str = "",
) -> list[TrainingRun]:
    """One queued run for each backbone, or none at all if any of them cannot run."""
    configurations = checked_configurations(version=version, backbones=backbones, preset=preset, overrides=overrides)
    return [_queue_run(version, preset, configuration, actor, name) for configuration in configurations]


def _queue_run(
    version: DatasetVersion,
    preset: str,
    configuration: TrainingConfiguration,
    actor: Person | None,
    name: str,
    search: TuningSearch | None = None,
) -> TrainingRun:
    title = BACKBONES[configuration.backbone].title
    run = TrainingRun.objects.create(
        study=version.study,
        dataset_version=version,
        name=name or f"{title}, {preset}",
        backbone=configuration.backbone,
        preset=preset,
        configuration=configuration.to_dict(),
        configuration_sha256=configuration.sha256,
        started_by=actor,
        search=search,
        progress_total=configuration.epochs,
    )
    RunEvent.objects.create(run=run, kind="queued", message="Queued.")
    audit.record(
        actor=actor,
        action="training_queued",
        subject=f"training_run:{run.pk}",
        study_slug=version.study.slug,
        payload={"backbone": run.backbone, "dataset": version.sha256, "configuration": run.configuration_sha256},
    )
    enqueue("experiments.train", run_id=run.pk)
    return run


@transaction.atomic
def start_search(
    *,
    version: DatasetVersion,
    backbone: str,
    preset: str,
    overrides: Mapping[str, Any],
    plan: SearchPlan,
    actor: Person | None,
    name: str = "",
) -> TuningSearch:
    """Queue one run for each trial, or none if any of them could not be trained. The test part takes no part in it."""
    if version.is_practice:
        raise Invalid("The practice set is for readers; it is not for training.", code="practice_set")
    try:
        trials = drawn_trials(plan, fixed=overrides)
    except ConfigurationError as error:
        raise _invalid(error) from error
    configurations = [
        check_configuration(version=version, backbone=backbone, preset=preset, overrides={**overrides, **trial})
        for trial in trials
    ]
    title = name or f"{BACKBONES[backbone].title}, {preset}, search"
    search = TuningSearch.objects.create(
        study=version.study, dataset_version=version, name=title, started_by=actor,
        specification={"backbone": backbone, "preset": preset, "overrides": dict(overrides), **plan.to_dict()},
    )  # fmt: skip
    for number, (trial, configuration) in enumerate(zip(trials, configurations, strict=True), start=1):
        said = ", ".join(f"{field} {value}" for field, value in trial.items())
        _queue_run(version, preset, configuration, actor, f"{title} {number}: {said}"[:120], search)
    audit.record(
        actor=actor, action="search_started", subject=f"tuning_search:{search.pk}", study_slug=version.study.slug,
        payload={"trials": len(trials), "specification": search.specification},
    )  # fmt: skip
    return search


LONGEST_NOTES = 10_000
MOST_TAGS, LONGEST_TAG = 12, 32


@transaction.atomic
def annotate_run(*, run: TrainingRun, notes: str, tags: Sequence[str], actor: Person) -> None:
    """Keep a researcher's words about a run. They are no part of the record that a result rests on."""
    clean = list(dict.fromkeys(" ".join(tag.split()).lower() for tag in tags if tag.strip()))
    problems = [
        {"field": "tags", "message": f"“{tag[:LONGEST_TAG]}…” is longer than {LONGEST_TAG} characters"}
        for tag in clean
        if len(tag) > LONGEST_TAG
    ]
    if len(clean) > MOST_TAGS:
        problems.append({"field": "tags", "message": f"{len(clean)} tags; at most {MOST_TAGS} are kept"})
    if len(notes) > LONGEST_NOTES:
        problems.append({"field": "notes", "message": f"{len(notes)} characters; at most {LONGEST_NOTES} are kept"})
    if problems:
        raise Invalid("The notes could not be kept.", details=problems)
    TrainingRun.objects.filter(pk=run.pk).update(notes=notes.strip(), tags=clean)
    audit.record(actor=actor, action="run_annotated", subject=f"training_run:{run.pk}", study_slug=run.study.slug)


@transaction.atomic
def cancel_run(*, run: TrainingRun, actor: Person) -> None:
    jobs.request_cancel(run)
    RunEvent.objects.create(run=run, kind="cancel", message=f"Cancel asked for by {actor.name}.")
    audit.record(actor=actor, action="training_cancelled", subject=f"training_run:{run.pk}", study_slug=run.study.slug)


@transaction.atomic
def retry_run(*, run: TrainingRun, actor: Person) -> None:
    """Put a failed or cancelled run back; it goes on from its last checkpoint."""
    jobs.requeue(run)
    RunEvent.objects.create(run=run, kind="queued", message=f"Queued again by {actor.name}.")
    enqueue("experiments.train", run_id=run.pk)


@transaction.atomic
def score_part(*, run: TrainingRun, part: str, reason: str, actor: Person | None) -> Scoring:
    """Touch a part with a model. A second touch of the same part by the same model returns the first's scores."""
    if not reason.strip():
        raise Invalid(
            "Say why this part is scored: the reason is printed on every comparison.",
            details=[{"field": "reason", "message": "is empty"}],
        )
    if part not in (Part.TEST, Part.VALIDATION):
        raise Invalid("Only the validation and the test part can be scored.", details=[
            {"field": "part", "message": f"received {part!r}"}
        ])  # fmt: skip
    existing = Scoring.objects.filter(run=run, part=part).first()
    if existing is not None:
        return _existing_scoring(existing)
    if run.status != JobStatus.SUCCEEDED or run.threshold is None:
        raise Conflict(
            "A run is scored after it has finished and its threshold was fixed on the validation part.",
            code="no_threshold_yet",
        )
    try:
        with transaction.atomic():
            scoring = Scoring.objects.create(
                run=run, part=part, reason=reason.strip(), requested_by=actor, model_sha256=run.model_sha256
            )
    except IntegrityError:
        return Scoring.objects.get(run=run, part=part)
    audit.record(
        actor=actor,
        action="part_scored",
        subject=f"training_run:{run.pk}",
        study_slug=run.study.slug,
        payload={"part": part, "reason": reason.strip(), "model": run.model_sha256},
    )
    enqueue("experiments.score", scoring_id=scoring.pk)
    return scoring


def _existing_scoring(scoring: Scoring) -> Scoring:
    if scoring.status in (JobStatus.FAILED, JobStatus.CANCELLED):
        jobs.requeue(scoring)
        enqueue("experiments.score", scoring_id=scoring.pk)
        scoring.refresh_from_db()
    return scoring


@transaction.atomic
def request_map(*, run: TrainingRun, case: DatasetCase, method: str, actor: Person | None) -> SaliencyMap:
    """A map of one case; computed once for a model, an image and a method."""
    if method not in MAP_METHODS:
        message = f"“{method}” is not one of the methods: {', '.join(MAP_METHODS)}."
        raise Invalid(message, details=[{"field": "method", "message": message}])
    if run.status != JobStatus.SUCCEEDED:
        raise Conflict("Maps are drawn from a finished run.", code="run_not_finished")
    if case.version_id != run.dataset_version_id:
        raise Conflict("This image belongs to another dataset version than the run.", code="other_version")
    if case.part == Part.TEST and not _test_part_scored(run):
        raise Conflict("The test part is sealed for this run: score it first, with a reason.", code="part_sealed")
    saliency_map, created = SaliencyMap.objects.get_or_create(
        run=run,
        case=case,
        method=method,
        defaults={"requested_by": actor, "model_sha256": run.model_sha256},
    )
    if not created and saliency_map.status in (JobStatus.FAILED, JobStatus.CANCELLED):
        jobs.requeue(saliency_map)
        created = True
    if created:
        enqueue("experiments.map", map_id=saliency_map.pk)
    return saliency_map


@transaction.atomic
def request_quality(*, run: TrainingRun, method: str, actor: Person | None) -> MapQuality:
    """Judge a method's maps of a run's model; once, unless it failed."""
    if method not in MAP_METHODS:
        message = f"“{method}” is not one of the methods: {', '.join(MAP_METHODS)}."
        raise Invalid(message, details=[{"field": "method", "message": message}])
    if run.status != JobStatus.SUCCEEDED:
        raise Conflict("Maps are judged from a finished run.", code="run_not_finished")
    quality, created = MapQuality.objects.get_or_create(
        run=run, method=method, defaults={"requested_by": actor, "model_sha256": run.model_sha256}
    )
    if not created and quality.status in (JobStatus.FAILED, JobStatus.CANCELLED):
        jobs.requeue(quality)
        created = True
    if created:
        enqueue("experiments.judge_maps", quality_id=quality.pk)
    return quality


def _test_part_scored(run: TrainingRun) -> bool:
    return Scoring.objects.filter(run=run, part=Part.TEST, status=JobStatus.SUCCEEDED).exists()
