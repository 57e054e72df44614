from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from django.db import connection
from django.db.models.functions import Now

from common.jobs import claim
from common.models import JobStatus
from common.sweeper import sweep
from mlworker.experiments.models import RunEvent, TrainingRun
from mlworker.experiments.tasks import train
from tests.experiments_tests.background import trained_in_background, training_children, wait_for_epoch, wait_until
from tests.experiments_tests.small_study import SmallStudy, queue_run
from tests.factories import client_of
from tests.messages import Messages

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[2]


@contextmanager
def worker_for(run: TrainingRun) -> Iterator[subprocess.Popen[bytes]]:
    path = os.pathsep.join([str(ROOT / "platform"), str(ROOT)])
    arguments = ["-m", "tests.experiments_tests.run_worker", str(connection.settings_dict["NAME"]), str(run.pk)]
    with subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=os.environ | {"PYTHONPATH": path}) as process:
        try:
            yield process
        finally:
            process.kill()


def let_the_lease_run_out(run: TrainingRun) -> None:
    """As if nobody had renewed it for a while."""
    TrainingRun.objects.filter(pk=run.pk).update(lease_until=Now() - timedelta(seconds=1))


def test_it_is_seen_and_another_worker_ends_with_the_same_weights(small_study: SmallStudy, messages: Messages) -> None:
    run = queue_run(small_study, epochs=6)
    with worker_for(run) as worker:
        wait_for_epoch(run, 2)
        (child,) = training_children(psutil.Process(worker.pid))
        worker.kill()
    # The training must not go on without its worker: it would write into the folder of the next one.
    wait_until(lambda: not child.is_running())
    let_the_lease_run_out(run)
    page = client_of(small_study.researcher)
    job = page.get(f"/api/v1/studies/{small_study.study.slug}/runs/{run.pk}").json()["job"]
    assert (job["status"], job["worker_lost"]) == ("running", True)

    messages.forget()
    sweep()
    assert messages.in_queue("training") == [("experiments.train", {"run_id": run.pk})]
    train(run_id=run.pk)
    undisturbed = queue_run(small_study, epochs=6)
    train(run_id=undisturbed.pk)
    run.refresh_from_db()
    undisturbed.refresh_from_db()
    assert (run.status, run.attempts) == (JobStatus.SUCCEEDED, 2)
    assert RunEvent.objects.filter(run=run, kind="resumed").exists()
    assert run.model_sha256 == undisturbed.model_sha256
    assert run.environment["weights_sha256"] == undisturbed.environment["weights_sha256"]
    assert list(run.epochs.order_by("epoch").values_list("epoch", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_it_writes_nothing_more_when_another_worker_has_its_lease(small_study: SmallStudy) -> None:
    run = queue_run(small_study, epochs=500)
    with trained_in_background(run):
        wait_for_epoch(run, 1)
        wait_until(lambda: taken_over(run))
    run.refresh_from_db()
    assert (run.status, run.worker_name, run.attempts) == (JobStatus.RUNNING, "another worker", 2)
    assert not RunEvent.objects.filter(run=run, kind__in=["failed", "cancelled", "succeeded"]).exists()
    assert training_children() == []


def taken_over(run: TrainingRun) -> bool:
    """The first worker may renew its lease between the two steps: then again."""
    let_the_lease_run_out(run)
    return claim(TrainingRun, run.pk, worker_name="another worker") is not None


def test_it_leaves_alone_what_is_still_held(small_study: SmallStudy, messages: Messages) -> None:
    run = queue_run(small_study)
    assert claim(TrainingRun, run.pk, worker_name="a worker") is not None
    messages.forget()
    sweep()
    assert messages.in_queue("training") == []
