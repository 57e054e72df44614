"""A stored map as a picture. Pillow and NumPy alone: the web process draws it without Keras."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mlworker.engine.map_scale import to_unit

# Perceptually even, dark to bright (after "inferno", reduced to its anchor colours).
_ANCHORS = np.array(
    [[0, 0, 4], [51, 10, 95], [120, 28, 109], [186, 54, 85], [237, 105, 37], [251, 180, 26], [252, 255, 164]],
    dtype=np.float64,
)


def map_picture(stored: bytes) -> bytes:
    """A PNG with transparency, at the map's own resolution.

    Args:
        stored: an .npy file with a float array of shape (H, W), not negative, in units of the gradient.

    Returns:
        PNG bytes. Colour and opacity grow with the value over the map's 99.5th percentile, so that one bright
        pixel does not hide the rest; the raw maximum is kept beside the map and printed by the page.
    """
    scaled = to_unit(np.load(io.BytesIO(stored), allow_pickle=False))
    picture = np.dstack([_colour(scaled), np.round(255 * np.sqrt(scaled)).astype(np.uint8)])
    buffer = io.BytesIO()
    Image.fromarray(picture, mode="RGBA").save(buffer, format="PNG")
    return buffer.getvalue()


def _colour(scaled: NDArray[np.float64]) -> NDArray[np.uint8]:
    positions = np.linspace(0.0, 1.0, len(_ANCHORS))
    channels = [np.interp(scaled, positions, _ANCHORS[:, c]) for c in range(3)]
    return np.round(np.dstack(channels)).astype(np.uint8)
