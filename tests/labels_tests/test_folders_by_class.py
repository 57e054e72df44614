"""Pictures in a folder per class become cases whose labels say that nobody here has confirmed them."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from annotations.cohorts.models import Patient
from annotations.datasets.services import freeze_dataset_version
from annotations.datasets.split import RatioSplit
from annotations.imaging.models import IntakeFile, Radiograph
from annotations.labels.folder_import import value_of_name
from annotations.labels.models import Label
from studies.models import Membership, Role, Study
from tests.factories import client_of, make_member, make_person, make_study
from tests.radiograph_files import picture_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(db: None) -> Study:
    return make_study()


def _folder(root: Path, *, loose: str = "Loose", well_fixed: str = "well-fixed", each: int = 2) -> Path:
    folder = root / "set"
    for number, name in enumerate((loose, well_fixed)):
        (folder / name).mkdir(parents=True)
        for seed in range(each):
            kind = ("PNG", "JPEG")[seed % 2]
            (folder / name / f"{seed}.{kind.lower()}").write_bytes(picture_file(kind, 100 * number + seed))
    return folder


def _import(study: str, folder: Path, *options: str) -> dict[str, Any]:
    out = StringIO()
    call_command("import_folder", study, folder, "--json", *options, stdout=out)
    told: dict[str, Any] = json.loads(out.getvalue())
    return told


def test_it_makes_a_case_with_a_supplied_label_of_every_picture(study: Study, tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    (folder / "readme.txt").write_text("about")
    told = _import(study.slug, folder)
    assert {(row["label"], row["outcome"]): row["files"] for row in told["counts"]} == {
        ("loose", "accepted"): 2, ("well_fixed", "accepted"): 2
    }  # fmt: skip
    assert told["left_out"] == ["readme.txt"]
    labels = Label.objects.filter(study=study)
    assert (
        sorted(labels.values_list("value", "rung"))
        == [("loose", "as_supplied")] * 2 + [("well_fixed", "as_supplied")] * 2
    )
    for radiograph in Radiograph.objects.filter(study=study):
        assert radiograph.hip is not None
        assert (radiograph.hip.side, radiograph.link_problem) == ("U", "")
    assert Patient.objects.filter(study=study, origin="supplied").count() == 4


def test_it_shows_the_rung_to_coordinators_and_in_a_frozen_version(study: Study, tmp_path: Path) -> None:
    _import(study.slug, _folder(tmp_path, each=5))
    coordinator = client_of(make_member(study, Role.COORDINATOR))
    body = coordinator.get(f"/api/v1/studies/{study.slug}/labels").content.decode()
    assert body.count('"as_supplied"') >= 2
    split = RatioSplit(seed=1, validation=0.2, test=0.2)
    version = freeze_dataset_version(study=study, name="Supplied", split=split, actor=None)
    assert {case["rung"] for case in version.manifest["cases"]} == {"as_supplied"}
    assert len(version.manifest["cases"]) == 10


def test_it_repeats_nothing_when_it_is_run_again(study: Study, tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    _import(study.slug, folder)
    (folder / "Loose" / "new.png").write_bytes(picture_file("PNG", 77))
    again = _import(study.slug, folder)
    assert [file["name"] for file in again["files"] if not file["is_known"]] == ["Loose/new.png"]
    assert Label.objects.filter(study=study).count() == IntakeFile.objects.filter(batch__study=study).count() == 5


def test_it_takes_a_picture_that_lies_in_both_folders_from_neither(study: Study, tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    (folder / "well-fixed" / "twice.png").write_bytes((folder / "Loose" / "0.png").read_bytes())
    told = _import(study.slug, folder)
    refused = [file["name"] for file in told["files"] if file["outcome"] == "refused"]
    assert refused == ["Loose/0.png", "well-fixed/twice.png"]
    assert Label.objects.filter(study=study).count() == 3


@pytest.mark.parametrize(
    ("name", "value"),
    [("loose", "loose"), ("LOOSENED", "loose"), ("well_fixed", "well_fixed"), ("Well Fixed", "well_fixed"),
     ("not-loose", "well_fixed"), ("control", "well_fixed"), ("class_0", ""), ("", "")],
)  # fmt: skip
def test_it_recognises_the_names_people_give(name: str, value: str) -> None:
    assert value_of_name(name) == value


def test_it_is_told_which_folder_is_which(study: Study, tmp_path: Path) -> None:
    folder = _folder(tmp_path, loose="class_1", well_fixed="class_0")
    with pytest.raises(CommandError, match="name it with --loose; the folders are: class_0, class_1"):
        _import(study.slug, folder)
    with pytest.raises(CommandError, match="there is no folder “class_2”"):
        _import(study.slug, folder, "--loose", "class_2", "--well-fixed", "class_0")
    with pytest.raises(CommandError, match="both classes"):
        _import(study.slug, folder, "--loose", "class_1", "--well-fixed", "class_1")
    assert not Label.objects.exists()
    told = _import(study.slug, folder, "--loose", "class_1", "--well-fixed", "class_0")
    assert {file["label"] for file in told["files"] if file["name"].startswith("class_1")} == {"loose"}


def test_it_creates_the_study_for_its_administrator(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    with pytest.raises(CommandError, match="With --administrator EMAIL it is created"):
        _import("public-set", folder)
    person = make_person(email="who@example.org")
    _import("public-set", folder, "--administrator", person.email)
    assert Membership.objects.filter(study__slug="public-set", person=person, role=Role.ADMINISTRATOR).exists()
    assert Radiograph.objects.filter(study__slug="public-set").count() == 4


def test_it_says_what_cannot_be_read_and_imports_the_rest(study: Study, tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    (folder / "Loose" / "broken.png").write_bytes(picture_file("PNG", 5)[:50])
    told = _import(study.slug, folder)
    (broken,) = [file for file in told["files"] if file["name"] == "Loose/broken.png"]
    assert (broken["outcome"], bool(broken["reason"])) == ("refused", True)
    with pytest.raises(CommandError, match="There is no folder"):
        _import(study.slug, tmp_path / "nothing")


def test_it_takes_pictures_of_a_class_from_the_page(study: Study) -> None:
    client = client_of(make_member(study, Role.COORDINATOR))
    address = f"/api/v1/studies/{study.slug}/labelled-pictures"

    def send(value: str, *seeds: int, **more: Any) -> Any:
        files = [SimpleUploadedFile(f"set/{value}/{seed}.png", picture_file("PNG", seed)) for seed in seeds]
        return client.post(address, {"files": files, "value": value} | more, format="multipart")

    first = send("loose", 1, 2).json()
    assert (first["received"], first["known"], first["in_both_classes"]) == (2, 0, 0)
    second = send("well_fixed", 1, 3, batch=first["batch"]).json()
    assert (second["batch"], second["received"], second["in_both_classes"]) == (first["batch"], 1, 1)
    assert send("loose", 1).json()["known"] == 1
    assert send("not_confirmed", 9).status_code == 400
    assert sorted(Label.objects.values_list("value", "rung")) == [("loose", "as_supplied")] * 2 + [
        ("well_fixed", "as_supplied")
    ]
