"""A broken upload goes on where it was: known files are not sent again, large ones come in pieces."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.db.models.functions import Now
from pytest_django import Settings
from rest_framework.test import APIClient

from annotations.imaging import partial_uploads
from annotations.imaging.models import IntakeFile, PartialUpload
from annotations.imaging.services import process_intake_file
from common import storage
from common.encryption import decrypt
from common.errors import Unavailable
from studies.models import Role, Study
from tests.factories import client_of, make_member, make_study, take_in
from tests.imaging_tests.archives import zipped
from tests.radiograph_files import dicom_file, pixels

pytestmark = pytest.mark.django_db
FINGERPRINT = "ab" * 32


@pytest.fixture
def study(db: None) -> Study:
    return make_study()


@pytest.fixture
def client(study: Study) -> APIClient:
    return client_of(make_member(study, Role.COORDINATOR))


def _begin(client: APIClient, study: Study, data: bytes, **changed: Any) -> Any:
    body = {"name": "ward/export.zip", "size": len(data), "fingerprint": FINGERPRINT} | changed
    return client.post(f"/api/v1/studies/{study.slug}/intake/pieces", body, format="json")


def _piece(client: APIClient, study: Study, upload: int, offset: int, data: bytes) -> Any:
    address = f"/api/v1/studies/{study.slug}/intake/pieces/{upload}?offset={offset}"
    return client.put(address, data, content_type="application/octet-stream")


def _left_pieces() -> list[Path]:
    folder = storage.storage_root() / "waiting" / "partial"
    return list(folder.iterdir()) if folder.exists() else []


def test_it_says_which_bytes_are_here_already(study: Study, client: APIClient) -> None:
    known, refused, unknown = dicom_file(pixels(1)), b"no picture, only text", dicom_file(pixels(2))
    take_in(study, known, refused)
    hashes = [hashlib.sha256(data).hexdigest() for data in (known, refused, unknown)]
    answer = client.post(f"/api/v1/studies/{study.slug}/intake/known", {"sha256": hashes}, format="json")
    assert answer.json() == [{"sha256": hashes[0], "outcome": "accepted"}]
    other = make_study()
    elsewhere = client_of(make_member(other, Role.COORDINATOR))
    assert elsewhere.post(f"/api/v1/studies/{other.slug}/intake/known", {"sha256": hashes}, format="json").json() == []


def test_it_puts_a_file_together_from_pieces(
    study: Study, client: APIClient, django_capture_on_commit_callbacks: Any
) -> None:
    data = zipped({"one.dcm": dicom_file(pixels(1)), "two.dcm": dicom_file(pixels(2))})
    begun = _begin(client, study, data).json()
    assert begun["received"] == 0
    first = _piece(client, study, begun["id"], 0, data[:100]).json()
    assert (first["received"], first["is_whole"]) == (100, False)
    with django_capture_on_commit_callbacks(execute=True):
        last = _piece(client, study, begun["id"], 100, data[100:]).json()
    assert (last["received"], last["is_whole"]) == (len(data), True)
    file = IntakeFile.objects.get(batch_id=begun["batch"])
    assert file.upload_hash == hashlib.sha256(data).hexdigest()
    assert decrypt(file.name_encrypted) == "ward/export.zip"
    assert not PartialUpload.objects.exists()
    assert _left_pieces() == []
    processed = process_intake_file(file.pk, worker_name="a test")
    assert processed is not None
    assert (processed.outcome, processed.entries.count()) == ("unpacked", 2)


def test_it_goes_on_where_a_closed_browser_was(study: Study, client: APIClient) -> None:
    data = bytes(range(256)) * 40
    begun = _begin(client, study, data).json()
    _piece(client, study, begun["id"], 0, data[:5000])
    again = _begin(client, study, data).json()
    assert (again["id"], again["batch"], again["received"]) == (begun["id"], begun["batch"], 5000)
    assert _piece(client, study, again["id"], 5000, data[5000:]).json()["is_whole"] is True


def test_it_takes_no_piece_that_begins_elsewhere_and_no_more_than_was_said(study: Study, client: APIClient) -> None:
    data = bytes(1000)
    upload = _begin(client, study, data).json()["id"]
    assert _piece(client, study, upload, 10, data[10:20]).status_code == 409
    assert _piece(client, study, upload, 0, data + b"more").status_code == 400
    assert _begin(client, study, data).json()["received"] <= len(data)
    assert not IntakeFile.objects.exists()


def test_it_refuses_what_is_larger_than_it_takes(study: Study, client: APIClient, settings: Settings) -> None:
    settings.UPLOAD_LIMIT_BYTES, settings.ARCHIVE_LIMIT_BYTES = 1000, 4000
    assert _begin(client, study, bytes(4001)).status_code == 400
    data = dicom_file()[:1500]
    upload = _begin(client, study, data).json()["id"]
    answer = _piece(client, study, upload, 0, data)
    assert (answer.status_code, answer.json()["details"]) == (400, [{"field": "files", "message": "too large"}])
    assert _left_pieces() == []


def test_it_keeps_what_has_come_when_the_disk_is_full(study: Study, client: APIClient) -> None:
    data = bytes(1000)
    upload = PartialUpload.objects.get(pk=_begin(client, study, data).json()["id"])
    path = storage.resolve(upload.part_name)
    path.unlink()
    path.symlink_to("/dev/full")
    with pytest.raises(Unavailable, match="No space left"):
        partial_uploads.receive_piece(upload=upload, offset=0, chunks=[data])
    assert PartialUpload.objects.filter(pk=upload.pk).exists()


def test_it_hides_an_upload_from_everybody_else(study: Study, client: APIClient) -> None:
    upload = _begin(client, study, bytes(10)).json()["id"]
    colleague = client_of(make_member(study, Role.COORDINATOR))
    assert _piece(colleague, study, upload, 0, b"x").status_code == 404
    assert _begin(colleague, study, bytes(10)).json()["id"] != upload


def test_it_forgets_what_nobody_has_gone_on_with(study: Study, client: APIClient) -> None:
    old = _begin(client, study, bytes(10)).json()["id"]
    PartialUpload.objects.filter(pk=old).update(begun_at=Now() - partial_uploads._KEPT_FOR * 2)
    _begin(client, study, bytes(20), fingerprint="cd" * 32)
    assert not PartialUpload.objects.filter(pk=old).exists()
    assert len(_left_pieces()) == 1
