"""Maps from the network's answers alone: parts of the image are hidden, and the logit is watched. No gradient.

Hidden pixels take the image's own mean grey: black would be a dark region, which on a radiograph means something.
Every map is the part of the predicted class's logit that a pixel accounts for, negative parts cut to zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from mlworker.engine.scoring import LoadedModel

Array = NDArray[np.float32]
_FORWARD_BATCH = 32


def occlusion(model: LoadedModel, inputs: Array, signs: Array, parameters: Mapping[str, float]) -> tuple[Array, None]:
    """Fall of the logit when a square is hidden, averaged over the squares that cover a pixel (Zeiler & Fergus 2014).

    Args:
        model: to be explained.
        inputs: (N, S, S, 1).
        signs: (N,) 1 where loose is predicted, -1 where well fixed is.
        parameters: "square" and "stride" as shares of the image's side.
    """
    side = inputs.shape[1]
    square = max(1, round(parameters["square"] * side))
    starts = _starts(side, square, max(1, round(parameters["stride"] * side)))
    corners = [(row, column) for row in starts for column in starts]
    maps = np.empty(inputs.shape[:3], dtype=np.float32)
    for position, image in enumerate(inputs):
        masks = np.ones((len(corners), side, side), dtype=np.float32)
        for mask, (row, column) in zip(masks, corners, strict=True):
            mask[row : row + square, column : column + square] = 0.0
        whole = float(signs[position] * model.forward(image[np.newaxis])[0])
        falls = whole - signs[position] * _masked_logits(model, image, masks)
        hidden = 1.0 - masks
        covered = hidden.sum(axis=0)
        maps[position] = np.maximum(np.tensordot(falls, hidden, axes=(0, 0)) / np.maximum(covered, 1.0), 0.0)
    return maps, None


def rise(model: LoadedModel, inputs: Array, signs: Array, parameters: Mapping[str, float]) -> tuple[Array, None]:
    """Mean logit of randomly masked images in which a pixel is seen, less the mean of all (after Petsiuk 2018).

    Petsiuk weighs with the probability, which saturates; here it is the logit, and its mean is taken away, so that a
    pixel that does not matter is zero.

    Args:
        model: to be explained.
        inputs: (N, S, S, 1).
        signs: (N,) 1 where loose is predicted, -1 where well fixed is.
        parameters: "masks" in number, "cells" of the coarse grid along a side, "seen" as the share that is shown, and
            "seed".
    """
    masks = _random_masks(inputs.shape[1], parameters)
    seen = masks.mean(axis=0)
    maps = np.empty(inputs.shape[:3], dtype=np.float32)
    for position, image in enumerate(inputs):
        logits = signs[position] * _masked_logits(model, image, masks)
        centred = logits - logits.mean()
        maps[position] = np.maximum(
            np.tensordot(centred, masks, axes=(0, 0)) / len(masks) / np.maximum(seen, 1e-6), 0.0
        )
    return maps, None


def _starts(side: int, square: int, stride: int) -> list[int]:
    starts = list(range(0, side - square + 1, stride))
    if starts[-1] != side - square:
        starts.append(side - square)
    return starts


def _random_masks(side: int, parameters: Mapping[str, float]) -> Array:
    """(masks, S, S) from 0 to 1: coarse random grids, enlarged smoothly and shifted by less than a cell."""
    cells, count = int(parameters["cells"]), int(parameters["masks"])
    generator = np.random.default_rng(int(parameters["seed"]))
    cell = -(-side // cells)
    enlarged = (cells + 1) * cell
    masks = np.empty((count, side, side), dtype=np.float32)
    for mask in masks:
        grid = (generator.random((cells + 1, cells + 1)) < parameters["seen"]).astype(np.float32)
        smooth = cv2.resize(grid, (enlarged, enlarged), interpolation=cv2.INTER_LINEAR)
        row, column = generator.integers(0, cell, 2)
        mask[:] = smooth[row : row + side, column : column + side]
    return masks


def _masked_logits(model: LoadedModel, image: Array, masks: Array) -> Array:
    """Logits (M,) of an image (S, S, 1) seen through M masks."""
    grey = np.float32(image.mean())
    parts = []
    for start in range(0, len(masks), _FORWARD_BATCH):
        seen = masks[start : start + _FORWARD_BATCH, ..., np.newaxis]
        parts.append(model.forward(image[np.newaxis] * seen + grey * (1.0 - seen)))
    return np.concatenate(parts)
