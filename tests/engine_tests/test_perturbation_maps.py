from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from mlworker.engine.data import as_input, prepared
from mlworker.engine.perturbation_maps import occlusion, rise
from mlworker.engine.saliency import METHODS, _feature_gradient, explain
from mlworker.engine.scoring import LoadedModel
from tests.engine_tests.toy_cases import toy_cases

OCCLUSION = {"square": 0.125, "stride": 0.0625}
RISE = {"masks": 3000, "cells": 8, "seen": 0.5, "seed": 1}


@dataclass
class OnlyTheSquare:
    """A "model" whose logit is the sum over a known square: what its map must show can be said beforehand."""

    def forward(self, inputs: Any) -> Any:
        return np.asarray(inputs)[:, 8:16, 20:28, 0].sum(axis=(1, 2)).astype(np.float32)


def _image() -> Any:
    image = np.full((1, 32, 32, 1), 0.2, dtype=np.float32)
    image[0, 8:16, 20:28] = 1.0
    return image


def _square() -> Any:
    mask = np.zeros((32, 32), dtype=bool)
    mask[8:16, 20:28] = True
    return mask


def test_it_finds_by_hiding_the_only_place_that_counts() -> None:
    (found,), _ = occlusion(OnlyTheSquare(), _image(), np.ones(1, np.float32), OCCLUSION)  # type: ignore[arg-type]
    assert found[_square()].min() > found[~_square()].mean()
    assert found[0, 0] == 0.0
    # The whole patch hidden: 16 pixels fall from 1 to the mean grey.
    grey = _image().mean()
    (exact,), _ = occlusion(OnlyTheSquare(), _image(), np.ones(1, np.float32), {"square": 0.125, "stride": 0.125})  # type: ignore[arg-type]
    assert exact[10, 22] == pytest.approx(16 * (1.0 - grey), rel=1e-5)
    assert exact[2, 2] == 0.0


def test_it_finds_by_random_masks_the_only_place_that_counts() -> None:
    (found,), _ = rise(OnlyTheSquare(), _image(), np.ones(1, np.float32), RISE)  # type: ignore[arg-type]
    assert found[11:13, 23:25].min() > 4 * found[24:, :12].mean()


def test_it_shows_nothing_for_the_other_class() -> None:
    (found,), _ = occlusion(OnlyTheSquare(), _image(), -np.ones(1, np.float32), OCCLUSION)  # type: ignore[arg-type]
    assert found.max() == 0.0


def test_it_draws_the_same_masks_again(model: LoadedModel) -> None:
    images = toy_cases(2, seed=5).images
    first = explain(model, images, "rise", {"masks": 20})
    assert np.array_equal(first.maps, explain(model, images, "rise", {"masks": 20}).maps)
    assert not np.array_equal(first.maps, explain(model, images, "rise", {"masks": 20, "seed": 2}).maps)


def test_it_weighs_the_features_as_equation_19_of_grad_cam_plus_plus_says(model: LoadedModel) -> None:
    images = toy_cases(2, seed=5).images
    found = explain(model, images, "grad_cam_plus_plus")
    inputs = as_input(prepared(images, model.configuration))
    signs = np.where(found.predicted == 1, 1.0, -1.0).astype(np.float32)
    features, gradients, _ = _feature_gradient(model)(inputs, signs)
    for image in range(2):
        coarse = np.zeros(features.shape[1:3])
        for channel in range(features.shape[3]):
            feature: Any = features[image, :, :, channel].astype(float)
            gradient: Any = gradients[image, :, :, channel].astype(float)
            weight = 0.0
            for i, j in np.ndindex(feature.shape):
                below = 2 * gradient[i, j] ** 2 + feature.sum() * gradient[i, j] ** 3
                share = gradient[i, j] ** 2 / below if abs(below) > 1e-30 else 0.0
                weight += share * max(float(gradient[i, j]), 0.0)
            coarse += weight * feature
        largest = float(np.maximum(coarse, 0).max())
        # Enlarging keeps no corner, but no value beyond the largest either.
        assert found.maps[image].max() == pytest.approx(largest, rel=0.2)
        assert found.maps[image].max() <= largest * (1 + 1e-4)


def test_it_names_the_source_of_each_method() -> None:
    assert {name for name, method in METHODS.items() if method.source} == set(METHODS)
    assert len(METHODS) == 7
