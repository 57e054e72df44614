"""Notes that no hospital should send: empty, huge, full of markup or control characters. Nothing breaks or is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from annotations.labels.evidence import MOST_CHARACTERS, MOST_MARKS, find_evidence
from annotations.labels.masking import mask_note
from studies.models import Role
from tests.factories import client_of, make_member
from tests.labels_tests.notes_study import make_notes_study, notes_of, write_note

MEGABYTE = 1_000_000
# Long enough that a rule which looks back over all that came before would never come to an end.
LONG = 150_000
HUGE = {
    "one sentence without an end": "the stem was not loose and the cup was well fixed " * (MEGABYTE // 50),
    "one word again and again": "loose " * (LONG // 6),
    "one letter": "a" * LONG,
    "blanks": " " * LONG,
    "empty lines": "\n" * LONG,
    "names": "Dr. Kessler and Mr. Marchbank " * (LONG // 30),
    "digits": "1" * LONG,
    "capitals": "A. " * (LONG // 3),
}


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE)
def test_it_marks_a_huge_note_up_to_a_limit_and_masks_all_of_it(text: str) -> None:
    marks = find_evidence(text, "R")
    assert len(marks) <= MOST_MARKS
    assert all(mark.end <= MOST_CHARACTERS for mark in marks)
    masked = mask_note(text).text
    assert len(masked) == len(text)
    assert "Kessler" not in masked


STRANGE = {
    "empty": "",
    "markup": "<script>alert(1)</script><b>FINDINGS</b>: The <i>cup</i> was loose. <img src=x onerror=alert(2)>",
    "control characters": "FINDINGS:\x07 The cup\x0b was\x1b[31m loose.\x85\x9c caf\xe9 \ufeff",
    "beyond the basic plane": "FINDINGS: 🦴 The cup was loose. \U0001f9b4",
    "windows line ends": "FINDINGS:\r\nThe cup was loose.\r\n",
}


@pytest.mark.django_db
@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
def test_it_shows_a_strange_note_as_it_is_and_takes_a_verdict_on_it(tmp_path: Path, text: str) -> None:
    study = make_notes_study(tmp_path)
    note = write_note(notes_of(study)[0], text)
    client = client_of(make_member(study, Role.ABSTRACTOR))
    address = f"/api/v1/studies/{study.slug}/notes/{note.pk}"
    answer = client.get(address)
    assert answer["Content-Type"] == "application/json"
    body: dict[str, Any] = answer.json()
    assert body["text"] == text
    for mark in body["evidence"]:
        assert body["text"][mark["start"] : mark["end"]].lower() == "loose"
    assert len(body["evidence"]) == text.count("loose")
    verdict = {"cup": "not_stated", "stem": "not_stated", "infection": "none", "diagnoses_agree": False}
    assert client.post(f"{address}/assess", verdict, format="json").status_code == 201


@pytest.mark.django_db
def test_it_refuses_a_quotation_outside_the_note(tmp_path: Path) -> None:
    study = make_notes_study(tmp_path)
    note = write_note(notes_of(study)[0], "short")
    address = f"/api/v1/studies/{study.slug}/notes/{note.pk}/assess"
    client = client_of(make_member(study, Role.ABSTRACTOR))
    verdict = {"cup": "loose", "stem": "loose", "infection": "none", "diagnoses_agree": True}
    for quote in ({"quote_start": 0, "quote_end": 6}, {"quote_start": 3, "quote_end": 3}, {"quote_start": 1}):
        answer = client.post(address, verdict | quote, format="json")
        assert (answer.status_code, answer.json()["details"][0]["field"]) == (400, "quote_end")
    assert client.post(address, verdict | {"quote_start": 0, "quote_end": 5}, format="json").status_code == 201
