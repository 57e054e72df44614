"""What may be seen of reads. A reader reaches only their own; nobody reaches answers before the unblinding."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from accounts.models import Person
from annotations.imaging.models import RenditionKind
from annotations.reads.answers import roc_score
from annotations.reads.models import Call, ProtocolStatus, Read, ReadProtocol, ReadSession, ReadState, SessionState
from common.errors import Conflict, NotFound
from studies.models import Role, Study
from studies.selectors import study_for

# How many cases after the current one a reader's page may fetch in advance.
CASES_AHEAD = 2
_DONE = (ReadState.SUBMITTED, ReadState.SIGNED)


def _with_progress(sessions: QuerySet[ReadSession]) -> QuerySet[ReadSession]:
    done = Q(reads__state__in=_DONE)
    return sessions.annotate(
        practice_total=Count("reads", filter=Q(reads__is_practice=True)),
        practice_done=Count("reads", filter=done & Q(reads__is_practice=True)),
        total=Count("reads", filter=Q(reads__is_practice=False)),
        done=Count("reads", filter=done & Q(reads__is_practice=False)),
    )


def my_sessions(actor: Person, slug: str) -> QuerySet[ReadSession]:
    study = study_for(actor, slug, Role.SURGEON)
    sessions = ReadSession.objects.filter(protocol__study=study, reader=actor)
    return _with_progress(sessions).select_related("protocol__study", "signature", "reader").order_by("pk")


def my_session(actor: Person, session_id: int) -> ReadSession:
    sessions = ReadSession.objects.filter(
        reader=actor,
        pk=session_id,
        protocol__study__memberships__person=actor,
        protocol__study__memberships__role=Role.SURGEON,
    )
    session = _with_progress(sessions).select_related("protocol__study", "signature", "reader").first()
    if session is None:
        raise NotFound()
    return session


def plan_of(session: ReadSession) -> list[Read]:
    """Places, codes and states of a session in the plan's order; no answers, no drafts."""
    return list(
        Read.objects.filter(session=session).only("position", "is_practice", "state", "code").order_by("position")
    )


def current_position(reads: Iterable[Read]) -> int | None:
    """The first place of the plan that is not locked; None when all are."""
    return next((read.position for read in reads if read.state not in _DONE), None)


def _my_reads(actor: Person, code: str) -> QuerySet[Read]:
    """The read behind a code if it is the reader's own, with the place that is the session's current one."""
    current = Read.objects.filter(session=OuterRef("session")).exclude(state__in=_DONE).order_by("position")
    return Read.objects.filter(
        code=code,
        session__reader=actor,
        session__state=SessionState.OPEN,
        session__protocol__status=ProtocolStatus.OPEN,
        session__protocol__study__memberships__person=actor,
        session__protocol__study__memberships__role=Role.SURGEON,
    ).annotate(current_position=Subquery(current.values("position")[:1]))


def _refuse_before_its_turn(position: int, current: int | None, ahead: int) -> None:
    if current is not None and position > current + ahead:
        raise NotFound()


def my_read(actor: Person, code: str, *, ahead: int = CASES_AHEAD) -> Read:
    """The read behind a code, if it is the reader's own and its turn has come, or comes after `ahead` others.

    Answering is for the current case alone (`ahead=0`); looking ahead is for the page's cache.
    """
    reads = _my_reads(actor, code).select_related("session__protocol__study", "case__radiograph")
    # What no reader is told is not even loaded.
    read = reads.defer("case__radiograph__report", "session__protocol__instructions").first()
    if read is None:
        raise NotFound()
    _refuse_before_its_turn(read.position, read.current_position, ahead)  # type: ignore[attr-defined]
    read.session.reader = actor
    return read


@dataclass(frozen=True, slots=True)
class Picture:
    """A stored file of a case, for whoever may look at the case now."""

    name: str
    media_type: str


def my_picture(actor: Person, code: str, kind: str) -> Picture:
    if kind not in (RenditionKind.PREVIEW, RenditionKind.FULL_DEPTH):
        raise NotFound()
    pictures = _my_reads(actor, code).filter(case__radiograph__renditions__kind=kind)
    file = "case__radiograph__renditions"
    found = pictures.values_list("position", "current_position", f"{file}__name", f"{file}__media_type").first()
    if found is None:
        raise NotFound()
    position, current, name, media_type = found
    _refuse_before_its_turn(position, current, CASES_AHEAD)
    return Picture(name, media_type)


@dataclass(frozen=True, slots=True)
class ReaderProgress:
    session: int
    reader: str
    is_simulated: bool
    number: int
    state: str
    done: int
    total: int


def protocols_of(actor: Person, slug: str) -> QuerySet[ReadProtocol]:
    study = study_for(actor, slug, Role.ADMINISTRATOR, Role.RESEARCHER, Role.COORDINATOR)
    return (
        ReadProtocol.objects.filter(study=study)
        .select_related("dataset_version", "unblinding__by", "study")
        .order_by("pk")
    )


def protocol_for(actor: Person, slug: str, protocol_id: int, *roles: str) -> ReadProtocol:
    study = study_for(actor, slug, *(roles or (Role.ADMINISTRATOR, Role.RESEARCHER, Role.COORDINATOR)))
    protocol = ReadProtocol.objects.filter(study=study, pk=protocol_id).select_related("study").first()
    if protocol is None:
        raise NotFound("There is no such protocol.")
    return protocol


def reader_progress(protocol: ReadProtocol) -> list[ReaderProgress]:
    sessions = _with_progress(ReadSession.objects.filter(protocol=protocol)).select_related("reader")
    return [
        ReaderProgress(s.pk, s.reader.name, s.reader.is_simulated, s.number, s.state, s.done, s.total)  # type: ignore[attr-defined]
        for s in sessions.order_by("reader__name", "number")
    ]


def comparable_sessions(study: Study) -> list[ReadSession]:
    """Signed sessions of unblinded protocols: those whose answers may be looked at."""
    return list(
        ReadSession.objects.filter(
            protocol__study=study, protocol__status=ProtocolStatus.UNBLINDED, state=SessionState.SIGNED
        )
        .select_related("protocol__dataset_version", "reader", "signature")
        .order_by("pk")
    )


@dataclass(frozen=True, slots=True)
class AnalysedAnswer:
    """A read as the analysis takes it: the call as 1 for loose, and the score on the reader's own scale."""

    case_id: int
    call: str
    call_is_loose: int | None
    confidence: int | None
    roc_score: int | None


def answers_for_analysis(session: ReadSession) -> list[AnalysedAnswer]:
    """Answers of a signed session, after the unblinding only.

    A case that could not be assessed has no call here: `call_is_loose` is None, and the protocol's rule
    (`cannot_assess_counts_wrong`) is applied by whoever knows the truth.
    """
    if session.protocol.status != ProtocolStatus.UNBLINDED or session.state != SessionState.SIGNED:
        raise Conflict("The answers of this session are still blinded.", code="still_blinded")
    reads = Read.objects.filter(session=session, is_practice=False, state=ReadState.SIGNED).order_by("case__number")
    return [
        AnalysedAnswer(
            read.case_id,
            read.call,
            None if read.call == Call.CANNOT_ASSESS else int(read.call == Call.LOOSE),
            read.confidence,
            roc_score(read.call, read.confidence),
        )
        for read in reads
    ]


def has_open_reads(person: Person, study: Study) -> bool:
    return ReadSession.objects.filter(reader=person, protocol__study=study, state=SessionState.OPEN).exists()


def next_code(read: Read) -> str | None:
    """The code of the first place of the plan after this one that is not locked."""
    return (
        Read.objects.filter(session=read.session_id, position__gt=read.position)
        .exclude(state__in=_DONE)
        .order_by("position")
        .values_list("code", flat=True)
        .first()
    )
