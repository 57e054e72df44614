from __future__ import annotations

import pytest
from django.db import transaction
from django.db.utils import InternalError

from annotations.reads.models import ReadProtocol, ReadSession, Unblinding
from annotations.reads.selectors import answers_for_analysis, comparable_sessions
from annotations.reads.services import open_read, plan_session, submit_read, unblind_protocol
from common.errors import Conflict, Invalid
from studies.models import Role
from tests.factories import client_of, make_member, make_session, read_at
from tests.reads_tests.reading import LOOSE_80, open_case, read_all, sign, submit

pytestmark = pytest.mark.django_db


def _unblind(protocol: ReadProtocol, absences: str = "") -> Unblinding:
    return unblind_protocol(protocol=protocol, actor=None, reason="All have read.", absences_explained=absences)


def test_it_refuses_while_a_session_is_not_signed(protocol: ReadProtocol, session: ReadSession) -> None:
    read_all(session)
    with pytest.raises(Conflict) as refusal:
        _unblind(protocol)
    assert refusal.value.error_code == "reads_missing"
    sign(session)
    assert _unblind(protocol).reason == "All have read."


def test_it_takes_an_explanation_of_missing_reads(protocol: ReadProtocol, session: ReadSession) -> None:
    assert _unblind(protocol, "The reader has left the hospital.").absences_explained


def test_it_needs_a_reason_and_somebody_who_read(protocol: ReadProtocol) -> None:
    with pytest.raises(Conflict) as nobody:
        _unblind(protocol)
    assert nobody.value.error_code == "no_reads"
    with pytest.raises(Invalid):
        unblind_protocol(protocol=protocol, actor=None, reason=" ")


def test_it_gives_answers_to_the_analysis_only_afterwards(protocol: ReadProtocol, session: ReadSession) -> None:
    read_all(session)
    sign(session)
    session = ReadSession.objects.select_related("protocol").get(pk=session.pk)
    assert comparable_sessions(protocol.study) == []
    with pytest.raises(Conflict) as refusal:
        answers_for_analysis(session)
    assert refusal.value.error_code == "still_blinded"
    _unblind(protocol)
    (session,) = comparable_sessions(protocol.study)
    answers = answers_for_analysis(session)
    assert len(answers) == 4  # practice is no result
    assert {(a.call, a.call_is_loose, a.confidence, a.roc_score) for a in answers} == {("loose", 1, 80, 80)}


def test_it_ends_the_reading_of_whoever_was_absent(protocol: ReadProtocol, session: ReadSession) -> None:
    """An answer given when the truth may be known is no blinded answer."""
    code = read_at(session, 1).code
    client = client_of(session.reader)
    assert open_case(client, code) == 200
    read = read_at(session, 1)
    _unblind(protocol, "The reader has left the hospital.")
    assert client.get(f"/api/v1/reading/cases/{code}").status_code == 404
    assert submit(client, code)[0] == 404
    with pytest.raises(Conflict) as refusal:
        submit_read(read=read, answer=LOOSE_80, focus_milliseconds=0)
    assert refusal.value.error_code == "unblinded"
    with pytest.raises(Conflict):
        open_read(read=read_at(session, 2))
    with pytest.raises(Conflict) as signing:
        sign(session)
    assert signing.value.error_code == "unblinded"
    assert comparable_sessions(protocol.study) == []


def test_it_plans_no_session_afterwards(protocol: ReadProtocol, session: ReadSession) -> None:
    _unblind(protocol, "The reader has left the hospital.")
    with pytest.raises(Conflict) as refusal:
        make_session(protocol)
    assert refusal.value.error_code == "unblinded"


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.RESEARCHER, Role.SURGEON])
def test_it_is_the_administrators_to_do(protocol: ReadProtocol, session: ReadSession, role: str) -> None:
    client = client_of(make_member(protocol.study, role))
    address = f"/api/v1/studies/{protocol.study.slug}/protocols/{protocol.pk}/unblind"
    answer = client.post(address, {"reason": "Curious", "absences_explained": "none"}, format="json")
    assert answer.status_code == (404 if role == Role.SURGEON else 403)
    assert not Unblinding.objects.exists()


def test_it_stays_in_the_database(protocol: ReadProtocol, session: ReadSession) -> None:
    _unblind(protocol, "The reader has left the hospital.")
    with pytest.raises(InternalError), transaction.atomic():
        Unblinding.objects.all().delete()


def test_it_asks_only_surgeons_who_are_nothing_else(protocol: ReadProtocol) -> None:
    for roles, code in (
        ((Role.COORDINATOR,), "not_a_surgeon"),
        ((Role.SURGEON, Role.RESEARCHER), "other_roles"),
    ):
        with pytest.raises(Conflict) as refusal:
            plan_session(protocol=protocol, reader=make_member(protocol.study, *roles), seed=1, actor=None)
        assert refusal.value.error_code == code
