from __future__ import annotations

import os
import signal
from pathlib import Path

import psutil
import pytest

from mlworker.engine.errors import TrainingCancelled, TrainingFailed
from mlworker.engine.isolated_training import train_isolated
from mlworker.engine.training import TrainingEvent
from tests.engine_tests.toy_cases import small, toy_cases, train_toy


def child_of_this_process() -> psutil.Process:
    return next(c for c in psutil.Process().children() if "mlworker.engine.isolated_child" in c.cmdline())


def test_it_gives_the_same_model_as_a_training_in_this_process(tmp_path: Path) -> None:
    events: list[TrainingEvent] = []
    isolated = train_isolated(
        small(), toy_cases(24, seed=1), toy_cases(12, seed=2), folder=tmp_path / "child",
        on_event=events.append, should_stop=lambda: False,
    )  # fmt: skip
    here = train_toy(small(), tmp_path / "here")
    assert isolated.model_sha256 == here.model_sha256
    assert isolated.threshold == here.threshold
    assert isolated.validation_scores == here.validation_scores
    assert [event.epoch for event in events if event.kind == "epoch_finished"] == [1, 2]
    assert not list((tmp_path / "child").glob("*_images.npy"))


def test_it_fails_in_words_when_its_child_is_killed_and_goes_on_when_tried_again(tmp_path: Path) -> None:
    def kill_once(event: TrainingEvent) -> None:
        if event.kind == "epoch_finished":
            os.kill(child_of_this_process().pid, signal.SIGKILL)

    parts = toy_cases(24, seed=1), toy_cases(12, seed=2)
    with pytest.raises(TrainingFailed, match="SIGKILL"):
        train_isolated(small(epochs=40), *parts, folder=tmp_path, on_event=kill_once, should_stop=lambda: False)
    resumed: list[str] = []
    with pytest.raises(TrainingCancelled):
        train_isolated(
            small(epochs=40), *parts, folder=tmp_path,
            on_event=lambda event: resumed.append(event.kind), should_stop=lambda: "resumed" in resumed,
        )  # fmt: skip
    assert "resumed" in resumed


def test_it_carries_a_refusal_over(tmp_path: Path) -> None:
    with pytest.raises(TrainingFailed, match="larger than the 24 training cases"):
        train_isolated(
            small(batch_size=64), toy_cases(24, seed=1), toy_cases(12, seed=2), folder=tmp_path,
            on_event=lambda event: None, should_stop=lambda: False,
        )  # fmt: skip
