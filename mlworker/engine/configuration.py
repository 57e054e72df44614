"""A training run's configuration: everything that decides its weights, validated with reasons. Imports no Keras."""

from __future__ import annotations

import difflib
import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from mlworker.engine.backbone_catalogue import BACKBONES
from mlworker.engine.configuration_fields import RULES, FieldValue, FieldValueError, parsed


@dataclass(frozen=True)
class ConfigurationProblem:
    field: str
    received: object
    reason: str


class ConfigurationError(ValueError):
    """A configuration that cannot be trained; `problems` holds every reason, not only the first."""

    def __init__(self, problems: Sequence[ConfigurationProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{p.field}: received {p.received!r}: {p.reason}" for p in self.problems))


@dataclass(frozen=True)
class TrainingConfiguration:
    """Everything that decides the weights. The defaults are the published recipe.

    The meaning, unit and bounds of every field stand in `configuration_fields.RULES`, from which the page's form and
    the command line take them too. Build one with `configuration_from`, which validates.
    """

    backbone: str = "densenet201"
    weights: str = "imagenet"
    image_size: int = 224
    pixel_depth: str = "8"
    preprocessing: str = "unit"
    trainable: str = "all"
    pooling: str = "average"
    head_units: str = "128-32"
    dropout: float = 0.3
    batch_norm_momentum: float = 0.0
    optimizer: str = "adam"
    learning_rate: float = 1e-5
    weight_decay: float = 0.0
    schedule: str = "constant"
    warm_up_epochs: float = 0.0
    loss: str = "binary_cross_entropy"
    label_smoothing: float = 0.0
    batch_size: int = 16
    epochs: int = 10
    flip: float = 0.5
    magnification: float = 0.5
    brightness: float = 0.5
    position: float = 0.5
    orientation: float = 0.5
    seed: int = 1
    threads: int = 2
    threshold_rule: str = "youden"
    mirror: str = "none"
    head_epochs: int = 0
    head_learning_rate: float = 1e-3
    unfrozen: float = 1.0
    batch_norm: str = "learn"
    ema: float = 0.0
    patience: int = 0
    calibration: str = "none"

    @property
    def head_layers(self) -> tuple[int, ...]:
        return tuple(int(part) for part in self.head_units.split("-"))

    @property
    def sha256(self) -> str:
        """Hash of the canonical JSON: sorted keys, no white space, of `ADDED_LATER` only what does something."""
        said = {name: value for name, value in self.to_dict().items() if ADDED_LATER.get(name) != value}
        text = json.dumps(said, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> TrainingConfiguration:
        """A stored configuration, validated again; one that is older than a field did without it.

        Raises:
            ConfigurationError: a field is missing, unknown or holds what it cannot.
        """
        missing = [name for name in RULES if name not in values and name not in ADDED_LATER]
        if missing:
            raise ConfigurationError([ConfigurationProblem(name, None, "is missing") for name in missing])
        return _validated(cls(), {**ADDED_LATER, **values})


# Fields that earlier releases did not have, with the value at which they do nothing: with it a configuration keeps the
# hash that it had.
ADDED_LATER: dict[str, FieldValue] = {
    "mirror": "none",
    "head_epochs": 0,
    "head_learning_rate": 1e-3,
    "unfrozen": 1.0,
    "batch_norm": "learn",
    "ema": 0.0,
    "patience": 0,
    "calibration": "none",
}


PRESETS: dict[str, TrainingConfiguration] = {
    "published": TrainingConfiguration(),
    # What the literature since has found to help with a few hundred radiographs; no value is measured on this study.
    "modern": TrainingConfiguration(
        image_size=384,
        pixel_depth="16",
        preprocessing="backbone",
        batch_norm="frozen",
        optimizer="adamw",
        weight_decay=1e-4,
        learning_rate=1e-5,
        head_epochs=5,
        unfrozen=0.4,
        schedule="cosine",
        warm_up_epochs=1.0,
        label_smoothing=0.05,
        ema=0.98,
        epochs=40,
        patience=8,
        mirror="right",
        flip=0.0,
        magnification=0.1,
        brightness=0.1,
        position=0.1,
        orientation=0.11,
        threshold_rule="sensitivity_0.90",
        calibration="temperature",
    ),
    "compact": TrainingConfiguration(
        backbone="compact",
        weights="none",
        image_size=128,
        pixel_depth="16",
        pooling="average_and_max",
        batch_norm_momentum=0.9,
        learning_rate=1e-3,
        schedule="cosine",
        warm_up_epochs=1.0,
        epochs=40,
        magnification=0.1,
        brightness=0.1,
        position=0.1,
        orientation=0.11,
    ),
}


def configuration_from(preset: str, overrides: Mapping[str, Any]) -> TrainingConfiguration:
    """A preset with some values changed.

    Args:
        preset: a key of `PRESETS`.
        overrides: field name to value; texts as a form or a command line gives them are read as numbers.

    Raises:
        ConfigurationError: naming every field, the value received and the reason.
    """
    if preset not in PRESETS:
        reason = f"must be one of {', '.join(PRESETS)}"
        raise ConfigurationError([ConfigurationProblem("preset", preset, reason)])
    configuration = _validated(PRESETS[preset], overrides)
    if configuration.weights == "none" and "batch_norm_momentum" not in overrides:
        configuration = replace(configuration, batch_norm_momentum=0.9)
    return configuration


def _validated(base: TrainingConfiguration, overrides: Mapping[str, Any]) -> TrainingConfiguration:
    values: dict[str, FieldValue] = {}
    problems: list[ConfigurationProblem] = []
    for name, received in overrides.items():
        try:
            values[name] = _value(name, received)
        except FieldValueError as error:
            problems.append(ConfigurationProblem(name, received, str(error)))
    if problems:
        raise ConfigurationError(problems)
    configuration = TrainingConfiguration(**(base.to_dict() | values))
    problems = _contradictions(configuration)
    if problems:
        raise ConfigurationError(problems)
    return configuration


def _value(name: str, received: object) -> FieldValue:
    if name not in RULES:
        near = difflib.get_close_matches(name, RULES, n=1)
        raise FieldValueError("there is no such field" + (f"; did you mean {near[0]}?" if near else ""))
    return parsed(RULES[name], received)


def _contradictions(configuration: TrainingConfiguration) -> list[ConfigurationProblem]:
    """What no field shows alone."""
    entry = BACKBONES[configuration.backbone]
    problems: list[ConfigurationProblem] = []

    def refuse(field: str, reason: str) -> None:
        problems.append(ConfigurationProblem(field, getattr(configuration, field), reason))

    if configuration.weights == "imagenet" and entry.weights_file is None:
        refuse("weights", f"{entry.title} has no pretrained weights; choose none to train it from scratch")
    if configuration.image_size < entry.minimum_image_size:
        refuse("image_size", f"{entry.title} needs at least {entry.minimum_image_size} pixels a side")
    if configuration.head_epochs >= configuration.epochs:
        refuse("head_epochs", f"must be less than the {configuration.epochs} epochs")
    elif configuration.warm_up_epochs >= configuration.epochs - configuration.head_epochs:
        after = " that follow the head's" if configuration.head_epochs else ""
        left = configuration.epochs - configuration.head_epochs
        refuse("warm_up_epochs", f"must be less than the {left} epochs{after}")
    if configuration.weights == "none":
        _frozen_from_scratch(configuration, refuse)
    if configuration.trainable == "head" and configuration.head_epochs:
        refuse("head_epochs", "every epoch trains the head alone already; choose 0, or trainable all")
    if configuration.mirror != "none" and configuration.flip > 0:
        refuse("flip", "must be 0 when every hip is mirrored to one side: a flip would undo it")
    if configuration.weight_decay > 0 and configuration.optimizer != "adamw":
        refuse("weight_decay", "is used by adamw only")
    return problems


def _frozen_from_scratch(configuration: TrainingConfiguration, refuse: Callable[[str, str], None]) -> None:
    """A backbone that starts at random has to learn, all of it and from the first epoch."""
    if configuration.trainable == "head":
        refuse("trainable", "a frozen backbone without pretrained weights cannot learn")
    if configuration.head_epochs:
        refuse("head_epochs", "must be 0 without pretrained weights: the head has nothing to build on")
    if configuration.unfrozen < 1.0:
        refuse("unfrozen", "must be 1 without pretrained weights: a frozen layer would stay as random as it began")
    if configuration.batch_norm == "frozen":
        refuse("batch_norm", "must be learn without pretrained weights: there are no statistics to keep")


def check_against_data(
    configuration: TrainingConfiguration, *, training_labels: Sequence[int], validation_labels: Sequence[int]
) -> None:
    """Refuse what cannot be trained on these cases.

    Args:
        configuration: what will be trained.
        training_labels: 1 for loose, 0 for well fixed, one a case.
        validation_labels: the same for the validation part.

    Raises:
        ConfigurationError: one class only, too few cases, or a batch larger than the training part.
    """
    problems: list[ConfigurationProblem] = []
    parts = (("training", training_labels, 2), ("validation", validation_labels, 1))
    for part, labels, least in parts:
        for label, word in ((1, "loose"), (0, "well fixed")):
            count = sum(1 for value in labels if int(value) == label)
            if count < least:
                reason = f"the {part} part has {count} {word} of {len(labels)} cases; at least {least} needed"
                problems.append(ConfigurationProblem(f"{part}_labels", count, reason))
    if configuration.batch_size > len(training_labels):
        reason = f"is larger than the {len(training_labels)} training cases"
        problems.append(ConfigurationProblem("batch_size", configuration.batch_size, reason))
    if problems:
        raise ConfigurationError(problems)


def describe_fields(preset: str = "published") -> list[dict[str, Any]]:
    """One dictionary a field, for the page's form: name, kind, default, minimum, maximum, choices, help."""
    defaults = PRESETS[preset].to_dict()
    return [
        {
            "name": rule.name,
            "kind": rule.kind,
            "default": defaults[rule.name],
            "minimum": rule.minimum,
            "maximum": rule.maximum,
            "choices": list(rule.choices),
            "help": rule.help,
        }
        for rule in RULES.values()
    ]


def estimated_cpu_seconds(configuration: TrainingConfiguration, *, training: int, validation: int) -> float:
    """CPU seconds a run will take without a GPU, roughly: measured at 224 x 224, scaled by the area.

    Args:
        configuration: what will be trained.
        training: cases in the training part.
        validation: cases in the validation part.

    Returns:
        CPU seconds of all epochs; wall time is about half with two free cores.
    """
    entry = BACKBONES[configuration.backbone]
    area = (configuration.image_size / 224) ** 2
    steps = math.ceil(training / configuration.batch_size)
    step = entry.training_cpu_seconds * configuration.batch_size / 16
    return configuration.epochs * area * (steps * step + validation * entry.scoring_cpu_seconds)
