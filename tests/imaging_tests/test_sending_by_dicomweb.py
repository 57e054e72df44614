"""Another machine sends by STOW-RS, with a token of the study that can do nothing else."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from annotations.imaging import stow
from annotations.imaging.models import IntakeBatch, IntakeFile, SendingToken
from annotations.imaging.related_parts import BrokenBodyError, boundary_of, related_parts
from annotations.imaging.sending_tokens import create_token
from annotations.imaging.services import process_intake_file
from common.models import AuditEvent
from studies.models import Role, Study
from tests.factories import client_of, make_member, make_study
from tests.radiograph_files import dicom_data, dicom_file, pixels, written

pytestmark = pytest.mark.django_db
BOUNDARY = "a-boundary"
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"


@pytest.fixture
def study(db: None) -> Study:
    return make_study()


@pytest.fixture
def token(study: Study) -> str:
    return create_token(study=study, name="PACS north", actor=make_member(study, Role.ADMINISTRATOR))[1]


def _body(*files: bytes, media_type: str = "application/dicom", end: bytes = b"--\r\n") -> bytes:
    parts = [
        f"--{BOUNDARY}\r\nContent-Type: {media_type}\r\nContent-Length: {len(file)}\r\n\r\n".encode() + file + b"\r\n"
        for file in files
    ]
    return b"".join(parts) + f"--{BOUNDARY}".encode() + end


def _send(study: Study, token: str, body: bytes, **headers: str) -> Any:
    content_type = f'multipart/related; type="application/dicom"; boundary={BOUNDARY}'
    given = {"authorization": f"Bearer {token}", "accept": "application/dicom+json"} | headers
    address = f"/dicom-web/{study.slug}/studies"
    return Client().post(address, body, content_type=content_type, headers=given)


def _outcomes() -> list[tuple[str, str]]:
    for file in IntakeFile.objects.filter(outcome=""):
        process_intake_file(file.pk, worker_name="a test")
    return list(IntakeFile.objects.order_by("pk").values_list("outcome", "reason_code"))


def test_it_stores_what_is_sent_and_answers_as_the_standard_says(study: Study, token: str) -> None:
    data = [dicom_data(pixels(seed)) for seed in (1, 2)]
    answer = _send(study, token, _body(*(written(each) for each in data)))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/dicom+json")
    body = answer.json()
    assert "00081198" not in body
    assert body["00081190"] == {"vr": "UR"}
    stored = body["00081199"]
    assert stored["vr"] == "SQ"
    assert [item["00081155"]["Value"] for item in stored["Value"]] == [[each.SOPInstanceUID] for each in data]
    assert stored["Value"][0]["00081150"] == {"vr": "UI", "Value": [data[0].SOPClassUID]}
    assert _outcomes() == [("accepted", ""), ("accepted", "")]


def test_it_says_which_files_failed_and_stores_the_others(study: Study, token: str) -> None:
    screenshot = dicom_data(pixels(2), SOPClassUID=SECONDARY_CAPTURE)
    answer = _send(study, token, _body(dicom_file(pixels(1)), written(screenshot), b"no DICOM at all, only text here"))
    assert answer.status_code == 202
    failed = answer.json()["00081198"]["Value"]
    assert failed[0]["00081155"]["Value"] == [screenshot.SOPInstanceUID]
    assert [item["00081197"]["Value"] for item in failed] == [[0x0122], [0xC000]]
    assert failed[1]["00081150"] == {"vr": "UI"}
    assert len(answer.json()["00081199"]["Value"]) == 1
    # Coordinators see all three, with their reasons.
    assert _outcomes() == [("accepted", ""), ("refused", "secondary_capture"), ("refused", "type_unknown")]


def test_it_answers_409_when_it_stores_nothing(study: Study, token: str, settings: Settings) -> None:
    settings.UPLOAD_LIMIT_BYTES = 1000
    answer = _send(study, token, _body(dicom_file()))
    assert answer.status_code == 409
    assert answer.json()["00081198"]["Value"][0]["00081197"]["Value"] == [0xA700]
    assert _send(study, token, _body(dicom_file(), media_type="application/pdf")).status_code == 409


@pytest.mark.parametrize("end", [b"", b"--"])
def test_it_keeps_what_came_whole_when_the_connection_breaks(study: Study, token: str, end: bytes) -> None:
    whole = _body(dicom_file(pixels(1)), dicom_file(pixels(2)))
    answer = _send(study, token, whole[: -len(dicom_file()) // 2] + end)
    assert answer.status_code == 202
    assert len(answer.json()["00081199"]["Value"]) == 1
    assert _outcomes() == [("accepted", "")]


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 415),
        ("multipart/related", 400),
        (f'multipart/related; type="application/dicom+json"; boundary={BOUNDARY}', 400),
    ],
)
def test_it_refuses_other_bodies(study: Study, token: str, content_type: str, status: int) -> None:
    headers = {"authorization": f"Bearer {token}"}
    address = f"/dicom-web/{study.slug}/studies"
    answer = Client().post(address, _body(dicom_file()), content_type=content_type, headers=headers)
    assert answer.status_code == status
    assert answer.json()["message"]
    assert not IntakeBatch.objects.exists()


def test_it_refuses_a_body_without_a_whole_file(study: Study, token: str) -> None:
    assert _send(study, token, b"").status_code == 400
    assert _send(study, token, f"--{BOUNDARY}--\r\n".encode()).status_code == 400
    assert not IntakeBatch.objects.exists()


def test_it_lets_nobody_in_without_a_valid_token(study: Study, token: str) -> None:
    other = make_study()
    body = _body(dicom_file())
    assert _send(study, "", body).status_code == 401
    assert _send(study, token[:-1], body).status_code == 401
    assert _send(other, token, body).status_code == 404
    signed_in = client_of(make_member(study, Role.COORDINATOR))
    answer = signed_in.post(f"/dicom-web/{study.slug}/studies", body, content_type="multipart/related")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert not IntakeFile.objects.exists()


def test_a_token_opens_nothing_else(study: Study, token: str) -> None:
    headers = {"authorization": f"Bearer {token}"}
    for address in ("radiographs", "intake", "linking", "sending-tokens", "people", "quarantine"):
        assert Client().get(f"/api/v1/studies/{study.slug}/{address}", headers=headers).status_code == 403
    assert Client().get(f"/dicom-web/{study.slug}/studies", headers=headers).status_code == 405


def test_an_administrator_creates_and_withdraws_tokens_and_sees_each_once(study: Study) -> None:
    administrator = client_of(make_member(study, Role.ADMINISTRATOR))
    address = f"/api/v1/studies/{study.slug}/sending-tokens"
    assert administrator.post(address, {"name": " "}, format="json").status_code == 400
    created = administrator.post(address, {"name": "PACS north"}, format="json").json()
    assert created["address"].endswith(f"/dicom-web/{study.slug}/studies")
    assert created["token"] not in administrator.get(address).content.decode()
    assert created["token"] not in str(list(SendingToken.objects.values())) + str(list(AuditEvent.objects.values()))
    assert _send(study, created["token"], _body(dicom_file())).status_code == 200
    assert administrator.get(address).json()[0]["last_used_at"] is not None
    withdraw = f"{address}/{created['created']['id']}/withdraw"
    assert administrator.post(withdraw).json()["withdrawn_at"] is not None
    assert administrator.post(withdraw).status_code == 409
    assert _send(study, created["token"], _body(dicom_file())).status_code == 401
    assert client_of(make_member(study, Role.COORDINATOR)).get(address).status_code == 403


def test_it_puts_a_days_files_into_one_upload_that_bears_the_tokens_name(study: Study, token: str) -> None:
    for seed in (1, 2):
        _send(study, token, _body(dicom_file(pixels(seed))))
    batch = IntakeBatch.objects.get(study=study)
    assert batch.files.count() == 2
    told = client_of(make_member(study, Role.COORDINATOR)).get(f"/api/v1/studies/{study.slug}/intake").json()
    assert told[0]["uploaded_by"] == "PACS north"


def test_it_takes_no_more_parts_than_it_says(study: Study, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stow, "MOST_PARTS", 1)
    answer = _send(study, token, _body(dicom_file(pixels(1)), dicom_file(pixels(2))))
    assert answer.status_code == 202
    assert IntakeFile.objects.count() == 1


class _Slowly(io.BytesIO):
    """A connection that gives a few bytes at a time."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(7, 7 if size is None or size < 0 else size))


def _contents(body: bytes) -> Iterator[bytes]:
    for part in related_parts(_Slowly(body), BOUNDARY.encode()):
        yield b"".join(part.chunks)


def test_it_takes_a_body_apart_wherever_the_pieces_are_cut() -> None:
    files = [b"", b"\r\n--a-bound", b"--a-boundary inside", bytes(range(256)) * 3, b"\r\n\r\n"]
    assert list(_contents(b"preamble" + b"\r\n" + _body(*files) + b"epilogue")) == files


@pytest.mark.parametrize("body", [b"", b"--a-boundary", b"--a-boundary junk\r\n\r\nx\r\n--a-boundary--", b"x" * 100])
def test_it_says_that_a_body_is_broken(body: bytes) -> None:
    with pytest.raises(BrokenBodyError):
        list(_contents(body))


def test_it_reads_the_boundary_of_a_quoted_header() -> None:
    assert boundary_of('Multipart/Related; Type="application/dicom"; Boundary="a b"') == b"a b"
