from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.cache import cache

from common.errors import DomainError

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
