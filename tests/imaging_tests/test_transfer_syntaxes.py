"""However the pixels are packed, the same picture comes out."""

from __future__ import annotations

import io

import imagecodecs
import numpy as np
import pytest
from pydicom.pixels.encoders import RLELosslessEncoder  # type: ignore[attr-defined]
from pydicom.uid import ExplicitVRBigEndian, ImplicitVRLittleEndian

from annotations.imaging.decoding import decode_frame
from annotations.imaging.processing import parse_dicom, process_bytes
from tests.radiograph_files import compressed_file, dicom_data, dicom_file, pixels

PICTURE = pixels(5)
EIGHT = (PICTURE >> 4).astype(np.uint8)


def _run_lengths() -> bytes:
    return RLELosslessEncoder.encode(
        PICTURE, rows=64, columns=48, samples_per_pixel=1, bits_allocated=16, bits_stored=12, pixel_representation=0,
        photometric_interpretation="MONOCHROME2", number_of_frames=1,
    )  # fmt: skip


PACKED = {
    "JPEG lossless": ("1.2.840.10008.1.2.4.70", imagecodecs.ljpeg_encode(PICTURE, bitspersample=12)),
    "JPEG-LS": ("1.2.840.10008.1.2.4.80", imagecodecs.jpegls_encode(PICTURE)),
    "JPEG 2000": ("1.2.840.10008.1.2.4.90", imagecodecs.jpeg2k_encode(PICTURE, level=0, codecformat="j2k")),
    "HTJ2K": ("1.2.840.10008.1.2.4.201", imagecodecs.htj2k_encode(PICTURE, reversible=True)),
    "RLE": ("1.2.840.10008.1.2.5", _run_lengths()),
}


@pytest.mark.parametrize(("syntax", "stream"), PACKED.values(), ids=PACKED.keys())
def test_it_unpacks_without_loss(syntax: str, stream: bytes) -> None:
    dataset, read_syntax = parse_dicom(compressed_file(bytes(stream), syntax, PICTURE))
    assert read_syntax == syntax
    assert np.array_equal(decode_frame(dataset, syntax), PICTURE)


def test_it_unpacks_jpeg() -> None:
    stream = bytes(imagecodecs.jpeg8_encode(EIGHT, level=100))
    dataset, syntax = parse_dicom(compressed_file(stream, "1.2.840.10008.1.2.4.50", EIGHT))
    difference = decode_frame(dataset, syntax).astype(int) - EIGHT
    assert np.abs(difference).max() <= 4


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRBigEndian])
def test_it_reads_other_byte_orders(syntax: str) -> None:
    data = dicom_data(PICTURE)
    little = syntax != ExplicitVRBigEndian
    data.PixelData = PICTURE.astype("<u2" if little else ">u2").tobytes()
    data["PixelData"].VR = "OW"
    buffer = io.BytesIO()
    data.save_as(buffer, implicit_vr=syntax == ImplicitVRLittleEndian, little_endian=little)
    dataset, _ = parse_dicom(buffer.getvalue())
    assert np.array_equal(decode_frame(dataset, syntax), PICTURE)


def test_it_reads_a_file_without_preamble_and_meta() -> None:
    data = dicom_data(PICTURE)
    data["PixelData"].VR = "OW"
    buffer = io.BytesIO()
    data.save_as(buffer, implicit_vr=True, little_endian=True)
    assert process_bytes(buffer.getvalue(), key=b"k" * 32).outcome == "accepted"


def test_it_gives_one_hash_to_one_exposure_however_it_is_packed() -> None:
    hashes = {
        process_bytes(compressed_file(bytes(stream), syntax, PICTURE), key=b"k" * 32).pixel_sha256
        for syntax, stream in PACKED.values()
    }
    assert hashes == {process_bytes(dicom_file(PICTURE), key=b"k" * 32).pixel_sha256}


def test_it_refuses_a_frame_of_another_size_than_the_header_says() -> None:
    stream = bytes(imagecodecs.jpegls_encode(PICTURE))
    outcome = process_bytes(compressed_file(stream, "1.2.840.10008.1.2.4.80", pixels(rows=128)), key=b"k" * 32)
    assert outcome.reason_code == "pixels_do_not_fit"
