from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Person
from accounts.services import create_person
from studies.models import Membership, Study

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return create_person(email="vera.lind@example.org", name="Vera Lind", password="a long enough passphrase")


def _run(*arguments: str) -> str:
    output = io.StringIO()
    call_command(*arguments, stdout=output)
    return output.getvalue()


def test_it_makes_a_study_with_its_first_administrator(person: Person) -> None:
    _run("create_study", "hips", "Loosening of hips", "--administrator", "Vera.Lind@example.org")
    membership = Membership.objects.get()
    assert (membership.study.slug, membership.person, membership.role) == ("hips", person, "administrator")
    assert not membership.study.is_demo


def test_it_makes_no_study_for_somebody_without_an_account() -> None:
    with pytest.raises(CommandError, match="run create_person"):
        _run("create_study", "hips", "Loosening of hips", "--administrator", "nobody@example.org")
    assert not Study.objects.exists()


def test_it_refuses_a_slug_that_is_taken_or_no_slug(person: Person) -> None:
    _run("create_study", "hips", "Loosening of hips", "--administrator", person.email)
    with pytest.raises(CommandError, match="already a study"):
        _run("create_study", "hips", "Another", "--administrator", person.email)
    with pytest.raises(CommandError, match="slug"):
        _run("create_study", "two words", "Another", "--administrator", person.email)


def test_it_grants_a_role_from_the_command_line(person: Person) -> None:
    _run("create_study", "hips", "Loosening of hips", "--administrator", person.email)
    _run("grant_role", "hips", person.email, "surgeon")
    assert set(Membership.objects.values_list("role", flat=True)) == {"administrator", "surgeon"}
    with pytest.raises(CommandError, match="There is no study"):
        _run("grant_role", "knees", person.email, "surgeon")
