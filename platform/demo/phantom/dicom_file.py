"""A phantom as a DICOM Part 10 file in its site's machine's manner, with identifiers where real files have them."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence as DicomSequence
from pydicom.uid import UID

from demo.phantom.case import PhantomCase, PhantomHeader, RenderedPhantom
from demo.phantom.machines import EXPLICIT, HTJ2K, IMPLICIT, JPEG_2000, JPEG_LOSSLESS, Machine
from demo.phantom.makers import add_private_blocks
from demo.phantom.marker import typed_text
from demo.phantom.render import render_phantom
from demo.phantom.scene import HEADER, Scene, build_scene, stream

_DX_FOR_PRESENTATION = "1.2.840.10008.5.1.4.1.1.1.1"
_CR = "1.2.840.10008.5.1.4.1.1.1"
_SOURCE_TO_DETECTOR_MM = 1150.0


def phantom_dicom(case: PhantomCase, header: PhantomHeader) -> bytes:
    """The file of one radiograph; equal arguments give equal bytes."""
    return file_of(case, header, render_phantom(case))


def file_of(case: PhantomCase, header: PhantomHeader, rendered: RenderedPhantom) -> bytes:
    """The file of a radiograph that is rendered already."""
    scene = build_scene(case)
    pixels = rendered.pixels
    if header.burned_in:
        pixels = pixels.copy()
        typed_text(pixels, header.burned_in, white=0 if scene.machine.inverted else 4095)
    data = Dataset()
    _person(data, header)
    _study(data, case, header, scene)
    _acquisition(data, case, scene)
    _nested(data, header)
    add_private_blocks(data, scene.machine, header)
    _picture(data, rendered, pixels, scene.machine.transfer_syntax, header)
    return _written(data, header, scene.machine)


def planted_identifiers(header: PhantomHeader) -> tuple[bytes, ...]:
    """Every string that identifies the invented person and stands somewhere in the file."""
    family, *given = header.patient_name.split("^")
    texts = [header.patient_name, header.patient_id, header.accession, header.referring, family, *given]
    dates = [header.birth_date.strftime("%Y%m%d"), header.acquired_on.strftime("%Y%m%d")]
    return tuple(text.encode() for text in dict.fromkeys([*texts, *dates]) if len(text) >= 4)


def _person(data: Dataset, header: PhantomHeader) -> None:
    data.PatientName, data.PatientID = header.patient_name, header.patient_id
    data.PatientBirthDate = header.birth_date.strftime("%Y%m%d")
    data.PatientSex = header.sex
    birth, day = header.birth_date, header.acquired_on
    years = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
    data.PatientAge = f"{years:03d}Y"
    data.PatientComments = f"Called {header.patient_name}, wants a copy"
    data.AdditionalPatientHistory = f"Sent by {header.referring}, pain on walking"
    other = Dataset()
    other.PatientID, other.TypeOfPatientID, other.IssuerOfPatientID = header.patient_id, "TEXT", "ARCHIVE"
    data.OtherPatientIDsSequence = DicomSequence([other])


def _study(data: Dataset, case: PhantomCase, header: PhantomHeader, scene: Scene) -> None:
    machine, day = scene.machine, header.acquired_on.strftime("%Y%m%d")
    rng = stream(case, HEADER)
    time = f"{rng.integers(7, 18):02d}{rng.integers(60):02d}{rng.integers(60):02d}"
    data.SOPClassUID = _CR if machine.modality == "CR" else _DX_FOR_PRESENTATION
    for keyword in ("SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID"):
        setattr(data, keyword, _uid(keyword, header.accession, case.seed, case.side))
    data.StudyDate = data.SeriesDate = data.AcquisitionDate = data.ContentDate = day
    data.StudyTime = data.SeriesTime = data.AcquisitionTime = data.ContentTime = time
    data.AccessionNumber, data.ReferringPhysicianName = header.accession, header.referring
    data.StudyID, data.SeriesNumber, data.InstanceNumber = header.accession[-6:], 1, 1
    data.Modality, data.Manufacturer, data.ManufacturerModelName = machine.modality, machine.maker, machine.model
    data.InstitutionName = f"Department of Radiology {case.site}"
    data.StationName, data.DeviceSerialNumber = f"XR{case.site[1:]}A", str(rng.integers(10_000, 99_999))
    data.OperatorsName = f"{scene.exposure.initials}^Technologist"
    data.StudyDescription = f"HIP {'RIGHT' if case.side == 'R' else 'LEFT'} AP"
    data.SoftwareVersions = f"V{rng.integers(2, 9)}.{rng.integers(10)} {header.accession}"
    data.PerformedProcedureStepDescription = f"Hip AP {header.patient_id}"


def _acquisition(data: Dataset, case: PhantomCase, scene: Scene) -> None:
    machine, exposure = scene.machine, scene.exposure
    data.BodyPartExamined, data.ViewPosition = "HIP", "AP"
    data.Laterality = case.side
    if machine.modality == "DX":
        data.ImageLaterality = case.side
        data.PresentationIntentType = "FOR PRESENTATION"
        data.PixelIntensityRelationship, data.PixelIntensityRelationshipSign = "LOG", -1 if machine.inverted else 1
    rng = stream(case, HEADER + 10)
    data.KVP = int(rng.choice((73, 75, 77, 80)))
    data.Exposure = max(1, round(18.0 * exposure.dose))
    data.ExposureTime, data.XRayTubeCurrent = max(1, round(60.0 * exposure.dose)), 320
    data.DistanceSourceToDetector = _SOURCE_TO_DETECTOR_MM
    spacing = [machine.spacing_mm, machine.spacing_mm]
    if machine.tells_magnification:
        data.EstimatedRadiographicMagnificationFactor = round(exposure.magnification, 3)
        data.DistanceSourceToPatient = round(_SOURCE_TO_DETECTOR_MM / exposure.magnification, 1)
    if machine.spacing_tag in ("imager", "both"):
        data.ImagerPixelSpacing = spacing
    if machine.spacing_tag in ("pixel", "both"):
        data.PixelSpacing = spacing
    if machine.spacing_tag == "both" and machine.tells_magnification:
        at_hip = round(machine.spacing_mm / exposure.magnification, 5)
        data.PixelSpacing, data.PixelSpacingCalibrationType = [at_hip, at_hip], "FIDUCIAL"


def _nested(data: Dataset, header: PhantomHeader) -> None:
    """Identifiers one and two sequences deep."""
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = "HIPAP", "99LOCAL", f"Hip for {header.referring}"
    request = Dataset()
    request.AccessionNumber, request.RequestedProcedureID = header.accession, header.accession
    request.RequestedProcedureDescription = f"Hip AP, {header.patient_name}"
    request.RequestedProcedureCodeSequence = DicomSequence([code])
    data.RequestAttributesSequence = DicomSequence([request])
    view = Dataset()
    view.CodeValue, view.CodingSchemeDesignator, view.CodeMeaning = "R-10206", "SNM3", "antero-posterior"
    view.ViewModifierCodeSequence = DicomSequence([code])
    data.ViewCodeSequence = DicomSequence([view])
    study = Dataset()
    study.ReferencedSOPClassUID = "1.2.840.10008.3.1.2.3.1"
    study.ReferencedSOPInstanceUID = _uid("referenced", header.patient_id)
    data.ReferencedStudySequence = DicomSequence([study])


def _picture(
    data: Dataset, rendered: RenderedPhantom, pixels: NDArray[np.uint16], syntax: str, header: PhantomHeader
) -> None:
    data.ImageType = ["ORIGINAL", "PRIMARY"]
    data.BurnedInAnnotation = "NO"
    data.ImageComments = f"{header.patient_name} {header.patient_id}"
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, rendered.photometric
    data.Rows, data.Columns = pixels.shape
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 16, 12, 11, 0
    data.RescaleIntercept, data.RescaleSlope, data.RescaleType = 0, 1, "US"
    data.WindowCenter, data.WindowWidth = rendered.window
    data.WindowCenterWidthExplanation = f"HIP {header.accession}"
    if data.Modality == "DX":
        data.PresentationLUTShape = "INVERSE" if rendered.photometric == "MONOCHROME1" else "IDENTITY"
        data.LossyImageCompression = "00"
    if syntax in (EXPLICIT, IMPLICIT):
        data.PixelData = pixels.tobytes()
        data["PixelData"].VR = "OW"
    else:
        data.PixelData = encapsulate([_codestream(pixels, syntax, header)])
        data["PixelData"].VR = "OB"
    data.add_new(0xFFFCFFFC, "OB", f"padding {header.patient_name}".encode().ljust(64, b"\0"))


def _codestream(pixels: NDArray[np.uint16], syntax: str, header: PhantomHeader) -> bytes:
    pixels = np.ascontiguousarray(pixels)
    encoded: Any
    if syntax == JPEG_LOSSLESS:
        encoded = bytes(imagecodecs.ljpeg_encode(pixels, bitspersample=12))
        note = f"{header.patient_name} {header.patient_id}".encode()
        return bytes(encoded[:2] + b"\xff\xfe" + (len(note) + 2).to_bytes(2, "big") + note + encoded[2:])
    if syntax == JPEG_2000:
        encoded = imagecodecs.jpeg2k_encode(pixels, codecformat="j2k", reversible=True, level=0, bitspersample=12)
        return bytes(encoded)
    assert syntax == HTJ2K
    return bytes(imagecodecs.htj2k_encode(pixels, reversible=True))


def _written(data: Dataset, header: PhantomHeader, machine: Machine) -> bytes:
    meta = FileMetaDataset()
    meta.FileMetaInformationVersion = b"\x00\x01"
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = UID(data.SOPClassUID), UID(data.SOPInstanceUID)
    meta.TransferSyntaxUID = UID(machine.transfer_syntax)
    meta.ImplementationClassUID = UID(_uid("implementation", machine.maker))
    meta.ImplementationVersionName = machine.model[:16].upper()
    meta.SourceApplicationEntityTitle = header.patient_id[:16]
    meta.PrivateInformationCreatorUID = UID(_uid("private", machine.maker))
    meta.PrivateInformation = f"exported for {header.patient_name}".encode()
    data.file_meta = meta
    data.preamble = f"{header.patient_name} {header.patient_id}".encode()[:128].ljust(128, b"\0")
    buffer = io.BytesIO()
    implicit = machine.transfer_syntax == IMPLICIT
    data.save_as(buffer, enforce_file_format=True, implicit_vr=implicit, little_endian=True)
    return buffer.getvalue()


def _uid(*parts: object) -> str:
    digest = hashlib.sha256("|".join(str(part) for part in parts).encode()).digest()
    return f"2.25.{int.from_bytes(digest[:15], 'big')}"
