"""A correction is a new version with a reason and a signature; the first stays, and nothing is unlocked."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.db.utils import InternalError

from annotations.reads.answers import Answer
from annotations.reads.canonical import canonical_reads, signature_holds
from annotations.reads.models import Read, ReadCorrection, ReadProtocol, ReadSession, Signature
from annotations.reads.selectors import answers_for_analysis
from annotations.reads.services import correct_read, unblind_protocol
from common.errors import DomainError
from studies.models import Role
from tests.factories import PASSWORD, client_of, make_member, read_at
from tests.reads_tests.reading import read_all, sign
from tests.reads_tests.small_reading import accepted, make_small_protocol

pytestmark = pytest.mark.django_db
OTHER = Answer("well_fixed", 60, "typed wrongly")


def _session(**settings: Any) -> ReadSession:
    protocol = make_small_protocol(**settings)
    session = accepted(protocol, make_member(protocol.study, Role.SURGEON, password=PASSWORD))
    read_all(session)
    return session


@pytest.fixture
def session(db: None) -> ReadSession:
    return _session()


def _correct(session: ReadSession, position: int = 1, **changes: Any) -> ReadCorrection:
    values: dict[str, Any] = {"answer": OTHER, "reason": "I hit the wrong key.", "password": PASSWORD} | changes
    return correct_read(read=read_at(session, position), reader=session.reader, **values)


def test_it_keeps_both_versions(session: ReadSession) -> None:
    assert _correct(session).version == 2
    assert _correct(session, answer=Answer("cannot_assess", None)).version == 3
    read = read_at(session, 1)
    assert (read.call, read.confidence, read.state) == ("loose", 80, "submitted")
    versions = ReadCorrection.objects.filter(read=read).order_by("version").values_list("call", "after_signing")
    assert list(versions) == [("well_fixed", False), ("cannot_assess", False)]


def test_it_is_under_the_signature_when_it_came_before_and_has_its_own_hash_after(session: ReadSession) -> None:
    _correct(session)
    sign(session)
    signature = Signature.objects.get(session=session)
    assert "I hit the wrong key." in canonical_reads(session)
    late = _correct(session, position=2)
    assert late.after_signing
    assert len(late.sha256) == 64
    assert signature_holds(signature)  # nothing of what was signed has changed


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"password": "not it"}, "invalid"),
        ({"reason": " "}, "invalid"),
        ({"answer": Answer("loose", 80)}, "unchanged"),
        ({"answer": Answer("loose", None)}, "answer_invalid"),
    ],
)
def test_it_refuses(session: ReadSession, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        _correct(session, **changes)
    assert refusal.value.error_code == code
    assert not ReadCorrection.objects.exists()


def test_it_corrects_only_what_is_locked(db: None) -> None:
    protocol = make_small_protocol()
    session = accepted(protocol, make_member(protocol.study, Role.SURGEON, password=PASSWORD))
    with pytest.raises(DomainError) as refusal:
        _correct(session)
    assert refusal.value.error_code == "not_locked"


@pytest.mark.parametrize(("rule", "analysed"), [("first", ("loose", 1)), ("last", ("well_fixed", 2))])
def test_it_counts_as_the_frozen_protocol_says(db: None, rule: str, analysed: tuple[str, int]) -> None:
    session = _session(analysed_version=rule)
    _correct(session)
    sign(session)
    unblind_protocol(protocol=session.protocol, actor=None, reason="All have read.")
    case = read_at(session, 1).case_id
    session = ReadSession.objects.select_related("protocol").get(pk=session.pk)
    (answer,) = [a for a in answers_for_analysis(session) if a.case_id == case]
    assert (answer.call, answer.version) == analysed
    with pytest.raises(DomainError) as late:
        _correct(session, answer=Answer("loose", 1))
    assert late.value.error_code == "unblinded"


def test_it_is_made_on_the_readers_page_and_nobody_elses(session: ReadSession) -> None:
    sign(session)
    body = {"call": "well_fixed", "confidence": 60, "reason": "Wrong key.", "password": PASSWORD}
    address = f"/api/v1/reading/sessions/{session.pk}/reads/3/correct"
    stranger = make_member(session.protocol.study, Role.SURGEON, password=PASSWORD)
    assert client_of(stranger).post(address, body, format="json").status_code == 404
    client = client_of(session.reader)
    assert client.post(address, body, format="json").json()["version"] == 2
    listed = client.get(f"/api/v1/reading/sessions/{session.pk}/reads").json()
    assert [len(row["corrections"]) for row in listed] == [0, 0, 1, 0, 0, 0, 0, 0]
    pdf = client.get(f"/api/v1/reading/sessions/{session.pk}/pdf")
    assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-")
    assert client_of(stranger).get(f"/api/v1/reading/sessions/{session.pk}/pdf").status_code == 404


def test_it_shows_no_answers_of_one_by_one_locking_before_the_last(db: None) -> None:
    protocol: ReadProtocol = make_small_protocol()
    session = accepted(protocol, make_member(protocol.study, Role.SURGEON, password=PASSWORD))
    client = client_of(session.reader)
    address = f"/api/v1/reading/sessions/{session.pk}/reads"
    assert client.get(address).json() == []
    read_all(session)
    assert len(client.get(address).json()) == 8


def test_it_stays_in_the_database(session: ReadSession) -> None:
    _correct(session)
    with pytest.raises(InternalError), transaction.atomic():
        ReadCorrection.objects.update(reason="another")
    assert Read.objects.filter(session=session).count() == 8
