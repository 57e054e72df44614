from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import Person
from studies.models import Invitation, Membership, Role, Study
from tests.factories import client_of, make_member, make_study

pytestmark = pytest.mark.django_db
NEW = {"email": "new.surgeon@example.org", "name": "Nia New", "role": "surgeon"}
PASSWORD = "a password of my own"


@pytest.fixture
def study(db: None) -> Study:
    return make_study()


def _invite(study: Study, **changes: str) -> APIClient:
    client = client_of(make_member(study, Role.ADMINISTRATOR))
    answer = client.post(f"/api/v1/studies/{study.slug}/invitations", NEW | changes, format="json")
    assert answer.status_code == 200, answer.json()
    return client


def _token() -> str:
    found = re.search(r"/invitation#(\S+)", str(mail.outbox[-1].body))
    assert found is not None
    return found.group(1)


def _accept(token: str, **changes: str) -> tuple[int, str]:
    body = {"token": token, "name": "Nia New", "password": PASSWORD} | changes
    answer = APIClient().post("/api/v1/invitations/accept", body, format="json")
    return answer.status_code, answer.json().get("code", "")


def test_it_makes_an_account_with_the_role_and_signs_in(study: Study) -> None:
    _invite(study)
    assert mail.outbox[-1].to == [NEW["email"]]
    token = _token()
    visitor = APIClient()
    looked = visitor.post("/api/v1/invitations/look", {"token": token}, format="json").json()
    assert looked == {"study": study.title, "email": NEW["email"], "name": "Nia New", "role": "surgeon"}
    body = {"token": token, "name": "Dr Nia New", "password": PASSWORD}
    accepted = visitor.post("/api/v1/invitations/accept", body, format="json").json()
    assert accepted["authenticated"] is True
    person = Person.objects.get(email=NEW["email"])
    assert (person.name, person.check_password(PASSWORD)) == ("Dr Nia New", True)
    assert list(Membership.objects.filter(person=person).values_list("study", "role")) == [(study.pk, "surgeon")]
    assert visitor.get(f"/api/v1/studies/{study.slug}/reading").status_code == 200
    assert _accept(token) == (404, "no_invitation")  # once


def test_it_keeps_no_secret(study: Study) -> None:
    _invite(study)
    assert _token() not in str(Invitation.objects.values())


def test_it_ends_with_time_withdrawal_and_a_newer_one(study: Study) -> None:
    client = _invite(study)
    first = _token()
    address = f"/api/v1/studies/{study.slug}/invitations"
    client.post(address, NEW, format="json")
    second = _token()
    assert _accept(first) == (404, "no_invitation")
    Invitation.objects.filter(withdrawn_at=None).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert _accept(second) == (404, "no_invitation")
    (listed,) = client.post(address, NEW, format="json").json()
    assert client.post(f"{address}/{listed['id']}/withdraw").json() == []
    assert _accept(_token()) == (404, "no_invitation")
    assert not Person.objects.filter(email=NEW["email"]).exists()


@pytest.mark.parametrize(("field", "value"), [("email", "nobody"), ("name", " "), ("role", "king")])
def test_it_names_the_field_that_is_wrong(study: Study, field: str, value: str) -> None:
    client = client_of(make_member(study, Role.ADMINISTRATOR))
    answer = client.post(f"/api/v1/studies/{study.slug}/invitations", NEW | {field: value}, format="json")
    assert (answer.status_code, answer.json()["details"][0]["field"]) == (400, field)
    assert mail.outbox == []


def test_it_takes_no_short_password_and_the_link_stays_good(study: Study) -> None:
    _invite(study)
    token = _token()
    assert _accept(token, password="short")[0] == 400
    assert _accept(token)[0] == 200


def test_it_says_when_there_is_an_account_already(study: Study) -> None:
    member = make_member(study, Role.SURGEON)
    client = client_of(make_member(study, Role.ADMINISTRATOR))
    body = NEW | {"email": member.email.upper()}
    answer = client.post(f"/api/v1/studies/{study.slug}/invitations", body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "has_account")


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.RESEARCHER, Role.SURGEON])
def test_it_is_the_administrators_to_do(study: Study, role: str) -> None:
    client = client_of(make_member(study, role))
    answer = client.post(f"/api/v1/studies/{study.slug}/invitations", NEW, format="json")
    assert answer.status_code == (404 if role == Role.SURGEON else 403)
