"""Free navigation: answers stay drafts, any order; signing submits and locks them all."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from annotations.reads.models import Read, ReadProtocol, ReadSession
from common.models import AuditEvent
from tests.factories import PASSWORD, client_of, make_session, read_at
from tests.reads_tests.reading import open_case, submit

pytestmark = pytest.mark.django_db
SIGN = {"password": PASSWORD, "meaning": "Mine."}


@pytest.fixture
def session(protocol: ReadProtocol) -> ReadSession:
    """Two practice cases, then four of the sealed part."""
    ReadProtocol.objects.filter(pk=protocol.pk).update(navigation="free")
    protocol.refresh_from_db()
    return make_session(protocol)


def _draft(client: APIClient, code: str, revision: int = 1, **draft: object) -> int:
    body = {"call": "loose", "confidence": 70, "revision": revision} | draft
    return int(client.put(f"/api/v1/reading/cases/{code}/draft", body, format="json").status_code)


def test_it_goes_from_practice_to_any_order_and_locks_all_with_the_signature(session: ReadSession) -> None:
    client = client_of(session.reader)
    codes = [read_at(session, position).code for position in range(1, 7)]
    # Practice goes forward, with its truth told; nothing behind it can be opened yet.
    assert open_case(client, codes[5]) == 404
    for code in codes[:2]:
        open_case(client, code)
        status, body = submit(client, code)
        assert (status, body["feedback"] in ("loose", "well_fixed")) == (200, True)
    places = client.get(f"/api/v1/reading/sessions/{session.pk}").json()["places"]
    assert all(place["code"] for place in places)
    for code in reversed(codes[2:]):
        assert open_case(client, code) == 200
        assert submit(client, code)[1]["code"] == "signing_submits"
        assert _draft(client, code) == 200
    assert _draft(client, codes[3], 2, confidence=20, look_again=True) == 200
    summary = client.get(f"/api/v1/reading/sessions/{session.pk}").json()
    assert [place["look_again"] for place in summary["places"]] == [False, False, False, True, False, False]
    assert (summary["done"], summary["drafted"]) == (0, 4)
    signed = client.post(f"/api/v1/reading/sessions/{session.pk}/sign", SIGN, format="json")
    assert (signed.status_code, signed.json()["state"]) == (200, "signed")
    reads = Read.objects.filter(session=session, is_practice=False).order_by("position")
    assert list(reads.values_list("state", "call", "confidence")) == [
        ("signed", "loose", 70), ("signed", "loose", 20), ("signed", "loose", 70), ("signed", "loose", 70),
    ]  # fmt: skip
    assert AuditEvent.objects.filter(action="read_submitted").count() == 6
    assert _draft(client, codes[3], 3) == 404


def test_it_names_the_cases_without_a_whole_answer_and_locks_none(session: ReadSession) -> None:
    client = client_of(session.reader)
    codes = [read_at(session, position).code for position in range(1, 7)]
    for code in codes[:2]:
        open_case(client, code)
        submit(client, code)
    for code in codes[2:]:
        open_case(client, code)
        _draft(client, code)
    _draft(client, codes[4], 2, confidence=None)
    refused = client.post(f"/api/v1/reading/sessions/{session.pk}/sign", SIGN, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "answers_missing")
    assert [detail["field"] for detail in refused.json()["details"]] == ["cases.5.confidence"]
    assert set(Read.objects.filter(session=session, is_practice=False).values_list("state", flat=True)) == {"draft"}
