from __future__ import annotations

import io

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from accounts.models import Person
from common.models import AuditEvent

pytestmark = pytest.mark.django_db


def _create(*arguments: str) -> str:
    output = io.StringIO()
    call_command("create_person", *arguments, stdout=output)
    return output.getvalue()


def _types(monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))


def test_it_prints_a_random_password_once_that_lets_the_person_in() -> None:
    output = _create("vera.lind@example.org", "Vera Lind", "--random-password")
    password = output.strip().rsplit(" ", 1)[1]
    person = authenticate(username="vera.lind@example.org", password=password)
    assert person is not None
    assert not person.memberships.exists()


def test_it_takes_a_password_from_a_pipe_and_does_not_print_it(monkeypatch: pytest.MonkeyPatch) -> None:
    _types(monkeypatch, "a long enough passphrase")
    output = _create("vera.lind@example.org", "Vera Lind")
    assert "passphrase" not in output
    assert authenticate(username="vera.lind@example.org", password="a long enough passphrase") is not None


@pytest.mark.parametrize(
    ("email", "name", "password", "reason"),
    [
        ("vera.lind", "Vera Lind", "a long enough passphrase", "valid email"),
        ("vera.lind@example.org", " ", "a long enough passphrase", "A name is needed"),
        ("vera.lind@example.org", "Vera Lind", "short", "too short"),
        ("vera.lind@example.org", "Vera Lind", "", "too short"),
    ],
)
def test_it_refuses_what_is_wrong_in_words(
    monkeypatch: pytest.MonkeyPatch, email: str, name: str, password: str, reason: str
) -> None:
    _types(monkeypatch, password)
    with pytest.raises(CommandError, match=reason):
        _create(email, name)
    assert not Person.objects.exists()


def test_it_refuses_a_second_account_for_one_address_whatever_its_case() -> None:
    _create("vera.lind@example.org", "Vera Lind", "--random-password")
    with pytest.raises(CommandError, match="has an account already"):
        _create("Vera.Lind@example.org", "Vera Lind", "--random-password")


def test_it_leaves_an_event_without_the_address() -> None:
    _create("vera.lind@example.org", "Vera Lind", "--random-password")
    event = AuditEvent.objects.get(action="person_created")
    assert "vera" not in f"{event.subject} {event.payload}".lower()
