"""One uploaded file from its bytes to everything that is kept of it. Runs inside the child process only."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.errors import BytesLengthException, InvalidDicomError

from annotations.imaging import deidentification, renditions
from annotations.imaging.allow_list import PROFILE_VERSION, STANDARD
from annotations.imaging.burned_in_text import suspicious_boxes
from annotations.imaging.content_type import content_type
from annotations.imaging.decoding import MOST_PIXELS, decode_frame
from annotations.imaging.outcome import Box, Linking, RefusedError, UploadOutcome
from annotations.imaging.rendering import Presentable, from_grey_8_bit, presentable, render_8_bit

_IMPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2"
_MODALITIES = ("CR", "DX", "DR", "RG", "RF", "XA", "PX", "MG", "OT")
_SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
_LEAST_SIDE = 16
_UIDS = ("SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")
_TEXT_FOUND = "There is text in the picture that may name the patient. Somebody must look at it and mask it."
_NO_PICTURE = {
    "empty": "The file is empty.",
    "zip": "The file is a zip archive inside another, or where single files are taken; unpack it first.",
    "pdf": "The file is a document, not a radiograph.",
    "unknown": "The file is neither DICOM nor JPEG nor PNG.",
}
_DICOM_DIRECTORY = "1.2.840.10008.1.3.10"
# On files that were damaged, by accident or on purpose.
_WHAT_PYDICOM_RAISES = (
    InvalidDicomError, BytesLengthException, ValueError, TypeError, AttributeError, EOFError, OSError,
    NotImplementedError, RecursionError, OverflowError, LookupError,
)  # fmt: skip


def process_bytes(data: bytes, *, key: bytes) -> UploadOutcome:
    """Accepted or quarantined with everything made from it, or refused with its reason.

    Any other error is the caller's to catch.
    """
    try:
        kind = content_type(data)
        if kind == "dicom":
            return _process_dicom(data, key)
        if kind in ("jpeg", "png"):
            return _process_picture(data, key)
    except RefusedError as error:
        return UploadOutcome("refused", error.code, error.reason)
    return UploadOutcome("refused", f"type_{kind}", _NO_PICTURE[kind])


def render_bytes(data: bytes) -> UploadOutcome:
    """The picture as it is meant to be shown, as a PNG of 8 bit grey, whether or not a study would take it in."""
    try:
        kind = content_type(data)
        if kind == "dicom":
            dataset, syntax = parse_dicom(data)
            grey = render_8_bit(decoded(dataset, syntax))
        elif kind in ("jpeg", "png"):
            grey = picture_grey(data)
        else:
            raise RefusedError(f"type_{kind}", _NO_PICTURE[kind])
    except RefusedError as error:
        return UploadOutcome("refused", error.code, error.reason)
    return UploadOutcome("rendered", renditions={"png": renditions.grey_png(grey)})


def identify_bytes(data: bytes) -> UploadOutcome:
    """What another machine calls a file that it sends: SOP class and instance UID; refused when it is no DICOM."""
    try:
        if content_type(data) != "dicom":
            raise RefusedError("type_unknown", "The file is not DICOM.")
        dataset, _ = parse_dicom(data)
    except RefusedError as error:
        return UploadOutcome("refused", error.code, error.reason)
    fields = {name: _word(dataset, name) for name in ("SOPClassUID", "SOPInstanceUID")}
    code = "" if _may_be_radiograph(dataset) else "not_taken_in"
    return UploadOutcome("identified", code, "", fields=fields)


def _may_be_radiograph(dataset: Dataset) -> bool:
    try:
        check_kind(dataset)
    except RefusedError:
        return False
    return True


def parse_dicom(data: bytes) -> tuple[Dataset, str]:
    """The data set and its transfer syntax; implicit little endian if the file names none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            dataset = dcmread(io.BytesIO(data), force=True)
            syntax = str(dataset.file_meta.get("TransferSyntaxUID", "") or _IMPLICIT_LITTLE_ENDIAN)
            for _ in dataset.iterall():
                pass
        except _WHAT_PYDICOM_RAISES as error:
            raise RefusedError("not_readable", "The file is damaged and cannot be read as DICOM.") from error
    return dataset, syntax


def _process_dicom(data: bytes, key: bytes) -> UploadOutcome:
    dataset, syntax = parse_dicom(data)
    image = presentable_of(dataset, syntax)
    header, report = deidentification.clean_header(dataset)
    linking = Linking(_word(dataset, "PatientID"), _acquired_on(dataset), _word(dataset, "AccessionNumber"))
    boxes = _text_boxes(image, dataset)
    made = _Made(image, header, report, boxes, _uids(dataset), str(dataset.get("SOPClassUID", "")), key)
    return _taken_in(made, linking)


def mask_bytes(data: bytes, rectangles: Sequence[Box]) -> UploadOutcome:
    """Black rectangles in a clean file that waits in quarantine, and everything made anew from the masked pixels.

    Accepted when no text is found any more; still quarantined, with the boxes, when some is.
    """
    try:
        return _masked(data, rectangles)
    except RefusedError as error:
        return UploadOutcome("refused", error.code, error.reason)


def _masked(data: bytes, rectangles: Sequence[Box]) -> UploadOutcome:
    dataset, syntax = parse_dicom(data)
    image = presentable(dataset, decode_frame(dataset, syntax))
    black = image.high if image.inverted != (image.slope < 0) else image.low
    for top, left, bottom, right in rectangles:
        image.pixels[top:bottom, left:right] = black
    masked = replace(image, low=int(image.pixels.min()), high=int(image.pixels.max()))
    header, report = deidentification.clean_header(dataset)
    boxes = _text_boxes(masked, None)
    return _taken_in(_Made(masked, header, report, boxes, _uids(dataset), str(dataset.SOPClassUID), None), Linking())


def _uids(dataset: Dataset) -> dict[str, str]:
    return {name: str(dataset.get(name, "") or "") for name in _UIDS}


def _text_boxes(image: Presentable, original: Dataset | None) -> list[Box]:
    if image.high == image.low:
        raise RefusedError("constant", "The picture is one even grey.")
    return suspicious_boxes(image, original)


def presentable_of(dataset: Dataset, syntax: str) -> Presentable:
    """Refuse what is no plain radiograph, then decode."""
    check_kind(dataset)
    return decoded(dataset, syntax)


def check_kind(dataset: Dataset) -> None:
    """Raises RefusedError for what is no plain radiograph."""
    sop_class = str(dataset.get("SOPClassUID", "") or "")
    if not len(dataset):
        raise RefusedError("not_readable", "The file is damaged and cannot be read as DICOM.")
    if _is_directory(dataset):
        raise RefusedError("dicom_directory", "The file is the table of contents of a DICOM disc, not a radiograph.")
    if sop_class.startswith(_SECONDARY_CAPTURE) or "EncapsulatedDocument" in dataset:
        raise RefusedError("secondary_capture", "The file is a screenshot or a document, not a radiograph.")
    modality = str(dataset.get("Modality", "") or "").strip().upper()
    if modality not in _MODALITIES:
        raise RefusedError("modality", "The file is not a plain radiograph (CR or DX).")


def _is_directory(dataset: Dataset) -> bool:
    return str(dataset.file_meta.get("MediaStorageSOPClassUID", "")) == _DICOM_DIRECTORY


def decoded(dataset: Dataset, syntax: str) -> Presentable:
    try:
        stored = decode_frame(dataset, syntax)
        if min(stored.shape[:2]) < _LEAST_SIDE:
            raise RefusedError("too_small", "The picture is too small to be a radiograph.")
        return presentable(dataset, stored)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, StopIteration,
            cv2.error) as error:  # fmt: skip
        raise RefusedError("not_decodable", "The picture inside the file cannot be decoded.") from error


def _word(dataset: Dataset, keyword: str) -> str:
    return str(dataset.get(keyword, "") or "").strip()[:64]


def _acquired_on(dataset: Dataset) -> str:
    for keyword in ("AcquisitionDate", "ContentDate", "SeriesDate", "StudyDate"):
        value = str(dataset.get(keyword, "") or "").strip()
        if len(value) == 8 and value.isdigit():
            return value
    return ""


def _process_picture(data: bytes, key: bytes) -> UploadOutcome:
    grey = picture_grey(data)
    header = Dataset()
    report = {
        "profile_version": PROFILE_VERSION, "checked_against": STANDARD, "kept": [], "replaced": [],
        "rebuilt": ["pixels"], "dropped": ["everything but the pixels"], "value_not_allowed": [],
    }  # fmt: skip
    image = from_grey_8_bit(grey)
    return _taken_in(_Made(image, header, report, _text_boxes(image, None), {}, "", key), Linking())


def picture_grey(data: bytes) -> NDArray[np.uint8]:
    """A JPEG or PNG as grey, upright as its EXIF says; nothing but pixels leaves this function."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as picture:
                upright = ImageOps.exif_transpose(picture)
                if upright.mode in ("I;16", "I", "F"):
                    wide = np.asarray(upright, dtype=np.float64)
                    top = max(float(wide.max()), 1.0)
                    grey = np.floor(wide / top * 255).astype(np.uint8)
                else:
                    grey = np.asarray(upright.convert("L"), dtype=np.uint8)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError,
            Image.DecompressionBombWarning) as error:  # fmt: skip
        raise RefusedError("not_decodable", "The picture is damaged or larger than any radiograph.") from error
    if min(grey.shape) < _LEAST_SIDE:
        raise RefusedError("too_small", "The picture is too small to be a radiograph.")
    return grey


@dataclass(frozen=True, slots=True)
class _Made:
    """What a file gives before it is known whether it may be used."""

    image: Presentable
    header: Dataset
    report: dict[str, Any]
    boxes: list[Box]
    uids: dict[str, str]
    sop_class: str
    key: bytes | None


def _taken_in(made: _Made, linking: Linking) -> UploadOutcome:
    image, boxes = made.image, made.boxes
    fields = deidentification.kept_fields(made.header, image)
    report = made.report | {"burned_in_text": "checked, some found" if boxes else "checked, none found"}
    outcome, code, reason = ("quarantined", "burned_in_text", _TEXT_FOUND) if boxes else ("accepted", "", "")
    return UploadOutcome(
        outcome, code, reason, linking, fields, report, PROFILE_VERSION, renditions.pixel_sha256(image),
        renditions.perceptual_hash(image), _renditions(made, fields), boxes,
    )  # fmt: skip


def _renditions(made: _Made, fields: dict[str, Any]) -> dict[str, bytes]:
    image = made.image
    codestream = renditions.full_depth(image)
    spacing = (fields["pixel_spacing_row_mm"], fields["pixel_spacing_column_mm"])
    source = renditions.source(image, spacing if spacing[0] and spacing[1] else None)
    clean = deidentification.clean_file(
        made.header, made.uids, made.sop_class, image, codestream, made.key, free_of_text=not made.boxes
    )
    return {
        "dicom": clean,
        "full_depth": codestream,
        "preview": renditions.preview(image),
        "thumbnail": renditions.thumbnail(image),
        "source": renditions.source_bytes(source),
    }
