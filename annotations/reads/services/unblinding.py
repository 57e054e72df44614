"""The one event after which reads and truth may be seen together, and what went wrong before it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Person
from annotations.reads.canonical import sha256_of
from annotations.reads.models import (
    ConsensusMeeting,
    ConsensusState,
    Consequence,
    Deviation,
    DeviationKind,
    InadvertentUnblinding,
    Learnt,
    ProtocolReader,
    ProtocolStatus,
    Read,
    ReadProtocol,
    ReadSession,
    Signature,
    Unblinding,
)
from annotations.reads.selectors import missing_sessions
from annotations.reads.services.guards import hold_blinded_with_others, record, record_of_protocol
from common.errors import Conflict, Invalid


@transaction.atomic
def unblind_protocol(
    *, protocol: ReadProtocol, actor: Person | None, reason: str, absences_explained: str = ""
) -> Unblinding:
    if not reason.strip():
        raise Invalid("Give the reason.", details=[{"field": "reason", "message": "is empty"}])
    if not ReadSession.objects.filter(protocol=protocol).exists():
        raise Conflict("Nobody has read in this protocol.", code="no_reads")
    if (missing_sessions(protocol) or _consensus_missing(protocol)) and not absences_explained.strip():
        raise Conflict(
            "Not every session, or not the consensus, is signed. Say why reads are missing.",
            code="reads_missing",
            details=[{"field": "absences_explained", "message": "is empty"}],
        )
    opened = ReadProtocol.objects.filter(pk=protocol.pk, status=ProtocolStatus.OPEN)
    if not opened.update(status=ProtocolStatus.UNBLINDED):
        raise Conflict("This protocol is unblinded already.", code="unblinded")
    # Signatures wait for the protocol's row, so from here on there are no new ones.
    signatures = Signature.objects.filter(session__protocol=protocol).order_by("session_id")
    unblinding = Unblinding.objects.create(
        protocol=protocol, by=actor, name=actor.name if actor else "", reason=reason.strip(),
        absences_explained=absences_explained.strip(),
        sessions_sha256=sha256_of(list(signatures.values_list("session_id", "reads_sha256"))),
    )  # fmt: skip
    record_of_protocol(
        protocol, "protocol_unblinded", actor, reason=reason.strip(), absences_explained=absences_explained.strip(),
        sessions_sha256=unblinding.sessions_sha256,
    )  # fmt: skip
    return unblinding


def _consensus_missing(protocol: ReadProtocol) -> bool:
    """A meeting is not signed, or none was held although the protocol wants one."""
    meetings = ConsensusMeeting.objects.filter(protocol=protocol)
    if meetings.filter(state=ConsensusState.OPEN).exists():
        return True
    return ReadProtocol.objects.filter(pk=protocol.pk, consensus_wanted=True).exists() and not meetings.exists()


@transaction.atomic
def report_unblinding(
    *, session: ReadSession, learnt: str, what_happened: str, happened_at: datetime | None, positions: Sequence[int],
    reporter: Person, consequence: str = Consequence.UNDECIDED,
) -> InadvertentUnblinding:  # fmt: skip
    """A reader learnt something too early: kept as a record of its own, whoever reports it."""
    hold_blinded_with_others(session.protocol_id)
    happened = happened_at or timezone.now()
    problems = []
    if learnt not in Learnt.values:
        problems.append({"field": "learnt", "message": f"choose one of {', '.join(Learnt.values)}"})
    if consequence not in Consequence.values:
        problems.append({"field": "consequence", "message": f"choose one of {', '.join(Consequence.values)}"})
    if not what_happened.strip():
        problems.append({"field": "what_happened", "message": "is empty"})
    if happened > timezone.now():
        problems.append({"field": "happened_at", "message": "lies in the future"})
    known = set(Read.objects.filter(session=session).values_list("position", flat=True))
    if set(positions) - known:
        problems.append({"field": "positions", "message": "some are no places of this session"})
    if problems:
        raise Invalid("The report is not complete.", details=problems)
    report = InadvertentUnblinding.objects.create(
        protocol_id=session.protocol_id, session=session, learnt=learnt, what_happened=what_happened.strip(),
        positions=sorted(set(positions)), consequence=consequence, happened_at=happened, reported_by=reporter,
    )  # fmt: skip
    record(session, "inadvertent_unblinding", report=report.pk, learnt=learnt, reported_by=reporter.pk)
    return report


@transaction.atomic
def record_deviation(
    *, protocol: ReadProtocol, kind: str, reason: str, actor: Person, reader: Person | None = None,
    session_number: int | None = None,
) -> Deviation:  # fmt: skip
    """Anything else that did not go as the protocol says. A shortened washout has a service of its own."""
    problems = []
    if kind not in (DeviationKind.READER_ABSENT, DeviationKind.OTHER):
        problems.append({"field": "kind", "message": "choose reader_absent or other"})
    if not reason.strip():
        problems.append({"field": "reason", "message": "is empty"})
    if reader is not None and not ProtocolReader.objects.filter(protocol=protocol, reader=reader).exists():
        problems.append({"field": "reader", "message": "is no reader of this protocol"})
    if kind == DeviationKind.READER_ABSENT and reader is None:
        problems.append({"field": "reader", "message": "is missing"})
    if problems:
        raise Invalid("The deviation is not complete.", details=problems)
    deviation = Deviation.objects.create(
        protocol=protocol, reader=reader, session_number=session_number, kind=kind, reason=reason.strip(),
        recorded_by=actor,
    )  # fmt: skip
    record_of_protocol(protocol, "deviation_recorded", actor, kind=kind, reason=reason.strip())
    return deviation
