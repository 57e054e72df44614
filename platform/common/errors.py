"""Errors of the domain: what a service raises, and what the page and the command line show.

Nothing in a message may identify a patient: messages travel into logs and responses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar


class DomainError(Exception):
    """A refusal with a reason that a person can act on."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 400

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        details: Iterable[Mapping[str, Any]] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.error_code = code or self.code
        self.details: list[dict[str, Any]] = [dict(detail) for detail in details]

    def as_json(self) -> dict[str, Any]:
        return {"code": self.error_code, "message": self.message, "details": self.details}


class Invalid(DomainError):
    """The input is wrong; `details` name the field or row and the reason."""

    code = "invalid"
    status = 400


class Forbidden(DomainError):
    """Known to the person, but not theirs to do."""

    code = "forbidden"
    status = 403


class NotFound(DomainError):
    """Does not exist, or must not exist for this person: the two look alike on purpose."""

    code = "not_found"
    status = 404

    def __init__(self, message: str = "There is nothing here.", **kwargs: Any) -> None:
        super().__init__(message, **kwargs)


class Conflict(DomainError):
    """The state is no longer, or not yet, one in which this can be done."""

    code = "conflict"
    status = 409


class Unavailable(DomainError):
    """Something that the platform needs is not there right now."""

    code = "unavailable"
    status = 503
