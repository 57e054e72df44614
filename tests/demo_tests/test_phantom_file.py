"""The files: what real ones have, and nothing of it after intake."""

from __future__ import annotations

import dataclasses
import io

import numpy as np
import pydicom
import pytest

from annotations.imaging.decoding import decode_frame
from annotations.imaging.processing import process_bytes
from demo.phantom import phantom_dicom, planted_identifiers, render_phantom
from demo.phantom.machines import MACHINES
from tests.demo_tests.phantom_cases import PERSON, SITES, drawn_case


@pytest.mark.parametrize("site", SITES)
def test_it_passes_intake_which_loses_every_identifier(site: str) -> None:
    case = drawn_case(int(site[1:]), site=site)
    data = phantom_dicom(case, PERSON)
    assert all(text in data for text in planted_identifiers(PERSON))
    outcome = process_bytes(data, key=b"x" * 32)
    assert outcome.outcome == "accepted", outcome.reason
    assert outcome.fields["laterality"] == case.side
    assert outcome.fields["view"] == "AP"
    assert outcome.linking.patient_id == PERSON.patient_id
    for kind, rendition in outcome.renditions.items():
        assert not [text for text in planted_identifiers(PERSON) if text in rendition], kind


@pytest.mark.parametrize("site", ["S01", "S02", "S04", "S05", "S13"])
def test_it_stores_the_rendered_pixels_in_each_transfer_syntax(site: str) -> None:
    case = drawn_case(7, site=site)
    rendered = render_phantom(case)
    dataset = pydicom.dcmread(io.BytesIO(phantom_dicom(case, PERSON)))
    stored = decode_frame(dataset, str(dataset.file_meta.TransferSyntaxUID))
    assert np.array_equal(stored, rendered.pixels)
    assert dataset.PhotometricInterpretation == rendered.photometric
    assert min(stored.shape) >= 1200
    assert max(stored.shape) >= 1500
    assert stored.max() < 4096
    assert (dataset.BitsStored, dataset.BitsAllocated) == (12, 16)


def test_it_has_both_photometric_interpretations_several_makers_and_transfer_syntaxes() -> None:
    machines = MACHINES.values()
    assert set(MACHINES) == set(SITES)
    assert {machine.inverted for machine in machines} == {True, False}
    assert {machine.modality for machine in machines} == {"CR", "DX"}
    assert {machine.tells_magnification for machine in machines} == {True, False}
    assert len({machine.maker for machine in machines}) >= 6
    assert len({machine.transfer_syntax for machine in machines}) == 5


def test_it_gives_the_same_bytes_for_the_same_case_and_others_for_another_seed() -> None:
    case = drawn_case(5)
    assert phantom_dicom(case, PERSON) == phantom_dicom(case, PERSON)
    other = dataclasses.replace(case, seed=6)
    assert not np.array_equal(render_phantom(case).pixels, render_phantom(other).pixels)


def test_it_draws_typed_text_into_the_picture_and_nowhere_else() -> None:
    case = drawn_case(9)
    typed = dataclasses.replace(PERSON, burned_in="RAVENSCROFT W\n09.03.1941")
    plain, written = (process_bytes(phantom_dicom(case, header), key=b"x" * 32) for header in (PERSON, typed))
    assert (plain.outcome, written.outcome, written.reason_code) == ("accepted", "quarantined", "burned_in_text")
    assert plain.pixel_sha256 != written.pixel_sha256
    dataset = pydicom.dcmread(io.BytesIO(phantom_dicom(case, typed)))
    changed = decode_frame(dataset, str(dataset.file_meta.TransferSyntaxUID)) != render_phantom(case).pixels
    rows = np.nonzero(changed)[0]
    assert 500 < changed.sum() < 0.05 * changed.size
    assert rows.max() < 0.2 * changed.shape[0]
