"""Everything that is made from one decoded radiograph: viewer's, gallery's, CNNs'."""

from __future__ import annotations

import hashlib
import io

import cv2
import imagecodecs
import numpy as np
from numpy.typing import NDArray

from annotations.imaging.rendering import Presentable, render_8_bit, render_unit

PREVIEW_SIDE = 1200
THUMBNAIL_SIDE = 256
SOURCE_SIDE = 1024


def full_depth(image: Presentable) -> bytes:
    """HTJ2K, lossless, of `image.pixels` (uint16): what the viewer windows."""
    return bytes(imagecodecs.htj2k_encode(np.ascontiguousarray(image.pixels), reversible=True))


def preview(image: Presentable) -> bytes:
    """JPEG of the default window, at most 1,200 pixels a side: visible at once, about 60 to 120 kB."""
    return _jpeg(_fitted(render_8_bit(image), PREVIEW_SIDE), 85)


def thumbnail(image: Presentable) -> bytes:
    """JPEG, at most 256 pixels a side."""
    return _jpeg(_fitted(render_8_bit(image), THUMBNAIL_SIDE), 82)


def source(image: Presentable, spacing_mm: tuple[float, float] | None) -> NDArray[np.uint16]:
    """What the CNNs are fed from: (H, W) uint16, black 0 and white 65,535, long side at most 1,024.

    Args:
        image: the radiograph.
        spacing_mm: millimetres between rows and between columns; unequal spacing is made equal here, so that a
            circle stays a circle for the network too.
    """
    grey = np.round(render_unit(image) * 65535.0).astype(np.uint16)
    rows, columns = grey.shape
    height, width = float(rows), float(columns)
    if spacing_mm is not None and abs(spacing_mm[0] / spacing_mm[1] - 1.0) > 0.01:
        height, width = rows * spacing_mm[0], columns * spacing_mm[1]
        scale = max(rows / height, columns / width)
        height, width = height * scale, width * scale
    shrink = min(1.0, SOURCE_SIDE / max(height, width))
    size = (max(1, round(width * shrink)), max(1, round(height * shrink)))
    if size == (columns, rows):
        return grey
    interpolation = cv2.INTER_AREA if size[0] <= columns and size[1] <= rows else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(grey, size, interpolation=interpolation), dtype=np.uint16)


def published_input(stored_source: NDArray[np.uint16], side: int = 224) -> NDArray[np.uint8]:
    """The published pipeline's input before its division by 255: (side, side) uint8.

    The whole image is brought to a square by area averaging, its aspect is not kept, and the 16 bits are cut to 8
    by dropping the lower ones. The network divides by 255 and nothing else.
    """
    square = np.asarray(cv2.resize(stored_source, (side, side), interpolation=cv2.INTER_AREA), dtype=np.uint16)
    return np.asarray(square >> 8, dtype=np.uint8)


def source_bytes(array: NDArray[np.uint16]) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def grey_png(grey: NDArray[np.uint8]) -> bytes:
    """PNG of (rows, columns) uint8, and nothing but its pixels in it."""
    return bytes(imagecodecs.png_encode(np.ascontiguousarray(grey), level=4))


def pixel_sha256(image: Presentable) -> str:
    """Hash of size and stored values: the same exposure is recognised whatever its container was."""
    digest = hashlib.sha256(f"{image.pixels.shape}".encode())
    digest.update(np.ascontiguousarray(image.pixels).tobytes())
    return digest.hexdigest()


def perceptual_hash(image: Presentable) -> str:
    """64-bit difference hash: which of two neighbours is brighter, on a 9 x 8 reduction; 16 hexadecimal digits."""
    small = cv2.resize(render_8_bit(image), (9, 8), interpolation=cv2.INTER_AREA).astype(np.int16)
    bits = (small[:, 1:] > small[:, :-1]).ravel()
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):016x}"


def _fitted(grey: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    rows, columns = grey.shape
    shrink = min(1.0, side / max(rows, columns))
    if shrink == 1.0:
        return grey
    size = (max(1, round(columns * shrink)), max(1, round(rows * shrink)))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _jpeg(grey: NDArray[np.uint8], quality: int) -> bytes:
    return bytes(imagecodecs.jpeg8_encode(np.ascontiguousarray(grey), level=quality))
