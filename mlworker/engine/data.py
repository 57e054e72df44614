"""Radiographs as arrays: preparation for the network, the order of an epoch, augmentation.

Determinism: the order of an epoch and the augmentation's parameters are functions of seed and epoch alone, and the
augmentation is a function of image and parameters alone. There is no other random state, so a run that was killed
goes on bit for bit.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mlworker.engine.configuration import TrainingConfiguration
from mlworker.engine.errors import ImagesRefused

AUGMENTATION_COLUMNS = ("flip", "magnification", "brightness", "position_x", "position_y", "orientation")
_LARGEST: dict[str, float] = {"uint8": 255.0, "uint16": 65535.0}


@dataclass(frozen=True)
class LabelledImages:
    """Cases of one part of a dataset version.

    Attributes:
        images: (N, H, W) grey at working size, white is dense. uint8 or uint16 over the full range of their type
            (black is 0, white is 255 or 65,535), or floating point from 0 to 1. May be a memory map.
        labels: (N,) of 0 (well fixed) and 1 (loose).
        case_ids: N identifiers, opaque to the engine.

    Raises:
        ImagesRefused: shapes that do not belong together, a type or a label that is none of these.
    """

    images: NDArray[Any]
    labels: NDArray[np.int64]
    case_ids: tuple[str, ...]

    def __post_init__(self) -> None:
        check_images(self.images)
        object.__setattr__(self, "labels", np.asarray(self.labels, dtype=np.int64))
        object.__setattr__(self, "case_ids", tuple(str(case) for case in self.case_ids))
        if not len(self.images) == len(self.labels) == len(self.case_ids):
            raise ImagesRefused(
                f"{len(self.images)} images, {len(self.labels)} labels and {len(self.case_ids)} case identifiers "
                "do not belong together."
            )
        if not np.isin(self.labels, (0, 1)).all():
            raise ImagesRefused("A label is neither 0 (well fixed) nor 1 (loose).")
        if len(set(self.case_ids)) != len(self.case_ids):
            raise ImagesRefused("A case identifier appears twice in one part.")

    def __len__(self) -> int:
        return len(self.labels)

    @classmethod
    def from_npy(cls, path: Path, labels: NDArray[Any], case_ids: tuple[str, ...]) -> LabelledImages:
        """Memory-map an .npy file of shape (N, H, W)."""
        return cls(np.load(path, mmap_mode="r", allow_pickle=False), labels, case_ids)

    @property
    def sha256(self) -> str:
        """Hash over identifiers, labels and pixels, in order."""
        digest = hashlib.sha256()
        digest.update("\n".join(self.case_ids).encode())
        digest.update(np.ascontiguousarray(self.labels).tobytes())
        digest.update(f"{self.images.dtype}{self.images.shape}".encode())
        for image in self.images:
            digest.update(np.ascontiguousarray(image).tobytes())
        return digest.hexdigest()


def check_images(images: NDArray[Any]) -> None:
    """Refuse an array that is not (N, H, W) of a known grey type.

    Raises:
        ImagesRefused: with the shape or type received.
    """
    if images.ndim != 3:
        raise ImagesRefused(f"Images must have the shape (cases, rows, columns); received {images.shape}.")
    if min(images.shape[1:], default=0) < 1:
        raise ImagesRefused(f"Images without pixels; received the shape {images.shape}.")
    if images.dtype.name not in _LARGEST and images.dtype.kind != "f":
        raise ImagesRefused(f"Pixels must be uint8, uint16 or floating point; received {images.dtype}.")


def prepared(images: NDArray[Any], configuration: TrainingConfiguration) -> NDArray[Any]:
    """Images as the configuration's network takes them, before augmentation.

    Each image is resized to the square (area averaging when shrinking, else bilinear) and rounded to 8 or 16 bit.

    Args:
        images: (N, H, W), see `LabelledImages`.
        configuration: for `image_size` and `pixel_depth`.

    Returns:
        (N, S, S) uint8 or uint16; `as_input` divides by 255 or 65,535.

    Raises:
        ImagesRefused: pixels that are not finite, or floats outside 0..1.
    """
    check_images(images)
    size = configuration.image_size
    dtype = np.dtype(np.uint8 if configuration.pixel_depth == "8" else np.uint16)
    largest = _LARGEST[dtype.name]
    result = np.empty((len(images), size, size), dtype=dtype)
    for position, image in enumerate(images):
        unit = _unit_range(image, position)
        way = cv2.INTER_AREA if min(image.shape) >= size else cv2.INTER_LINEAR
        resized = unit if unit.shape == (size, size) else cv2.resize(unit, (size, size), interpolation=way)
        result[position] = np.rint(np.clip(resized, 0.0, 1.0) * largest).astype(dtype)
    return result


def _unit_range(image: NDArray[Any], position: int) -> NDArray[np.float32]:
    largest = _LARGEST.get(image.dtype.name)
    if largest is not None:
        return np.asarray(image, dtype=np.float32) / np.float32(largest)
    unit = np.asarray(image, dtype=np.float32)
    if not np.isfinite(unit).all():
        raise ImagesRefused(f"Image {position} has pixels that are not finite numbers.", "Export the image again.")
    if unit.min() < 0.0 or unit.max() > 1.0:
        raise ImagesRefused(
            f"Image {position} is floating point with values from {unit.min():g} to {unit.max():g}.",
            "Floating point images must lie in 0..1.",
        )
    return unit


def as_input(images: NDArray[Any]) -> NDArray[np.float32]:
    """(B, S, S) uint8 or uint16 to (B, S, S, 1) float32 from 0 to 1."""
    return (images.astype(np.float32) / np.float32(_LARGEST[images.dtype.name]))[..., np.newaxis]


def epoch_order(seed: int, epoch: int, cases: int) -> NDArray[np.int64]:
    """(N,) permutation of the training cases in this epoch (counted from 0)."""
    return np.random.default_rng([seed, epoch, 0]).permutation(cases)


def epoch_rows(seed: int, epoch: int, cases: int) -> NDArray[np.float32]:
    """(N, 6) augmentation parameters from 0 to 1, a row a case, columns as in `AUGMENTATION_COLUMNS`."""
    rows = np.random.default_rng([seed, epoch, 1]).random((cases, len(AUGMENTATION_COLUMNS)))
    return rows.astype(np.float32)


def epoch_batches(
    images: NDArray[Any], labels: NDArray[np.int64], configuration: TrainingConfiguration, epoch: int
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]]:
    """The steps of one epoch.

    Args:
        images: (N, S, S) as `prepared` returns them.
        labels: (N,) of 0 and 1.
        configuration: for seed, batch size and augmentation ranges.
        epoch: counted from 0.

    Yields:
        inputs (B, S, S, 1) from 0 to 1, affine transforms (B, 8), brightness factors (B,), labels (B, 1).
    """
    order = epoch_order(configuration.seed, epoch, len(labels))
    rows = epoch_rows(configuration.seed, epoch, len(labels))
    transforms, brightness = augmentation(rows, configuration)
    for start in range(0, len(order), configuration.batch_size):
        chosen = order[start : start + configuration.batch_size]
        targets = labels[chosen].astype(np.float32)[:, np.newaxis]
        yield as_input(images[chosen]), transforms[chosen], brightness[chosen], targets


def augmentation(
    rows: NDArray[np.float32], configuration: TrainingConfiguration
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Parameters to transforms.

    Args:
        rows: (B, 6) from 0 to 1, see `epoch_rows`.
        configuration: for ranges (fractions, see the help of each field) and image size.

    Returns:
        (B, 8) float32 in the sense of `keras.ops.image.affine_transform` (output point to input point: flip,
        magnification and rotation about the centre, then shift), and (B,) brightness factors.
    """
    centred = 2.0 * rows.astype(np.float64) - 1.0
    flip = np.where(rows[:, 0] < configuration.flip, -1.0, 1.0)
    factor = 1.0 + configuration.magnification * centred[:, 1]
    shift = configuration.position * configuration.image_size / 2.0
    angle = configuration.orientation * math.pi / 2.0 * centred[:, 5]
    cosine, sine = np.cos(angle) / factor, np.sin(angle) / factor
    centre = (configuration.image_size - 1) / 2.0
    moved_x = centre + shift * centred[:, 3]
    moved_y = centre + shift * centred[:, 4]
    transforms = np.zeros((len(rows), 8))
    transforms[:, 0], transforms[:, 1] = flip * cosine, flip * sine
    transforms[:, 3], transforms[:, 4] = -sine, cosine
    transforms[:, 2] = centre - (transforms[:, 0] * moved_x + transforms[:, 1] * moved_y)
    transforms[:, 5] = centre - (transforms[:, 3] * moved_x + transforms[:, 4] * moved_y)
    brightness = 1.0 + configuration.brightness * centred[:, 2]
    return transforms.astype(np.float32), brightness.astype(np.float32)
