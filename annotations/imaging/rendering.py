"""From stored values to grey: modality transform, window or table, one inversion, in the order of PS3.4 N.2."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from annotations.imaging.outcome import RefusedError

_LEVELS = 65536


@dataclass(frozen=True, slots=True)
class Presentable:
    """A radiograph ready to be shown: values and the one way to show them.

    Attributes:
        pixels: (rows, columns) uint16, shifted so that the lowest possible stored value is 0.
        slope, intercept: from a pixel to the modality's value.
        center, width: the default window in modality values; None shows from the lowest to the highest value.
        function: LINEAR, LINEAR_EXACT or SIGMOID (PS3.3 C.11.2.1).
        inverted: whether bright and dark are exchanged at the end.
        low, high: the range of pixels that carry the picture, without padding.
        bits: depth of the values.
    """

    pixels: NDArray[np.uint16]
    slope: float
    intercept: float
    center: float | None
    width: float | None
    function: str
    inverted: bool
    low: int
    high: int
    bits: int


def presentable(dataset: Dataset, stored: NDArray[Any]) -> Presentable:
    """Put stored values and header together; unusable windows and tables count as absent.

    Raises:
        RefusedError: a colour space or a table that no radiograph has.
    """
    if stored.ndim == 3 or str(dataset.get("PhotometricInterpretation", "")).startswith(("PALETTE", "RGB", "YBR")):
        return from_grey_8_bit(_luminance(dataset, stored))
    values = stored.astype(np.int32)
    slope, intercept = _number(dataset, "RescaleSlope") or 1.0, _number(dataset, "RescaleIntercept") or 0.0
    padding = _padding(dataset, values)
    table = _table(dataset, "ModalityLUTSequence")
    if table is not None:
        values, slope, intercept = _looked_up(values, table), 1.0, 0.0
    center, width, function = _window(dataset)
    voi = _table(dataset, "VOILUTSequence")
    bits = int(dataset.get("BitsStored", 16) or 16)
    if voi is not None:
        values, slope, intercept = _looked_up(np.rint(values * slope + intercept).astype(np.int32), voi), 1.0, 0.0
        top = (1 << voi.bits) - 1
        center, width, function, bits = (top + 1) / 2, float(top + 1), "LINEAR", voi.bits
    shift = min(0, int(values.min()))
    pixels = (values - shift).astype(np.uint16)
    inverted = dataset.get("PhotometricInterpretation") == "MONOCHROME1"
    if dataset.get("PresentationLUTShape") == "INVERSE" and not inverted:
        inverted = True
    low, high = _range(pixels, padding)
    return Presentable(pixels, slope, intercept + slope * shift, center, width, function, inverted, low, high, bits)


def from_grey_8_bit(grey: NDArray[np.uint8]) -> Presentable:
    """A picture that is already grey and 8 bit deep, as JPEG and PNG files are."""
    return Presentable(grey.astype(np.uint16), 1.0, 0.0, 128.0, 256.0, "LINEAR", False, 0, 255, 8)


def render_unit(image: Presentable) -> NDArray[np.float32]:
    """(rows, columns) from 0 (black) to 1 (white), exactly windowed and once inverted."""
    table = _grey_table(image).astype(np.float32)
    return np.take(table, image.pixels)


def render_8_bit(image: Presentable) -> NDArray[np.uint8]:
    """(rows, columns) from 0 to 255: the grey value cut to whole levels, as DCMTK does it."""
    table = np.floor(_grey_table(image) * 255.0 + 1e-9).astype(np.uint8)
    return np.take(table, image.pixels)


def _grey_table(image: Presentable) -> NDArray[np.float64]:
    x = np.arange(_LEVELS, dtype=np.float64) * image.slope + image.intercept
    if image.center is None or image.width is None:
        ends = (image.low * image.slope + image.intercept, image.high * image.slope + image.intercept)
        bottom, top = min(ends), max(ends)
        y = (x - bottom) / (top - bottom) if top > bottom else np.zeros_like(x)
    elif image.function == "SIGMOID":
        y = 1.0 / (1.0 + np.exp(np.clip(-4.0 * (x - image.center) / image.width, -700, 700)))
    elif image.function == "LINEAR_EXACT":
        y = (x - image.center) / image.width + 0.5
    elif image.width > 1:
        y = (x - (image.center - 0.5)) / (image.width - 1.0) + 0.5
    else:
        y = (x > image.center - 0.5).astype(np.float64)
    y = np.clip(y, 0.0, 1.0)
    return 1.0 - y if image.inverted else y


@dataclass(frozen=True, slots=True)
class _Table:
    first: int
    bits: int
    entries: NDArray[np.int32]


def _table(dataset: Dataset, keyword: str) -> _Table | None:
    sequence = dataset.get(keyword)
    if not sequence:
        return None
    descriptor, data = sequence[0].get("LUTDescriptor"), sequence[0].get("LUTData")
    if not descriptor or len(descriptor) != 3 or data is None:
        return None
    count, first, bits = int(descriptor[0]) or _LEVELS, int(descriptor[1]), int(descriptor[2])
    if isinstance(data, bytes):
        entries = np.frombuffer(data, dtype="<u2" if len(data) >= 2 * count else "u1").astype(np.int32)
    else:
        entries = np.asarray(data, dtype=np.int32).ravel()
    if not (1 <= bits <= 16) or len(entries) < count:
        raise RefusedError("table_damaged", "A look-up table in the file is damaged.")
    if first >= 1 << 15 and int(dataset.get("PixelRepresentation", 0) or 0) == 1:
        first -= _LEVELS
    return _Table(first, bits, entries[:count])


def _looked_up(values: NDArray[np.int32], table: _Table) -> NDArray[np.int32]:
    return table.entries[np.clip(values - table.first, 0, len(table.entries) - 1)]


def _window(dataset: Dataset) -> tuple[float | None, float | None, str]:
    center, width = _number(dataset, "WindowCenter"), _number(dataset, "WindowWidth")
    function = str(dataset.get("VOILUTFunction", "LINEAR") or "LINEAR")
    if function not in ("LINEAR", "LINEAR_EXACT", "SIGMOID"):
        function = "LINEAR"
    if center is None or width is None or width <= 0 or (function == "LINEAR" and width < 1):
        return None, None, "LINEAR"
    return center, width, function


def _number(dataset: Dataset, keyword: str) -> float | None:
    """The first value as a finite number, or None: header numbers come empty, as text, and as NaN."""
    value = dataset.get(keyword)
    if value is None or isinstance(value, bytes):
        return None
    if not isinstance(value, str | int | float) and hasattr(value, "__len__"):
        value = value[0] if len(value) else None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _padding(dataset: Dataset, values: NDArray[np.int32]) -> NDArray[np.bool_] | None:
    first = _number(dataset, "PixelPaddingValue")
    if first is None:
        return None
    last = _number(dataset, "PixelPaddingRangeLimit")
    bottom, top = sorted((first, first if last is None else last))
    padded: NDArray[np.bool_] = (values >= bottom) & (values <= top)
    return None if padded.all() else padded


def _range(pixels: NDArray[np.uint16], padding: NDArray[np.bool_] | None) -> tuple[int, int]:
    shown = pixels if padding is None else pixels[~padding]
    return int(shown.min()), int(shown.max())


def _luminance(dataset: Dataset, stored: NDArray[Any]) -> NDArray[np.uint8]:
    space = str(dataset.get("PhotometricInterpretation", "RGB"))
    if stored.ndim == 2:
        colours = _palette(dataset, stored)
    elif space.startswith("YBR") and "PixelData" in dataset and not _is_compressed(dataset):
        return stored[..., 0].astype(np.uint8)
    else:
        colours = stored
    if colours.dtype != np.uint8:
        raise RefusedError("colour_depth", "A colour picture of this depth is no radiograph.")
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(colours), cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def _is_compressed(dataset: Dataset) -> bool:
    meta = getattr(dataset, "file_meta", None)
    syntax = str(meta.get("TransferSyntaxUID", "")) if meta is not None else ""
    return syntax.startswith(("1.2.840.10008.1.2.4", "1.2.840.10008.1.2.5"))


def _palette(dataset: Dataset, stored: NDArray[Any]) -> NDArray[np.uint8]:
    channels = []
    for colour in ("Red", "Green", "Blue"):
        descriptor = dataset.get(f"{colour}PaletteColorLookupTableDescriptor")
        data = dataset.get(f"{colour}PaletteColorLookupTableData")
        if descriptor is None or not isinstance(data, bytes):
            raise RefusedError("table_damaged", "The colour table of the file is missing.")
        count, first, bits = int(descriptor[0]) or _LEVELS, int(descriptor[1]), int(descriptor[2])
        wide = bits > 8 and len(data) >= 2 * count
        entries = np.frombuffer(data, dtype="<u2" if wide else "u1")
        if len(entries) < count:
            raise RefusedError("table_damaged", "The colour table of the file is damaged.")
        table = (entries >> 8 if wide else entries).astype(np.uint8)
        channels.append(table[np.clip(stored.astype(np.int32) - first, 0, count - 1)])
    return np.dstack(channels)
