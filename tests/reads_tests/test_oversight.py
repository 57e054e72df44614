"""What administrators see and carry away: progress, times, deviations, trails; answers only after the unblinding."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from annotations.reads.answers import Answer
from annotations.reads.models import InadvertentUnblinding, ReadSession
from annotations.reads.services import unblind_protocol
from studies.models import Role
from tests.factories import PASSWORD, client_of, make_member
from tests.reads_tests.reading import read_all, sign
from tests.reads_tests.small_reading import accepted, make_small_protocol

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(db: None) -> ReadSession:
    protocol = make_small_protocol()
    session = accepted(protocol, make_member(protocol.study, Role.SURGEON, name="=Dr Formula", password=PASSWORD))
    read_all(session, Answer("well_fixed", 61, "=1+1 secret remark"))
    return session


def _ask(session: ReadSession, what: str, *, role: str = Role.ADMINISTRATOR) -> Any:
    protocol = session.protocol
    client = client_of(make_member(protocol.study, role))
    return client.get(f"/api/v1/studies/{protocol.study.slug}/protocols/{protocol.pk}/{what}")


def _files(session: ReadSession) -> dict[str, str]:
    archive = zipfile.ZipFile(io.BytesIO(_ask(session, "export").content))
    return {name: archive.read(name).decode() for name in archive.namelist()}


def test_it_exports_everything_but_the_answers_before_the_unblinding(session: ReadSession) -> None:
    before = _files(session)
    assert {"protocol.json", "sessions.csv", "coverage.csv", "times.csv", "deviations.csv", "SHA256SUMS"} == set(before)
    assert "secret remark" not in "".join(before.values())
    assert "well_fixed" not in "".join(before.values())
    sign(session)
    unblind_protocol(protocol=session.protocol, actor=None, reason="All have read.")
    after = _files(session)
    rows = list(csv.DictReader(io.StringIO(after["reads.csv"])))
    assert {row["call"] for row in rows} == {"well_fixed"}
    assert {row["comment"] for row in rows} == {"'=1+1 secret remark"}  # no live formula
    assert {row["reader"] for row in rows} == {"'=Dr Formula"}
    assert _files(session) == after  # the same bytes each time


def test_it_tells_the_seed_once_the_session_is_signed(session: ReadSession) -> None:
    slug, pk = session.protocol.study.slug, session.protocol_id
    client = client_of(make_member(session.protocol.study, Role.ADMINISTRATOR))
    address = f"/api/v1/studies/{slug}/protocols/{pk}"
    assert client.get(address).json()["readers"][0]["seed"] is None
    sign(session)
    assert client.get(address).json()["readers"][0]["seed"] == session.seed


def test_it_lists_times_by_case_and_position(session: ReadSession) -> None:
    rows = _ask(session, "times").json()
    assert [row["position"] for row in rows] == list(range(1, 9))
    assert {row["focus_seconds"] for row in rows} == {1.5}
    assert all(row["seconds_to_submit"] >= 0 for row in rows)
    assert _ask(session, "times.csv")["Content-Type"].startswith("text/csv")


def test_it_says_who_has_not_read_what(session: ReadSession) -> None:
    other = accepted(session.protocol, make_member(session.protocol.study, Role.SURGEON, name="Zoe"))
    by_reader = {row["reader"]: row for row in _ask(session, "coverage").json()}
    assert (by_reader["=Dr Formula"]["read"], by_reader["=Dr Formula"]["not_read"]) == (8, [])
    assert (by_reader["Zoe"]["read"], len(by_reader["Zoe"]["not_read"])) == (0, 8)
    assert other.number == 1


def test_it_writes_the_trail_of_a_session_without_an_answer(session: ReadSession) -> None:
    sign(session)
    answer = _ask(session, f"sessions/{session.pk}/audit")
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
    for role in (Role.RESEARCHER, Role.COORDINATOR):
        assert _ask(session, f"sessions/{session.pk}/audit", role=role).status_code == 403


def test_it_takes_the_readers_own_report_of_an_inadvertent_unblinding(session: ReadSession) -> None:
    client = client_of(session.reader)
    address = f"/api/v1/reading/sessions/{session.pk}/report"
    body: dict[str, Any] = {"learnt": "reference_standard", "what_happened": "A nurse named it.", "positions": [3, 5]}
    tomorrow = (timezone.now() + timedelta(days=1)).isoformat()
    for wrong, field in (({"positions": [99]}, "positions"), ({"happened_at": tomorrow}, "happened_at")):
        refused = client.post(address, body | wrong, format="json")
        assert (refused.status_code, refused.json()["details"][0]["field"]) == (400, field)
    assert client.post(address, body, format="json").status_code == 200
    report = InadvertentUnblinding.objects.get()
    assert (report.positions, report.reported_by, report.consequence) == ([3, 5], session.reader, "undecided")
    (row,) = _ask(session, "deviations").json()
    assert (row["kind"], row["reader"]) == ("inadvertent_unblinding", "=Dr Formula")


def test_it_reminds_those_who_have_something_left(session: ReadSession) -> None:
    protocol = session.protocol
    client = client_of(make_member(protocol.study, Role.ADMINISTRATOR))
    address = f"/api/v1/studies/{protocol.study.slug}/protocols/{protocol.pk}/remind"
    assert client.post(address, {}, format="json").json() == {"reminded": ["=Dr Formula"]}
    assert [message.to for message in mail.outbox] == [[session.reader.email]]
    assert f"/studies/{protocol.study.slug}/reading" in mail.outbox[0].body
    sign(session)
    assert client.post(address, {}, format="json").json()["code"] == "nobody_to_remind"


def test_it_gives_back_how_absences_were_explained(session: ReadSession) -> None:
    protocol = session.protocol
    administrator = make_member(protocol.study, Role.ADMINISTRATOR, password=PASSWORD)
    client = client_of(administrator)
    address = f"/api/v1/studies/{protocol.study.slug}/protocols/{protocol.pk}/unblind"
    body = {"reason": "The board wants it.", "absences_explained": "Left the hospital.", "password": "wrong"}
    assert client.post(address, body, format="json").json()["details"][0]["field"] == "password"
    answer = client.post(address, body | {"password": PASSWORD}, format="json").json()
    assert (answer["status"], answer["absences_explained"]) == ("unblinded", "Left the hospital.")
    assert len(answer["sessions_sha256"]) == 64
