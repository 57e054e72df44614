from __future__ import annotations

import pytest

from common import storage
from common.jobs import claim
from common.models import JobStatus
from mlworker.experiments.models import RunEpoch, RunEvent, TrainingRun
from mlworker.experiments.tasks import train
from tests.experiments_tests.small_study import SmallStudy, queue_run

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_records_epochs_log_threshold_and_model(small_study: SmallStudy) -> None:
    run = queue_run(small_study)
    train(run_id=run.pk)
    run.refresh_from_db()
    assert run.status == JobStatus.SUCCEEDED, run.failure_reason
    assert list(RunEpoch.objects.filter(run=run).order_by("epoch").values_list("epoch", flat=True)) == [1, 2]
    metrics = RunEpoch.objects.get(run=run, epoch=2).metrics
    assert metrics["training_loss"] > 0
    assert 0 <= metrics["validation_auc"] <= 1
    assert run.threshold is not None
    assert run.threshold_rule == "youden"
    assert run.threshold_fixed_at is not None
    assert run.threshold_fixed_at <= run.finished_at  # type: ignore[operator]
    assert storage.resolve(run.model_name).is_file()
    assert len(run.model_sha256) == 64
    assert run.parameter_count == 165_009
    assert run.environment["weights_origin"] == "from scratch"
    assert run.environment["packages"]["keras"]
    assert (run.progress_done, run.progress_total) == (2, 2)
    kinds = list(RunEvent.objects.filter(run=run).order_by("pk").values_list("kind", flat=True))
    assert kinds[:2] == ["queued", "started"]
    assert kinds[-1] == "succeeded"
    assert kinds.count("epoch_finished") == 2


def test_it_does_nothing_with_a_message_that_comes_twice(small_study: SmallStudy) -> None:
    run = queue_run(small_study)
    held = claim(TrainingRun, run.pk, worker_name="another worker")
    assert held is not None
    train(run_id=run.pk)
    run.refresh_from_db()
    assert (run.status, run.worker_name, run.attempts) == (JobStatus.RUNNING, "another worker", 1)
    assert not RunEvent.objects.filter(run=run, kind="started").exists()


def test_it_ends_a_run_whose_images_are_gone_in_words(small_study: SmallStudy) -> None:
    run = queue_run(small_study)
    for path in storage.resolve("renditions").rglob("*.npy"):
        path.unlink()
    train(run_id=run.pk)
    run.refresh_from_db()
    assert run.status == JobStatus.FAILED
    assert "is missing or damaged" in run.failure_reason
    assert RunEvent.objects.filter(run=run, kind="failed", message=run.failure_reason).exists()
