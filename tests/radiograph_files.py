"""Small synthetic radiographs as files: DICOM in the dialects that hospitals send, PNG and JPEG."""

from __future__ import annotations

import io
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, ExplicitVRLittleEndian, generate_uid

DX_FOR_PRESENTATION = "1.2.840.10008.5.1.4.1.1.1.1"


def pixels(seed: int = 1, *, rows: int = 64, columns: int = 48, bits: int = 12) -> NDArray[np.uint16]:
    """(rows, columns) uint16: blocks of random grey, so that two seeds never look alike."""
    rng = np.random.default_rng(seed)
    blocks = rng.integers(0, 1 << bits, size=((rows + 7) // 8, (columns + 7) // 8))
    picture = np.kron(blocks, np.ones((8, 8), dtype=np.int64))[:rows, :columns]
    return picture.astype(np.uint16)


def film(text: str = "", *, grey: int = 4000, size: float = 1.3, seed: int = 5) -> NDArray[np.uint16]:
    """(1200, 900) uint16: soft shading like that of a thigh, noise, and text burned in at 12 bit grey."""
    rows, columns = np.mgrid[0:1200, 0:900]
    shade = 1500 + 900 * np.exp(-(((columns - 450) / 220) ** 2)) + 0.2 * rows
    noisy = shade + np.random.default_rng(seed).normal(0, 25, shade.shape)
    return typed_on(np.clip(noisy, 0, 4095).astype(np.uint16), text, grey=grey, size=size)


def typed_on(picture: NDArray[np.uint16], text: str, *, grey: int = 4000, size: float = 1.3) -> NDArray[np.uint16]:
    """The picture with text that begins at row 500 and column 60."""
    plate = np.zeros(picture.shape, np.uint8)
    cv2.putText(plate, text, (60, 500), cv2.FONT_HERSHEY_SIMPLEX, size, 255, max(1, round(2 * size)))
    return np.where(plate > 0, np.uint16(grey), picture)


def dicom_data(array: NDArray[Any] | None = None, **elements: Any) -> Dataset:
    """A plain DX data set of `array`; keywords set, replace or (with None) remove elements."""
    array = pixels() if array is None else array
    data = Dataset()
    data.SOPClassUID = DX_FOR_PRESENTATION
    data.SOPInstanceUID = generate_uid()
    data.StudyInstanceUID, data.SeriesInstanceUID = generate_uid(), generate_uid()
    data.Modality = "DX"
    data.PatientID, data.PatientName = "1001", "Synthetic^Nobody"
    data.AcquisitionDate = "20200520"
    data.ImageLaterality, data.ViewPosition, data.BodyPartExamined = "R", "AP", "HIP"
    data.Rows, data.Columns = array.shape[:2]
    data.SamplesPerPixel = 1 if array.ndim == 2 else array.shape[2]
    data.PhotometricInterpretation = "MONOCHROME2" if array.ndim == 2 else "RGB"
    data.BitsAllocated = 8 * array.dtype.itemsize
    data.BitsStored = 12 if data.BitsAllocated == 16 else 8
    data.HighBit = data.BitsStored - 1
    data.PixelRepresentation = int(array.dtype.kind == "i")
    data.PixelData = np.ascontiguousarray(array).tobytes()
    for keyword, value in elements.items():
        if value is None:
            delattr(data, keyword)
        else:
            setattr(data, keyword, value)
    return data


def written(data: Dataset, *, transfer_syntax: str = ExplicitVRLittleEndian) -> bytes:
    """The data set as a file with preamble and meta."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UID(str(data.get("SOPClassUID", DX_FOR_PRESENTATION)))
    meta.MediaStorageSOPInstanceUID = UID(str(data.get("SOPInstanceUID", "1.2.3")))
    meta.TransferSyntaxUID = UID(transfer_syntax)
    data.file_meta = meta
    if "PixelData" in data:
        data["PixelData"].VR = (
            "OW" if data.get("BitsAllocated") == 16 and not UID(transfer_syntax).is_compressed else "OB"
        )
    buffer = io.BytesIO()
    data.save_as(buffer, enforce_file_format=True, implicit_vr=False, little_endian=True)
    return buffer.getvalue()


def dicom_file(array: NDArray[Any] | None = None, **elements: Any) -> bytes:
    return written(dicom_data(array, **elements))


def compressed_file(stream: bytes, transfer_syntax: str, array: NDArray[Any] | None = None, **elements: Any) -> bytes:
    """`stream` as the only frame of a file whose header describes `array`."""
    return written(dicom_data(array, PixelData=encapsulate([stream]), **elements), transfer_syntax=transfer_syntax)


def picture_file(kind: str, seed: int = 1) -> bytes:
    """The same kind of picture as PNG or JPEG, 8 bit."""
    grey = (pixels(seed) >> 4).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(grey).save(buffer, format=kind)
    return buffer.getvalue()
