"""Nothing that was planted in a file is found in anything that is made from it."""

from __future__ import annotations

import dataclasses
import io
import json

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from annotations.imaging.decoding import decode_frame
from annotations.imaging.outcome import UploadOutcome
from annotations.imaging.processing import process_bytes
from tests.radiograph_files import dicom_data, dicom_file, pixels, written

KEY = b"k" * 32
PLANT = "PLANTED"


def _planted() -> bytes:
    """A file with the plant in named, nested, private and unknown elements, in curves, overlays and the preamble."""
    data = dicom_data(
        PatientName=f"{PLANT}^Name", PatientID=f"{PLANT}-1", OtherPatientIDs=f"{PLANT}-2", PatientAddress=PLANT,
        InstitutionName=PLANT, ReferringPhysicianName=PLANT, OperatorsName=PLANT, StationName=PLANT,
        StudyDescription=PLANT, SeriesDescription=PLANT, ImageComments=PLANT, ProtocolName=PLANT,
        AccessionNumber=PLANT, StudyID=PLANT, DeviceSerialNumber=PLANT, Manufacturer=f"Siemens {PLANT}",
        BodyPartExamined=f"HIP {PLANT}", RequestedProcedureDescription=PLANT, PatientComments=PLANT,
        StudyDate="19771231", PatientBirthDate="19220314", AcquisitionDate="20200520", AcquisitionTime="031415.926",
        WindowCenterWidthExplanation=PLANT, VOILUTFunction="LINEAR", LossyImageCompressionMethod=PLANT,
        DerivationDescription=PLANT, BurnedInAnnotation="NO",
    )  # fmt: skip
    nested = Dataset()
    nested.PatientID = nested.CodeMeaning = PLANT
    data.RequestAttributesSequence = Sequence([nested])
    private = data.private_block(0x0009, PLANT, create=True)
    private.add_new(0x01, "LO", PLANT)
    private.add_new(0x02, "UN", PLANT.encode())
    data.add_new(0x50000010, "US", 1)
    data.add_new(0x60000022, "LO", PLANT)
    data.add_new(0x60003000, "OW", PLANT.encode() + b"\0")
    return PLANT.encode() + written(data)[len(PLANT) :] + PLANT.encode()


def _assert_nowhere(outcome: UploadOutcome, *forbidden: str) -> None:
    assert outcome.outcome == "accepted", outcome.reason
    # The linking is used in memory and never stored; the rest is.
    kept = json.dumps(dataclasses.asdict(dataclasses.replace(outcome, renditions={}))["fields"] | outcome.report)
    for text in forbidden:
        assert text not in kept
        for kind, data in outcome.renditions.items():
            assert text.encode() not in data, (text, kind)


def test_it_keeps_nothing_that_was_planted() -> None:
    original = dcmread(io.BytesIO(_planted()), force=True)
    uids = [str(original.SOPInstanceUID), str(original.StudyInstanceUID), str(original.SeriesInstanceUID)]
    outcome = process_bytes(_planted_as(original), key=KEY)
    _assert_nowhere(outcome, PLANT, "19771231", "19220314", "20200520", "031415", *uids, "1.2.826.0.1.3680043.8.498")


def _planted_as(original: Dataset) -> bytes:
    return PLANT.encode() + written(original)[len(PLANT) :]


def test_it_says_element_by_element_what_became_of_them_and_quotes_no_value() -> None:
    report = process_bytes(_planted(), key=KEY).report
    assert "PatientAddress" in report["dropped"]
    assert "RequestAttributesSequence" in report["dropped"]
    assert {"PatientName", "PatientID", "PixelData"} <= set(report["rebuilt"])
    assert {"SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID"} == set(report["replaced"])
    assert "BodyPartExamined" in report["value_not_allowed"]
    assert any(name.startswith("private (0009,") for name in report["dropped"])
    assert {"Modality", "ViewPosition", "ImageLaterality"} <= set(report["kept"])
    assert report["checked_against"].startswith("PS3.15")


def test_it_holds_only_elements_of_the_allow_list() -> None:
    from annotations.imaging.allow_list import ALLOWED

    clean = dcmread(io.BytesIO(process_bytes(_planted(), key=KEY).renditions["dicom"]))
    made_here = {
        "SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "ImageType", "PatientName",
        "PatientID", "StudyID", "AccessionNumber", "StudyDate", "StudyTime", "PatientBirthDate",
        "ReferringPhysicianName", "SeriesNumber", "InstanceNumber", "PatientIdentityRemoved", "DeidentificationMethod",
        "LongitudinalTemporalInformationModified", "Rows", "Columns", "SamplesPerPixel", "PhotometricInterpretation",
        "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation", "RescaleSlope", "RescaleIntercept",
        "RescaleType", "PresentationLUTShape", "WindowCenter", "WindowWidth", "VOILUTFunction", "PixelData",
        "BurnedInAnnotation",
    }  # fmt: skip
    assert {element.keyword for element in clean} <= made_here | set(ALLOWED)
    assert clean.PatientIdentityRemoved == "YES"
    assert [clean.get(k) for k in ("PatientName", "PatientID", "StudyDate", "PatientBirthDate")] == ["", "", "", ""]


def test_it_maps_uids_by_a_key_the_same_way_every_time() -> None:
    data = dicom_data()
    study = str(data.StudyInstanceUID)
    first, again = (dcmread(io.BytesIO(_clean(written(data), KEY))) for _ in range(2))
    assert first.StudyInstanceUID == again.StudyInstanceUID
    assert first.StudyInstanceUID != study
    assert first.StudyInstanceUID.startswith("2.25.")
    assert len(first.StudyInstanceUID) <= 64
    other_key = dcmread(io.BytesIO(_clean(written(data), b"x" * 32)))
    assert other_key.StudyInstanceUID != first.StudyInstanceUID


def test_it_keeps_images_of_one_study_together() -> None:
    first = dicom_data(pixels(1))
    second = dicom_data(pixels(2), StudyInstanceUID=first.StudyInstanceUID)
    clean = [dcmread(io.BytesIO(_clean(written(data), KEY))) for data in (first, second)]
    assert clean[0].StudyInstanceUID == clean[1].StudyInstanceUID
    assert clean[0].SOPInstanceUID != clean[1].SOPInstanceUID


def _clean(data: bytes, key: bytes) -> bytes:
    return process_bytes(data, key=key).renditions["dicom"]


def test_it_makes_a_file_that_holds_the_same_pixels() -> None:
    clean = dcmread(io.BytesIO(_clean(dicom_file(pixels(3)), KEY)))
    assert np.array_equal(decode_frame(clean, str(clean.file_meta.TransferSyntaxUID)), pixels(3))
    assert clean.file_meta.MediaStorageSOPInstanceUID == clean.SOPInstanceUID


def test_it_is_clean_when_it_is_taken_in_again() -> None:
    outcome = process_bytes(_planted(), key=KEY)
    again = process_bytes(outcome.renditions["dicom"], key=KEY)
    assert again.outcome == "accepted"
    assert again.pixel_sha256 == outcome.pixel_sha256
    assert set(again.report["dropped"]) <= {
        "StudyDate", "StudyTime", "AccessionNumber", "ReferringPhysicianName", "PatientBirthDate", "StudyID",
        "SeriesNumber", "InstanceNumber", "PatientIdentityRemoved", "DeidentificationMethod", "SOPClassUID",
        "LongitudinalTemporalInformationModified",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("keyword", "value", "kept"),
    [
        ("PatientAge", "091Y", "090Y"),
        ("PatientAge", "089Y", "089Y"),
        ("PatientAge", "PLANT", None),
        ("PatientSex", "F", "F"),
        ("PatientSex", "Jane", None),
        ("Manufacturer", "SIEMENS Healthineers serial 123", "Siemens"),
        ("Manufacturer", "Jane Doe Imaging", None),
        ("ViewPosition", "AP", "AP"),
        ("ViewPosition", "AP of Jane", None),
        ("ImageLaterality", "R", "R"),
        ("ImageLaterality", "right of Jane", None),
        ("KVP", "70", 70.0),
        ("KVP", "19220314", None),
    ],
)
def test_it_keeps_only_values_that_pass_their_check(keyword: str, value: str, kept: object) -> None:
    data = dicom_data()
    data.add_new(keyword, data[keyword].VR if keyword in data else "LO", value)
    clean = dcmread(io.BytesIO(_clean(written(data), KEY)))
    assert clean.get(keyword) == kept


def test_it_keeps_nothing_of_a_picture_but_its_pixels() -> None:
    grey = Image.fromarray((pixels(4) >> 4).astype(np.uint8))
    notes = PngInfo()
    notes.add_text("Comment", PLANT)
    png, jpeg = io.BytesIO(), io.BytesIO()
    grey.save(png, format="PNG", pnginfo=notes)
    exif = Image.Exif()
    exif[0x010E] = PLANT
    grey.save(jpeg, format="JPEG", exif=exif, comment=PLANT.encode(), quality=100)
    for data in (png.getvalue(), jpeg.getvalue()):
        assert PLANT.encode() in data
        _assert_nowhere(process_bytes(data + PLANT.encode(), key=KEY), PLANT)


def test_it_turns_a_picture_upright_as_its_exif_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    Image.fromarray((pixels(4) >> 4).astype(np.uint8)).save(buffer, format="JPEG", exif=exif)
    outcome = process_bytes(buffer.getvalue(), key=KEY)
    assert (outcome.fields["rows"], outcome.fields["columns"]) == (48, 64)
