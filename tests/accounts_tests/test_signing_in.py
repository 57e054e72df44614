from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from accounts.models import Person
from tests.factories import PASSWORD, client_of, make_person

pytestmark = pytest.mark.django_db
SESSION, SIGN_IN, SIGN_OUT = "/api/v1/session", "/api/v1/session/sign-in", "/api/v1/session/sign-out"


@pytest.fixture
def person(servers: None) -> Person:
    return make_person("Ada Synthetic", password=PASSWORD)


def _sign_in(client: APIClient, email: str, password: str = PASSWORD) -> int:
    return client.post(SIGN_IN, {"email": email, "password": password}, format="json").status_code


def test_it_signs_in_and_out(person: Person) -> None:
    client = client_of()
    assert client.get(SESSION).json()["authenticated"] is False
    assert _sign_in(client, person.email) == 200
    body = client.get(SESSION).json()
    assert (body["authenticated"], body["person"]["name"]) == (True, "Ada Synthetic")
    assert client.get("/api/v1/studies").status_code == 200
    assert client.post(SIGN_OUT).status_code == 200
    assert client.get(SESSION).json()["person"] is None
    assert client.get("/api/v1/studies").status_code == 403


def test_it_does_not_care_how_the_address_is_capitalised(person: Person) -> None:
    assert _sign_in(client_of(), person.email.upper()) == 200


@pytest.mark.parametrize(("email", "password"), [("", "wrong"), ("nobody@example.org", PASSWORD)])
def test_it_says_the_same_of_an_unknown_address_and_a_wrong_password(person: Person, email: str, password: str) -> None:
    answer = client_of().post(SIGN_IN, {"email": email or person.email, "password": password}, format="json")
    assert answer.status_code == 400
    assert answer.json() == {
        "code": "sign_in_failed", "message": "E-mail and password do not match.", "details": []
    }  # fmt: skip


def test_it_refuses_who_is_no_longer_active(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert _sign_in(client_of(), person.email) == 400


def test_it_ends_the_sessions_of_who_is_no_longer_active(person: Person) -> None:
    client = client_of(person)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert client.get("/api/v1/studies").status_code == 403


def test_it_gives_a_fresh_session_at_the_door(person: Person) -> None:
    """A session id that somebody planted before is worth nothing after."""
    client = client_of()
    client.cookies["lucency_session"] = "planted"
    assert _sign_in(client, person.email) == 200
    assert client.cookies["lucency_session"].value != "planted"
    assert client.cookies["lucency_session"]["httponly"]
    assert client.cookies["lucency_session"]["samesite"] == "Lax"


def test_it_refuses_requests_without_the_csrf_token_in_the_one_error_shape(person: Person) -> None:
    client = client_of(enforce_csrf=True)
    answer = client.post(SIGN_IN, {"email": person.email, "password": PASSWORD}, format="json")
    assert answer.status_code == 403
    assert answer.json()["code"] == "csrf_failed"
    signed_in = client_of(person, enforce_csrf=True)
    refused = signed_in.post(SIGN_OUT)
    assert refused.status_code == 403
    assert set(refused.json()) == {"code", "message", "details"}


def test_it_takes_the_token_that_the_session_hands_out(person: Person) -> None:
    client = client_of(enforce_csrf=True)
    token = client.get(SESSION).json()["csrf_token"]
    body = {"email": person.email, "password": PASSWORD}
    answer = client.post(SIGN_IN, body, format="json", headers={"X-CSRFToken": token})
    assert answer.status_code == 200
    fresh = answer.json()["csrf_token"]
    assert client.post(SIGN_OUT, headers={"X-CSRFToken": fresh}).status_code == 200


def test_it_asks_for_patience_after_ten_guesses_even_with_the_right_password(person: Person) -> None:
    statuses = [_sign_in(client_of(), person.email, f"guess {number}") for number in range(10)]
    assert statuses == [400] * 10
    answer = client_of().post(SIGN_IN, {"email": person.email, "password": PASSWORD}, format="json")
    assert answer.status_code == 429
    assert answer.json()["code"] == "too_many_attempts"


def test_it_counts_guesses_of_one_address_however_it_is_written(person: Person) -> None:
    for number in range(10):
        _sign_in(client_of(), person.email.upper() if number % 2 else person.email, "guess")
    assert _sign_in(client_of(), person.email) == 429


def test_it_forgets_the_guesses_of_who_gets_in(person: Person) -> None:
    guesses = [_sign_in(client_of(), person.email, f"guess {number}") for number in range(9)]
    assert _sign_in(client_of(), person.email) == 200
    guesses += [_sign_in(client_of(), person.email, f"guess {number}") for number in range(2)]
    assert guesses == [400] * 11


@pytest.mark.parametrize("body", [{}, {"email": "x"}, {"email": "not an address", "password": "y"}, [], "text"])
def test_it_names_what_is_missing(db: None, body: object) -> None:
    answer = client_of().post(SIGN_IN, body, format="json")
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"
    assert answer.json()["details"]


def test_it_keeps_passwords_hashed_with_argon2(person: Person) -> None:
    assert person.password.startswith("argon2")


def test_it_lets_nobody_in_who_has_no_password(db: None) -> None:
    person = make_person()
    assert _sign_in(client_of(), person.email, "") == 400
    assert _sign_in(client_of(), person.email, "!") == 400
