"""The audit log: append-only, each event carrying the hash of the one before it."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import Any, Protocol

from django.db import connection, transaction
from django.utils import timezone

from common.models import AuditEvent

GENESIS = "0" * 64
_CHAIN_LOCK = 0x4C554345  # any constant: it serialises writers of the chain


class Actor(Protocol):
    """Who did it: a person, seen from below the app that knows people."""

    name: str

    @property
    def pk(self) -> Any: ...


def record(
    *,
    actor: Actor | None,
    action: str,
    subject: str,
    study_slug: str = "",
    payload: dict[str, Any] | None = None,
) -> AuditEvent:
    """Append one event inside the caller's transaction: it exists exactly if the change does."""
    # No savepoint: a change without its event is rolled back as a whole.
    with transaction.atomic(savepoint=False):
        last = _lock_chain()
        event = AuditEvent(
            at=timezone.now(),
            actor_id=actor.pk if actor else None,
            actor_name=actor.name if actor else "",
            study_slug=study_slug,
            action=action,
            subject=subject,
            payload=_as_stored(payload or {}),
            previous_hash=last,
        )
        event.hash = event_hash(event)
        event.save(force_insert=True)
    return event


def _lock_chain() -> str:
    """The hash of the last event, once this transaction is the only one that may append; until it ends.

    Two statements, because each sees what was committed when it began: the second begins when the lock is held. They
    travel together, so that no writer holds the lock while it waits for the way there and back.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s); SELECT hash FROM common_auditevent ORDER BY sequence DESC LIMIT 1",
            [_CHAIN_LOCK],
        )
        last = cursor.fetchone()
    return last[0] if last else GENESIS


def _as_stored(payload: dict[str, Any]) -> dict[str, Any]:
    """As PostgreSQL gives it back: it writes large numbers without an exponent, so they are read as whole ones."""

    def number(text: str) -> int | float:
        return int(Decimal(text)) if "e+" in text else float(text)

    stored: dict[str, Any] = json.loads(json.dumps(payload), parse_float=number)
    return stored


def event_hash(event: AuditEvent) -> str:
    canonical = json.dumps(
        [
            event.previous_hash,
            event.at.isoformat(),
            event.actor_id,
            event.actor_name,
            event.study_slug,
            event.action,
            event.subject,
            event.payload,
        ],
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def first_broken_link() -> AuditEvent | None:
    """The first event whose hash does not follow from its content and its predecessor, if any."""
    previous = GENESIS
    for event in AuditEvent.objects.order_by("sequence").iterator():
        if event.previous_hash != previous or event.hash != event_hash(event):
            return event
        previous = event.hash
    return None
