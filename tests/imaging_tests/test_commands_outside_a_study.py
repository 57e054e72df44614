"""`manage.py deidentify` and `manage.py render`: the code of the intake, for files that belong to no study."""

from __future__ import annotations

import io
import json
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from PIL import Image
from pydicom import dcmread

from annotations.cohorts.identifiers import pseudonym
from annotations.imaging.decoding import decode_frame
from annotations.imaging.processing import parse_dicom
from annotations.imaging.rendering import presentable, render_8_bit
from tests.factories import make_study
from tests.radiograph_files import dicom_file, film, picture_file, pixels

PLANT = "PLANTED"


def _deidentify(source: Path, out: Path, *options: str) -> dict[str, Any]:
    told = StringIO()
    call_command("deidentify", source, out, "--json", *options, stdout=told)
    answer: dict[str, Any] = json.loads(told.getvalue())
    return answer


def _planted(seed: int, **elements: Any) -> bytes:
    return dicom_file(pixels(seed), PatientName=f"{PLANT}^Jane", InstitutionName=PLANT, **elements)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / f"{PLANT} folder"
    (folder / "ward").mkdir(parents=True)
    (folder / f"{PLANT}.dcm").write_bytes(_planted(1, PatientID="471108150815", AcquisitionDate="20200520"))
    (folder / "ward" / "two.dcm").write_bytes(_planted(2, PatientID="471108150815", AcquisitionDate="20200620"))
    (folder / "three.jpg").write_bytes(picture_file("JPEG", 3))
    return folder


def test_it_writes_clean_files_and_a_report_that_name_nobody(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "clean"
    told = _deidentify(folder, out)
    assert {file["outcome"] for file in told["files"]} == {"accepted"}
    written = {file["written"] for file in told["files"]}
    assert {path.name for path in out.iterdir()} == written | {"deidentification.json"}
    for path in out.iterdir():
        assert PLANT.encode() not in path.read_bytes()
        assert b"471108150815" not in path.read_bytes()
        assert b"20200520" not in path.read_bytes()
        assert PLANT not in path.name
    report = json.loads((out / "deidentification.json").read_text())
    assert report["profile_version"] == "lucency-1"
    assert [file["file"] for file in report["files"]] == ["file 1", "file 2", "file 3"]
    assert "InstitutionName" in report["files"][0]["report"]["dropped"]


def test_it_gives_one_patient_one_pseudonym_and_intervals_for_dates(folder: Path, tmp_path: Path) -> None:
    first, second = _deidentify(folder, tmp_path / "one"), _deidentify(folder, tmp_path / "two")
    assert first == second
    of_patient = [file for file in first["files"] if file["pseudonym"]]
    assert len({file["pseudonym"] for file in of_patient}) == 1
    assert [file["days_from_first"] for file in of_patient] == [0, 31]
    clean = dcmread(tmp_path / "one" / of_patient[0]["written"])
    assert (clean.PatientID, str(clean.PatientName)) == (of_patient[0]["pseudonym"],) * 2
    assert "outside any study" in first["identifiers"]


@pytest.mark.django_db
def test_it_uses_a_studys_pseudonyms_when_told_of_the_study(folder: Path, tmp_path: Path) -> None:
    study = make_study()
    told = _deidentify(folder, tmp_path / "clean", "--study", study.slug)
    assert {file["pseudonym"] for file in told["files"]} == {pseudonym(study, "471108150815"), ""}
    with pytest.raises(CommandError, match="There is no study"):
        _deidentify(folder, tmp_path / "clean", "--study", "nowhere")


def test_it_writes_nothing_that_is_not_proven_clean(tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    (source / "burned.dcm").write_bytes(dicom_file(film("DOGWOOD 4471902")))
    (source / "broken.dcm").write_bytes(dicom_file()[:300])
    told = StringIO()
    with pytest.raises(CommandError, match="2 of 2 files were not proven clean") as refusal:
        call_command("deidentify", source, out, "--json", stdout=told)
    assert refusal.value.returncode == 1
    ends = {file["file"]: (file["outcome"], file["written"]) for file in json.loads(told.getvalue())["files"]}
    assert ends == {"in/burned.dcm": ("quarantined", ""), "in/broken.dcm": ("refused", "")}
    assert "DOGWOOD" not in told.getvalue()
    assert not out.exists()


@pytest.mark.parametrize(("name", "kind"), [("clean.png", "PNG"), ("clean.jpg", "JPEG")])
def test_it_encodes_a_picture_anew(name: str, kind: str, tmp_path: Path) -> None:
    source = tmp_path / "in.jpg"
    exif = Image.Exif()
    exif[0x010E] = PLANT
    with Image.open(io.BytesIO(picture_file("JPEG", 4))) as picture:
        picture.save(source, format="JPEG", exif=exif, quality=95)
        before = np.asarray(picture, dtype=int)
    _deidentify(source, tmp_path / name)
    assert PLANT.encode() not in (tmp_path / name).read_bytes()
    with Image.open(tmp_path / name) as clean:
        assert clean.format == kind
        assert np.abs(np.asarray(clean, dtype=int) - before).mean() < 4


def test_it_says_that_a_dicom_file_does_not_become_a_picture(tmp_path: Path) -> None:
    (tmp_path / "in.dcm").write_bytes(dicom_file())
    with pytest.raises(CommandError, match="`render` makes a picture"):
        _deidentify(tmp_path / "in.dcm", tmp_path / "out.png")


def test_it_renders_exactly_what_the_renderer_gives(tmp_path: Path) -> None:
    data = dicom_file(pixels(5), WindowCenter=2000, WindowWidth=1500, PhotometricInterpretation="MONOCHROME1")
    (tmp_path / "in.dcm").write_bytes(data)
    call_command("render", tmp_path / "in.dcm", tmp_path / "out.png", stdout=StringIO())
    dataset, syntax = parse_dicom(data)
    with Image.open(tmp_path / "out.png") as picture:
        assert (picture.mode, picture.info) == ("L", {})
        assert np.array_equal(np.asarray(picture), render_8_bit(presentable(dataset, decode_frame(dataset, syntax))))


@pytest.mark.parametrize(
    ("data", "out", "message"),
    [(b"text and nothing else", "out.png", "neither DICOM"), (dicom_file(), "out.bmp", "must end in .png")],
)
def test_it_says_why_there_is_nothing_to_render(data: bytes, out: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(data)
    with pytest.raises(CommandError, match=message):
        call_command("render", tmp_path / "in", tmp_path / out)
    assert not (tmp_path / out).exists()
