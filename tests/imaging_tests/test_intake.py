from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.functions import Now
from pytest_django import Settings

from annotations.imaging.models import IntakeBatch, IntakeFile, Radiograph, Rendition
from annotations.imaging.receiving import Upload, receive_files
from annotations.imaging.services import process_intake_file
from common import jobs, storage
from common.encryption import decrypt
from common.errors import Invalid
from common.models import LEASE, AuditEvent
from studies.models import Role, Study
from tests.factories import client_of, make_member, make_study, take_in
from tests.messages import Messages
from tests.radiograph_files import dicom_file, picture_file, pixels

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(db: None) -> Study:
    return make_study()


def _waiting() -> list[Path]:
    return [path for path in (storage.storage_root() / "waiting").rglob("*") if path.is_file()]


def test_it_takes_a_dicom_file_a_png_and_a_jpeg(study: Study) -> None:
    files = take_in(study, dicom_file(pixels(1)), picture_file("PNG", 2), picture_file("JPEG", 3))
    assert [file.outcome for file in files] == ["accepted"] * 3
    assert [file.status for file in files] == ["succeeded"] * 3
    for file in files:
        kinds = {r.kind: r for r in Rendition.objects.filter(radiograph=file.radiograph)}
        assert set(kinds) == {"dicom", "full_depth", "preview", "thumbnail", "source"}
        for rendition in kinds.values():
            assert len(storage.read(rendition.name)) == rendition.size
    source = np.load(storage.resolve(Rendition.objects.get(radiograph=files[0].radiograph, kind="source").name))
    assert source.dtype == np.uint16


def test_it_keeps_no_original(study: Study) -> None:
    data = dicom_file(PatientName="Planted^Name")
    accepted, refused = take_in(study, data, b"not a radiograph, but Planted all the same, and long enough")
    assert (accepted.outcome, refused.outcome) == ("accepted", "refused")
    assert _waiting() == []
    assert (accepted.waiting_name, refused.waiting_name) == ("", "")
    for path in storage.storage_root().rglob("*"):
        assert path.is_dir() or b"Planted" not in path.read_bytes()


def test_it_shows_a_files_name_to_coordinators_and_keeps_it_encrypted(study: Study) -> None:
    upload = Upload("../../Jane_Doe.dcm", dicom_file())
    batch = receive_files(study=study, uploads=[upload], actor=None)
    file = IntakeFile.objects.get(batch=batch)
    assert b"Jane" not in bytes(file.name_encrypted)
    assert decrypt(file.name_encrypted) == "Jane_Doe.dcm"
    events = json.dumps(list(AuditEvent.objects.values_list("payload", "subject")))
    assert "Jane" not in events


def test_it_makes_one_radiograph_of_the_same_image_twice(study: Study) -> None:
    first, again = take_in(study, dicom_file(pixels(1)), dicom_file(pixels(1), PatientID="another"))
    assert first.radiograph == again.radiograph
    assert (first.is_duplicate, again.is_duplicate) == (False, True)
    assert Radiograph.objects.filter(study=study).count() == 1
    (elsewhere,) = take_in(make_study(), dicom_file(pixels(1)))
    assert elsewhere.radiograph != first.radiograph


def test_it_deals_with_each_of_two_equal_files_of_one_upload(study: Study) -> None:
    """The first to be done must not take away what the second still needs."""
    data = dicom_file()
    files = take_in(study, data, data)
    assert [(file.outcome, file.is_duplicate) for file in files] == [("accepted", False), ("accepted", True)]
    assert _waiting() == []
    receive_files(study=study, uploads=[Upload("a", data), Upload("b", data)], actor=None)
    assert len(_waiting()) == 2


def test_it_removes_the_original_that_a_worker_killed_at_the_last_moment_has_left(study: Study) -> None:
    batch = receive_files(
        study=study, uploads=[Upload("a", dicom_file()), Upload("b", picture_file("PNG"))], actor=None
    )
    first, second = IntakeFile.objects.filter(batch=batch).order_by("pk")
    IntakeFile.objects.filter(pk=first.pk).update(status="succeeded", outcome="refused")
    process_intake_file(second.pk, worker_name="a test")
    assert _waiting() == []


def test_it_leaves_a_file_whose_worker_was_killed_to_the_next(study: Study) -> None:
    batch = receive_files(study=study, uploads=[Upload("a.dcm", dicom_file())], actor=None)
    file = IntakeFile.objects.get(batch=batch)
    assert jobs.claim(IntakeFile, file.pk, worker_name="killed") is not None
    assert process_intake_file(file.pk, worker_name="too early") is None
    IntakeFile.objects.filter(pk=file.pk).update(lease_until=Now() - LEASE)
    assert jobs.waiting(IntakeFile) == [file.pk]
    done = process_intake_file(file.pk, worker_name="next")
    assert done is not None
    assert (done.outcome, done.attempts, done.worker_name) == ("accepted", 2, "next")
    assert process_intake_file(file.pk, worker_name="late") is None


def test_it_gives_up_on_a_file_that_has_taken_worker_after_worker_with_it(study: Study) -> None:
    batch = receive_files(study=study, uploads=[Upload("a.dcm", dicom_file())], actor=None)
    IntakeFile.objects.filter(batch=batch).update(attempts=5)
    file = process_intake_file(IntakeFile.objects.get(batch=batch).pk, worker_name="the sixth")
    assert file is not None
    assert (file.status, file.outcome, file.reason_code) == ("succeeded", "refused", "too_many_attempts")
    assert _waiting() == []


@pytest.mark.django_db(transaction=True)
def test_it_wakes_a_worker_for_each_file(messages: Messages) -> None:
    batch = receive_files(study=make_study(), uploads=[Upload("a", b"1"), Upload("b", b"2")], actor=None)
    ids = IntakeFile.objects.filter(batch=batch).order_by("pk").values_list("pk", flat=True)
    assert messages.in_queue("default") == [("imaging.process", {"file_id": pk}) for pk in ids]


def test_it_refuses_an_upload_of_nothing(study: Study) -> None:
    with pytest.raises(Invalid):
        receive_files(study=study, uploads=[], actor=None)
    assert not IntakeBatch.objects.exists()


def test_it_refuses_a_file_larger_than_the_limit_and_keeps_nothing_of_it(study: Study, settings: Settings) -> None:
    settings.UPLOAD_LIMIT_BYTES = 1000
    client = client_of(make_member(study, Role.COORDINATOR))
    body = {"files": [SimpleUploadedFile("large.dcm", b"x" * 1001)]}
    answer = client.post(f"/api/v1/studies/{study.slug}/intake", body, format="multipart")
    assert answer.status_code == 400
    assert answer.json()["details"] == [{"field": "files", "message": "too large"}]
    assert _waiting() == []
    assert not IntakeBatch.objects.exists()


def test_it_takes_uploads_from_the_page_and_says_what_became_of_them(study: Study) -> None:
    client = client_of(make_member(study, Role.COORDINATOR))
    address = f"/api/v1/studies/{study.slug}/intake"
    files = [SimpleUploadedFile("one.dcm", dicom_file()), SimpleUploadedFile("two.txt", b"text, and no more than that")]
    answer = client.post(address, {"files": files}, format="multipart")
    assert answer.status_code == 201
    body = answer.json()
    assert (body["file_count"], body["waiting"]) == (2, 2)
    for file in body["files"]:
        process_intake_file(file["id"], worker_name="a test")
    batch = client.get(f"{address}/{body['id']}").json()
    assert (batch["waiting"], batch["accepted"], batch["refused"]) == (0, 1, 1)
    assert [(file["name"], file["outcome"]) for file in batch["files"]] == [
        ("one.dcm", "accepted"), ("two.txt", "refused")
    ]  # fmt: skip
    assert batch["files"][1]["reason"] == "The file is neither DICOM nor JPEG nor PNG."
    assert client.get(address).json()[0]["id"] == body["id"]


def test_it_says_when_the_upload_has_no_file(study: Study) -> None:
    client = client_of(make_member(study, Role.COORDINATOR))
    answer = client.post(f"/api/v1/studies/{study.slug}/intake", {}, format="multipart")
    assert answer.status_code == 400
    assert answer.json()["details"][0]["field"] == "files"


def test_it_shows_radiographs_and_their_report_to_coordinators_of_the_study_alone(study: Study) -> None:
    (file,) = take_in(study, dicom_file())
    assert file.radiograph is not None
    address = f"/api/v1/studies/{study.slug}/radiographs/{file.radiograph.pk}"
    coordinator = client_of(make_member(study, Role.COORDINATOR))
    assert coordinator.get(address).json()["report"]["profile_version"]
    for kind in ("full_depth", "preview", "thumbnail"):
        assert coordinator.get(f"{address}/{kind}").status_code == 200
    for kind in ("dicom", "source", "nothing"):
        assert coordinator.get(f"{address}/{kind}").status_code == 404
    other = make_study()
    stranger = client_of(make_member(other, Role.COORDINATOR))
    assert stranger.get(address).status_code == 404
    assert stranger.get(address.replace(study.slug, other.slug)).status_code == 404
    assert AuditEvent.objects.filter(action="image_viewed", subject=f"radiograph:{file.radiograph.pk}").count() == 1
