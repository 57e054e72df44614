"""A zip archive is unpacked in the child process, within limits; each file in it has an outcome of its own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pytest_django import Settings

from annotations.imaging import archive as archives
from annotations.imaging.archive import ArchiveLimits, unpack
from annotations.imaging.models import IntakeFile
from annotations.imaging.receiving import Upload, receive_files
from annotations.imaging.services import process_intake_file
from common import storage
from common.encryption import decrypt
from studies.models import Study
from tests.factories import make_study, take_in
from tests.imaging_tests.archives import marked_as_encrypted, with_a_link, zipped
from tests.radiograph_files import dicom_file, picture_file, pixels

LIMITS = ArchiveLimits(one_file=1 << 20, all_files=4 << 20)


@pytest.fixture
def study(db: None) -> Study:
    return make_study()


def _codes(data: bytes, folder: Path, limits: ArchiveLimits = LIMITS) -> dict[str, str]:
    path = folder / "archive.zip"
    path.write_bytes(data)
    outcome = unpack(path, folder / "unpacked", limits)
    assert outcome.outcome == "unpacked", outcome.reason
    return {entry.name: entry.reason_code for entry in outcome.entries}


def _refusal(data: bytes, folder: Path, limits: ArchiveLimits = LIMITS) -> str:
    path = folder / "archive.zip"
    path.write_bytes(data)
    outcome = unpack(path, folder / "unpacked", limits)
    assert outcome.outcome == "refused"
    assert outcome.reason.endswith(".")
    assert outcome.entries == []
    return outcome.reason_code


@pytest.mark.parametrize("name", ["../evil.dcm", "a/../../evil.dcm", "/etc/evil.dcm", "..\\evil.dcm", "C:\\evil.dcm"])
def test_it_takes_nothing_whose_name_leads_out_of_the_archive(name: str, tmp_path: Path) -> None:
    codes = _codes(zipped({name: dicom_file(), "ok.dcm": dicom_file()}), tmp_path)
    assert codes.pop("ok.dcm") == ""
    assert list(codes.values()) == ["archive_name"]
    assert [path.name for path in (tmp_path / "unpacked").iterdir()] == ["00002.upload"]
    assert {path.name for path in tmp_path.iterdir()} == {"archive.zip", "unpacked"}


def test_it_takes_no_links_no_encrypted_and_no_swelling_files(tmp_path: Path) -> None:
    assert _codes(with_a_link("link.dcm", "/etc/passwd"), tmp_path) == {"link.dcm": "archive_link"}
    assert _codes(marked_as_encrypted(zipped({"a.dcm": b"x"})), tmp_path) == {"a.dcm": "archive_encrypted"}
    swelling = {"bomb": bytes(2 << 20), "large": bytes(range(256)) * (3 << 12)}
    wide = ArchiveLimits(one_file=2 << 20, all_files=64 << 20)
    assert _codes(zipped(swelling), tmp_path, wide) == {"bomb": "archive_ratio", "large": "too_large"}


def test_it_refuses_an_archive_that_is_empty_cut_or_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _refusal(zipped({}), tmp_path) == "archive_empty"
    whole = zipped({"a.dcm": dicom_file()})
    assert _refusal(whole[:-30], tmp_path) == "archive_damaged"
    assert _refusal(zipped({str(n): bytes(1 << 20) for n in range(5)}), tmp_path) == "archive_too_large"
    monkeypatch.setattr(archives, "MOST_ENTRIES", 2)
    assert _refusal(zipped({str(n): b"x" for n in range(3)}), tmp_path) == "archive_too_many"


def test_it_names_the_one_file_that_is_damaged_and_takes_the_others(tmp_path: Path) -> None:
    data = bytearray(zipped({"damaged.dcm": dicom_file(pixels(1)), "whole.dcm": dicom_file(pixels(2))}))
    data[200] ^= 0xFF
    assert _codes(bytes(data), tmp_path) == {"damaged.dcm": "archive_damaged", "whole.dcm": ""}
    assert len(list((tmp_path / "unpacked").iterdir())) == 1


def test_it_gives_every_file_of_an_archive_its_own_outcome(study: Study) -> None:
    files = {
        "ward/Jane_Doe.dcm": dicom_file(pixels(1)), "ward/two.png": picture_file("PNG", 2), "notes.txt": b"no picture",
        "inner.zip": zipped({"three.dcm": dicom_file(pixels(3))}), "../out.dcm": dicom_file(pixels(4)),
    }  # fmt: skip
    (archive,) = take_in(study, zipped(files))
    assert (archive.outcome, archive.status, archive.waiting_name) == ("unpacked", "succeeded", "")
    for entry in IntakeFile.objects.filter(archive=archive, outcome=""):
        process_intake_file(entry.pk, worker_name="a test")
    ends = {
        decrypt(file.name_encrypted): (file.outcome, file.reason_code)
        for file in IntakeFile.objects.filter(archive=archive)
    }
    assert ends == {
        "ward/Jane_Doe.dcm": ("accepted", ""),
        "ward/two.png": ("accepted", ""),
        "notes.txt": ("refused", "type_unknown"),
        "inner.zip": ("refused", "type_zip"),
        "out.dcm": ("refused", "archive_name"),
    }
    assert [path for path in (storage.storage_root() / "waiting").rglob("*") if path.is_file()] == []


def test_it_unpacks_anew_when_the_worker_was_killed_before_it_had_recorded_anything(study: Study) -> None:
    (archive,) = take_in(study, zipped({"one.dcm": dicom_file()}))
    # As a worker leaves it that was killed while it unpacked: files that no row names, and the row still to be done.
    left = storage.resolve(f"waiting/{archive.batch_id}/{'0' * 32}/00001.upload")
    left.parent.mkdir(parents=True)
    left.write_bytes(dicom_file())
    (entry,) = IntakeFile.objects.filter(archive=archive)
    assert not entry.waiting_name.endswith(f"{'0' * 32}/00001.upload")
    process_intake_file(entry.pk, worker_name="a test")
    entry.refresh_from_db()
    assert entry.outcome == "accepted"


def test_it_takes_an_archive_that_is_larger_than_a_single_file_may_be(study: Study, settings: Settings) -> None:
    noise = np.random.default_rng(1).integers(0, 4096, size=(4, 64, 48), dtype=np.uint16)
    data = zipped({f"{n}.dcm": dicom_file(picture) for n, picture in enumerate(noise)})
    settings.UPLOAD_LIMIT_BYTES = len(dicom_file()) + 100
    settings.ARCHIVE_LIMIT_BYTES = 5 * len(dicom_file())
    assert len(data) > settings.UPLOAD_LIMIT_BYTES
    (archive,) = take_in(study, data)
    assert archive.outcome == "unpacked"
    settings.ARCHIVE_LIMIT_BYTES = len(data) - 1
    refused = receive_files(study=study, uploads=[Upload("a.zip", data)], actor=None).files.get()
    assert (refused.outcome, refused.reason_code, refused.waiting_name) == ("refused", "too_large", "")
