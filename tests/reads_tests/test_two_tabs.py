"""Two tabs of one reader, or one impatient double click, make one read."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from annotations.reads.answers import Answer
from annotations.reads.models import ReadProtocol, ReadSession
from annotations.reads.services import open_read, sign_session, submit_read, unblind_protocol
from common.errors import Conflict
from common.models import AuditEvent
from tests.factories import PASSWORD, make_session, make_study_to_read, read_at
from tests.reads_tests.reading import LOOSE_80, read_all, sign

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def session(tmp_path: Path) -> ReadSession:
    made = make_study_to_read(tmp_path, loose=3, well_fixed=3, practice=0)
    assert made.protocol is not None
    return make_session(made.protocol)


def at_once(*calls: Callable[[], object]) -> list[str]:
    """What each call came to, all started together: "done", or the code of the refusal."""
    outcomes: list[str] = []
    gate = threading.Barrier(len(calls))

    def run(call: Callable[[], object]) -> None:
        gate.wait()
        try:
            call()
            outcomes.append("done")
        except Conflict as error:
            outcomes.append(error.error_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def _submit(session: ReadSession, answer: Answer) -> Callable[[], object]:
    read = read_at(session, 1)
    return lambda: submit_read(read=read, answer=answer, focus_milliseconds=0)


def test_it_locks_one_of_two_different_answers(session: ReadSession) -> None:
    open_read(read=read_at(session, 1))
    answers = [Answer("loose", 80), Answer("well_fixed", 60)]
    assert at_once(*(_submit(session, answer) for answer in answers)) == ["done", "locked"]
    assert AuditEvent.objects.filter(action="read_submitted").count() == 1


def test_it_makes_one_read_of_a_double_click(session: ReadSession) -> None:
    open_read(read=read_at(session, 1))
    assert at_once(*(_submit(session, LOOSE_80) for _ in range(4))) == ["done"] * 4
    assert AuditEvent.objects.filter(action="read_submitted").count() == 1


def test_it_signs_once(session: ReadSession) -> None:
    read_all(session)
    outcomes = at_once(
        *(lambda: sign_session(session=session, signer=session.reader, password=PASSWORD, meaning="Mine."),) * 2
    )
    assert outcomes == ["done", "signed"]


def test_it_unblinds_once(session: ReadSession) -> None:
    read_all(session)
    sign(session)
    protocol = ReadProtocol.objects.get(pk=session.protocol_id)
    outcomes = at_once(*(lambda: unblind_protocol(protocol=protocol, actor=None, reason="All have read."),) * 2)
    assert outcomes == ["done", "unblinded"]
    assert AuditEvent.objects.filter(action="protocol_unblinded").count() == 1
