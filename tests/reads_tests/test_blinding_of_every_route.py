"""The blinding table: what every route answers to a visitor, and to a surgeon who has radiographs to read.

A new route needs a row here. 404 for a reader means that the thing does not exist for them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.models import Person
from studies.models import Role
from tests.factories import client_of, make_member
from tests.reads_tests.canaries import FORBIDDEN_KEYS, MarkedStudy, keys_of, make_marked_study
from tests.routes import Route, all_routes

pytestmark = pytest.mark.django_db

HEALTH = (200, 503)  # both say nothing but whether the platform works
HIDDEN = 404
# (route, method): what a visitor gets, what a reader gets
TABLE: dict[tuple[str, str], tuple[Any, Any]] = {
    ("front-end", "get"): (200, 200),
    ("health", "get"): (HEALTH, HEALTH),
    ("schema", "get"): (200, 200),
    ("session", "get"): (200, 200),
    ("sign-in", "post"): (400, 400),
    ("sign-out", "post"): (403, 200),
    ("studies", "get"): (403, 200),
    ("study", "get"): (403, 200),
    ("look-at-invitation", "post"): (404, 404),
    ("accept-invitation", "post"): (404, 404),
    # the reader's own
    ("my-sessions", "get"): (403, 200),
    ("my-session", "get"): (403, 200),
    ("accept-instructions", "post"): (403, 200),
    ("sign-session", "post"): (403, 409),
    ("my-next-sessions", "get"): (403, 200),
    ("begin-next-session", "post"): (403, 200),
    ("my-reads", "get"): (403, 200),
    ("correct-read", "post"): (403, 409),
    ("report-unblinding", "post"): (403, 200),
    ("report-display", "post"): (403, 200),
    ("my-session-pdf", "get"): (403, 200),
    ("my-consensus-meetings", "get"): (403, 200),
    ("my-consensus-meeting", "get"): (403, HIDDEN),
    ("sign-consensus", "post"): (403, HIDDEN),
    ("consensus-case", "get"): (403, HIDDEN),
    ("decide-together", "post"): (403, HIDDEN),
    ("consensus-image", "get"): (403, HIDDEN),
    ("plan-consensus", "post"): (403, HIDDEN),
    ("reading-case", "get"): (403, 200),
    ("open-case", "post"): (403, 200),
    ("save-draft", "put"): (403, 409),
    ("submit-read", "post"): (403, 409),
    ("case-image", "get"): (403, 200),
    # everybody else's
    ("people", "get"): (403, HIDDEN),
    ("people", "post"): (403, HIDDEN),
    ("invitations", "get"): (403, HIDDEN),
    ("invitations", "post"): (403, HIDDEN),
    ("withdraw-invitation", "post"): (403, HIDDEN),
    ("withdraw-role", "post"): (403, HIDDEN),
    ("registry-imports", "get"): (403, HIDDEN),
    ("registry-imports", "post"): (403, HIDDEN),
    ("registry-import", "get"): (403, HIDDEN),
    ("check-registry-import", "post"): (403, HIDDEN),
    ("apply-registry-import", "post"): (403, HIDDEN),
    ("discard-registry-import", "post"): (403, HIDDEN),
    ("refused-rows", "get"): (403, HIDDEN),
    ("refused-rows-file", "get"): (403, HIDDEN),
    ("registry-file-kinds", "get"): (403, HIDDEN),
    ("registry-template", "get"): (403, HIDDEN),
    ("registry-surgeons", "get"): (403, HIDDEN),
    ("registry-surgeons", "post"): (403, HIDDEN),
    ("people-to-link", "get"): (403, HIDDEN),
    ("patient-trace", "get"): (403, HIDDEN),
    ("cohort-rules", "get"): (403, HIDDEN),
    ("cohort-rules", "post"): (403, HIDDEN),
    ("build-cohort", "post"): (403, HIDDEN),
    ("preview-rules", "post"): (403, HIDDEN),
    ("draw-comparison", "post"): (403, HIDDEN),
    ("cohort-flow", "get"): (403, HIDDEN),
    ("flow-patients", "get"): (403, HIDDEN),
    ("notes", "get"): (403, HIDDEN),
    ("note", "get"): (403, HIDDEN),
    ("assess-note", "post"): (403, HIDDEN),
    ("adjudicate-note", "post"): (403, HIDDEN),
    ("claim-note", "post"): (403, HIDDEN),
    ("assign-notes", "post"): (403, HIDDEN),
    ("withdraw-notes", "post"): (403, HIDDEN),
    ("note-agreement", "get"): (403, HIDDEN),
    ("release-quote", "post"): (403, HIDDEN),
    ("withdraw-quote", "post"): (403, HIDDEN),
    ("labelled-pictures", "post"): (403, HIDDEN),
    ("labels", "get"): (403, HIDDEN),
    ("label", "get"): (403, HIDDEN),
    ("correct-label", "post"): (403, HIDDEN),
    ("intake", "get"): (403, HIDDEN),
    ("intake", "post"): (403, HIDDEN),
    ("batch-report", "get"): (403, HIDDEN),
    ("batch-report-csv", "get"): (403, HIDDEN),
    ("file-report", "get"): (403, HIDDEN),
    ("known-files", "post"): (403, HIDDEN),
    ("sending-tokens", "get"): (403, HIDDEN),
    ("sending-tokens", "post"): (403, HIDDEN),
    ("withdraw-sending-token", "post"): (403, HIDDEN),
    # for machines with a token: who is signed in on the page is nobody there
    ("store-instances", "post"): (401, 401),
    ("begin-upload", "post"): (403, HIDDEN),
    ("upload-piece", "put"): (403, HIDDEN),
    ("intake-batch", "get"): (403, HIDDEN),
    ("intake-batch", "post"): (403, HIDDEN),
    ("radiographs", "get"): (403, HIDDEN),
    ("linking-queue", "get"): (403, HIDDEN),
    ("linking-rules", "put"): (403, HIDDEN),
    ("try-linking-again", "post"): (403, HIDDEN),
    ("linking-case", "get"): (403, HIDDEN),
    ("link-radiograph", "post"): (403, HIDDEN),
    ("refuse-link", "post"): (403, HIDDEN),
    ("undo-link", "post"): (403, HIDDEN),
    ("identifier-map", "get"): (403, HIDDEN),
    ("identifier-map", "post"): (403, HIDDEN),
    ("identifier-map", "delete"): (403, HIDDEN),
    ("reveal-identifier", "post"): (403, HIDDEN),
    ("radiograph", "get"): (403, HIDDEN),
    ("rendition", "get"): (403, HIDDEN),
    ("quarantine", "get"): (403, HIDDEN),
    ("quarantined-image", "get"): (403, HIDDEN),
    ("quarantined-picture", "get"): (403, HIDDEN),
    ("propose-mask", "post"): (403, HIDDEN),
    ("release-image", "post"): (403, HIDDEN),
    ("refuse-image", "post"): (403, HIDDEN),
    ("dataset-versions", "get"): (403, HIDDEN),
    ("dataset-versions", "post"): (403, HIDDEN),
    ("preview-split", "post"): (403, HIDDEN),
    ("dataset-version", "get"): (403, HIDDEN),
    ("dataset-manifest", "get"): (403, HIDDEN),
    ("dataset-manifest-table", "get"): (403, HIDDEN),
    ("dataset-choices", "get"): (403, HIDDEN),
    ("recheck-dataset", "post"): (403, HIDDEN),
    ("dataset-differences", "get"): (403, HIDDEN),
    ("read-protocols", "get"): (403, HIDDEN),
    ("unblind", "post"): (403, HIDDEN),
    ("read-protocols", "post"): (403, HIDDEN),
    ("preview-protocol", "post"): (403, HIDDEN),
    ("protocol-choices", "get"): (403, HIDDEN),
    ("read-protocol", "get"): (403, HIDDEN),
    ("read-protocol", "put"): (403, HIDDEN),
    ("freeze-protocol", "post"): (403, HIDDEN),
    ("amend-protocol", "post"): (403, HIDDEN),
    ("copy-protocol", "post"): (403, HIDDEN),
    ("protocol-coverage", "get"): (403, HIDDEN),
    ("protocol-times", "get"): (403, HIDDEN),
    ("protocol-times-csv", "get"): (403, HIDDEN),
    ("protocol-deviations", "get"): (403, HIDDEN),
    ("protocol-deviations", "post"): (403, HIDDEN),
    ("shorten-washout", "post"): (403, HIDDEN),
    ("report-unblinding-of-reader", "post"): (403, HIDDEN),
    ("remind-readers", "post"): (403, HIDDEN),
    ("export-protocol", "get"): (403, HIDDEN),
    ("session-audit", "get"): (403, HIDDEN),
    ("training-choices", "get"): (403, HIDDEN),
    ("runs", "get"): (403, HIDDEN),
    ("runs", "post"): (403, HIDDEN),
    ("run", "get"): (403, HIDDEN),
    ("cancel-run", "post"): (403, HIDDEN),
    ("retry-run", "post"): (403, HIDDEN),
    ("preview-training", "post"): (403, HIDDEN),
    ("searches", "get"): (403, HIDDEN),
    ("searches", "post"): (403, HIDDEN),
    ("run-words", "put"): (403, HIDDEN),
    ("run-model", "get"): (403, HIDDEN),
    ("scorings", "get"): (403, HIDDEN),
    ("scorings", "post"): (403, HIDDEN),
    ("maps", "get"): (403, HIDDEN),
    ("maps", "post"): (403, HIDDEN),
    ("map-picture", "get"): (403, HIDDEN),
    ("run-case-preview", "get"): (403, HIDDEN),
    ("map-quality", "get"): (403, HIDDEN),
    ("map-quality", "post"): (403, HIDDEN),
    ("comparisons", "get"): (403, HIDDEN),
    ("comparisons", "post"): (403, HIDDEN),
    ("comparison-choices", "get"): (403, HIDDEN),
    ("comparison", "get"): (403, HIDDEN),
    ("recompute-comparison", "post"): (403, HIDDEN),
    ("comparison-rows", "get"): (403, HIDDEN),
    ("comparison-figure", "get"): (403, HIDDEN),
    ("comparison-decision", "get"): (403, HIDDEN),
    ("comparison-gallery", "get"): (403, HIDDEN),
    ("compared-picture", "get"): (403, HIDDEN),
    ("published-study", "get"): (403, HIDDEN),
    ("comparison-reports", "get"): (403, HIDDEN),
    ("comparison-reports", "post"): (403, HIDDEN),
    ("report-archive", "get"): (403, HIDDEN),
    ("reporting-guidelines", "get"): (403, HIDDEN),
    ("reporting-guidelines", "post"): (403, HIDDEN),
}
# What the reader's own routes are sent; the case has not been opened, and reads are missing.
BODIES: dict[str, dict[str, Any]] = {
    "look-at-invitation": {"token": "invented"},
    "accept-invitation": {"token": "invented", "name": "Nobody", "password": "a long enough password"},
    "sign-session": {"password": "a long enough password", "meaning": "Mine."},
    "save-draft": {"revision": 1, "call": "loose", "confidence": 5, "comment": ""},
    "submit-read": {"call": "loose", "confidence": 5},
    "correct-read": {"call": "loose", "confidence": 5, "reason": "Typed.", "password": "a long enough password"},
    "report-display": {"viewport_width": 1440, "viewport_height": 900, "pixel_ratio": 2},
    "report-unblinding": {"learnt": "other", "what_happened": "Somebody spoke of it."},
}


@pytest.fixture
def marked(tmp_path: Path, settings: Settings) -> MarkedStudy:
    page = tmp_path / "front-end"
    page.mkdir()
    (page / "index.html").write_text("<!doctype html><title>Lucency</title>")
    settings.FRONT_END_FOLDER = page
    return make_marked_study(tmp_path)


def _address(route: Route, values: dict[str, Any]) -> str:
    if route.name == "front-end":
        return "/studies/some/page"
    return "/" + re.sub(r"<\w+:(\w+)>", lambda match: str(values[match.group(1)]), route.pattern)


def _ask(client: APIClient, route: Route, method: str, values: dict[str, Any]) -> tuple[int, bytes, Any]:
    """Ask without leaving a trace in the database, so that the rows of the table do not meet."""
    with transaction.atomic():
        answer = getattr(client, method)(
            _address(route, values), data=BODIES.get(route.name, {}), **({} if method == "get" else {"format": "json"})
        )
        transaction.set_rollback(True)
    json_body = answer.json() if answer["Content-Type"].startswith("application/json") else None
    content: bytes = answer.getvalue() if answer.streaming else answer.content
    # A header may tell something too: a file's name, for one.
    headers = {name: value for name, value in answer.headers.items() if name != "X-Request-ID"}
    return answer.status_code, content + repr(headers).encode(), json_body


def _leaks(content: bytes, body: Any, marked: MarkedStudy, route: Route) -> list[str]:
    text = content.decode("latin-1")
    found = [f"the value {secret!r}" for secret in marked.secrets if secret in text]
    if route.name != "schema":  # it describes the API of all roles, and holds no study
        found += [f"the key {key!r}" for key in set(keys_of(body)) & FORBIDDEN_KEYS]
    return found


def _problems(person: Person | None, marked: MarkedStudy, column: int) -> list[str]:
    problems = []
    for route in all_routes():
        for method in route.methods:
            row = TABLE.get((route.name, method))
            if row is None:
                problems.append(f"{method.upper()} {route.name}: no row in the blinding table")
                continue
            expected = row[column] if isinstance(row[column], tuple) else (row[column],)
            status, content, body = _ask(client_of(person), route, method, marked.values)
            if status not in expected:
                problems.append(f"{method.upper()} {route.name}: {status}, expected {row[column]}: {content[:200]!r}")
            problems += [f"{method.upper()} {route.name}: {leak}" for leak in _leaks(content, body, marked, route)]
    return problems


def test_it_has_a_row_for_every_route_and_no_row_for_none() -> None:
    asked = {(route.name, method) for route in all_routes() for method in route.methods}
    assert set(TABLE) == asked


def test_it_tells_a_visitor_nothing(marked: MarkedStudy) -> None:
    assert _problems(None, marked, 0) == []


def test_it_tells_a_reader_nothing_but_their_own_cases(marked: MarkedStudy) -> None:
    assert _problems(marked.session.reader, marked, 1) == []


def test_it_finds_the_canaries_where_they_may_be(marked: MarkedStudy) -> None:
    """The check above can fail: coordinators do see what it looks for."""
    client = client_of(make_member(marked.study, Role.COORDINATOR))
    route = next(route for route in all_routes() if route.name == "radiographs")
    status, content, body = _ask(client, route, "get", marked.values)
    assert status == 200
    leaks = _leaks(content, body, marked, route)
    assert any("CANARY" in leak for leak in leaks)
    assert "the key 'patient'" in leaks


def test_it_hides_another_readers_session_and_codes(marked: MarkedStudy) -> None:
    client = client_of(marked.session.reader)
    other = marked.values | {
        "session_id": marked.other_session.pk,
        "code": marked.other_session.reads.order_by("position")[0].code,
    }
    missing = marked.values | {"session_id": 10**9, "code": "NOSUCHCODE"}
    for route in all_routes():
        if "<int:session_id>" in route.pattern or "<str:code>" in route.pattern:
            for method in route.methods:
                theirs = _ask(client, route, method, other)
                assert theirs[0] == 404, route.name
                assert theirs == _ask(client, route, method, missing), route.name


def test_it_gives_other_studies_codes_of_their_own(marked: MarkedStudy) -> None:
    """The same cases carry other codes in every session, so that readers cannot compare notes by code."""
    mine = dict(marked.session.reads.values_list("case", "code"))
    theirs = dict(marked.other_session.reads.values_list("case", "code"))
    assert mine.keys() == theirs.keys()
    assert not set(mine.values()) & set(theirs.values())
