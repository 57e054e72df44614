"""What is no plain radiograph is refused with a reason that quotes nothing of the file."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from annotations.imaging.processing import process_bytes
from tests.radiograph_files import compressed_file, dicom_data, dicom_file, picture_file, pixels, written

KEY = b"k" * 32
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
ENCAPSULATED_PDF = "1.2.840.10008.5.1.4.1.1.104.1"


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("../../outside.dcm", dicom_file())
    return buffer.getvalue()


def _without(keyword: str) -> bytes:
    data = dicom_data()
    delattr(data, keyword)
    return written(data)


def _claimed(rows: int, columns: int) -> bytes:
    return dicom_file(Rows=rows, Columns=columns)


def _encapsulated() -> bytes:
    return dicom_file(EncapsulatedDocument=b"%PDF-1.7", SOPClassUID=ENCAPSULATED_PDF)


REFUSALS: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "type_empty"),
    "text": (b"hello, I am no radiograph at all, I am only text that goes on", "type_unknown"),
    "zip": (_zip(), "type_zip"),
    "pdf": (b"%PDF-1.7 and so on", "type_pdf"),
    "encapsulated document": (_encapsulated(), "secondary_capture"),
    "secondary capture": (dicom_file(SOPClassUID=SECONDARY_CAPTURE), "secondary_capture"),
    "multi-frame secondary capture": (dicom_file(SOPClassUID=SECONDARY_CAPTURE + ".2"), "secondary_capture"),
    "computed tomography": (dicom_file(Modality="CT"), "modality"),
    "no modality": (dicom_file(Modality=""), "modality"),
    "several frames": (dicom_file(NumberOfFrames=2), "several_frames"),
    "rows and columns of a bomb": (_claimed(65535, 65535), "too_many_pixels"),
    "fewer pixels than claimed": (_claimed(640, 480), "pixels_cut"),
    "no rows": (_without("Rows"), "no_geometry"),
    "no columns": (dicom_file(Columns=0), "no_geometry"),
    "two samples": (dicom_file(SamplesPerPixel=2), "no_geometry"),
    "32 bits": (dicom_file(BitsAllocated=32), "bit_depth"),
    "more stored than allocated": (dicom_file(BitsStored=17), "bit_depth"),
    "high bit outside": (dicom_file(HighBit=20), "bit_depth"),
    "no pixels": (_without("PixelData"), "no_pixels"),
    "tiny": (dicom_file(pixels(rows=8, columns=8)), "too_small"),
    "even grey": (dicom_file(np.full((64, 48), 7, dtype=np.uint16)), "constant"),
    "unknown transfer syntax": (compressed_file(b"no video", "1.2.840.10008.1.2.4.100"), "transfer_syntax"),
    "jpeg without an end": (picture_file("JPEG")[:200], "not_decodable"),
    "png without an end": (picture_file("PNG")[:200], "not_decodable"),
    "pixels that are no jpeg": (compressed_file(b"no jpeg", "1.2.840.10008.1.2.4.50"), "not_decodable"),
}


@pytest.mark.parametrize(("data", "code"), REFUSALS.values(), ids=REFUSALS.keys())
def test_it_refuses_with_code_and_reason(data: bytes, code: str) -> None:
    outcome = process_bytes(data, key=KEY)
    assert outcome.outcome == "refused"
    if code:
        assert outcome.reason_code == code
    assert outcome.reason.endswith(".")
    assert "Nobody" not in outcome.reason
    assert outcome.renditions == {}
    assert outcome.linking.patient_id == ""


@pytest.mark.parametrize("length", [1, 64, 127, 131, 132, 140, 200, 400, 800])
def test_it_refuses_a_file_that_was_cut(length: int) -> None:
    whole = dicom_file()
    assert process_bytes(whole, key=KEY).outcome == "accepted"
    assert process_bytes(whole[:length], key=KEY).outcome == "refused"


@pytest.mark.parametrize("cut", [1, 100, 3000])
def test_it_refuses_pixels_that_were_cut(cut: int) -> None:
    assert process_bytes(dicom_file()[:-cut], key=KEY).outcome == "refused"


def test_it_survives_sequences_within_sequences() -> None:
    data = dicom_data()
    inner = Dataset()
    for _ in range(60):
        outer = Dataset()
        outer.ReferencedStudySequence = Sequence([inner])
        inner = outer
    data.ReferencedStudySequence = Sequence([inner])
    assert process_bytes(written(data), key=KEY).outcome in ("accepted", "refused")


def test_it_refuses_a_picture_that_unpacks_to_more_than_any_radiograph() -> None:
    buffer = io.BytesIO()
    Image.new("L", (14_500, 14_500)).save(buffer, format="PNG")
    assert len(buffer.getvalue()) < 2**20
    assert process_bytes(buffer.getvalue(), key=KEY).reason_code == "not_decodable"


@pytest.mark.parametrize("elements", [{"Rows": 64, "Columns": 49}, {"PixelRepresentation": 3}, {"BitsStored": 0}])
def test_it_never_crashes_on_a_header_that_contradicts_itself(elements: dict[str, Any]) -> None:
    assert process_bytes(dicom_file(**elements), key=KEY).outcome in ("accepted", "refused")


@pytest.mark.parametrize("seed", range(60))
def test_it_comes_to_an_outcome_whatever_bytes_are_damaged(seed: int) -> None:
    rng = np.random.default_rng(seed)
    data = bytearray(dicom_file(WindowCenter=2000, WindowWidth=1000))
    for place in rng.integers(132, 900, size=6):
        data[int(place)] = int(rng.integers(0, 256))
    assert process_bytes(bytes(data), key=KEY).outcome in ("accepted", "refused")
