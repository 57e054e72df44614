"""Optimiser, learning rate and loss by the configuration."""

from __future__ import annotations

import math
from typing import Any

from mlworker.engine.configuration import TrainingConfiguration


def learning_rate_at(configuration: TrainingConfiguration, step: int, steps_per_epoch: int) -> float:
    """Learning rate of a step.

    The head's own rate in its first epochs; then linear from a tenth of the highest rate over the warm-up, then
    constant or half a cosine down to zero.

    Args:
        configuration: rate, schedule, warm-up and epochs.
        step: counted from 0 over the whole run.
        steps_per_epoch: of the training part.
    """
    step -= configuration.head_epochs * steps_per_epoch
    if step < 0:
        return configuration.head_learning_rate
    highest = configuration.learning_rate
    warm_up = round(configuration.warm_up_epochs * steps_per_epoch)
    if step < warm_up:
        return highest * (0.1 + 0.9 * step / warm_up)
    if configuration.schedule == "constant":
        return highest
    left = (configuration.epochs - configuration.head_epochs) * steps_per_epoch - warm_up
    return highest * 0.5 * (1.0 + math.cos(math.pi * (step - warm_up) / left))


def build_optimizer(configuration: TrainingConfiguration) -> Any:
    """A fresh `keras.optimizers.Optimizer`; its learning rate is set before every step."""
    import keras

    rate = configuration.learning_rate
    average: dict[str, Any] = {"use_ema": True, "ema_momentum": configuration.ema} if configuration.ema else {}
    if configuration.optimizer == "sgd":
        return keras.optimizers.SGD(rate, momentum=0.9, **average)
    if configuration.optimizer == "adamw":
        return keras.optimizers.AdamW(rate, weight_decay=configuration.weight_decay, **average)
    return keras.optimizers.Adam(rate, **average)


def build_loss(configuration: TrainingConfiguration) -> Any:
    """A `keras.losses.Loss` on logits."""
    import keras

    if configuration.loss == "focal":
        return keras.losses.BinaryFocalCrossentropy(
            gamma=2.0, from_logits=True, label_smoothing=configuration.label_smoothing
        )
    return keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=configuration.label_smoothing)
