"""Text that names a patient sends a radiograph into quarantine; markers, initials and positions do not."""

from __future__ import annotations

import dataclasses
import io
import json
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from pydicom import dcmread

from annotations.imaging.outcome import UploadOutcome
from annotations.imaging.processing import mask_bytes, process_bytes
from demo.phantom import PhantomCase, PhantomHeader
from demo.phantom.dicom_file import phantom_dicom
from tests.radiograph_files import dicom_file, film, typed_on

KEY = b"k" * 32
CASE = PhantomCase(seed=11, side="R", loose=False, component="", site="S01")
PERSON = PhantomHeader("4471902", "Larch^Tove", date(1948, 3, 12), "F", date(2020, 5, 20), "A1", "Fir^Jon^^Dr")


def _outcome(text: str, **elements: str) -> UploadOutcome:
    return process_bytes(dicom_file(film(text), **elements), key=KEY)


@pytest.mark.parametrize("grey", [4095, 0, 3000])
@pytest.mark.parametrize("size", [0.7, 1.3])
def test_it_finds_white_dark_and_grey_text_of_any_size(grey: int, size: float) -> None:
    outcome = process_bytes(dicom_file(film("DOGWOOD 4471902", grey=grey, size=size)), key=KEY)
    assert (outcome.outcome, outcome.reason_code) == ("quarantined", "burned_in_text")


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_it_finds_text_that_stands_on_its_side_or_head(turns: int) -> None:
    turned = np.rot90(film("DOGWOOD 4471902"), turns)
    assert process_bytes(dicom_file(turned), key=KEY).outcome == "quarantined"


def test_it_finds_text_that_the_default_window_hides() -> None:
    dark = film()
    dark[dark > 1000] -= 1000
    data = dicom_file(typed_on(dark, "DOGWOOD 4471902", grey=3800), WindowCenter=100, WindowWidth=100)
    assert process_bytes(data, key=KEY).outcome == "quarantined"


def test_it_finds_text_in_a_picture_without_a_header() -> None:
    buffer = io.BytesIO()
    Image.fromarray((film("DOGWOOD 4471902") >> 4).astype(np.uint8)).save(buffer, format="PNG")
    assert process_bytes(buffer.getvalue(), key=KEY).outcome == "quarantined"


@pytest.mark.parametrize("text", ["", "R", "L EF", "LINKS", "STEHEND", "RIGHT AP", "SUPINE L"])
def test_it_lets_markers_initials_and_position_words_pass(text: str) -> None:
    outcome = _outcome(text)
    assert (outcome.outcome, outcome.boxes) == ("accepted", [])
    assert outcome.report["burned_in_text"] == "checked, none found"


def test_it_does_not_take_a_patients_name_for_a_position_word() -> None:
    assert _outcome("LINKS").outcome == "accepted"
    assert _outcome("LINKS", PatientName="Links^Jon").outcome == "quarantined"


def test_it_finds_the_box_of_the_text_and_tells_nobody_what_it_says() -> None:
    outcome = _outcome("DOGWOOD 4471902", PatientName="Dogwood^Kai", PatientID="4471902")
    (top, left, bottom, right), *others = outcome.boxes
    assert others == []
    assert 440 <= top < 500 <= bottom <= 560
    assert left <= 62
    assert 380 <= right <= 520
    told = json.dumps([outcome.reason, outcome.report, outcome.fields]).upper()
    assert "DOGWOOD" not in told
    assert "4471902" not in told


def test_it_says_that_a_picture_is_free_of_text_only_after_the_check() -> None:
    clean, full = (_outcome(text, BurnedInAnnotation="NO") for text in ("", "DOGWOOD 4471902"))
    assert dcmread(io.BytesIO(clean.renditions["dicom"])).BurnedInAnnotation == "NO"
    assert "BurnedInAnnotation" not in dcmread(io.BytesIO(full.renditions["dicom"]))
    assert "BurnedInAnnotation" not in clean.report["kept"]
    assert full.report["burned_in_text"] == "checked, some found"


def test_it_finds_nothing_under_the_mask_and_keeps_every_other_pixel() -> None:
    found = _outcome("DOGWOOD 4471902")
    masked = mask_bytes(found.renditions["dicom"], found.boxes)
    assert (masked.outcome, masked.boxes) == ("accepted", [])
    before, after = (dcmread(io.BytesIO(outcome.renditions["dicom"])) for outcome in (found, masked))
    assert after.BurnedInAnnotation == "NO"
    assert after.StudyInstanceUID == before.StudyInstanceUID
    ((top, left, bottom, right),) = found.boxes
    rest = np.ones((1200, 900), bool)
    rest[top:bottom, left:right] = False
    one, other = (_pixels(outcome) for outcome in (found, masked))
    assert np.array_equal(one[rest], other[rest])
    assert len(np.unique(other[~rest])) == 1


def _pixels(outcome: UploadOutcome) -> NDArray[np.uint16]:
    import imagecodecs

    return np.asarray(imagecodecs.htj2k_decode(outcome.renditions["full_depth"]), dtype=np.uint16)


def test_it_finds_text_that_the_mask_left_out() -> None:
    found = _outcome("DOGWOOD 4471902")
    masked = mask_bytes(found.renditions["dicom"], [(0, 0, 40, 40)])
    assert masked.outcome == "quarantined"
    assert masked.boxes


def test_it_tells_a_phantom_with_typed_text_from_one_with_a_marker() -> None:
    typed = dataclasses.replace(PERSON, burned_in="LARCH TOVE\n12.03.1948")
    assert process_bytes(phantom_dicom(CASE, PERSON), key=KEY).outcome == "accepted"
    outcome = process_bytes(phantom_dicom(CASE, typed), key=KEY)
    assert outcome.outcome == "quarantined"
    assert len(outcome.boxes) == 2
