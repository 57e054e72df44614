from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from accounts.models import Person
from common import audit
from common.errors import Conflict, DomainError, Invalid

ATTEMPTS_ALLOWED = 10
ATTEMPTS_FORGOTTEN_AFTER_SECONDS = 15 * 60


class TooManyAttempts(DomainError):
    code = "too_many_attempts"
    status = 429


class SignInAttempt:
    def __init__(self, key: str) -> None:
        self._key = key

    def succeeded(self) -> None:
        cache.delete(self._key)


@contextmanager
def sign_in_attempt(email: str) -> Iterator[SignInAttempt]:
    """Count an attempt before the password is looked at, so that guesses in parallel are counted too."""
    key = "sign-in:" + hashlib.sha256(email.lower().encode()).hexdigest()
    cache.add(key, 0, ATTEMPTS_FORGOTTEN_AFTER_SECONDS)
    if cache.incr(key) > ATTEMPTS_ALLOWED:
        raise TooManyAttempts("Too many attempts to sign in. Wait a quarter of an hour and try again.")
    yield SignInAttempt(key)


@transaction.atomic
def create_person(*, email: str, name: str, password: str) -> Person:
    """An account without any role: what the person may do is granted study by study."""
    person = Person(email=Person.objects.normalize_email(email), name=name.strip())
    _refuse("email", validate_email, person.email)
    _refuse("password", lambda value: validate_password(value, person), password)
    if not person.name:
        raise Invalid("A name is needed.", details=[{"field": "name", "message": "A name is needed."}])
    if Person.objects.filter(email__iexact=person.email).exists():
        raise Conflict("Somebody with this e-mail address has an account already.", code="email_taken")
    created = Person.objects.create_person(email=person.email, name=person.name, password=password)
    audit.record(actor=None, action="person_created", subject=f"person:{created.pk}")
    return created


def _refuse(field: str, check: Callable[[str], object], value: str) -> None:
    try:
        check(value)
    except ValidationError as error:
        message = " ".join(error.messages)
        raise Invalid(message, details=[{"field": field, "message": message}]) from error
