"""Celery's entries: claim a row, let the engine work, record. A message twice, late or lost changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

import structlog
from celery import shared_task

from annotations.datasets.models import DatasetCase
from common import jobs, storage
from common.errors import Conflict
from common.models import Job
from common.sweeper import register_sweep, worker_name
from mlworker.engine.configuration import TrainingConfiguration
from mlworker.engine.errors import TrainingCancelled
from mlworker.engine.isolated_training import train_isolated
from mlworker.experiments.arrays import image_stack, is_mirrored, labelled_images
from mlworker.experiments.comparison_result import comparison_result
from mlworker.experiments.comparisons import finish_comparison
from mlworker.experiments.failures import Failure, failure_of
from mlworker.experiments.models import Comparison, ComparisonReport, MapQuality, SaliencyMap, Scoring, TrainingRun
from mlworker.experiments.records import RunRecorder, fail_run, record_map, record_quality, record_scores
from mlworker.experiments.report.checklist import current_answers
from mlworker.experiments.report.facts import known_of
from mlworker.experiments.report.services import STEPS, finish_report
from mlworker.experiments.selectors import result_of
from mlworker.experiments.tidy_table import answers_sha256, rows_as_json, rows_from_json, rows_sha256, tidy_rows

if TYPE_CHECKING:
    from mlworker.engine.scoring import LoadedModel, ResidentModels

_log = structlog.get_logger("lucency.experiments")
JobType = TypeVar("JobType", bound=Job)
MOST_ATTEMPTS = 5


@shared_task(name="experiments.train")
def train(*, run_id: int) -> None:
    run = jobs.claim(TrainingRun, run_id, worker_name=worker_name())
    if run is None:
        return
    with _ends_in_words(run, fail_run):
        recorder = RunRecorder(run)
        try:
            with jobs.heartbeat(run) as stop:
                configuration = TrainingConfiguration.from_dict(run.configuration)
                result = train_isolated(
                    configuration,
                    labelled_images(run.dataset_version, "training", configuration),
                    labelled_images(run.dataset_version, "validation", configuration),
                    folder=storage.resolve(f"runs/{run.pk}"),
                    on_event=recorder.tell,
                    # The heart beats every ten seconds; who cancels should not wait for it.
                    should_stop=lambda: stop.is_set() or jobs.cancel_requested(run),
                )
            recorder.finish(result)
        except TrainingCancelled:
            # Because somebody asked; or because the lease went to another worker, and then nothing is written.
            if jobs.cancel_requested(run):
                recorder.cancelled()


@shared_task(name="experiments.score")
def score(*, scoring_id: int) -> None:
    scoring = _claimed(Scoring, scoring_id)
    if scoring is None:
        return
    from mlworker.engine.scoring import score as score_images

    with _ends_in_words(scoring, _fail_job):
        with jobs.heartbeat(scoring):
            model = _model_of(scoring.run)
            part = labelled_images(scoring.run.dataset_version, scoring.part, model.configuration)
            scores = score_images(
                model,
                part.images,
                on_progress=lambda done, total: jobs.report_progress(scoring, done=done, total=total),
            )
        record_scores(scoring, part.case_ids, scores.logit.tolist(), scores.probability.tolist())


@shared_task(name="experiments.map")
def draw_map(*, map_id: int) -> None:
    saliency_map = _claimed(SaliencyMap, map_id)
    if saliency_map is None:
        return
    from mlworker.engine.saliency import explain

    with _ends_in_words(saliency_map, _fail_job):
        with jobs.heartbeat(saliency_map):
            model = _model_of(saliency_map.run)
            case = DatasetCase.objects.select_related("hip").get(pk=saliency_map.case_id)
            maps = explain(model, image_stack([case], model.configuration), saliency_map.method)
            if is_mirrored(case, model.configuration):
                maps = replace(maps, maps=maps.maps[:, :, ::-1])
        record_map(saliency_map, maps)


@shared_task(name="experiments.judge_maps")
def judge_maps(*, quality_id: int) -> None:
    quality = _claimed(MapQuality, quality_id)
    if quality is None:
        return
    from mlworker.experiments.map_quality import judged

    with _ends_in_words(quality, _fail_job):
        with jobs.heartbeat(quality):
            judgement = judged(
                quality, on_progress=lambda done, total: jobs.report_progress(quality, done=done, total=total)
            )
        record_quality(quality, judgement)


@shared_task(name="experiments.compare")
def compare(*, comparison_id: int) -> None:
    comparison = _claimed(Comparison, comparison_id)
    if comparison is None:
        return
    with _ends_in_words(comparison, _fail_job):
        rows = tidy_rows(comparison)
        result = json.dumps(comparison_result(comparison, rows), sort_keys=True, separators=(",", ":"))
        finish_comparison(
            comparison,
            result=result,
            inputs=rows_as_json(rows),
            inputs_sha256=rows_sha256(rows),
            read_hashes={str(session.pk): answers_sha256(session) for session in comparison.sessions.all()},
        )


@shared_task(name="experiments.report")
def build_report(*, report_id: int) -> None:
    report = _claimed(ComparisonReport, report_id)
    if report is None:
        return
    from mlworker.experiments.report.archive import archive_of

    with _ends_in_words(report, _fail_job):
        comparison = report.comparison
        with jobs.heartbeat(report):
            result = result_of(comparison)
            if result is None:
                raise Conflict("This comparison has no result to report. Recompute it.", code="not_finished")
            archive = archive_of(
                known_of(comparison, result, rows_from_json(comparison.inputs)),
                current_answers(comparison.study),
                lambda done, note: jobs.report_progress(report, done=done, total=STEPS, note=note),
            )
        finish_report(report, archive)


def _claimed(model: type[JobType], job_id: int) -> JobType | None:
    """The job, unless it is held elsewhere or has killed so many workers that it will kill the next one too.

    A training needs no such limit: it computes in a process of its own, and its worker survives it.
    """
    job = jobs.claim(model, job_id, worker_name=worker_name())
    if job is None or job.attempts <= MOST_ATTEMPTS:
        return job
    reason = f"{MOST_ATTEMPTS} workers have taken this job and none came to its end."
    jobs.fail(job, reason=reason, advice="Most often the memory is used up. Give the worker more, or a smaller model.")
    return None


@contextmanager
def _ends_in_words(job: JobType, fail: Callable[[JobType, Failure], None]) -> Iterator[None]:
    """What goes wrong becomes the job's failure; a lost lease means that another worker writes its end."""
    name = type(job).__name__
    try:
        yield
    except jobs.LeaseLost:
        _log.warning("lease lost", job=name, id=job.pk)
    except Exception as error:
        # Without this a defect would be tried again at the end of every lease, for ever.
        failure = failure_of(error)
        try:
            fail(job, failure)
        except jobs.LeaseLost:
            _log.warning("lease lost", job=name, id=job.pk)
        if not failure.is_expected:
            raise


def _fail_job(job: Job, failure: Failure) -> None:
    jobs.fail(job, reason=failure.reason, advice=failure.advice)


def _model_of(run: TrainingRun) -> LoadedModel:
    """The run's model, kept in this worker's memory for the next job; refused if its file was changed."""
    return resident_models().get(storage.resolve(run.model_name), run.model_sha256)


@lru_cache(maxsize=1)
def resident_models() -> ResidentModels:
    from mlworker.engine.scoring import ResidentModels

    return ResidentModels(capacity=2)


register_sweep(TrainingRun, task="experiments.train", argument="run_id", queue="training")
register_sweep(Scoring, task="experiments.score", argument="scoring_id", queue="scoring")
register_sweep(SaliencyMap, task="experiments.map", argument="map_id", queue="scoring")
register_sweep(MapQuality, task="experiments.judge_maps", argument="quality_id", queue="scoring")
register_sweep(ComparisonReport, task="experiments.report", argument="report_id", queue="scoring")
register_sweep(Comparison, task="experiments.compare", argument="comparison_id", queue="scoring")
