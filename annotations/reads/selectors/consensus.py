"""Meetings as their participants see them: pictures and what each of them said, and nothing of truth or CNN."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from accounts.models import Person
from annotations.imaging.models import RenditionKind
from annotations.reads.models import ConsensusMeeting, ConsensusRead, ConsensusState, ProtocolStatus, Read
from annotations.reads.selectors.reading import PICTURE, Picture
from common.errors import NotFound
from studies.models import Role
from studies.selectors import study_for


def my_meetings(actor: Person, slug: str) -> QuerySet[ConsensusMeeting]:
    study = study_for(actor, slug, Role.SURGEON)
    return _with_counts(ConsensusMeeting.objects.filter(protocol__study=study, participants__reader=actor))


def my_meeting(actor: Person, meeting_id: int) -> ConsensusMeeting:
    meetings = ConsensusMeeting.objects.filter(
        pk=meeting_id,
        participants__reader=actor,
        protocol__study__memberships__person=actor,
        protocol__study__memberships__role=Role.SURGEON,
    )
    meeting = _with_counts(meetings).first()
    if meeting is None:
        raise NotFound()
    return meeting


def _with_counts(meetings: QuerySet[ConsensusMeeting]) -> QuerySet[ConsensusMeeting]:
    return (
        meetings.select_related("protocol__study")
        .prefetch_related("participants__reader")
        .annotate(
            total=Count("reads", distinct=True),
            decided=Count("reads", filter=Q(reads__decided_at__isnull=False), distinct=True),
        )
        .order_by("pk")
    )


def items_of(meeting: ConsensusMeeting) -> list[ConsensusRead]:
    return list(ConsensusRead.objects.filter(meeting=meeting).defer("case").order_by("position"))


def _my_open(actor: Person, code: str) -> QuerySet[ConsensusRead]:
    return ConsensusRead.objects.filter(
        code=code,
        meeting__participants__reader=actor,
        meeting__state=ConsensusState.OPEN,
        meeting__protocol__status=ProtocolStatus.OPEN,
        meeting__protocol__study__memberships__person=actor,
        meeting__protocol__study__memberships__role=Role.SURGEON,
    )


def my_consensus_read(actor: Person, code: str) -> ConsensusRead:
    reads = _my_open(actor, code).select_related("meeting__protocol__study", "case__radiograph")
    own = ("call", "confidence", "conclusion", "comment", "findings", "position", "code", "decided_at")
    read = reads.only(
        *own, "meeting__protocol__form", "meeting__protocol__study__slug", "case__radiograph_id",
        *(f"case__radiograph__{name}" for name in PICTURE),
    ).first()  # fmt: skip
    if read is None:
        raise NotFound()
    return read


def consensus_picture(actor: Person, code: str, kind: str) -> Picture:
    if kind not in (RenditionKind.PREVIEW, RenditionKind.FULL_DEPTH):
        raise NotFound()
    file = "case__radiograph__renditions"
    found = _my_open(actor, code).filter(**{f"{file}__kind": kind}).values_list(f"{file}__name", f"{file}__media_type")
    first = found.first()
    if first is None:
        raise NotFound()
    return Picture(*first)


@dataclass(frozen=True, slots=True)
class SaidBefore:
    """What one participant locked of the case, alone."""

    reader: str
    call: str
    confidence: int | None
    conclusion: str
    comment: str


def said_before(read: ConsensusRead) -> list[SaidBefore]:
    readers = read.meeting.participants.values("reader")
    reads = Read.objects.filter(
        case=read.case_id, session__protocol=read.meeting.protocol_id, session__reader__in=readers,
        session__number=1, is_repeat=False, is_practice=False,
    )  # fmt: skip
    named = reads.order_by("session__reader__name").values_list(
        "session__reader__name", "call", "confidence", "conclusion", "comment"
    )
    return [SaidBefore(*row) for row in named]
