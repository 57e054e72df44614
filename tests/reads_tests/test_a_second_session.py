"""A further session is offered by the server, after the washout, with an order and codes of its own."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Person
from annotations.reads.models import Deviation, Read, ReadProtocol, ReadSession
from annotations.reads.selectors import missing_sessions, my_next_sessions
from annotations.reads.services import allow_earlier_session, begin_next_session, unblind_protocol
from common.errors import Conflict, DomainError, Invalid
from studies.models import Role
from studies.services import grant_role
from tests.factories import PASSWORD, client_of, make_member
from tests.reads_tests.small_reading import accepted, make_small_protocol, read_and_sign, signed_days_ago

pytestmark = pytest.mark.django_db


@pytest.fixture
def protocol(db: None) -> ReadProtocol:
    return make_small_protocol(sessions_per_reader=2)


@pytest.fixture
def reader(protocol: ReadProtocol) -> Person:
    return make_member(protocol.study, Role.SURGEON, password=PASSWORD)


@pytest.fixture
def first(protocol: ReadProtocol, reader: Person) -> ReadSession:
    session = accepted(protocol, reader)
    read_and_sign(session)
    return session


def test_it_is_offered_with_its_day_and_begun_after_the_washout(protocol: ReadProtocol, first: ReadSession) -> None:
    client = client_of(first.reader)
    base = f"/api/v1/studies/{protocol.study.slug}/reading/next"
    (offer,) = client.get(base).json()
    assert (offer["number"], offer["of"], offer["available"]) == (2, 2, False)
    refused = client.post(f"{base}/{protocol.pk}")
    assert (refused.status_code, refused.json()["code"]) == (409, "washout")
    signed_days_ago(first, 27)
    assert client.post(f"{base}/{protocol.pk}").json()["code"] == "washout"
    signed_days_ago(first, 29)
    assert client.get(base).json()[0]["available"] is True
    begun = client.post(f"{base}/{protocol.pk}")
    assert (begun.status_code, begun.json()["number"], begun.json()["total"]) == (200, 2, 8)
    assert client.get(base).json() == []
    # Two tabs begin one session.
    assert client.post(f"{base}/{protocol.pk}").json()["id"] == begun.json()["id"]


def test_it_has_an_order_and_codes_of_its_own(protocol: ReadProtocol, first: ReadSession) -> None:
    signed_days_ago(first, 29)
    second = begin_next_session(protocol=protocol, reader=first.reader)
    plans = [
        list(Read.objects.filter(session=session).order_by("position").values_list("case", "code"))
        for session in (first, second)
    ]
    assert {case for case, _ in plans[0]} == {case for case, _ in plans[1]}
    assert not {code for _, code in plans[0]} & {code for _, code in plans[1]}
    assert first.seed != second.seed


def test_it_is_counted_from_the_readers_own_first_signature(protocol: ReadProtocol, first: ReadSession) -> None:
    signed_days_ago(first, 29)
    other = accepted(protocol, make_member(protocol.study, Role.SURGEON, password=PASSWORD))
    assert my_next_sessions(other.reader, protocol.study.slug) == []  # has not read yet
    read_and_sign(other)
    with pytest.raises(Conflict) as refusal:
        begin_next_session(protocol=protocol, reader=other.reader)
    assert refusal.value.error_code == "washout"


def test_it_comes_earlier_by_a_recorded_deviation_and_never_under_14_days(
    protocol: ReadProtocol, first: ReadSession
) -> None:
    administrator = make_member(protocol.study, Role.ADMINISTRATOR)

    def allow(days: int, reason: str = "The reader leaves.") -> Deviation:
        return allow_earlier_session(
            protocol=protocol, reader=first.reader, days=days, reason=reason, actor=administrator
        )

    for days, reason in ((13, "Early."), (28, "As it is."), (20, " ")):
        with pytest.raises(Invalid):
            allow(days, reason)
    signed_days_ago(first, 16)
    with pytest.raises(Conflict):
        begin_next_session(protocol=protocol, reader=first.reader)
    assert allow(15).reason == "The reader leaves."
    assert begin_next_session(protocol=protocol, reader=first.reader).number == 2


def test_it_is_never_under_14_days_in_the_database_too(protocol: ReadProtocol, first: ReadSession) -> None:
    signed_days_ago(first, 13)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReadSession.objects.create(protocol=protocol, reader=first.reader, number=2, seed=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Deviation.objects.create(
            protocol=protocol, reader=first.reader, session_number=2, kind="washout_shortened", days=13, reason="no"
        )
    signed_days_ago(first, 15)
    ReadSession.objects.create(protocol=protocol, reader=first.reader, number=2, seed=1)


def test_it_keeps_the_reader_from_other_roles_until_it_is_signed(protocol: ReadProtocol, first: ReadSession) -> None:
    for role in (Role.RESEARCHER, Role.ABSTRACTOR, Role.ADJUDICATOR):
        with pytest.raises(Conflict) as refusal:
            grant_role(study=protocol.study, person=first.reader, role=role, actor=None)
        assert refusal.value.error_code == "still_reading"


def test_it_is_missing_at_the_unblinding_until_it_is_signed(protocol: ReadProtocol, first: ReadSession) -> None:
    assert missing_sessions(protocol) == [(first.reader.name, 2)]
    with pytest.raises(Conflict) as refusal:
        unblind_protocol(protocol=protocol, actor=None, reason="Over.")
    assert refusal.value.error_code == "reads_missing"
    signed_days_ago(first, 30)
    second = begin_next_session(protocol=protocol, reader=first.reader)
    ReadSession.objects.filter(pk=second.pk).update(instructions_accepted_at=second.created_at)
    read_and_sign(ReadSession.objects.select_related("protocol__study", "reader").get(pk=second.pk))
    assert missing_sessions(protocol) == []


def test_it_is_not_for_somebody_else(protocol: ReadProtocol, first: ReadSession) -> None:
    other = make_member(protocol.study, Role.SURGEON)
    address = f"/api/v1/studies/{protocol.study.slug}/reading/next/{protocol.pk}"
    assert client_of(other).post(address).status_code == 404


def test_it_ends_with_the_sessions_that_the_protocol_wants(db: None) -> None:
    protocol = make_small_protocol()
    session = accepted(protocol, make_member(protocol.study, Role.SURGEON, password=PASSWORD))
    read_and_sign(session)
    signed_days_ago(session, 100)
    with pytest.raises(DomainError) as refusal:
        begin_next_session(protocol=protocol, reader=session.reader)
    assert refusal.value.error_code == "no_more_sessions"
