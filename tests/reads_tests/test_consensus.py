"""Readers in a room over their locked reads, blind to truth and CNN: a record of its own."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from rest_framework.test import APIClient

from annotations.reads.answers import Answer
from annotations.reads.models import ConsensusMeeting, ConsensusRead, Read, ReadProtocol, ReadSession
from annotations.reads.services import accept_instructions, open_read, plan_consensus, submit_read, unblind_protocol
from common.errors import Conflict
from studies.models import Role
from studies.services import grant_role
from tests.factories import PASSWORD, client_of, make_member, plan_for, read_at
from tests.reads_tests.canaries import FORBIDDEN_KEYS, keys_of
from tests.reads_tests.reading import sign

pytestmark = pytest.mark.django_db


def _read(protocol: ReadProtocol, loose: set[int]) -> ReadSession:
    """A reader who calls these case numbers loose, and signs."""
    session = plan_for(protocol, make_member(protocol.study, Role.SURGEON, password=PASSWORD))
    accept_instructions(session=session)
    for position, number in Read.objects.filter(session=session).values_list("position", "case__number"):
        read = read_at(session, position)
        open_read(read=read)
        call = "loose" if number in loose else "well_fixed"
        submit_read(read=read, answer=Answer(call, 70, "seen alone"), focus_milliseconds=0)
    session = ReadSession.objects.select_related("protocol__study", "reader").get(pk=session.pk)
    sign(session)
    return session


@pytest.fixture
def sessions(protocol: ReadProtocol) -> tuple[ReadSession, ReadSession]:
    """Two readers who differ about two of four cases."""
    ReadProtocol.objects.filter(pk=protocol.pk).update(consensus_wanted=True)
    protocol.refresh_from_db()
    numbers = sorted(protocol.dataset_version.cases.filter(part=protocol.part).values_list("number", flat=True))
    return _read(protocol, set(numbers[:2])), _read(protocol, set(numbers[:1]) | {numbers[3]})


@pytest.fixture
def meeting(protocol: ReadProtocol, sessions: tuple[ReadSession, ReadSession]) -> ConsensusMeeting:
    return plan_consensus(
        protocol=protocol, readers=[session.reader for session in sessions], only_differing=True,
        actor=make_member(protocol.study, Role.ADMINISTRATOR),
    )  # fmt: skip


def _codes(client: APIClient, meeting: ConsensusMeeting) -> list[str]:
    body = client.get(f"/api/v1/reading/consensus/{meeting.pk}").json()
    return [item["code"] for item in body["items"]]


def test_it_goes_over_the_cases_in_which_they_differ_and_is_signed_by_all(
    sessions: tuple[ReadSession, ReadSession], meeting: ConsensusMeeting
) -> None:
    first, second = (session.reader for session in sessions)
    client = client_of(first)
    codes = _codes(client, meeting)
    assert len(codes) == 2
    for code in codes:
        case = client.get(f"/api/v1/reading/consensus/cases/{code}").json()
        assert {said["call"] for said in case["said_before"]} == {"loose", "well_fixed"}
        assert not set(keys_of(case)) & FORBIDDEN_KEYS
        assert client.get(f"/api/v1/reading/consensus/cases/{code}/image/preview").getvalue()
        body = {"call": "loose", "confidence": 90, "comment": "together"}
        decided = client.post(f"/api/v1/reading/consensus/cases/{code}/decide", body, format="json")
        assert decided.json()["call"] == "loose"
    address = f"/api/v1/reading/consensus/{meeting.pk}/sign"
    one: dict[str, Any] = {"signatures": [{"reader": first.pk, "password": PASSWORD}]}
    assert client.post(address, one, format="json").json()["details"][0]["field"] == "signatures"
    wrong = {"signatures": [*one["signatures"], {"reader": second.pk, "password": "not it"}]}
    assert client.post(address, wrong, format="json").status_code == 400
    both = {"signatures": [*one["signatures"], {"reader": second.pk, "password": PASSWORD}]}
    signed = client.post(address, both, format="json").json()
    assert (signed["state"], len(signed["sha256"])) == ("signed", 64)
    assert all(participant["signed_at"] for participant in signed["participants"])
    # What each read alone is as it was.
    assert Read.objects.filter(session__in=sessions, is_practice=False, call="loose").count() == 4
    with pytest.raises(DatabaseError), transaction.atomic():
        ConsensusRead.objects.filter(meeting=meeting).update(call="well_fixed")


def test_it_needs_every_case_decided(sessions: tuple[ReadSession, ReadSession], meeting: ConsensusMeeting) -> None:
    client = client_of(sessions[0].reader)
    both = {"signatures": [{"reader": s.reader_id, "password": PASSWORD} for s in sessions]}
    refused = client.post(f"/api/v1/reading/consensus/{meeting.pk}/sign", both, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "reads_missing")


def test_it_does_not_exist_for_others(protocol: ReadProtocol, meeting: ConsensusMeeting) -> None:
    code = ConsensusRead.objects.filter(meeting=meeting)[0].code
    stranger = client_of(make_member(protocol.study, Role.SURGEON))
    assert stranger.get(f"/api/v1/reading/consensus/{meeting.pk}").status_code == 404
    assert stranger.get(f"/api/v1/reading/consensus/cases/{code}").status_code == 404
    assert stranger.get(f"/api/v1/reading/consensus/cases/{code}/image/preview").status_code == 404


def test_it_keeps_its_readers_blinded_and_the_truth_away_until_it_is_signed(
    protocol: ReadProtocol, sessions: tuple[ReadSession, ReadSession], meeting: ConsensusMeeting
) -> None:
    with pytest.raises(Conflict) as role:
        grant_role(study=protocol.study, person=sessions[0].reader, role=Role.RESEARCHER, actor=None)
    assert role.value.error_code == "still_reading"
    with pytest.raises(Conflict) as refusal:
        unblind_protocol(protocol=protocol, actor=None, reason="Over.")
    assert refusal.value.error_code == "reads_missing"


@pytest.mark.parametrize("which", ["not wanted", "one reader", "not signed", "agree"])
def test_it_is_planned_only_when_it_makes_sense(protocol: ReadProtocol, which: str) -> None:
    ReadProtocol.objects.filter(pk=protocol.pk).update(consensus_wanted=which != "not wanted")
    protocol.refresh_from_db()
    readers = [_read(protocol, set()).reader]
    if which == "not signed":
        readers.append(plan_for(protocol, make_member(protocol.study, Role.SURGEON, password=PASSWORD)).reader)
    elif which != "one reader":
        readers.append(_read(protocol, set()).reader)
    administrator = make_member(protocol.study, Role.ADMINISTRATOR)
    body = {"readers": [reader.pk for reader in readers]}
    address = f"/api/v1/studies/{protocol.study.slug}/protocols/{protocol.pk}/consensus"
    answer = client_of(administrator).post(address, body, format="json")
    codes = {"not wanted": "no_consensus_wanted", "one reader": "invalid", "not signed": "reads_missing",
             "agree": "nothing_to_discuss"}  # fmt: skip
    assert answer.json()["code"] == codes[which]
