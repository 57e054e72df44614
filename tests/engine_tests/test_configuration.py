from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from mlworker.engine.configuration import (
    PRESETS,
    ConfigurationError,
    TrainingConfiguration,
    check_against_data,
    configuration_from,
    describe_fields,
    estimated_cpu_seconds,
)


def problems(preset: str, overrides: dict[str, Any]) -> dict[str, tuple[object, str]]:
    with pytest.raises(ConfigurationError) as caught:
        configuration_from(preset, overrides)
    return {problem.field: (problem.received, problem.reason) for problem in caught.value.problems}


def test_it_needs_neither_keras_nor_tensorflow() -> None:
    code = (
        "import sys; import mlworker.engine.configuration, mlworker.engine.backbone_catalogue as c;"
        "[c.weights_available(e) for e in c.BACKBONES.values()];"
        "print([m for m in ('keras', 'tensorflow', 'numpy', 'cv2') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_it_holds_the_published_recipe() -> None:
    published = PRESETS["published"].to_dict()
    recipe = {
        "weights": "imagenet", "image_size": 224, "pixel_depth": "8", "preprocessing": "unit", "trainable": "all",
        "pooling": "average", "head_units": "128-32", "dropout": 0.3, "optimizer": "adam", "learning_rate": 1e-5,
        "schedule": "constant", "batch_size": 16, "epochs": 10,
    }  # fmt: skip
    assert published | recipe == published


def test_it_reads_texts_as_a_form_gives_them() -> None:
    configuration = configuration_from("compact", {"learning_rate": "2e-4", "epochs": "3", "head_units": "64 - 8"})
    assert (configuration.learning_rate, configuration.epochs) == (2e-4, 3)
    assert configuration.head_layers == (64, 8)


def test_it_names_every_field_that_is_wrong_with_what_it_received_and_why() -> None:
    found = problems(
        "published",
        {"learning_rate": "1e-5x", "batch": 3, "epochs": 2.5, "flip": 0.6, "seed": float("nan"), "optimizer": "lion",
         "dropout": True, "head_units": "128-", "threads": 0},
    )  # fmt: skip
    assert found == {
        "learning_rate": ("1e-5x", "is not a number"),
        "batch": (3, "there is no such field; did you mean batch_size?"),
        "epochs": (2.5, "must be a whole number"),
        "flip": (0.6, "must be at most 0.5"),
        "seed": (found["seed"][0], "must be a finite number"),
        "optimizer": ("lion", "must be one of adam, adamw, sgd"),
        "dropout": (True, "must be a number"),
        "head_units": ("128-", "must be one to four sizes joined by hyphens, such as 128-32"),
        "threads": (0, "must be at least 1"),
    }


@pytest.mark.parametrize(
    ("preset", "overrides", "field"),
    [
        ("published", {"backbone": "compact"}, "weights"),
        ("published", {"backbone": "inception_v3", "image_size": 64}, "image_size"),
        ("compact", {"epochs": 1}, "warm_up_epochs"),
        ("compact", {"trainable": "head"}, "trainable"),
        ("compact", {"weight_decay": 0.01}, "weight_decay"),
        ("imagined", {}, "preset"),
    ],
)
def test_it_refuses_values_that_contradict_each_other(preset: str, overrides: dict[str, Any], field: str) -> None:
    assert list(problems(preset, overrides)) == [field]


def test_it_gives_networks_from_scratch_a_batch_norm_that_converges_unless_told_otherwise() -> None:
    assert configuration_from("published", {}).batch_norm_momentum == 0.0
    assert configuration_from("published", {"weights": "none"}).batch_norm_momentum == 0.9
    chosen = configuration_from("published", {"weights": "none", "batch_norm_momentum": 0.99})
    assert chosen.batch_norm_momentum == 0.99


def test_it_survives_storage_and_its_hash_tells_configurations_apart() -> None:
    configuration = configuration_from("compact", {"seed": 7})
    stored = json.loads(json.dumps(configuration.to_dict()))
    assert TrainingConfiguration.from_dict(stored) == configuration
    assert TrainingConfiguration.from_dict(stored).sha256 == configuration.sha256
    assert configuration.sha256 != configuration_from("compact", {"seed": 8}).sha256
    del stored["seed"]
    with pytest.raises(ConfigurationError, match="seed"):
        TrainingConfiguration.from_dict(stored)


def test_it_hashes_a_number_the_same_however_it_was_written() -> None:
    assert configuration_from("compact", {"dropout": "0.30"}).sha256 == configuration_from("compact", {}).sha256
    assert configuration_from("compact", {"warm_up_epochs": 1}).sha256 == configuration_from("compact", {}).sha256


@pytest.mark.parametrize(
    ("training", "validation", "fields"),
    [
        ([1] * 40, [0, 1], {"training_labels"}),
        ([0, 1] * 20, [1, 1], {"validation_labels"}),
        ([0, 1, 1], [], {"training_labels", "validation_labels", "batch_size"}),
        ([0, 1] * 5, [0, 1], {"batch_size"}),
    ],
)
def test_it_refuses_cases_it_cannot_be_trained_on(training: list[int], validation: list[int], fields: set[str]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        check_against_data(PRESETS["compact"], training_labels=training, validation_labels=validation)
    assert {problem.field for problem in caught.value.problems} == fields


def test_it_describes_every_field_for_the_form() -> None:
    described = {field["name"]: field for field in describe_fields("compact")}
    assert set(described) == set(PRESETS["compact"].to_dict())
    assert described["learning_rate"]["default"] == 1e-3
    assert described["flip"]["maximum"] == 0.5
    assert all(field["help"] for field in described.values())


def test_it_accepts_its_own_presets() -> None:
    for name, preset in PRESETS.items():
        assert configuration_from(name, preset.to_dict()) == preset


def test_it_estimates_more_for_larger_images_and_more_epochs() -> None:
    small = estimated_cpu_seconds(configuration_from("published", {}), training=188, validation=24)
    large = estimated_cpu_seconds(configuration_from("published", {"image_size": 448}), training=188, validation=24)
    assert large == pytest.approx(4 * small)
    assert small == pytest.approx(10 * (12 * 4.6 + 24 * 0.064))
