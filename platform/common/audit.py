"""The audit log: append-only, each event carrying the hash of the one before it."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import Any, Protocol

from django.db import connection, transaction

from common.models import AuditEvent

GENESIS = "0" * 64
_CHAIN_LOCK = 0x4C554345  # any constant: it serialises writers of the chain


# `at` as `datetime.isoformat` writes it, which leaves the fraction of a whole second away.
AT_AS_TEXT = """to_char(
    at AT TIME ZONE 'UTC',
    CASE WHEN at = date_trunc('second', at) THEN 'YYYY-MM-DD"T"HH24:MI:SS' ELSE 'YYYY-MM-DD"T"HH24:MI:SS.US' END
) || '+00:00'"""
# Every writer waits for the one before it to commit, so the lock is taken, the event appended and its hash computed
# (as `event_hash` does) in one trip to the server. Two statements, because each sees what was committed when it began,
# and the second begins when the lock is held.
_APPEND = f"""
SELECT pg_advisory_xact_lock(%(lock)s);
WITH link AS (
    SELECT clock_timestamp() AS at,
           coalesce((SELECT hash FROM common_auditevent ORDER BY sequence DESC LIMIT 1), %(genesis)s) AS previous
), written AS (
    SELECT at, previous, {AT_AS_TEXT} AS at_text FROM link
)
INSERT INTO common_auditevent
    (at, actor_id, actor_name, study_slug, action, subject, payload, previous_hash, hash)
SELECT at, %(actor_id)s, %(actor_name)s, %(study_slug)s, %(action)s, %(subject)s, %(payload)s, previous,
       encode(sha256(convert_to(
           '["' || previous || '","' || at_text || '",' || substr(%(told)s, 2), 'UTF8'
       )), 'hex')
FROM written
RETURNING sequence, at, previous_hash, hash
"""  # noqa: S608


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
    facts: dict[str, Any] = {
        "actor_id": actor.pk if actor else None,
        "actor_name": actor.name if actor else "",
        "study_slug": study_slug,
        "action": action,
        "subject": subject,
        "payload": _as_stored(payload or {}),
    }
    # No savepoint: a change without its event is rolled back as a whole.
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        values = facts | {"payload": json.dumps(facts["payload"]), "told": _canonical(list(facts.values()))}
        cursor.execute(_APPEND, values | {"lock": _CHAIN_LOCK, "genesis": GENESIS})
        sequence, at, previous_hash, own_hash = cursor.fetchone()
    return AuditEvent(sequence=sequence, at=at, previous_hash=previous_hash, hash=own_hash, **facts)


def _as_stored(payload: dict[str, Any]) -> dict[str, Any]:
    """As PostgreSQL gives it back: it writes large numbers without an exponent, so they are read as whole ones."""

    def number(text: str) -> int | float:
        return int(Decimal(text)) if "e+" in text else float(text)

    stored: dict[str, Any] = json.loads(json.dumps(payload), parse_float=number)
    return stored


def event_hash(event: AuditEvent) -> str:
    canonical = _canonical(
        [
            event.previous_hash,
            event.at.isoformat(),
            event.actor_id,
            event.actor_name,
            event.study_slug,
            event.action,
            event.subject,
            event.payload,
        ]
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def _canonical(parts: list[Any]) -> str:
    return json.dumps(parts, sort_keys=True, separators=(",", ":"))


def first_broken_link() -> AuditEvent | None:
    """The first event whose hash does not follow from its content and its predecessor, if any."""
    previous = GENESIS
    for event in AuditEvent.objects.order_by("sequence").iterator():
        if event.previous_hash != previous or event.hash != event_hash(event):
            return event
        previous = event.hash
    return None
