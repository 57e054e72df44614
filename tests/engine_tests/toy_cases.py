"""A toy signal: a bright square at a random place, with a dark line through it where the label is 1."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from mlworker.engine.configuration import TrainingConfiguration, configuration_from
from mlworker.engine.data import LabelledImages
from mlworker.engine.training import TrainingEvent, TrainingResult, train


def toy_cases(count: int, *, seed: int, side: int = 48) -> LabelledImages:
    generator = np.random.default_rng(seed)
    labels = np.arange(count) % 2
    images = generator.normal(0.5, 0.08, (count, side, side))
    for image, label in zip(images, labels, strict=True):
        x, y = generator.integers(side // 4, 3 * side // 4, 2)
        image[y - 8 : y + 8, x - 8 : x + 8] += 0.2
        if label:
            image[y - 8 : y + 8, x - 2 : x + 2] -= 0.4
    pixels = (np.clip(images, 0.0, 1.0) * 65535).astype(np.uint16)
    return LabelledImages(pixels, labels, tuple(f"case-{seed}-{i}" for i in range(count)))


def small(**overrides: Any) -> TrainingConfiguration:
    return configuration_from("compact", {"image_size": 48, "epochs": 2, "batch_size": 8, **overrides})


def in_two_phases(**overrides: Any) -> TrainingConfiguration:
    """What the preset "modern" does, from scratch: which the form would refuse: no pretrained one is small."""
    phases: dict[str, Any] = {"head_epochs": 1, "unfrozen": 0.5, "batch_norm": "frozen", "ema": 0.9, "patience": 2}
    return replace(small(epochs=4, calibration="temperature"), **(phases | overrides))


TO_BE_KILLED = {"one phase": small(epochs=4), "two phases": in_two_phases()}


def train_toy(
    configuration: TrainingConfiguration,
    folder: Path,
    *,
    on_event: Callable[[TrainingEvent], None] = lambda event: None,
    should_stop: Callable[[], bool] = lambda: False,
    cases: int = 24,
) -> TrainingResult:
    return train(
        configuration,
        toy_cases(cases, seed=1),
        toy_cases(12, seed=2),
        folder=folder,
        on_event=on_event,
        should_stop=should_stop,
    )
