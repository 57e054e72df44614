"""`manage.py ingest`: files, folders and archives of this machine; run again, it goes on and repeats nothing."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from annotations.imaging.models import IntakeBatch, IntakeFile, Radiograph
from annotations.imaging.receiving import Upload, receive_files
from common import jobs, storage
from studies.models import Study
from tests.factories import make_study
from tests.imaging_tests.archives import zipped
from tests.radiograph_files import dicom_file, picture_file, pixels

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(db: None) -> Study:
    return make_study()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "export"
    (folder / "ward").mkdir(parents=True)
    (folder / "ward" / "one.dcm").write_bytes(dicom_file(pixels(1)))
    (folder / "two.png").write_bytes(picture_file("PNG", 2))
    (folder / "notes.txt").write_bytes(b"no picture at all")
    (folder / "more.zip").write_bytes(zipped({"three.dcm": dicom_file(pixels(3)), "again.dcm": dicom_file(pixels(1))}))
    return folder


def _ingest(study: Study, *paths: Path, **options: Any) -> dict[str, Any]:
    out = StringIO()
    call_command("ingest", study.slug, *paths, "--json", workers=1, stdout=out, **options)
    told: dict[str, Any] = json.loads(out.getvalue())
    return told


def test_it_tells_file_by_file_what_became_of_it(study: Study, folder: Path) -> None:
    told = _ingest(study, folder)
    ends = {file["name"]: (file["outcome"], file["is_duplicate"]) for file in told["files"]}
    # In the order of their names, so the archive's copy comes first.
    assert ends == {
        "export/ward/one.dcm": ("accepted", True), "export/two.png": ("accepted", False),
        "export/notes.txt": ("refused", False), "export/more.zip": ("unpacked", False),
        "export/more.zip/three.dcm": ("accepted", False), "export/more.zip/again.dcm": ("accepted", False),
    }  # fmt: skip
    assert told["counts"] == {"accepted": 4, "quarantined": 0, "refused": 1, "unpacked": 1, "waiting": 0}
    assert Radiograph.objects.filter(study=study).count() == 3
    assert all(file["reason"] for file in told["files"] if file["outcome"] == "refused")


def test_it_repeats_nothing_when_it_is_run_again(study: Study, folder: Path) -> None:
    first = _ingest(study, folder)
    again = _ingest(study, folder)
    assert again["batch"] is None
    assert all(file["is_known"] for file in again["files"])
    assert again["counts"] == first["counts"]
    assert IntakeBatch.objects.filter(study=study).count() == 1
    refused = _ingest(study, folder, again=True)
    assert [file["name"] for file in refused["files"] if not file["is_known"]] == ["export/notes.txt"]


def test_it_goes_on_with_what_a_killed_run_has_received(study: Study, folder: Path) -> None:
    data = (folder / "ward" / "one.dcm").read_bytes()
    batch = receive_files(study=study, uploads=[Upload("one.dcm", data)], actor=None)
    told = _ingest(study, folder / "ward")
    assert [(file["outcome"], file["is_known"]) for file in told["files"]] == [("accepted", False)]
    assert IntakeFile.objects.filter(batch__study=study).count() == 1
    assert batch.files.get().outcome == "accepted"


def test_it_leaves_a_file_alone_that_another_worker_is_at(study: Study, folder: Path) -> None:
    data = (folder / "ward" / "one.dcm").read_bytes()
    file = receive_files(study=study, uploads=[Upload("one.dcm", data)], actor=None).files.get()
    assert jobs.claim(IntakeFile, file.pk, worker_name="another") is not None
    with pytest.raises(CommandError, match="1 files wait, nothing is lost"):
        _ingest(study, folder / "ward")
    assert IntakeFile.objects.get(pk=file.pk).worker_name == "another"


@pytest.mark.django_db(transaction=True)
def test_it_reads_several_files_at_a_time(study: Study, folder: Path) -> None:
    out = StringIO()
    call_command("ingest", study.slug, folder / "ward", folder / "two.png", workers=2, stdout=out)
    *lines, counts = out.getvalue().splitlines()
    assert sorted(line.split(":")[0] for line in lines) == ["accepted    two.png", "accepted    ward/one.dcm"]
    assert counts == "2 accepted."


def test_it_leaves_the_files_on_this_machine_as_they_are(study: Study, folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    _ingest(study, folder)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert [path for path in (storage.storage_root() / "waiting").rglob("*") if path.is_file()] == []


def test_it_says_what_is_wrong_with_its_arguments(study: Study, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no study"):
        call_command("ingest", "nowhere", tmp_path)
    with pytest.raises(CommandError, match="There is no file or folder"):
        _ingest(study, tmp_path / "nothing")
    with pytest.raises(CommandError, match="There is no file in what was named"):
        _ingest(study, tmp_path)
    assert not IntakeBatch.objects.exists()
