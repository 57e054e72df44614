from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.special import expit

from mlworker.engine.configuration import ConfigurationError, configuration_from
from mlworker.engine.data import epoch_batches, prepared
from mlworker.engine.learner import Learner
from mlworker.engine.metrics import fitted_temperature, log_loss
from mlworker.engine.model_file import read_facts
from mlworker.engine.schedule import learning_rate_at
from mlworker.engine.training import TrainingEvent
from tests.engine_tests.toy_cases import in_two_phases, small, toy_cases, train_toy


def _learn(learner: Learner, configuration: Any, epoch: int) -> None:
    cases = toy_cases(24, seed=1)
    for batch in epoch_batches(prepared(cases.images, configuration), cases.labels, configuration, epoch):
        learner.step(*batch)


def _weights(layer: Any) -> dict[str, Any]:
    return {weight.path: np.asarray(weight.value).copy() for weight in layer.weights}


def _moved(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {path for path in before if not np.array_equal(before[path], after[path])}


def test_it_moves_the_head_alone_and_then_the_last_layers_without_their_batch_norm() -> None:
    configuration = in_two_phases(unfrozen=0.5, ema=0.0)
    learner = Learner(configuration)
    backbone, head = learner.model.get_layer("backbone"), learner.model.get_layer("head_1")
    start, head_start = _weights(backbone), _weights(head)
    learner.enter(0)
    _learn(learner, configuration, 0)
    assert _moved(start, _weights(backbone)) == set()
    assert _moved(head_start, _weights(head))
    learner.enter(1)
    _learn(learner, configuration, 1)
    moved = {path.split("/")[-2] for path in _moved(start, _weights(backbone))}
    assert moved == {"block3_conv2", "block4_conv1", "block4_conv2"}


def test_it_keeps_the_moving_average_of_the_weights() -> None:
    configuration = small(epochs=1, warm_up_epochs=0, ema=0.5)
    learner = Learner(configuration)
    learner.enter(0)
    layer = learner.model.get_layer("head_1")
    cases = toy_cases(24, seed=1)
    average: Any = None
    for batch in epoch_batches(prepared(cases.images, configuration), cases.labels, configuration, 0):
        learner.step(*batch)
        kernel = np.asarray(layer.kernel.value).copy()
        average = kernel if average is None else 0.5 * average + 0.5 * kernel
    with learner.averaged():
        assert np.allclose(np.asarray(layer.kernel.value).copy(), average, rtol=0, atol=1e-7)
    assert np.array_equal(np.asarray(layer.kernel.value).copy(), kernel)
    learner.settle(None)
    assert np.allclose(np.asarray(layer.kernel.value).copy(), average, rtol=0, atol=1e-7)


def test_it_stops_when_the_validation_loss_does_not_fall_and_keeps_the_best_epoch(tmp_path: Path) -> None:
    # So large a rate makes the loss jump about.
    configuration = small(epochs=12, patience=2, learning_rate=0.05, schedule="constant", warm_up_epochs=0)
    said: list[TrainingEvent] = []
    result = train_toy(configuration, tmp_path, on_event=said.append)
    losses = [row["validation_loss"] for row in result.history]
    best = int(np.argmin(np.array(losses, dtype=float)))
    assert len(losses) == best + 3 < 12
    assert result.validation_metrics["validation_loss"] == pytest.approx(losses[best], rel=1e-6)
    assert f"those of epoch {best + 1}" in said[-1].message


def test_it_fits_a_temperature_that_no_other_betters(tmp_path: Path) -> None:
    result = train_toy(small(calibration="temperature"), tmp_path)
    temperature = result.validation_metrics["temperature"]
    assert temperature is not None
    assert read_facts(result.model_path, result.model_sha256).temperature == temperature
    labels = np.array([score.label for score in result.validation_scores])
    logits = np.array([score.logit for score in result.validation_scores])
    least = log_loss(labels, logits / temperature)
    # Toy cases may be so easy, or so hard, that the bound is the answer.
    others = np.clip([temperature * 0.9, temperature * 1.1, 1.0], 0.05, 20.0)
    assert all(least <= log_loss(labels, logits / other) + 1e-9 for other in others)


def test_it_recovers_the_temperature_that_made_the_labels() -> None:
    generator = np.random.default_rng(4)
    logits = generator.normal(0, 3, 200_000)
    labels = (generator.random(200_000) < expit(logits / 2.5)).astype(np.int64)
    assert fitted_temperature(labels, logits) == pytest.approx(2.5, rel=0.02)
    perfect = np.array([-1.0, -2.0, 1.0, 2.0])
    assert fitted_temperature(np.array([0, 0, 1, 1]), perfect) == pytest.approx(0.05, rel=1e-3)


def test_it_changes_the_rate_with_the_phase() -> None:
    configuration = in_two_phases(epochs=5, head_epochs=2, warm_up_epochs=1.0, learning_rate=1e-4)
    rates = [learning_rate_at(configuration, epoch * 10, 10) for epoch in range(5)]
    assert rates[:2] == [1e-3, 1e-3]
    assert rates[2] == pytest.approx(1e-5)
    assert rates[3] == pytest.approx(1e-4)
    assert rates[4] == pytest.approx(0.5e-4)


@pytest.mark.parametrize(
    ("overrides", "fields"),
    [
        ({"weights": "none"}, {"head_epochs", "unfrozen", "batch_norm"}),
        ({"head_epochs": 40}, {"head_epochs"}),
        ({"warm_up_epochs": 35}, {"warm_up_epochs"}),
        ({"flip": 0.5}, {"flip"}),
        ({"trainable": "head"}, {"head_epochs"}),
    ],
)
def test_it_refuses_phases_that_contradict_each_other(overrides: dict[str, Any], fields: set[str]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        configuration_from("modern", overrides)
    assert {problem.field for problem in caught.value.problems} == fields


def test_it_keeps_the_hash_of_a_configuration_that_is_older_than_the_phases() -> None:
    published = configuration_from("published", {"seed": 1, "threads": 2})
    older = {name: value for name, value in published.to_dict().items() if name not in ("ema", "mirror", "patience")}
    assert type(published).from_dict(older).sha256 == published.sha256
    assert published.sha256 == "230237c0e624062e178fdb655085af716ed705f34a1be352eef6f0e59eb746cd"
