"""When a reader's next session may begin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import Person
from annotations.reads.models import (
    Deviation,
    DeviationKind,
    ProtocolReader,
    ProtocolStatus,
    ReadProtocol,
    ReadSession,
    SessionState,
)
from annotations.reads.models.protocol import SHORTEST_WASHOUT_DAYS
from common.errors import NotFound
from studies.models import Role
from studies.selectors import study_for


def earliest_next_session(protocol: ReadProtocol, reader: Person, signed_at: datetime, number: int) -> datetime:
    """After the protocol's washout, or the shorter one of a recorded deviation; never under 14 days."""
    shortened = Deviation.objects.filter(
        protocol=protocol, reader=reader, session_number=number, kind=DeviationKind.WASHOUT_SHORTENED
    )
    days = [protocol.washout_days, *(day for day in shortened.values_list("days", flat=True) if day is not None)]
    return signed_at + timedelta(days=max(SHORTEST_WASHOUT_DAYS, min(days)))


@dataclass(frozen=True, slots=True)
class NextSession:
    """A further session that the protocol wants of a reader who has signed the one before."""

    protocol: int
    title: str
    number: int
    of: int
    available_from: datetime
    available: bool


def my_next_sessions(actor: Person, slug: str) -> list[NextSession]:
    study = study_for(actor, slug, Role.SURGEON)
    assigned = ProtocolReader.objects.filter(reader=actor, protocol__study=study, protocol__status=ProtocolStatus.OPEN)
    offers = [_next_session(entry.protocol, actor) for entry in assigned.select_related("protocol").order_by("pk")]
    return [offer for offer in offers if offer is not None]


def _next_session(protocol: ReadProtocol, reader: Person) -> NextSession | None:
    last = (
        ReadSession.objects.filter(protocol=protocol, reader=reader)
        .select_related("signature")
        .order_by("-number")
        .first()
    )
    if last is None or last.state != SessionState.SIGNED or last.number >= protocol.sessions_per_reader:
        return None
    number = last.number + 1
    earliest = earliest_next_session(protocol, reader, last.signature.signed_at, number)
    return NextSession(
        protocol.pk, protocol.title, number, protocol.sessions_per_reader, earliest, timezone.now() >= earliest
    )


def my_protocol(actor: Person, slug: str, protocol_id: int) -> ReadProtocol:
    """An open protocol in which the person is to read."""
    study = study_for(actor, slug, Role.SURGEON)
    assigned = ProtocolReader.objects.filter(
        reader=actor, protocol=protocol_id, protocol__study=study, protocol__status=ProtocolStatus.OPEN
    )
    entry = assigned.select_related("protocol__study").first()
    if entry is None:
        raise NotFound()
    return entry.protocol
