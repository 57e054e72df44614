"""Saliency maps: what moved the score, not where disease is.

Every method explains the logit (the sigmoid saturates) of the predicted class: the logit where the model's own
threshold calls the image loose, minus the logit where it calls it well fixed. With one output, Grad-CAM of "loose"
would be zero everywhere whenever the score is low. No guided methods: they fail the sanity checks of Adebayo 2018.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mlworker.engine.data import as_input, prepared
from mlworker.engine.errors import EngineError, ImagesRefused
from mlworker.engine.gradients import FeatureGradient, InputGradient, compiled_feature_gradient, compiled_input_gradient
from mlworker.engine.metrics import sigmoid
from mlworker.engine.perturbation_maps import occlusion, rise
from mlworker.engine.scoring import LoadedModel, refuse_constant_images

BATCH = 8
Progress = Callable[[int, int], None]
Array = NDArray[np.float32]


@dataclass(frozen=True)
class SaliencyMaps:
    """Maps of N images by one method.

    Attributes:
        method: a key of `METHODS`.
        parameters: as used, defaults filled in.
        maps: (N, S, S) float32, not negative, at the network's input size; in logit per unit of grey (black 0,
            white 1) for the gradient methods, in logit for integrated gradients, occlusion and RISE, without unit for
            Grad-CAM and Grad-CAM++.
        raw_maximum: (N,) largest value of each map; zero where nothing moved the score, which is a finding.
        logit: (N,).
        predicted: (N,) 1 loose, 0 well fixed, at the model's threshold.
        completeness_error: (N,) for integrated gradients: sum of the signed map less the difference of the logits of
            image and baseline, over that difference; else None.
    """

    method: str
    parameters: dict[str, float]
    maps: Array
    raw_maximum: NDArray[np.float64]
    logit: NDArray[np.float64]
    predicted: NDArray[np.int64]
    completeness_error: NDArray[np.float64] | None = None


@dataclass(frozen=True)
class MapMethod:
    """A method: its title, the parameters it takes with their defaults and bounds, and its function."""

    title: str
    source: str
    compute: Callable[[LoadedModel, Array, Array, Mapping[str, float]], tuple[Array, NDArray[np.float64] | None]]
    defaults: Mapping[str, float] = field(default_factory=dict)
    bounds: Mapping[str, tuple[float, float]] = field(default_factory=dict)


def explain(
    model: LoadedModel,
    images: NDArray[Any],
    method: str,
    parameters: Mapping[str, float] | None = None,
    on_progress: Progress | None = None,
) -> SaliencyMaps:
    """Maps of images by one method.

    Args:
        model: from `scoring.load_model`.
        images: (N, H, W), see `data.LabelledImages`.
        method: a key of `METHODS`.
        parameters: changed from the method's defaults.
        on_progress: called with images done and images in all after each batch.

    Raises:
        ImagesRefused: pixels that are not finite, or a constant image.
        EngineError: an unknown method or parameter, or a model whose gradient is not finite.
    """
    if method not in METHODS:
        raise EngineError(f"“{method}” is not a map method.", f"Choose one of {', '.join(METHODS)}.")
    used = _checked_parameters(method, parameters or {})
    refuse_constant_images(images)
    batches = [
        _explained(model, images[start : start + BATCH], method, used, _told(on_progress, start, len(images)))
        for start in range(0, len(images), BATCH)
    ]
    if not batches:
        raise ImagesRefused("There is no image to explain.")
    maps = np.concatenate([batch.maps for batch in batches])
    errors = [batch.completeness_error for batch in batches if batch.completeness_error is not None]
    return SaliencyMaps(
        method=method,
        parameters=used,
        maps=maps,
        raw_maximum=maps.max(axis=(1, 2)).astype(np.float64),
        logit=np.concatenate([batch.logit for batch in batches]),
        predicted=np.concatenate([batch.predicted for batch in batches]),
        completeness_error=np.concatenate(errors) if errors else None,
    )


def vanilla_gradient(model: LoadedModel, images: NDArray[Any]) -> SaliencyMaps:
    """Absolute gradient of the logit with respect to each pixel (Simonyan 2013)."""
    return explain(model, images, "vanilla_gradient")


def grad_cam(model: LoadedModel, images: NDArray[Any]) -> SaliencyMaps:
    """Positive part of the last feature maps weighted by their mean gradient (Selvaraju 2017)."""
    return explain(model, images, "grad_cam")


def smooth_grad(model: LoadedModel, images: NDArray[Any], **parameters: float) -> SaliencyMaps:
    """Mean absolute gradient over noisy copies (Smilkov 2017)."""
    return explain(model, images, "smooth_grad", parameters)


def integrated_gradients(model: LoadedModel, images: NDArray[Any], **parameters: float) -> SaliencyMaps:
    """Gradient integrated from a black image to the image, times the difference (Sundararajan 2017)."""
    return explain(model, images, "integrated_gradients", parameters)


def _told(on_progress: Progress | None, start: int, total: int) -> Callable[[int], None]:
    return lambda count: on_progress(start + count, total) if on_progress is not None else None


def _explained(
    model: LoadedModel, images: NDArray[Any], method: str, parameters: dict[str, float], done: Callable[[int], None]
) -> SaliencyMaps:
    inputs = as_input(prepared(images, model.configuration))
    logits = model.forward(inputs)
    predicted = (sigmoid(logits) >= model.threshold.value).astype(np.int64)
    signs = np.where(predicted == 1, 1.0, -1.0).astype(np.float32)
    maps, errors = METHODS[method].compute(model, inputs, signs, parameters)
    if not np.isfinite(maps).all() or not np.isfinite(logits).all():
        raise EngineError("The gradient is not finite: this model cannot be explained.", "Train the model again.")
    done(len(images))
    return SaliencyMaps(method, parameters, maps, maps.max(axis=(1, 2)), logits.astype(np.float64), predicted, errors)


def _checked_parameters(method: str, received: Mapping[str, float]) -> dict[str, float]:
    chosen = METHODS[method]
    for name, value in received.items():
        if name not in chosen.defaults:
            raise EngineError(
                f"{chosen.title} has no parameter “{name}”.", f"It takes: {', '.join(chosen.defaults) or 'none'}."
            )
        least, most = chosen.bounds[name]
        if not least <= value <= most:
            raise EngineError(f"{name} of {chosen.title} must be from {least:g} to {most:g}; received {value:g}.")
    return {**chosen.defaults, **received}


def _input_gradient(model: LoadedModel) -> InputGradient:
    if "input_gradient" not in model.compiled:
        model.compiled["input_gradient"] = compiled_input_gradient(model.logit)
    found: InputGradient = model.compiled["input_gradient"]
    return found


def _feature_gradient(model: LoadedModel) -> FeatureGradient:
    """The network split at the backbone, which is a layer of its own also where it is nested."""
    if "feature_gradient" not in model.compiled:
        import keras

        # What the pooling takes in; the nested backbone's own `output` belongs to another graph.
        features = model.keras_model.get_layer("average_pool").input
        below = keras.Model(model.keras_model.inputs, features)
        above = keras.Model(features, model.keras_model.get_layer("logit").output)
        model.compiled["feature_gradient"] = compiled_feature_gradient(below, above)
    found: FeatureGradient = model.compiled["feature_gradient"]
    return found


def _vanilla(
    model: LoadedModel, inputs: Array, signs: Array, parameters: Mapping[str, float]
) -> tuple[Array, NDArray[np.float64] | None]:
    gradients, _ = _input_gradient(model)(inputs, signs)
    return np.abs(gradients[..., 0]), None


def _smooth(
    model: LoadedModel, inputs: Array, signs: Array, parameters: Mapping[str, float]
) -> tuple[Array, NDArray[np.float64] | None]:
    gradient = _input_gradient(model)
    samples = int(parameters["samples"])
    spread = parameters["noise"] * (inputs.max(axis=(1, 2, 3)) - inputs.min(axis=(1, 2, 3)))
    total = np.zeros(inputs.shape[:3], dtype=np.float64)
    for sample in range(samples):
        # Seeded by the sample alone: an image gets the same noise in whatever batch it is explained.
        noise = np.random.default_rng([int(parameters["seed"]), sample]).standard_normal(inputs.shape[1:])
        noisy = inputs + (spread[:, np.newaxis, np.newaxis, np.newaxis] * noise).astype(np.float32)
        total += np.abs(gradient(noisy, signs)[0][..., 0])
    return (total / samples).astype(np.float32), None


def _integrated(
    model: LoadedModel, inputs: Array, signs: Array, parameters: Mapping[str, float]
) -> tuple[Array, NDArray[np.float64] | None]:
    gradient = _input_gradient(model)
    steps = int(parameters["steps"])
    total = np.zeros(inputs.shape, dtype=np.float64)
    for step in range(steps):
        # Midpoint rule: its error falls with the square of the number of steps.
        total += gradient((inputs * np.float32((step + 0.5) / steps)), signs)[0]
    signed = inputs * total / steps
    difference = signs * (model.forward(inputs) - model.forward(np.zeros_like(inputs)))
    scale = np.maximum(np.abs(difference), 1e-6)
    errors = (signed.sum(axis=(1, 2, 3)) - difference) / scale
    return np.abs(signed[..., 0]).astype(np.float32), errors.astype(np.float64)


def _cam(
    model: LoadedModel, inputs: Array, signs: Array, parameters: Mapping[str, float]
) -> tuple[Array, NDArray[np.float64] | None]:
    features, gradients, _ = _feature_gradient(model)(inputs, signs)
    weights = gradients.mean(axis=(1, 2), keepdims=True)
    return _enlarged(np.maximum((weights * features).sum(axis=-1), 0.0), inputs), None


def _enlarged(coarse: NDArray[Any], inputs: Array) -> Array:
    size = (inputs.shape[2], inputs.shape[1])
    return np.stack([cv2.resize(each, size, interpolation=cv2.INTER_LINEAR) for each in coarse.astype(np.float32)])


def _cam_plus_plus(
    model: LoadedModel, inputs: Array, signs: Array, parameters: Mapping[str, float]
) -> tuple[Array, NDArray[np.float64] | None]:
    """Weights by the share that each place has in the gradient; equation 19 of the paper, exponential of the logit."""
    features, gradients, _ = _feature_gradient(model)(inputs, signs)
    squared = gradients.astype(np.float64) ** 2
    total = features.astype(np.float64).sum(axis=(1, 2), keepdims=True)
    below = 2.0 * squared + total * squared * gradients
    shares = np.divide(squared, below, out=np.zeros_like(squared), where=np.abs(below) > 1e-30)
    weights = (shares * np.maximum(gradients, 0.0)).sum(axis=(1, 2), keepdims=True)
    return _enlarged(np.maximum((weights * features).sum(axis=-1), 0.0), inputs), None


METHODS: dict[str, MapMethod] = {
    "vanilla_gradient": MapMethod("Vanilla gradient", "Simonyan 2013", _vanilla),
    "grad_cam": MapMethod("Grad-CAM", "Selvaraju 2017", _cam),
    "grad_cam_plus_plus": MapMethod("Grad-CAM++", "Chattopadhay 2018", _cam_plus_plus),
    "smooth_grad": MapMethod(
        "SmoothGrad",
        "Smilkov 2017",
        _smooth,
        {"samples": 25, "noise": 0.1, "seed": 1},
        {"samples": (1, 500), "noise": (0.0, 1.0), "seed": (0, 2**32 - 1)},
    ),
    "integrated_gradients": MapMethod(
        "Integrated gradients", "Sundararajan 2017", _integrated, {"steps": 32}, {"steps": (1, 1000)}
    ),
    "occlusion": MapMethod(
        "Occlusion",
        "Zeiler and Fergus 2014",
        occlusion,
        {"square": 0.125, "stride": 0.0625},
        {"square": (0.01, 0.5), "stride": (0.01, 0.5)},
    ),
    "rise": MapMethod(
        "RISE",
        "Petsiuk 2018, on the logit",
        rise,
        {"masks": 400, "cells": 7, "seen": 0.5, "seed": 1},
        {"masks": (10, 10_000), "cells": (2, 32), "seen": (0.05, 0.95), "seed": (0, 2**32 - 1)},
    ),
}
