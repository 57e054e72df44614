"""Readers in a room over their locked reads: what they decide together is a record beside those, never instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import Person
from annotations.datasets.models import DatasetCase
from annotations.reads.answers import Answer
from annotations.reads.canonical import sha256_of
from annotations.reads.models import (
    ConsensusMeeting,
    ConsensusParticipant,
    ConsensusRead,
    ConsensusState,
    Form,
    Read,
    ReadProtocol,
    ReadState,
)
from annotations.reads.plan import fresh_seed, opaque_code, planned_order
from annotations.reads.selectors import missing_sessions
from annotations.reads.services.guards import hold_blinded, hold_blinded_with_others, record_of_protocol
from annotations.reads.services.signing import confirm_identity
from common.errors import Conflict, Invalid


@transaction.atomic
def plan_consensus(
    *, protocol: ReadProtocol, readers: Sequence[Person], only_differing: bool, actor: Person
) -> ConsensusMeeting:
    """Two or more readers who have signed everything meet, over the cases that they all read."""
    held = hold_blinded(protocol.pk)
    if not held.consensus_wanted:
        raise Conflict("This protocol wants no consensus.", code="no_consensus_wanted")
    if len({reader.pk for reader in readers}) < 2:
        raise Invalid("A consensus takes two readers.", details=[{"field": "readers", "message": "choose two or more"}])
    _refuse_unfinished(held, readers)
    cases = _cases_to_discuss(held, readers, only_differing=only_differing)
    if not cases:
        raise Conflict("These readers agree about every case that they all read.", code="nothing_to_discuss")
    meeting = ConsensusMeeting.objects.create(protocol=held, seed=fresh_seed(), planned_by=actor)
    ConsensusParticipant.objects.bulk_create(ConsensusParticipant(meeting=meeting, reader=r) for r in readers)
    ConsensusRead.objects.bulk_create(
        ConsensusRead(meeting=meeting, case=case, position=position, code=opaque_code())
        for position, case in enumerate(planned_order(cases, meeting.seed), start=1)
    )
    record_of_protocol(
        held, "consensus_planned", actor, meeting=meeting.pk, readers=[reader.pk for reader in readers],
        cases=len(cases),
    )  # fmt: skip
    return meeting


def _refuse_unfinished(protocol: ReadProtocol, readers: Sequence[Person]) -> None:
    """Who still has to read, a further session included, must not hear what others answered."""
    unfinished = {name for name, _ in missing_sessions(protocol)}
    assigned = set(protocol.assignments.values_list("reader_id", flat=True))
    for reader in readers:
        if reader.pk not in assigned:
            raise Conflict("Only readers of this protocol meet.", code="not_assigned")
        if reader.name in unfinished:
            raise Conflict("Somebody of these has not signed all their sessions.", code="reads_missing")
    if ConsensusMeeting.objects.filter(
        protocol=protocol, state=ConsensusState.OPEN, participants__reader__in=readers
    ).exists():
        raise Conflict("Some of these readers have a meeting that is not signed.", code="meeting_open")


def _cases_to_discuss(protocol: ReadProtocol, readers: Sequence[Person], *, only_differing: bool) -> list[DatasetCase]:
    reads = Read.objects.filter(
        session__protocol=protocol, session__reader__in=readers, session__number=1, is_practice=False,
        is_repeat=False, state=ReadState.SIGNED,
    )  # fmt: skip
    calls: dict[int, list[str]] = {}
    for case, call in reads.values_list("case", "call"):
        calls.setdefault(case, []).append(call)
    chosen = [
        case for case, told in calls.items() if len(told) == len(readers) and (not only_differing or len(set(told)) > 1)
    ]
    return list(DatasetCase.objects.filter(pk__in=chosen).only("number", "patient_id"))


@transaction.atomic
def decide_together(*, read: ConsensusRead, answer: Answer, actor: Person) -> ConsensusRead:
    """Keep what the room says of a case; until the meeting is signed it may be said anew."""
    protocol = read.meeting.protocol
    if answer.findings and protocol.form != Form.FULL:
        raise Invalid("This protocol asks for the quick form.", code="answer_invalid")
    answer.check()
    hold_blinded_with_others(protocol.pk)
    open_meeting = ConsensusRead.objects.filter(pk=read.pk, meeting__state=ConsensusState.OPEN)
    if not open_meeting.update(decided_at=Now(), decided_by=actor, **answer.as_row()):
        raise Conflict("This consensus is signed.", code="signed")
    read.refresh_from_db(fields=[*answer.as_row(), "decided_at"])
    return read


@transaction.atomic
def sign_consensus(*, meeting: ConsensusMeeting, passwords: Mapping[int, str]) -> ConsensusMeeting:
    """Everybody in the room signs with their own password; the hash is over what they decided."""
    protocol = hold_blinded(meeting.protocol_id)
    participants = list(ConsensusParticipant.objects.filter(meeting=meeting).select_related("reader").order_by("pk"))
    missing = [p.reader.name for p in participants if p.reader_id not in passwords]
    if missing:
        raise Invalid(
            "Everybody of the meeting signs.",
            details=[{"field": "signatures", "message": f"missing: {', '.join(missing)}"}],
        )
    for participant in participants:
        confirm_identity(person=participant.reader, password=passwords[participant.reader_id])
    reads = ConsensusRead.objects.filter(meeting=meeting).order_by("position")
    left = reads.filter(decided_at=None).count()
    if left:
        raise Conflict(f"{left} cases are not decided.", code="reads_missing")
    now = timezone.now()
    for participant in participants:
        participant.name, participant.signed_at = participant.reader.name, now
    ConsensusParticipant.objects.bulk_update(participants, ["name", "signed_at"])
    body = list(reads.values_list("position", "code", "call", "confidence", "conclusion", "comment", "findings"))
    signed = ConsensusMeeting.objects.filter(pk=meeting.pk, state=ConsensusState.OPEN).update(
        state=ConsensusState.SIGNED, signed_at=now, sha256=sha256_of({"meeting": meeting.pk, "reads": body})
    )
    if not signed:
        raise Conflict("This consensus is signed already.", code="signed")
    meeting.refresh_from_db()
    record_of_protocol(protocol, "consensus_signed", None, meeting=meeting.pk, sha256=meeting.sha256)
    return meeting
