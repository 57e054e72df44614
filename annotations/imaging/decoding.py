"""Stored pixels of one frame from a parsed DICOM file, by imagecodecs: pydicom's own plug-ins miss some syntaxes."""

from __future__ import annotations

from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.encaps import generate_frames

from annotations.imaging.outcome import RefusedError

MOST_PIXELS = 100_000_000
_UNCOMPRESSED = {"1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99"}
_BIG_ENDIAN = "1.2.840.10008.1.2.2"
_JPEG_8 = "1.2.840.10008.1.2.4.50"
_JPEG_12 = "1.2.840.10008.1.2.4.51"
_JPEG_LOSSLESS = ("1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70")
_JPEG_LS = ("1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81")
_JPEG_2000 = ("1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91")
_HTJ2K = ("1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.4.203")
_RLE = "1.2.840.10008.1.2.5"


def decode_frame(dataset: Dataset, transfer_syntax: str) -> NDArray[Any]:
    """The only frame of a radiograph.

    Args:
        dataset: a parsed file with pixel data.
        transfer_syntax: its UID; implicit little endian when the file names none.

    Returns:
        (rows, columns) or (rows, columns, 3), of the type that the file stores, bits aligned to the lowest one.

    Raises:
        RefusedError: no pixels, several frames, a shape that is not what the header says, a stream that cannot
            be decoded.
    """
    rows, columns, samples = _geometry(dataset)
    if transfer_syntax in _UNCOMPRESSED:
        array = _uncompressed(dataset, rows, columns, samples, big_endian=transfer_syntax == _BIG_ENDIAN)
    else:
        array = _compressed(dataset, transfer_syntax)
    if array.shape not in ((rows, columns), (rows, columns, 3)):
        raise RefusedError("pixels_do_not_fit", "The picture inside the file has another size than its header says.")
    return _aligned(dataset, array)


def _geometry(dataset: Dataset) -> tuple[int, int, int]:
    if "PixelData" not in dataset:
        raise RefusedError("no_pixels", "The file holds no picture; it may have been cut while it was copied.")
    rows, columns = int(dataset.get("Rows", 0) or 0), int(dataset.get("Columns", 0) or 0)
    samples = int(dataset.get("SamplesPerPixel", 1) or 1)
    if rows < 1 or columns < 1 or samples not in (1, 3):
        raise RefusedError("no_geometry", "The file does not say how large its picture is.")
    if rows * columns > MOST_PIXELS:
        raise RefusedError("too_many_pixels", "The file claims a picture larger than any radiograph.")
    if int(dataset.get("NumberOfFrames", 1) or 1) != 1:
        raise RefusedError("several_frames", "The file holds several pictures; a radiograph is one.")
    if int(dataset.get("BitsAllocated", 16) or 16) not in (8, 16):
        raise RefusedError("bit_depth", "The picture has a depth that radiographs do not have.")
    return rows, columns, samples


def _uncompressed(dataset: Dataset, rows: int, columns: int, samples: int, *, big_endian: bool) -> NDArray[Any]:
    bits = int(dataset.get("BitsAllocated", 16))
    signed = int(dataset.get("PixelRepresentation", 0) or 0) == 1
    kind = np.dtype(f"{'>' if big_endian else '<'}{'i' if signed else 'u'}{bits // 8}")
    count = rows * columns * samples
    data = bytes(dataset.PixelData)
    if len(data) < count * kind.itemsize:
        raise RefusedError("pixels_cut", "The picture inside the file is not complete.")
    flat = np.frombuffer(data, dtype=kind, count=count)
    if samples == 1:
        return flat.reshape(rows, columns)
    if int(dataset.get("PlanarConfiguration", 0) or 0) == 1:
        return np.moveaxis(flat.reshape(3, rows, columns), 0, -1)
    return flat.reshape(rows, columns, 3)


def _compressed(dataset: Dataset, transfer_syntax: str) -> NDArray[Any]:
    frame = next(generate_frames(bytes(dataset.PixelData), number_of_frames=1))
    try:
        array: NDArray[Any] = _decoded(frame, transfer_syntax, dataset)
    except (RuntimeError, ValueError, TypeError) as error:
        raise RefusedError("not_decodable", "The compressed picture inside the file cannot be decoded.") from error
    return np.asarray(array)


def _decoded(frame: bytes, transfer_syntax: str, dataset: Dataset) -> Any:
    if transfer_syntax == _JPEG_8:
        return imagecodecs.jpeg8_decode(frame)
    if transfer_syntax == _JPEG_12:
        return imagecodecs.jpeg_decode(frame)
    if transfer_syntax in _JPEG_LOSSLESS:
        return imagecodecs.ljpeg_decode(frame)
    if transfer_syntax in _JPEG_LS:
        return imagecodecs.jpegls_decode(frame)
    if transfer_syntax in _JPEG_2000:
        return imagecodecs.jpeg2k_decode(frame)
    if transfer_syntax in _HTJ2K:
        return imagecodecs.htj2k_decode(frame)
    if transfer_syntax == _RLE:
        return _run_lengths(frame, dataset)
    raise RefusedError(
        "transfer_syntax", "The picture is stored in a way (transfer syntax) that is not for radiographs."
    )


def _run_lengths(frame: bytes, dataset: Dataset) -> NDArray[Any]:
    bits = int(dataset.get("BitsAllocated", 16))
    planes = imagecodecs.dicomrle_decode(frame, np.dtype(f"<u{bits // 8}"))
    samples = int(dataset.get("SamplesPerPixel", 1) or 1)
    flat = np.frombuffer(planes, dtype=f"<u{bits // 8}")
    if samples == 1:
        return flat.reshape(dataset.Rows, dataset.Columns)
    return np.moveaxis(flat.reshape(3, dataset.Rows, dataset.Columns), 0, -1)


def _aligned(dataset: Dataset, array: NDArray[Any]) -> NDArray[Any]:
    """Shift down to bit 0 and drop what lies above BitsStored: old overlays hide there."""
    if array.ndim == 3 or array.dtype.itemsize == 1:
        return array
    allocated = int(dataset.get("BitsAllocated", 16) or 16)
    stored = int(dataset.get("BitsStored", allocated) or allocated)
    high = int(dataset.get("HighBit", stored - 1))
    if not (1 <= stored <= allocated and stored - 1 <= high < allocated):
        raise RefusedError("bit_depth", "The header contradicts itself about the depth of the picture.")
    unsigned = (
        array.astype(np.uint16, copy=False) if array.dtype.kind == "u" else array.view(f"u{array.dtype.itemsize}")
    )
    values = (unsigned.astype(np.uint16) >> (high - stored + 1)) & np.uint16((1 << stored) - 1)
    if int(dataset.get("PixelRepresentation", 0) or 0) == 0:
        return values
    sign = 1 << (stored - 1)
    return ((values.astype(np.int32) ^ sign) - sign).astype(np.int16)
