from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.db.utils import InternalError

from common import audit
from common.models import AuditEvent
from tests.factories import make_person

pytestmark = pytest.mark.django_db


def _three() -> list[AuditEvent]:
    person = make_person("Zoë")
    return [
        audit.record(
            actor=person, action=f"action_{n}", subject="study:1", study_slug="hips",
            payload={"number": n, "text": "„ä“", "list": [1, None, 1.5], "nested": {"b": 1, "a": True}},
        )
        for n in range(3)
    ]  # fmt: skip


def _tamper(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE common_auditevent DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute("ALTER TABLE common_auditevent ENABLE TRIGGER USER")


def test_it_chains_each_event_to_the_one_before(db: None) -> None:
    first, second, third = _three()
    assert second.previous_hash == first.hash
    assert third.previous_hash == second.hash
    assert audit.first_broken_link() is None


def test_it_can_only_be_added_to(db: None) -> None:
    _three()
    with pytest.raises(InternalError), transaction.atomic():
        AuditEvent.objects.update(action="something else")
    with pytest.raises(InternalError), transaction.atomic():
        AuditEvent.objects.all().delete()


@pytest.mark.parametrize(
    "change",
    ["action = 'other'", "actor_name = 'Nobody'", "payload = '{}'", "subject = 'x'", "study_slug = ''",
     "at = at + interval '1 microsecond'", "actor_id = NULL"],
)  # fmt: skip
def test_it_finds_the_first_event_that_was_changed(change: str) -> None:
    _, second, _ = _three()
    _tamper(f"UPDATE common_auditevent SET {change} WHERE sequence = {second.sequence}")
    broken = audit.first_broken_link()
    assert broken is not None
    assert broken.sequence == second.sequence


def test_it_finds_where_an_event_is_missing(db: None) -> None:
    _, second, third = _three()
    _tamper(f"DELETE FROM common_auditevent WHERE sequence = {second.sequence}")
    broken = audit.first_broken_link()
    assert broken is not None
    assert broken.sequence == third.sequence


def test_it_vanishes_with_the_change_it_tells_of(db: None) -> None:
    with transaction.atomic():
        audit.record(actor=None, action="undone", subject="x")
        transaction.set_rollback(True)
    assert not AuditEvent.objects.filter(action="undone").exists()


@pytest.mark.parametrize("number", [0.1, 1e-7, 1e16, 1e22, 2**53, -0.5])
def test_it_verifies_whatever_numbers_a_payload_holds(number: float) -> None:
    audit.record(actor=None, action="number", subject="x", payload={"number": number})
    assert audit.first_broken_link() is None


@pytest.mark.parametrize("microsecond", [0, 1, 500_000, 999_999])
def test_it_writes_time_in_the_database_as_it_is_checked_here(microsecond: int) -> None:
    at = datetime(2026, 1, 2, 3, 4, 5, microsecond, tzinfo=UTC)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {audit.AT_AS_TEXT} FROM (SELECT %s::timestamptz AS at) AS link", [at])
        assert cursor.fetchone() == (at.isoformat(),)


@pytest.mark.django_db(transaction=True)
def test_it_stays_whole_when_many_write_at_once() -> None:
    gate = threading.Barrier(5)

    def write(name: str) -> None:
        gate.wait()
        for number in range(5):
            audit.record(actor=None, action="parallel", subject=f"{name}:{number}")
        connection.close()

    threads = [threading.Thread(target=write, args=(str(n),)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert AuditEvent.objects.filter(action="parallel").count() == 25
    assert audit.first_broken_link() is None
