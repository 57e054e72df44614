"""The demo's first CNN: trained, scored on the sealed part once, explained, and set beside the surgeons."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from django.db import connection

from annotations.datasets.models import DatasetVersion, Part
from annotations.reads.selectors import comparable_sessions
from common.errors import DomainError
from common.models import LEASE, Job, JobStatus
from demo.study.people import Cast
from demo.study.progress import Tell
from mlworker.experiments import services, tasks
from mlworker.experiments.comparisons import start_comparison
from mlworker.experiments.models import Comparison, Scoring, TrainingRun

_NAME = "Compact CNN, first run"
_TITLE = "Compact CNN beside two simulated surgeons"
_REASON = "First look at the test part, after the threshold was fixed on the validation part."
_MAPS = 4


class DemoJobFailed(DomainError):
    """A job of the demo ended in failure; the message is the job's own."""


def train_first_model(version: DatasetVersion, cast: Cast, tell: Tell) -> TrainingRun:
    run = TrainingRun.objects.filter(dataset_version=version, name=_NAME).first()
    if run is None:
        (run,) = services.start_training(
            version=version, backbones=["compact"], preset="compact", overrides={}, actor=cast.researcher, name=_NAME
        )
    with _watched(run, tell):
        _finish(run, partial(tasks.train, run_id=run.pk))
    return run


def score_and_compare(run: TrainingRun, cast: Cast, tell: Tell) -> None:
    scoring = services.score_part(run=run, part=Part.TEST, reason=_REASON, actor=cast.researcher)
    steps = _MAPS + 2
    _finish(scoring, partial(tasks.score, scoring_id=scoring.pk))
    tell(1, steps)
    scores = scoring.scores.select_related("case").order_by("-probability")[:_MAPS]
    for done, score in enumerate(scores, start=2):
        asked = services.request_map(run=run, case=score.case, method="vanilla_gradient", actor=cast.researcher)
        _finish(asked, partial(tasks.draw_map, map_id=asked.pk))
        tell(done, steps)
    comparison = _comparison(run, scoring, cast)
    _finish(comparison, partial(tasks.compare, comparison_id=comparison.pk))
    tell(steps, steps)


def _comparison(run: TrainingRun, scoring: Scoring, cast: Cast) -> Comparison:
    return Comparison.objects.filter(study=run.study, title=_TITLE).first() or start_comparison(
        version=run.dataset_version, part=Part.TEST, title=_TITLE, scorings=[scoring],
        sessions=comparable_sessions(run.study), actor=cast.researcher,
    )  # fmt: skip


def _finish(job: Job, work: Callable[[], None]) -> None:
    """Do the job here and now. One that a killed process still holds is taken over when its lease has run out."""
    deadline = time.monotonic() + 2 * LEASE.total_seconds()
    job.refresh_from_db()
    while job.status in (JobStatus.QUEUED, JobStatus.RUNNING) and time.monotonic() < deadline:
        work()
        job.refresh_from_db()
        if job.status == JobStatus.RUNNING:
            time.sleep(2)
    if job.status != JobStatus.SUCCEEDED:
        why = job.failure_reason or f"it is {job.status}"
        raise DemoJobFailed(f"The demo's {type(job).__name__} did not succeed: {why}")


@contextmanager
def _watched(run: TrainingRun, tell: Tell) -> Iterator[None]:
    """Tell the run's progress while this thread works on it."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.5):
            done, total = TrainingRun.objects.values_list("progress_done", "progress_total").get(pk=run.pk)
            tell(done, total)
        connection.close()

    thread = threading.Thread(target=watch, name="demo-progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
