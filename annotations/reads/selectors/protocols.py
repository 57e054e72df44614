"""Protocols for those who run the study: who reads, how far, and who has not; never an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import Person
from annotations.reads.models import ProtocolReader, ReadProtocol, ReadSession, SessionState
from annotations.reads.selectors.reading import with_progress
from annotations.reads.selectors.washout import earliest_next_session
from common.errors import NotFound
from studies.models import Role
from studies.selectors import study_for

RUNNING = (Role.ADMINISTRATOR, Role.RESEARCHER, Role.COORDINATOR)


def protocols_of(actor: Person, slug: str) -> QuerySet[ReadProtocol]:
    study = study_for(actor, slug, *RUNNING)
    return (
        ReadProtocol.objects.filter(study=study)
        .select_related("dataset_version", "practice_version", "unblinding__by", "study", "frozen_by", "copied_from")
        .prefetch_related("amendments__signer")
        .order_by("pk")
    )


def protocol_for(actor: Person, slug: str, protocol_id: int, *roles: str) -> ReadProtocol:
    study_for(actor, slug, *(roles or RUNNING))
    protocol = protocols_of(actor, slug).filter(pk=protocol_id).first()
    if protocol is None:
        raise NotFound("There is no such protocol.")
    return protocol


@dataclass(frozen=True, slots=True)
class ReaderProgress:
    """One session of one reader: planned, under way, signed, or still to come."""

    session: int | None
    reader_id: int
    reader: str
    is_simulated: bool
    number: int
    state: str
    done: int
    total: int
    practice_done: int
    practice_total: int
    signed_at: datetime | None
    available_from: datetime | None
    # The order's seed, once nobody can use it any more.
    seed: int | None


def reader_progress(protocol: ReadProtocol) -> list[ReaderProgress]:
    """Every session that the protocol wants of every reader, so that who has not read what stands there too."""
    sessions = with_progress(ReadSession.objects.filter(protocol=protocol)).select_related("reader", "signature")
    planned = {(session.reader_id, session.number): session for session in sessions}
    rows = [
        _row(protocol, entry.reader, number, planned)
        for entry in assignments_of(protocol)
        for number in range(1, protocol.sessions_per_reader + 1)
    ]
    return sorted(rows, key=lambda row: (row.reader, row.reader_id, row.number))


def _row(
    protocol: ReadProtocol, reader: Person, number: int, planned: dict[tuple[int, int], ReadSession]
) -> ReaderProgress:
    session = planned.get((reader.pk, number))
    if session is None:
        before = planned.get((reader.pk, number - 1))
        signature = getattr(before, "signature", None)
        return ReaderProgress(
            None, reader.pk, reader.name, reader.is_simulated, number, "to_come", 0, 0, 0, 0, None,
            earliest_next_session(protocol, reader, signature.signed_at, number) if signature else None, None,
        )  # fmt: skip
    signature = getattr(session, "signature", None)
    return ReaderProgress(
        session=session.pk, reader_id=reader.pk, reader=reader.name, is_simulated=reader.is_simulated, number=number,
        state=session.state, done=session.done, total=session.total,  # type: ignore[attr-defined]
        practice_done=session.practice_done, practice_total=session.practice_total,  # type: ignore[attr-defined]
        signed_at=signature.signed_at if signature else None, available_from=None,
        seed=session.seed if session.state == SessionState.SIGNED else None,
    )  # fmt: skip


def assignments_of(protocol: ReadProtocol) -> list[ProtocolReader]:
    return list(ProtocolReader.objects.filter(protocol=protocol).select_related("reader").order_by("pk"))


def missing_sessions(protocol: ReadProtocol) -> list[tuple[str, int]]:
    """Reader and number of every session that the protocol wants and nobody has signed."""
    signed = set(
        ReadSession.objects.filter(protocol=protocol, state=SessionState.SIGNED).values_list("reader_id", "number")
    )
    return [
        (entry.reader.name, number)
        for entry in assignments_of(protocol)
        for number in range(1, protocol.sessions_per_reader + 1)
        if (entry.reader_id, number) not in signed
    ]
