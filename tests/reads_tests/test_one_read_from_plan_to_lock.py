from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import InternalError

from annotations.reads.answers import Answer
from annotations.reads.models import Read, ReadSession
from annotations.reads.services import open_read, save_draft, submit_read
from common.errors import Conflict, Invalid
from common.models import AuditEvent
from tests.factories import client_of, read_at
from tests.reads_tests.reading import LOOSE_80, open_case, submit

pytestmark = pytest.mark.django_db
DRAFT = {"call": "loose", "confidence": 30, "comment": ""}


def test_it_opens_drafts_and_locks(session: ReadSession) -> None:
    read = read_at(session, 1)
    open_read(read=read)
    assert save_draft(read=read, draft=DRAFT, revision=1, focus_milliseconds=10) == 1
    locked = submit_read(read=read, answer=LOOSE_80, focus_milliseconds=20)
    assert (locked.state, locked.call, locked.confidence) == ("submitted", "loose", 80)
    assert locked.opened_at is not None
    assert locked.submitted_at is not None
    assert locked.opened_at <= locked.submitted_at


def test_it_never_shrinks_the_focus_time_of_a_reader_who_changes_computers(session: ReadSession) -> None:
    read = read_at(session, 1)
    open_read(read=read)
    save_draft(read=read, draft=DRAFT, revision=1, focus_milliseconds=90_000)
    save_draft(read=read, draft=DRAFT, revision=2, focus_milliseconds=500)
    assert submit_read(read=read, answer=LOOSE_80, focus_milliseconds=2_000).focus_milliseconds == 90_000


def test_it_needs_the_instructions_before_the_first_case(session: ReadSession) -> None:
    ReadSession.objects.filter(pk=session.pk).update(instructions_accepted_at=None)
    with pytest.raises(Conflict) as refusal:
        open_read(read=read_at(session, 1))
    assert refusal.value.error_code == "instructions_first"


def test_it_opens_once_however_often_the_page_asks(session: ReadSession) -> None:
    read = read_at(session, 1)
    open_read(read=read)
    first = read_at(session, 1).opened_at
    open_read(read=read)
    assert read_at(session, 1).opened_at == first
    assert AuditEvent.objects.filter(action="image_viewed").count() == 1


def test_it_takes_no_draft_and_no_answer_before_the_case_was_opened(session: ReadSession) -> None:
    with pytest.raises(Conflict) as draft:
        save_draft(read=read_at(session, 1), draft=DRAFT, revision=1, focus_milliseconds=0)
    with pytest.raises(Conflict) as answer:
        submit_read(read=read_at(session, 1), answer=LOOSE_80, focus_milliseconds=0)
    assert draft.value.error_code == answer.value.error_code == "not_opened"


def test_it_keeps_the_newer_draft_when_an_older_one_arrives_late(session: ReadSession) -> None:
    read = read_at(session, 1)
    open_read(read=read)
    save_draft(read=read, draft=DRAFT | {"confidence": 70}, revision=5, focus_milliseconds=0)
    assert save_draft(read=read, draft=DRAFT, revision=4, focus_milliseconds=0) == 5
    assert read_at(session, 1).draft["confidence"] == 70


def test_it_takes_the_same_answer_twice_as_one(session: ReadSession) -> None:
    read = read_at(session, 1)
    open_read(read=read)
    submit_read(read=read, answer=LOOSE_80, focus_milliseconds=0)
    submitted = read_at(session, 1).submitted_at
    again = submit_read(read=read_at(session, 1), answer=LOOSE_80, focus_milliseconds=99)
    assert again.submitted_at == submitted
    assert AuditEvent.objects.filter(action="read_submitted").count() == 1


@pytest.mark.parametrize("other", [Answer("loose", 81), Answer("well_fixed", 80), Answer("loose", 80, "late")])
def test_it_refuses_another_answer_once_locked(session: ReadSession, other: Answer) -> None:
    read = read_at(session, 1)
    open_read(read=read)
    submit_read(read=read, answer=LOOSE_80, focus_milliseconds=0)
    with pytest.raises(Conflict) as refusal:
        submit_read(read=read_at(session, 1), answer=other, focus_milliseconds=0)
    assert refusal.value.error_code == "locked"


def test_it_refuses_a_draft_once_locked(session: ReadSession) -> None:
    read = read_at(session, 1)
    open_read(read=read)
    submit_read(read=read, answer=LOOSE_80, focus_milliseconds=0)
    with pytest.raises(Conflict) as refusal:
        save_draft(read=read, draft=DRAFT, revision=9, focus_milliseconds=0)
    assert refusal.value.error_code == "locked"


@pytest.mark.parametrize(
    "change",
    [{"call": "well_fixed"}, {"confidence": 1}, {"comment": "x"}, {"state": "draft"}, {"code": "X"}, {"position": 99}],
)
def test_it_is_locked_in_the_database_too(session: ReadSession, change: dict[str, object]) -> None:
    read = read_at(session, 1)
    open_read(read=read)
    submit_read(read=read, answer=LOOSE_80, focus_milliseconds=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Read.objects.filter(pk=read.pk).update(**change)


def test_it_deletes_no_read(session: ReadSession) -> None:
    with pytest.raises(InternalError), transaction.atomic():
        Read.objects.filter(session=session).delete()


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        (Answer("loose", None), "confidence"),
        (Answer("well_fixed", 101), "confidence"),
        (Answer("loose", -1), "confidence"),
        (Answer("cannot_assess", 40), "confidence"),
        (Answer("perhaps", 40), "call"),
        (Answer("", None), "call"),
        (Answer("loose", 40, "x" * 2001), "comment"),
    ],
)
def test_it_refuses_half_an_answer_naming_the_field(session: ReadSession, answer: Answer, field: str) -> None:
    read = read_at(session, 1)
    open_read(read=read)
    with pytest.raises(Invalid) as refusal:
        submit_read(read=read, answer=answer, focus_milliseconds=0)
    assert refusal.value.details[0]["field"] == field
    assert read_at(session, 1).state == "opened"


def test_it_gives_codes_and_pictures_two_cases_ahead_and_no_further(session: ReadSession) -> None:
    client = client_of(session.reader)
    places = client.get(f"/api/v1/reading/sessions/{session.pk}").json()["places"]
    assert [place["code"] is not None for place in places] == [True, True, True, False, False, False]
    for position in range(1, 7):
        code = read_at(session, position).code
        expected = 200 if position <= 3 else 404
        assert client.get(f"/api/v1/reading/cases/{code}").status_code == expected
        for kind in ("preview", "full_depth"):
            picture = client.get(f"/api/v1/reading/cases/{code}/image/{kind}")
            assert picture.status_code == expected
            picture.getvalue()  # to the end, so that its file is closed


def test_it_answers_only_the_case_whose_turn_it_is(session: ReadSession) -> None:
    client = client_of(session.reader)
    first, second = read_at(session, 1).code, read_at(session, 2).code
    assert open_case(client, second) == 404
    assert submit(client, second)[0] == 404
    draft = {"revision": 1, "call": "loose", "confidence": 5}
    assert client.put(f"/api/v1/reading/cases/{second}/draft", draft, format="json").status_code == 404
    assert open_case(client, first) == 200
    status, body = submit(client, first)
    assert (status, body["next_code"]) == (200, second)
    assert open_case(client, second) == 200


def test_it_tells_the_truth_of_practice_cases_alone(session: ReadSession) -> None:
    client = client_of(session.reader)
    for position in range(1, 7):
        read = read_at(session, position)
        open_case(client, read.code)
        status, body = submit(client, read.code, call="cannot_assess", confidence=None)
        assert status == 200
        assert body["feedback"] == (read.case.label_value if position <= 2 else None)


@pytest.mark.parametrize("kind", ["dicom", "source", "thumbnail", "../preview", "preview.jpg"])
def test_it_serves_no_rendition_that_a_reader_does_not_need(session: ReadSession, kind: str) -> None:
    code = read_at(session, 1).code
    assert client_of(session.reader).get(f"/api/v1/reading/cases/{code}/image/{kind}").status_code == 404
