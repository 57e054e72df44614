"""Scores of images by a trained model: raw logit and probability, in batches through one compiled signature."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlworker.engine.configuration import TrainingConfiguration
from mlworker.engine.data import as_input, prepared
from mlworker.engine.errors import ImagesRefused, ModelRefused
from mlworker.engine.gradients import Forward, compiled_forward
from mlworker.engine.metrics import Threshold, sigmoid
from mlworker.engine.model_file import read_facts
from mlworker.engine.network import logit_model

BATCH = 16


@dataclass(frozen=True)
class Scores:
    """Attributes: logit and probability of "loose", both (N,) float64, in the order of the images."""

    logit: NDArray[np.float64]
    probability: NDArray[np.float64]


@dataclass(frozen=True)
class LoadedModel:
    """A model in memory with what its file says of itself. `keras_model` gives probabilities, `logit` the logit."""

    keras_model: Any
    configuration: TrainingConfiguration
    threshold: Threshold
    sha256: str
    compiled: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def logit(self) -> Any:
        return logit_model(self.keras_model)

    @cached_property
    def forward(self) -> Forward:
        return compiled_forward(self.logit)


def load_model(path: Path, expected_sha256: str) -> LoadedModel:
    """Load a model that this engine wrote and nobody changed since.

    Args:
        path: the `.keras` file.
        expected_sha256: as recorded when it was written.

    Raises:
        ModelRefused: missing, changed, or not this engine's; nothing of it is run.
    """
    facts = read_facts(path, expected_sha256)
    from mlworker.engine.runtime import prepare_runtime_for_scoring

    prepare_runtime_for_scoring(facts.configuration.threads)
    import keras

    try:
        model = keras.saving.load_model(path, compile=False, safe_mode=True)
    except (ValueError, TypeError, KeyError, OSError) as error:
        raise ModelRefused(f"The model file {path.name} cannot be loaded in safe mode.") from error
    return LoadedModel(model, facts.configuration, facts.threshold, expected_sha256)


def score(
    model: LoadedModel,
    images: NDArray[Any],
    on_progress: Callable[[int, int], None] | None = None,
) -> Scores:
    """Score images as the model's own configuration prepares them.

    Equal images get scores that are equal to about 1e-6 whatever batch they fall into.

    Args:
        model: from `load_model`.
        images: (N, H, W), see `data.LabelledImages`.
        on_progress: called with images done and images in all after each batch.

    Returns:
        Scores of N images.

    Raises:
        ImagesRefused: pixels that are not finite, a constant image, or a score that is not finite.
    """
    refuse_constant_images(images)
    parts: list[NDArray[np.float32]] = []
    for start in range(0, len(images), BATCH):
        batch = prepared(images[start : start + BATCH], model.configuration)
        parts.append(model.forward(as_input(batch)))
        if on_progress is not None:
            on_progress(start + len(batch), len(images))
    logits = np.concatenate(parts).astype(np.float64) if parts else np.empty(0)
    if not np.isfinite(logits).all():
        position = int(np.flatnonzero(~np.isfinite(logits))[0])
        raise ImagesRefused(f"The score of image {position} is not a finite number.", "Train the model again.")
    return Scores(logit=logits, probability=sigmoid(logits))


def refuse_constant_images(images: NDArray[Any]) -> None:
    """An image of one grey shows nothing; a score or map of it would look like a result.

    Raises:
        ImagesRefused: with the image's position.
    """
    for position, image in enumerate(images):
        if image.size and image.min() == image.max():
            raise ImagesRefused(
                f"Image {position} is one constant grey: there is nothing to score or explain.",
                "Look at the radiograph and export it again.",
            )


class ResidentModels:
    """Models kept in memory for the next job, least recently used out first.

    Args:
        capacity: how many models stay.
    """

    def __init__(self, capacity: int = 2) -> None:
        self._capacity = capacity
        self._models: OrderedDict[str, LoadedModel] = OrderedDict()

    def get(self, path: Path, expected_sha256: str) -> LoadedModel:
        """The resident model of this hash, else the file's. The hash is the key: a resident model cannot be stale."""
        model = self._models.pop(expected_sha256, None) or load_model(path, expected_sha256)
        self._models[expected_sha256] = model
        while len(self._models) > self._capacity:
            self._models.popitem(last=False)
        return model

    def __len__(self) -> int:
        return len(self._models)
