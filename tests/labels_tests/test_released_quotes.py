"""Words of a note leave the queue only when a person has released them, masked, with a reason, until withdrawn."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import transaction
from django.db.utils import InternalError

from accounts.models import Person
from annotations.cohorts.models import OperativeNote
from annotations.labels.models import QuoteRelease
from annotations.labels.quotes import released_quotes
from common.models import AuditEvent
from studies.models import Role, Study
from tests.factories import client_of, make_member
from tests.labels_tests.notes_study import make_notes_study, notes_of, write_note

pytestmark = pytest.mark.django_db
TEXT = "FINDINGS: Dr. Kessler found the cup grossly loose."


@pytest.fixture
def study(db: None, tmp_path: Path) -> Study:
    return make_notes_study(tmp_path)


@pytest.fixture
def note(study: Study) -> OperativeNote:
    return write_note(notes_of(study)[0], TEXT)


@pytest.fixture
def abstractor(study: Study) -> Person:
    return make_member(study, Role.ABSTRACTOR, name="Ann Abstractor")


def _release(person: Person, note: OperativeNote, start: int, end: int, reason: str = "Shows it.") -> tuple[int, dict]:  # type: ignore[type-arg]
    address = f"/api/v1/studies/{note.study.slug}/notes/{note.pk}/release"
    answer = client_of(person).post(address, {"start": start, "end": end, "reason": reason}, format="json")
    return answer.status_code, answer.json()


def test_it_releases_masked_words_and_withdraws_them(note: OperativeNote, abstractor: Person) -> None:
    hip = note.procedure.hip_id
    assert released_quotes([hip]) == {}
    status, body = _release(abstractor, note, TEXT.index("Dr."), len(TEXT))
    assert (status, body["text"]) == (201, "Dr. ▒▒▒▒▒▒▒ found the cup grossly loose.")
    (quote,) = released_quotes([hip])[hip]
    assert (quote.text, quote.released_by) == (body["text"], "Ann Abstractor")
    stored = QuoteRelease.objects.get()
    assert b"grossly" not in bytes(stored.text_encrypted)
    address = f"/api/v1/studies/{note.study.slug}/notes/{note.pk}/releases/{stored.pk}/withdraw"
    for reason, expected in (("", 400), ("Says too much.", 200), ("Again.", 409)):
        assert client_of(abstractor).post(address, {"reason": reason}, format="json").status_code == expected
    assert released_quotes([hip]) == {}
    shown = client_of(abstractor).get(f"/api/v1/studies/{note.study.slug}/notes/{note.pk}").json()["releases"]
    assert [(one["reason"], one["withdrawal_reason"]) for one in shown] == [("Shows it.", "Says too much.")]
    actions = AuditEvent.objects.filter(action__startswith="quote_").order_by("sequence")
    assert [(one.action, one.actor_name) for one in actions] == [
        ("quote_released", "Ann Abstractor"), ("quote_withdrawn", "Ann Abstractor")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("start", "end", "reason", "status", "code"),
    [
        (0, 10_000, "x", 400, "invalid"),
        (5, 5, "x", 400, "invalid"),
        (TEXT.index("Kessler"), TEXT.index("Kessler") + 7, "x", 400, "invalid"),
        (0, 9, " ", 400, "invalid"),
        (0, 9, "Asked by Dr. Kessler on 12/03/2021.", 400, "identifying"),
    ],
)
def test_it_refuses_what_holds_no_words_or_lies_outside(
    note: OperativeNote, abstractor: Person, start: int, end: int, reason: str, status: int, code: str
) -> None:
    answer = _release(abstractor, note, start, end, reason)
    assert (answer[0], answer[1]["code"]) == (status, code)
    assert not QuoteRelease.objects.exists()


def test_it_releases_the_same_words_once_and_again_only_after_a_withdrawal(
    note: OperativeNote, abstractor: Person
) -> None:
    first = _release(abstractor, note, 10, 20)
    assert _release(abstractor, note, 10, 20)[1]["code"] == "released_already"
    address = f"/api/v1/studies/{note.study.slug}/notes/{note.pk}/releases/{first[1]['id']}/withdraw"
    client_of(abstractor).post(address, {"reason": "A slip."}, format="json")
    assert _release(abstractor, note, 10, 20)[0] == 201


def test_it_keeps_what_was_released_as_it_was(note: OperativeNote, abstractor: Person) -> None:
    _release(abstractor, note, 10, 20)
    with pytest.raises(InternalError), transaction.atomic():
        QuoteRelease.objects.update(start=0)
    with pytest.raises(InternalError), transaction.atomic():
        QuoteRelease.objects.all().delete()
