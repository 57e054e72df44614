"""What each field of a training configuration may hold, and in words what it means. Imports no Keras."""

from __future__ import annotations

import math
from dataclasses import dataclass

from mlworker.engine.backbone_catalogue import BACKBONES

FieldValue = str | int | float


@dataclass(frozen=True)
class FieldRule:
    """One field: its kind ("choice", "integer", "number" or "layers"), bounds (inclusive) and help text."""

    name: str
    kind: str
    help: str
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()


class FieldValueError(ValueError):
    """A value that a field cannot hold; the text is the reason."""


def _choice(name: str, choices: tuple[str, ...], text: str) -> FieldRule:
    return FieldRule(name, "choice", text, choices=choices)


def _integer(name: str, minimum: int, maximum: int, text: str) -> FieldRule:
    return FieldRule(name, "integer", text, minimum=minimum, maximum=maximum)


def _number(name: str, minimum: float, maximum: float, text: str) -> FieldRule:
    return FieldRule(name, "number", text, minimum=minimum, maximum=maximum)


_RULES = (
    _choice("backbone", tuple(BACKBONES), "The network's architecture up to its last feature map."),
    _choice(
        "weights", ("imagenet", "none"),
        "Where the backbone's weights start: pretrained on ImageNet, or from scratch (none).",
    ),
    _integer("image_size", 32, 1024, "Side of the square the network sees, in pixels."),
    _choice(
        "pixel_depth", ("8", "16"),
        "Grey levels kept before the division to 0..1: 8 bit as published, or the 16 bit of the working array.",
    ),
    _choice(
        "preprocessing", ("unit", "backbone"),
        "unit: divided by the largest grey value and nothing else, as published. backbone: what the pretrained "
        "network saw on ImageNet.",
    ),
    _choice("trainable", ("all", "head"), "Which layers learn: all, or the head alone on a frozen backbone."),
    _choice("pooling", ("average", "average_and_max"), "How the last feature map becomes a vector."),
    FieldRule("head_units", "layers", "Sizes of the head's dense layers, first to last, such as 128-32."),
    _number("dropout", 0.0, 0.9, "Share of the head's last dense layer that is dropped in training."),
    _number(
        "batch_norm_momentum", 0.0, 0.9999,
        "Momentum of every batch normalisation; 0 keeps the backbone's own. From scratch 0.9 unless set: with 0.99 the "
        "running statistics do not converge in the few hundred steps of a small study.",
    ),
    _choice("optimizer", ("adam", "adamw", "sgd"), "Adam, Adam with decoupled weight decay, or SGD with momentum 0.9."),
    _number("learning_rate", 1e-8, 1.0, "Step size of the optimiser, at its highest."),
    _number("weight_decay", 0.0, 1.0, "Decoupled weight decay; used by AdamW only."),
    _choice("schedule", ("constant", "cosine"), "How the learning rate goes on after warm-up."),
    _number("warm_up_epochs", 0.0, 50.0, "Epochs over which the learning rate rises linearly from a tenth."),
    _choice(
        "loss", ("binary_cross_entropy", "focal"),
        "Binary cross-entropy, or the focal loss (gamma 2), both on the logit.",
    ),
    _number("label_smoothing", 0.0, 0.4, "Share by which the targets 0 and 1 are moved towards one half."),
    _integer("batch_size", 1, 512, "Images in a step. An epoch's last batch may be smaller."),
    _integer("epochs", 1, 1000, "Passes over the training part."),
    _number("flip", 0.0, 0.5, "Augmentation: probability of a horizontal flip."),
    _number(
        "magnification", 0.0, 0.5,
        "Augmentation: the size is multiplied by a factor drawn from 1 - m to 1 + m. 0.5 is the documented 50 %.",
    ),
    _number(
        "brightness", 0.0, 0.5,
        "Augmentation: the grey values are multiplied by a factor drawn from 1 - b to 1 + b, then cut to 0..1.",
    ),
    _number(
        "position", 0.0, 0.5,
        "Augmentation: shift along each axis, drawn from -p to +p of half the image's side (0.5: a quarter of the "
        "side). What comes in from outside is black.",
    ),
    _number(
        "orientation", 0.0, 0.5,
        "Augmentation: rotation drawn from -o to +o of a right angle (0.5: 45 degrees).",
    ),
    _integer("seed", 0, 4_294_967_295, "Start of every random number of the run."),
    _integer(
        "threads", 1, 64,
        "CPU threads. Part of the configuration because one and two threads give different weights.",
    ),
    _choice(
        "threshold_rule", ("youden", "sensitivity_0.90"),
        "How the operating point is fixed on the validation part: the largest sensitivity + specificity, or the "
        "highest threshold with a sensitivity of at least 0.90.",
    ),
    _choice(
        "mirror", ("none", "right"),
        "right: left hips are mirrored so that every hip lies as a right one; then there is no flip to learn.",
    ),
    _integer(
        "head_epochs", 0, 1000,
        "Epochs at the beginning in which the head alone learns, on the backbone as it came (0: none).",
    ),
    _number("head_learning_rate", 1e-8, 1.0, "Step size in those first epochs; without schedule or warm-up."),
    _number(
        "unfrozen", 0.0, 1.0,
        "Share of the backbone's layers, counted from its output, that learn. 1: all; 0.4: the last four tenths.",
    ),
    _choice(
        "batch_norm", ("learn", "frozen"),
        "frozen: batch normalisation keeps the scale, offset and statistics of the pretrained weights.",
    ),
    _number(
        "ema", 0.0, 0.9999,
        "Momentum of a moving average of the weights, which is what is validated and kept (0: none).",
    ),
    _integer(
        "patience", 0, 1000,
        "Epochs without a smaller validation loss after which the training stops; the weights with the smallest are "
        "kept (0: never, and the last are kept).",
    ),
    _choice(
        "calibration", ("none", "temperature"),
        "temperature: one number, fitted on the validation part, by which logits are divided for a calibrated "
        "probability. It changes no order and no call.",
    ),
)  # fmt: skip

RULES: dict[str, FieldRule] = {rule.name: rule for rule in _RULES}


def parsed(rule: FieldRule, received: object) -> FieldValue:
    """The value a field will hold.

    Raises:
        FieldValueError: with the reason in words.
    """
    if rule.kind == "choice":
        return _parsed_choice(rule, received)
    if rule.kind == "layers":
        return _parsed_layers(received)
    number = _finite(received)
    if rule.minimum is not None and number < rule.minimum:
        raise FieldValueError(f"must be at least {rule.minimum:g}")
    if rule.maximum is not None and number > rule.maximum:
        raise FieldValueError(f"must be at most {rule.maximum:g}")
    if rule.kind == "integer":
        if number != int(number):
            raise FieldValueError("must be a whole number")
        return int(number)
    return number


def _parsed_choice(rule: FieldRule, received: object) -> str:
    text = str(received)
    if text not in rule.choices:
        raise FieldValueError(f"must be one of {', '.join(rule.choices)}")
    return text


def _finite(received: object) -> float:
    if isinstance(received, bool) or not isinstance(received, str | int | float):
        raise FieldValueError("must be a number")
    try:
        number = float(received)
    except (ValueError, OverflowError) as error:
        raise FieldValueError("is not a number") from error
    if not math.isfinite(number):
        raise FieldValueError("must be a finite number")
    return number


def _parsed_layers(received: object) -> str:
    text = str(received).replace(" ", "")
    parts = text.split("-") if text else []
    if not 1 <= len(parts) <= 4 or not all(part.isascii() and part.isdigit() for part in parts):
        raise FieldValueError("must be one to four sizes joined by hyphens, such as 128-32")
    if not all(1 <= int(part) <= 4096 for part in parts):
        raise FieldValueError("each size must be from 1 to 4096")
    return "-".join(str(int(part)) for part in parts)
