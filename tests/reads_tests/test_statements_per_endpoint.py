"""How many SQL statements a reader's request takes: a number that may fall, and rises only for a good reason.

One of them is always the person who asks. Four put the request under the readers' role and end that (in a test: a
savepoint, the role, back, the release). A change is wrapped in two more (a savepoint and its release).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.http import HttpResponse

from annotations.reads.models import ReadSession
from tests.factories import client_of, make_session, make_study_to_read, read_at
from tests.statements import statements_of

pytestmark = pytest.mark.django_db
ANSWER = {"call": "loose", "confidence": 80, "comment": "", "focus_milliseconds": 10}


def statements(ask: Callable[[], HttpResponse]) -> int:
    answer, sent = statements_of(ask)
    assert answer.status_code == 200
    answer.getvalue()  # to the end, so that a picture's file is closed
    return len(sent)


def test_it_reads_a_case_in_thirty_statements(session: ReadSession) -> None:
    client = client_of(session.reader)
    case = f"/api/v1/reading/cases/{read_at(session, 1).code}"
    assert statements(lambda: client.post(f"{case}/open")) <= 11
    assert statements(lambda: client.get(f"{case}/image/full_depth")) <= 6
    assert statements(lambda: client.post(f"{case}/submit", ANSWER, format="json")) <= 13


def test_it_keeps_a_draft_in_ten(session: ReadSession) -> None:
    client = client_of(session.reader)
    case = f"/api/v1/reading/cases/{read_at(session, 1).code}"
    client.post(f"{case}/open")
    assert statements(lambda: client.put(f"{case}/draft", ANSWER | {"revision": 1}, format="json")) <= 10


def test_it_looks_at_a_case_and_opens_it_again_in_few(session: ReadSession) -> None:
    client = client_of(session.reader)
    case = f"/api/v1/reading/cases/{read_at(session, 1).code}"
    assert statements(lambda: client.get(case)) <= 6
    client.post(f"{case}/open")
    assert statements(lambda: client.post(f"{case}/open")) <= 11


def test_it_shows_a_session_of_thirty_reads_in_seven(db: None, tmp_path: Path) -> None:
    made = make_study_to_read(tmp_path, loose=8, well_fixed=8, practice=24)
    assert made.protocol is not None
    session = make_session(made.protocol)
    assert session.reads.count() >= 30
    client = client_of(session.reader)
    assert statements(lambda: client.get(f"/api/v1/reading/sessions/{session.pk}")) <= 7
    assert statements(lambda: client.get(f"/api/v1/studies/{made.study.slug}/reading")) <= 8
