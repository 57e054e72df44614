from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from mlworker.engine.data import LabelledImages
from mlworker.engine.errors import TrainingCancelled, TrainingFailed
from mlworker.engine.metrics import auc
from mlworker.engine.network import build_network
from mlworker.engine.schedule import learning_rate_at
from mlworker.engine.scoring import LoadedModel, score
from mlworker.engine.training import TrainingEvent, TrainingResult, train
from tests.engine_tests.toy_cases import small, toy_cases, train_toy

FIGURES = {
    f"{part}_{figure}"
    for part in ("training", "validation")
    for figure in ("loss", "auc", "sensitivity", "specificity")
}


def test_it_learns_a_signal_that_it_can_find_in_new_cases(model: LoadedModel) -> None:
    fresh = toy_cases(60, seed=3)
    found = auc(fresh.labels, score(model, fresh.images).logit)
    assert found is not None
    assert found > 0.9


def test_it_learns_nothing_from_labels_without_a_signal(tmp_path: Path) -> None:
    cases = toy_cases(64, seed=1)
    labels = np.random.default_rng(4).permutation(cases.labels)
    shuffled = LabelledImages(cases.images, labels, cases.case_ids)
    result = train(
        small(epochs=5),
        shuffled,
        toy_cases(60, seed=2),
        folder=tmp_path,
        on_event=lambda event: None,
        should_stop=lambda: False,
    )
    figure = result.validation_metrics["validation_auc"]
    assert figure is not None
    assert 0.2 < figure < 0.8


def test_it_tells_every_phase_and_every_figure(tmp_path: Path) -> None:
    events: list[TrainingEvent] = []
    train_toy(small(), tmp_path, on_event=events.append)
    kinds = [event.kind for event in events]
    assert kinds[0] == "preparing"
    assert kinds[-1] == "finished"
    assert [k for k in kinds if k in ("prepared", "checkpointed", "epoch_finished")] == [
        "prepared", "checkpointed", "epoch_finished", "checkpointed", "epoch_finished",
    ]  # fmt: skip
    finished = [event for event in events if event.kind == "epoch_finished"]
    assert [event.epoch for event in finished] == [1, 2]
    assert all(set(event.metrics) == FIGURES for event in finished)
    assert all(event.seconds is not None and event.seconds > 0 for event in finished)
    steps = [event for event in events if event.kind == "step"]
    assert (steps[-1].step, steps[-1].steps, steps[-1].epochs) == (3, 3, 2)


def test_it_returns_what_a_run_records(finished: TrainingResult) -> None:
    assert finished.model_path.is_file()
    assert finished.parameter_count == 165_009
    assert finished.weights_origin == "from scratch"
    assert len(finished.history) == 14
    assert [row.case_id for row in finished.validation_scores] == list(toy_cases(12, seed=2).case_ids)
    assert finished.environment["threads"] == 2
    assert finished.environment["packages"]["keras"]
    labels = np.array([row.label for row in finished.validation_scores])
    called = np.array([row.probability >= finished.threshold.value for row in finished.validation_scores])
    assert called[labels == 1].mean() == finished.threshold.sensitivity
    assert (~called[labels == 0]).mean() == finished.threshold.specificity


def test_it_gives_the_same_file_for_the_same_seed_and_another_for_another(tmp_path: Path) -> None:
    first = train_toy(small(), tmp_path / "first")
    again = train_toy(small(), tmp_path / "again")
    other = train_toy(small(seed=2), tmp_path / "other")
    assert first.weights_sha256 == again.weights_sha256
    assert first.model_path.read_bytes() == again.model_path.read_bytes()
    assert first.weights_sha256 != other.weights_sha256


def test_it_stops_within_a_batch_when_asked(tmp_path: Path) -> None:
    steps: list[TrainingEvent] = []

    def note(event: TrainingEvent) -> None:
        if event.kind == "step":
            steps.append(event)

    with pytest.raises(TrainingCancelled):
        train_toy(small(epochs=50), tmp_path, on_event=note, should_stop=lambda: len(steps) >= 3)
    assert len(steps) == 3


def test_it_goes_on_after_being_cancelled_as_if_nothing_had_happened(tmp_path: Path) -> None:
    epochs: list[TrainingEvent] = []

    def note(event: TrainingEvent) -> None:
        if event.kind == "epoch_finished":
            epochs.append(event)

    with pytest.raises(TrainingCancelled):
        train_toy(small(epochs=3), tmp_path / "run", on_event=note, should_stop=lambda: len(epochs) >= 1)
    resumed = train_toy(small(epochs=3), tmp_path / "run")
    undisturbed = train_toy(small(epochs=3), tmp_path / "other")
    assert resumed.resumed_after == 1
    assert resumed.model_sha256 == undisturbed.model_sha256


def test_it_fails_in_words_when_the_loss_stops_being_a_number(tmp_path: Path) -> None:
    configuration = dataclasses.replace(small(optimizer="sgd", epochs=10), learning_rate=1e30)
    with pytest.raises(TrainingFailed, match=r"stopped being a number|not a finite number") as caught:
        train_toy(configuration, tmp_path)
    assert "learning rate" in caught.value.advice


@pytest.mark.parametrize("labels", [[1] * 24, [0] * 23 + [1]])
def test_it_refuses_a_part_without_both_classes(tmp_path: Path, labels: list[int]) -> None:
    cases = toy_cases(24, seed=1)
    training = LabelledImages(cases.images, np.array(labels), cases.case_ids)
    with pytest.raises(TrainingFailed, match="at least 2 needed"):
        train(small(), training, toy_cases(12, seed=2), folder=tmp_path / "run",
              on_event=lambda event: None, should_stop=lambda: False)  # fmt: skip
    assert not (tmp_path / "run").exists()


def test_it_refuses_a_case_that_is_in_both_parts(tmp_path: Path) -> None:
    cases = toy_cases(24, seed=1)
    with pytest.raises(TrainingFailed, match="24 cases are in the training and in the validation part"):
        train(small(), cases, cases, folder=tmp_path, on_event=lambda event: None, should_stop=lambda: False)


def test_it_says_which_image_is_unreadable(tmp_path: Path) -> None:
    images = np.random.default_rng(1).random((24, 48, 48))
    images[5, 0, 0] = np.nan
    broken = LabelledImages(images, np.arange(24) % 2, tuple(map(str, range(24))))
    with pytest.raises(TrainingFailed, match="Image 5 has pixels that are not finite"):
        train(small(), broken, toy_cases(12, seed=2), folder=tmp_path,
              on_event=lambda event: None, should_stop=lambda: False)  # fmt: skip


def test_it_warms_up_and_then_falls_along_a_cosine() -> None:
    configuration = small(epochs=11, learning_rate=1e-3)
    rates = [learning_rate_at(configuration, step, 10) for step in range(110)]
    assert rates[0] == pytest.approx(1e-4)
    assert max(rates) == rates[10] == pytest.approx(1e-3)
    assert rates[60] == pytest.approx(5e-4)
    assert rates[109] < 1e-6
    assert learning_rate_at(small(schedule="constant", learning_rate=1e-3), 100, 10) == 1e-3


@pytest.mark.parametrize(
    "choices",
    [
        {"optimizer": "adamw", "weight_decay": 0.01, "loss": "focal", "label_smoothing": 0.1},
        {"optimizer": "sgd", "learning_rate": 0.01, "pooling": "average", "threshold_rule": "sensitivity_0.90"},
    ],
)
def test_it_trains_with_every_choice_of_optimiser_loss_and_pooling(tmp_path: Path, choices: dict[str, object]) -> None:
    result = train_toy(small(**choices), tmp_path)
    assert len(result.history) == 2


def test_it_builds_a_published_backbone_that_trains_with_the_parameters_of_keras(tmp_path: Path) -> None:
    import keras

    from mlworker.engine.backbone_catalogue import BACKBONES

    configuration = small(
        backbone="vgg19", pooling="average", preprocessing="backbone", epochs=1, warm_up_epochs=0, image_size=32
    )
    result = train_toy(configuration, tmp_path)
    own = keras.applications.VGG19(include_top=False, weights=None, input_shape=(32, 32, 3)).count_params()
    assert own == BACKBONES["vgg19"].backbone_parameter_count
    head = 512 * 128 + 128 + 128 * 32 + 32 + 32 + 1
    assert result.parameter_count == own + head == BACKBONES["vgg19"].parameter_count
    assert result.history[0]["training_loss"] is not None


def test_it_gives_a_pretrained_network_what_it_saw_on_imagenet() -> None:
    import keras

    pixels = np.random.default_rng(1).integers(0, 256, (1, 71, 71, 1)).astype(np.float32)
    inputs = np.repeat(pixels, 3, axis=-1)
    for name, module in (("vgg19", "vgg19"), ("densenet121", "densenet"), ("xception", "xception")):
        network = build_network(small(backbone=name, pooling="average", preprocessing="backbone", image_size=71))
        kind = next(layer.name for layer in network.layers if layer.name.startswith("preprocessing"))
        until = keras.Model(network.inputs, network.get_layer(kind).output)
        expected = getattr(keras.applications, module).preprocess_input(inputs.copy())
        assert np.allclose(until(pixels / 255.0), expected, atol=2e-4), name
