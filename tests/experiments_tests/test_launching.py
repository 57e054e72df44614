from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from common.errors import Conflict, DomainError, Invalid
from common.models import AuditEvent
from mlworker.experiments.models import TrainingRun
from mlworker.experiments.services import start_training
from tests.experiments_tests.small_study import QUICK, SmallStudy, make_small_study
from tests.messages import Messages

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def small_study(transactional_db: None) -> SmallStudy:
    return make_small_study(images=False)


def launch(small: SmallStudy, *backbones: str, preset: str = "compact", **overrides: Any) -> list[TrainingRun]:
    return start_training(
        version=small.version, backbones=backbones, preset=preset, overrides=overrides, actor=small.researcher
    )


def test_it_queues_a_run_and_wakes_a_worker(small_study: SmallStudy, messages: Messages) -> None:
    (run,) = launch(small_study, "compact", **QUICK)
    assert (run.status, run.progress_total) == ("queued", 2)
    assert run.configuration["image_size"] == 48
    assert messages.in_queue("training") == [("experiments.train", {"run_id": run.pk})]
    event = AuditEvent.objects.get(action="training_queued")
    assert event.payload["dataset"] == small_study.version.sha256
    assert event.payload["configuration"] == run.configuration_sha256


def test_it_refuses_weights_that_are_not_on_the_machine_before_anything_is_queued(
    small_study: SmallStudy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, messages: Messages
) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    with pytest.raises(Conflict, match="The ImageNet weights of DenseNet-201 are not on this machine") as refused:
        launch(small_study, "densenet201", preset="published")
    assert refused.value.error_code == "weights_missing"
    assert "weights “none”" in refused.value.message
    assert not TrainingRun.objects.exists()
    assert messages.in_queue("training") == []


def test_it_takes_each_published_backbone_from_scratch(small_study: SmallStudy) -> None:
    six = ["vgg19", "inception_v3", "resnet50", "inception_resnet_v2", "xception", "densenet201"]
    runs = launch(small_study, *six, preset="published", weights="none", batch_size=8)
    assert [run.backbone for run in runs] == six
    assert {run.configuration["learning_rate"] for run in runs} == {1e-5}


def test_it_queues_none_of_several_when_one_cannot_run(
    small_study: SmallStudy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    with pytest.raises(DomainError):
        launch(small_study, "compact", "resnet50", preset="compact", weights="imagenet", batch_size=8)
    assert not TrainingRun.objects.exists()


def test_it_names_every_field_that_is_wrong(small_study: SmallStudy) -> None:
    with pytest.raises(Invalid) as refused:
        launch(small_study, "compact", epochs=0, learning_rate="fast", epoch=3)
    assert {detail["field"] for detail in refused.value.details} == {"epochs", "learning_rate", "epoch"}


def test_it_refuses_a_backbone_that_does_not_exist(small_study: SmallStudy) -> None:
    with pytest.raises(Invalid, match="“alexnet” is not one of the backbones"):
        launch(small_study, "alexnet")


def test_it_refuses_a_batch_larger_than_the_training_part(small_study: SmallStudy) -> None:
    with pytest.raises(Invalid) as refused:
        launch(small_study, "compact", batch_size=64)
    assert refused.value.details[0]["message"] == "A batch of 64 is larger than the 16 training cases."


def test_it_refuses_to_launch_nothing(small_study: SmallStudy) -> None:
    with pytest.raises(Invalid, match="at least one backbone"):
        launch(small_study)
