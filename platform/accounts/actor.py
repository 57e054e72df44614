from __future__ import annotations

from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from accounts.models import Person


def actor_of(request: Request) -> Person:
    """The person who asks; refuses a visitor who is not signed in."""
    if not isinstance(request.user, Person):
        raise NotAuthenticated
    return request.user
