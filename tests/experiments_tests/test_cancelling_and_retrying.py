from __future__ import annotations

import pytest

from common.errors import Conflict
from common.models import JobStatus
from mlworker.experiments.models import RunEpoch, RunEvent
from mlworker.experiments.services import cancel_run, retry_run
from mlworker.experiments.tasks import train
from tests.experiments_tests.background import trained_in_background, training_children, wait_for_epoch
from tests.experiments_tests.small_study import SmallStudy, model_folder, queue_run
from tests.messages import Messages

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_ends_a_queued_run_at_once(small_study: SmallStudy) -> None:
    run = queue_run(small_study)
    cancel_run(run=run, actor=small_study.researcher)
    run.refresh_from_db()
    assert run.status == JobStatus.CANCELLED
    train(run_id=run.pk)
    run.refresh_from_db()
    assert (run.status, run.attempts) == (JobStatus.CANCELLED, 0)


def test_it_stops_a_running_run_keeps_its_checkpoint_and_goes_on_from_there(
    small_study: SmallStudy, messages: Messages
) -> None:
    run = queue_run(small_study, epochs=500)
    with trained_in_background(run):
        wait_for_epoch(run, 2)
        cancel_run(run=run, actor=small_study.researcher)
    run.refresh_from_db()
    assert run.status == JobStatus.CANCELLED
    assert training_children() == []
    assert (model_folder(run) / "checkpoint.bin").is_file()
    assert RunEvent.objects.filter(run=run, kind="cancel", message="Cancel asked for by Rosa Researcher.").exists()
    learnt = RunEpoch.objects.filter(run=run).count()

    messages.forget()
    retry_run(run=run, actor=small_study.researcher)
    assert messages.in_queue("training") == [("experiments.train", {"run_id": run.pk})]
    with trained_in_background(run):
        wait_for_epoch(run, learnt + 2)
        cancel_run(run=run, actor=small_study.researcher)
    resumed = RunEvent.objects.get(run=run, kind="resumed")
    assert resumed.message.startswith("Going on after epoch ")
    assert int(resumed.message.split()[4]) >= 2


def test_it_tries_a_failed_run_again_and_forgets_the_failure(small_study: SmallStudy) -> None:
    run = queue_run(small_study)
    folder = model_folder(run)
    folder.mkdir(parents=True)
    (folder / "checkpoint.bin").write_bytes(b"not what was written")
    train(run_id=run.pk)
    run.refresh_from_db()
    assert run.status == JobStatus.FAILED
    assert "checkpoint is damaged" in run.failure_reason
    assert run.failure_advice

    (folder / "checkpoint.bin").unlink()
    retry_run(run=run, actor=small_study.researcher)
    train(run_id=run.pk)
    run.refresh_from_db()
    assert (run.status, run.failure_reason, run.failure_advice) == (JobStatus.SUCCEEDED, "", "")


def test_it_refuses_to_cancel_or_retry_what_is_not_in_that_state(small_study: SmallStudy) -> None:
    run = queue_run(small_study)
    with pytest.raises(Conflict, match="failed or cancelled"):
        retry_run(run=run, actor=small_study.researcher)
    cancel_run(run=run, actor=small_study.researcher)
    with pytest.raises(Conflict, match="already ended"):
        cancel_run(run=run, actor=small_study.researcher)
