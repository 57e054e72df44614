"""A full disk, a lost database, a killed worker: the file waits, nothing of it is lost, nothing is half-done."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.db.models.functions import Now
from pytest_django import Settings

from annotations.imaging.archive import ArchiveLimits, unpack
from annotations.imaging.models import IntakeFile, Radiograph, Rendition
from annotations.imaging.receiving import Upload, receive_files
from annotations.imaging.services import process_intake_file
from common import jobs, storage
from common.errors import Unavailable
from common.models import LEASE, AuditEvent
from studies.models import Study
from tests.factories import make_study, take_in
from tests.imaging_tests.archives import zipped
from tests.radiograph_files import dicom_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(db: None) -> Study:
    return make_study()


@pytest.fixture
def file(study: Study) -> IntakeFile:
    return receive_files(study=study, uploads=[Upload("a.dcm", dicom_file())], actor=None).files.get()


def _full_disk() -> Callable[[], None]:
    """Every flush to the disk fails until it is undone."""

    def fsync(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    patch = pytest.MonkeyPatch()
    patch.setattr(os, "fsync", fsync)
    return patch.undo


def _originals() -> list[Path]:
    return [storage.resolve(file.waiting_name) for file in IntakeFile.objects.exclude(waiting_name="")]


def test_a_file_waits_while_the_disk_is_full_and_is_taken_in_when_there_is_room(
    file: IntakeFile,
) -> None:
    make_room = _full_disk()
    for _ in range(7):  # more often than a file may take its worker with it
        waiting = process_intake_file(file.pk, worker_name="a test")
        assert waiting is not None
        assert (waiting.status, waiting.outcome, waiting.attempts) == ("queued", "", 0)
        assert "No space left on device" in waiting.progress_note
    make_room()
    assert not Radiograph.objects.exists()
    (original,) = _originals()
    assert original.exists()
    assert jobs.waiting(IntakeFile) == [file.pk]
    done = process_intake_file(file.pk, worker_name="a test")
    assert done is not None
    assert (done.status, done.outcome, done.progress_note) == ("succeeded", "accepted", "")


def test_an_upload_is_refused_in_words_while_the_disk_is_full(study: Study) -> None:
    make_room = _full_disk()
    with pytest.raises(Unavailable, match="No space left on device"):
        receive_files(study=study, uploads=[Upload("a.dcm", dicom_file())], actor=None)
    make_room()
    assert not IntakeFile.objects.exists()
    assert [path for path in (storage.storage_root() / "waiting").rglob("*") if path.is_file()] == []


def test_an_archive_waits_for_room_too(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"one.dcm": dicom_file()}))
    (tmp_path / "unpacked").mkdir()
    (tmp_path / "unpacked" / "00001.upload").symlink_to("/dev/full")
    outcome = unpack(tmp_path / "a.zip", tmp_path / "unpacked", ArchiveLimits(1 << 20, 1 << 20))
    assert (outcome.outcome, outcome.reason_code) == ("unavailable", "storage")
    assert "No space left" in outcome.reason


def test_a_file_waits_for_a_database_that_was_lost_when_it_was_done(
    file: IntakeFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*given: Any, **named: Any) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as patch:
        patch.setattr(jobs, "succeed", lost)
        with pytest.raises(OperationalError):
            process_intake_file(file.pk, worker_name="a test")
    assert not Radiograph.objects.exists()
    assert not Rendition.objects.exists()
    (original,) = _originals()
    assert original.exists()
    IntakeFile.objects.filter(pk=file.pk).update(lease_until=Now() - LEASE)
    done = process_intake_file(file.pk, worker_name="the next")
    assert done is not None
    assert done.outcome == "accepted"


def test_originals_are_kept_encrypted_apart_where_that_is_wanted(
    study: Study, settings: Settings, tmp_path: Path
) -> None:
    settings.KEEP_ORIGINALS = True
    data = dicom_file(PatientName="Planted^Name")
    (file,) = take_in(study, data)
    assert file.original_name.startswith("originals/")
    assert file.waiting_name == ""
    for path in storage.storage_root().rglob("*"):
        assert path.is_dir() or b"Planted" not in path.read_bytes()
    call_command("export_original", study.slug, file.pk, tmp_path / "back.dcm", stdout=io.StringIO())
    assert (tmp_path / "back.dcm").read_bytes() == data
    assert AuditEvent.objects.filter(action="original_exported", subject=f"intake_file:{file.pk}").count() == 1


def test_it_says_that_an_original_was_not_kept(study: Study, tmp_path: Path) -> None:
    (file,) = take_in(study, dicom_file())
    with pytest.raises(CommandError, match="was not kept"):
        call_command("export_original", study.slug, file.pk, tmp_path / "back.dcm")
    with pytest.raises(CommandError, match="has no file"):
        call_command("export_original", study.slug, 10**9, tmp_path / "back.dcm")
    assert not (tmp_path / "back.dcm").exists()
