"""Celery's entries: claim a row, let the engine work, record. A message twice, late or lost changes nothing."""

from __future__ import annotations

import json
from typing import TypeVar

import structlog
from celery import shared_task

from annotations.datasets.models import DatasetCase
from common import jobs, storage
from common.errors import DomainError
from common.models import Job
from common.sweeper import register_sweep, worker_name
from mlworker.experiments.arrays import image_stack, labelled_images
from mlworker.experiments.comparisons import finish_comparison
from mlworker.experiments.models import Comparison, SaliencyMap, Scoring, TrainingRun
from mlworker.experiments.records import RunRecorder, record_map, record_scores
from mlworker.experiments.tidy_table import rows_sha256, tidy_rows

_log = structlog.get_logger("lucency.experiments")
JobType = TypeVar("JobType", bound=Job)
_resident: dict[str, object] = {}


@shared_task(name="experiments.train")
def train(*, run_id: int) -> None:
    run = jobs.claim(TrainingRun, run_id, worker_name=worker_name())
    if run is None:
        return
    from mlworker.engine.configuration import TrainingConfiguration
    from mlworker.engine.errors import EngineError, TrainingCancelled
    from mlworker.engine.isolated_training import train_isolated

    recorder = RunRecorder(run)
    try:
        with jobs.heartbeat(run) as stop:
            configuration = TrainingConfiguration.from_dict(run.configuration)
            side = configuration.image_size
            result = train_isolated(
                configuration,
                labelled_images(run.dataset_version, "training", side),
                labelled_images(run.dataset_version, "validation", side),
                folder=storage.resolve(f"runs/{run.pk}"),
                on_event=recorder.tell,
                should_stop=stop.is_set,
            )
        recorder.finish(result)
    except TrainingCancelled:
        _end_cancelled(run, recorder)
    except (EngineError, DomainError) as error:
        recorder.fail(error)
    except jobs.LeaseLost:
        _log.warning("lease lost", run=run.pk)


def _end_cancelled(run: TrainingRun, recorder: RunRecorder) -> None:
    """Stopped because somebody asked; or because the lease went to another worker, and then nothing is written."""
    try:
        if jobs.cancel_requested(run):
            recorder.cancelled()
    except jobs.LeaseLost:
        _log.warning("lease lost", run=run.pk)


@shared_task(name="experiments.score")
def score(*, scoring_id: int) -> None:
    scoring = jobs.claim(Scoring, scoring_id, worker_name=worker_name())
    if scoring is None:
        return
    from mlworker.engine.errors import EngineError
    from mlworker.engine.scoring import score as score_images

    try:
        with jobs.heartbeat(scoring):
            model = _model_of(scoring.run)
            version = scoring.run.dataset_version
            part = labelled_images(version, scoring.part, model.configuration.image_size)
            scores = score_images(
                model,
                part.images,
                on_progress=lambda done, total: jobs.report_progress(scoring, done=done, total=total),
            )
        record_scores(scoring, part.case_ids, scores.logit.tolist(), scores.probability.tolist())
    except (EngineError, DomainError) as error:
        jobs.fail(scoring, reason=str(error), advice=getattr(error, "advice", ""))
    except jobs.LeaseLost:
        _log.warning("lease lost", scoring=scoring.pk)


@shared_task(name="experiments.map")
def draw_map(*, map_id: int) -> None:
    saliency_map = jobs.claim(SaliencyMap, map_id, worker_name=worker_name())
    if saliency_map is None:
        return
    from mlworker.engine.errors import EngineError
    from mlworker.engine.saliency import explain

    try:
        with jobs.heartbeat(saliency_map):
            model = _model_of(saliency_map.run)
            case = DatasetCase.objects.get(pk=saliency_map.case_id)
            images = image_stack([case], model.configuration.image_size)
            maps = explain(model, images, saliency_map.method)
        record_map(saliency_map, maps)
    except (EngineError, DomainError) as error:
        jobs.fail(saliency_map, reason=str(error), advice=getattr(error, "advice", ""))
    except jobs.LeaseLost:
        _log.warning("lease lost", map=saliency_map.pk)


def _model_of(run: TrainingRun):  # type: ignore[no-untyped-def]
    """The run's model, kept in this worker's memory for the next job; refused if its file was changed."""
    from mlworker.engine.scoring import ResidentModels

    models = _resident.setdefault("models", ResidentModels(capacity=2))
    assert isinstance(models, ResidentModels)
    return models.get(storage.resolve(run.model_name), run.model_sha256)


@shared_task(name="experiments.compare")
def compare(*, comparison_id: int) -> None:
    comparison = jobs.claim(Comparison, comparison_id, worker_name=worker_name())
    if comparison is None:
        return
    from mlworker.experiments.comparison_result import comparison_result

    try:
        rows = tidy_rows(comparison)
        result = json.dumps(comparison_result(comparison, rows), sort_keys=True, separators=(",", ":"))
        finish_comparison(comparison, result=result, inputs_sha256=rows_sha256(rows))
    except (DomainError, ValueError) as error:
        jobs.fail(comparison, reason=str(error))
    except jobs.LeaseLost:
        _log.warning("lease lost", comparison=comparison.pk)


register_sweep(TrainingRun, task="experiments.train", argument="run_id", queue="training")
register_sweep(Scoring, task="experiments.score", argument="scoring_id", queue="scoring")
register_sweep(SaliencyMap, task="experiments.map", argument="map_id", queue="scoring")
register_sweep(Comparison, task="experiments.compare", argument="comparison_id", queue="scoring")
