from __future__ import annotations

import pytest
from django.db import transaction
from django.db.utils import InternalError

from annotations.reads.canonical import reads_sha256
from annotations.reads.models import Read, ReadProtocol, ReadSession, Signature
from annotations.reads.services import open_read, sign_session, submit_read
from common.errors import Conflict, Invalid
from tests.factories import PASSWORD, client_of, make_session, read_at
from tests.reads_tests.reading import LOOSE_80, read_all, sign

pytestmark = pytest.mark.django_db


def test_it_signs_over_the_hash_of_all_reads_and_locks_them(session: ReadSession) -> None:
    read_all(session)
    sign(session)
    signature = Signature.objects.get(session=session)
    assert signature.reads_sha256 == reads_sha256(session)
    assert signature.name == session.reader.name
    assert set(Read.objects.filter(session=session).values_list("state", flat=True)) == {"signed"}
    assert ReadSession.objects.get(pk=session.pk).state == "signed"


def test_it_needs_every_read(session: ReadSession) -> None:
    for position in range(1, 6):
        open_read(read=read_at(session, position))
        submit_read(read=read_at(session, position), answer=LOOSE_80, focus_milliseconds=0)
    with pytest.raises(Conflict) as refusal:
        sign(session)
    assert refusal.value.error_code == "reads_missing"
    assert "1 case" in refusal.value.message
    assert not Signature.objects.exists()


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD.upper(), PASSWORD + " "])
def test_it_needs_the_password_again(session: ReadSession, password: str) -> None:
    read_all(session)
    with pytest.raises(Invalid) as refusal:
        sign_session(session=session, signer=session.reader, password=password, meaning="Mine.")
    assert refusal.value.details[0]["field"] == "password"
    assert ReadSession.objects.get(pk=session.pk).state == "open"


def test_it_needs_a_meaning(session: ReadSession) -> None:
    read_all(session)
    with pytest.raises(Invalid) as refusal:
        sign_session(session=session, signer=session.reader, password=PASSWORD, meaning="  ")
    assert refusal.value.details[0]["field"] == "meaning"


def test_it_is_the_readers_own_to_sign(protocol: ReadProtocol, session: ReadSession) -> None:
    read_all(session)
    other = make_session(protocol)
    with pytest.raises(Conflict) as refusal:
        sign_session(session=session, signer=other.reader, password=PASSWORD, meaning="Mine.")
    assert refusal.value.error_code == "not_the_reader"
    answer = client_of(other.reader).post(
        f"/api/v1/reading/sessions/{session.pk}/sign", {"password": PASSWORD, "meaning": "Mine."}, format="json"
    )
    assert answer.status_code == 404


def test_it_counts_wrong_passwords_as_attempts_to_sign_in(session: ReadSession) -> None:
    client = client_of(session.reader)
    address = f"/api/v1/reading/sessions/{session.pk}/sign"
    statuses = [
        client.post(address, {"password": f"guess {number}", "meaning": "Mine."}, format="json").status_code
        for number in range(11)
    ]
    assert statuses == [400] * 10 + [429]


def test_it_shows_the_signature_and_no_codes_afterwards(session: ReadSession) -> None:
    read_all(session)
    client = client_of(session.reader)
    body = {"password": PASSWORD, "meaning": "I read these cases."}
    answer = client.post(f"/api/v1/reading/sessions/{session.pk}/sign", body, format="json")
    assert answer.status_code == 200
    assert answer.json()["signature"]["meaning"] == "I read these cases."
    assert {place["code"] for place in answer.json()["places"]} == {None}
    assert client.get(f"/api/v1/reading/cases/{read_at(session, 1).code}").status_code == 404


def test_it_keeps_signatures_in_the_database(session: ReadSession) -> None:
    read_all(session)
    sign(session)
    with pytest.raises(InternalError), transaction.atomic():
        Signature.objects.update(meaning="something else")
    with pytest.raises(InternalError), transaction.atomic():
        Signature.objects.all().delete()
