"""A clean file is built, not cleaned: a new data set from the allow-list, new UIDs, new meta, re-encoded pixels."""

from __future__ import annotations

import hashlib
import hmac
import io
from typing import Any

from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, HTJ2KLossless

from annotations.imaging.allow_list import ALLOWED, PROFILE_VERSION, STANDARD, NotAllowedError
from annotations.imaging.rendering import Presentable

_DX_FOR_PRESENTATION = "1.2.840.10008.5.1.4.1.1.1.1"
_CR = "1.2.840.10008.5.1.4.1.1.1"
_KEPT_CLASSES = (_DX_FOR_PRESENTATION, _CR)
_IMPLEMENTATION = "2.25.294381093284019283740192837401928374"
# Made anew from the pixels; the old values never reach the new file.
_REBUILT = frozenset({
    "Rows", "Columns", "SamplesPerPixel", "PhotometricInterpretation", "BitsAllocated", "BitsStored", "HighBit",
    "PixelRepresentation", "PixelData", "WindowCenter", "WindowWidth", "VOILUTFunction", "RescaleSlope",
    "RescaleIntercept", "RescaleType", "PresentationLUTShape", "ImageType", "PatientName", "PatientID",
    "BurnedInAnnotation",
})  # fmt: skip
_REPLACED = {"SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID"}


def keyed_uid(key: bytes, uid: str) -> str:
    """The same UID gives the same new one within a study; without the key nobody finds the way back."""
    digest = hmac.new(key, uid.encode(), hashlib.sha256).digest()
    return f"2.25.{int.from_bytes(digest[:15], 'big')}"


def clean_header(original: Dataset) -> tuple[Dataset, dict[str, Any]]:
    """The allowed elements whose values pass, and a report by keyword that quotes no value.

    Returns:
        a data set without pixels and UIDs; the report with kept, replaced, rebuilt and dropped elements.
    """
    clean = Dataset()
    kept: list[str] = []
    refused: list[str] = []
    for keyword, check in ALLOWED.items():
        if keyword not in original:
            continue
        value = original.get(keyword)
        try:
            if value is None or value == "":
                raise NotAllowedError
            setattr(clean, keyword, check(value))
            kept.append(keyword)
        except NotAllowedError:
            refused.append(keyword)
    return clean, _report(original, kept, refused)


def _report(original: Dataset, kept: list[str], refused: list[str]) -> dict[str, Any]:
    dropped: list[str] = []
    replaced: list[str] = []
    rebuilt: list[str] = []
    for element in original:
        name = element.keyword or f"({element.tag.group:04X},{element.tag.element:04X})"
        if element.tag.is_private:
            name = f"private ({element.tag.group:04X},{element.tag.element:04X})"
        if name in kept:
            continue
        if name in _REPLACED:
            replaced.append(name)
        elif name in _REBUILT:
            rebuilt.append(name)
        else:
            dropped.append(name)
    return {
        "profile_version": PROFILE_VERSION,
        "checked_against": STANDARD,
        "kept": sorted(kept),
        "replaced": sorted(replaced),
        "rebuilt": sorted(rebuilt),
        "dropped": sorted(set(dropped)),
        "value_not_allowed": sorted(refused),
    }


def clean_file(
    header: Dataset, original_uids: dict[str, str], sop_class: str, image: Presentable, codestream: bytes,
    key: bytes | None, *, free_of_text: bool,
) -> bytes:  # fmt: skip
    """The bytes of a new DICOM file: preamble, meta and data set made here; pixels as HTJ2K, lossless.

    Args:
        header: from `clean_header`.
        original_uids: SOP, study and series instance UIDs of the original; a missing one is made from the pixels.
        sop_class: the original's class; DX for presentation when it is none of the two that are kept.
        image: what was decoded; describes the pixels.
        codestream: `image.pixels` as an HTJ2K codestream.
        key: the study's key for UIDs; None keeps them, for a file that was made here.
        free_of_text: whether burned-in text was looked for and none was found. What the original says of that is
            never believed.
    """
    data = Dataset()
    data.update(header)
    data.SOPClassUID = sop_class if sop_class in _KEPT_CLASSES else _DX_FOR_PRESENTATION
    fallback = hashlib.sha256(codestream).hexdigest()
    for keyword in ("SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID"):
        uid = original_uids.get(keyword) or f"{keyword}{fallback}"
        setattr(data, keyword, uid if key is None else keyed_uid(key, uid))
    data.ImageType = ["DERIVED", "PRIMARY"]
    data.PatientName = data.PatientID = data.StudyID = data.AccessionNumber = ""
    data.StudyDate = data.StudyTime = data.PatientBirthDate = data.ReferringPhysicianName = ""
    data.SeriesNumber = data.InstanceNumber = 1
    data.PatientIdentityRemoved = "YES"
    data.DeidentificationMethod = f"Lucency allow-list {PROFILE_VERSION}, checked against {STANDARD}"
    data.LongitudinalTemporalInformationModified = "REMOVED"
    if free_of_text:
        data.BurnedInAnnotation = "NO"
    _describe_pixels(data, image)
    data.PixelData = encapsulate([codestream])
    data["PixelData"].VR = "OB"
    return _written(data)


def with_pseudonym(clean: bytes, pseudonym: str) -> bytes:
    """A clean file of ours that bears a pseudonym as its patient's name and identifier, for use outside a study."""
    data = dcmread(io.BytesIO(clean))
    data.PatientName = data.PatientID = pseudonym
    return _written(data)


def _describe_pixels(data: Dataset, image: Presentable) -> None:
    data.Rows, data.Columns = image.pixels.shape
    data.SamplesPerPixel = 1
    data.PhotometricInterpretation = "MONOCHROME1" if image.inverted else "MONOCHROME2"
    data.BitsAllocated, data.PixelRepresentation = 16, 0
    data.BitsStored = 16 if image.pixels.max() >= 1 << image.bits else max(image.bits, 1)
    data.HighBit = data.BitsStored - 1
    data.RescaleSlope, data.RescaleIntercept, data.RescaleType = image.slope, image.intercept, "US"
    data.PresentationLUTShape = "INVERSE" if image.inverted else "IDENTITY"
    if image.center is not None and image.width is not None:
        data.WindowCenter, data.WindowWidth, data.VOILUTFunction = image.center, image.width, image.function


def _written(data: Dataset) -> bytes:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UID(data.SOPClassUID)
    meta.MediaStorageSOPInstanceUID = UID(data.SOPInstanceUID)
    meta.TransferSyntaxUID = HTJ2KLossless
    meta.ImplementationClassUID = UID(_IMPLEMENTATION)
    meta.ImplementationVersionName = "LUCENCY"
    data.file_meta = meta
    buffer = io.BytesIO()
    data.save_as(buffer, enforce_file_format=True, implicit_vr=False, little_endian=True)
    return buffer.getvalue()


def kept_fields(header: Dataset, image: Presentable) -> dict[str, Any]:
    """What the platform keeps beside the image: sides, view, millimetres with their kind, default window."""
    side = str(header.get("ImageLaterality") or header.get("Laterality") or "")
    row, column, kind = calibration(header)
    rows, columns = image.pixels.shape
    window = None
    if image.center is not None and image.width is not None and image.slope:
        window = ((image.center - image.intercept) / image.slope, image.width / abs(image.slope))
    return {
        "laterality": side if side in ("R", "L") else "",
        "view": str(header.get("ViewPosition") or ""),
        "rows": int(rows),
        "columns": int(columns),
        "bits_stored": image.bits,
        "pixel_spacing_row_mm": row,
        "pixel_spacing_column_mm": column,
        "spacing_kind": kind,
        "window_center": window[0] if window else (image.low + image.high) / 2,
        "window_width": window[1] if window else float(max(image.high - image.low, 1)),
        "manufacturer": str(header.get("Manufacturer") or ""),
        "fields": {
            "inverted": image.inverted != (image.slope < 0),
            "function": image.function,
            "low": image.low,
            "high": image.high,
            "body_part": str(header.get("BodyPartExamined") or ""),
            "modality": str(header.get("Modality") or ""),
            "sex": str(header.get("PatientSex") or ""),
            "age": str(header.get("PatientAge") or ""),
        },
    }


def calibration(header: Dataset) -> tuple[float | None, float | None, str]:
    """Millimetres a pixel and what they mean: calibrated, estimated, at_detector or none (PS3.3 10.7.1.3)."""
    spacing, detector = header.get("PixelSpacing"), header.get("ImagerPixelSpacing")
    if spacing and (header.get("PixelSpacingCalibrationType") or not detector):
        kind = "calibrated" if header.get("PixelSpacingCalibrationType") else "estimated"
        return float(spacing[0]), float(spacing[1]), kind
    if spacing and detector and [float(x) for x in spacing] != [float(x) for x in detector]:
        return float(spacing[0]), float(spacing[1]), "calibrated"
    at_detector = detector or spacing
    if not at_detector:
        return None, None, "none"
    magnification = header.get("EstimatedRadiographicMagnificationFactor")
    if not magnification and header.get("DistanceSourceToDetector") and header.get("DistanceSourceToPatient"):
        magnification = float(header.DistanceSourceToDetector) / float(header.DistanceSourceToPatient)
    if magnification and float(magnification) >= 1.0:
        factor = float(magnification)
        return float(at_detector[0]) / factor, float(at_detector[1]) / factor, "estimated"
    return float(at_detector[0]), float(at_detector[1]), "at_detector"
