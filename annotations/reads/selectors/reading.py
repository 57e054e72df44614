"""What a reader reaches: their own sessions, and of those the cases whose turn it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from accounts.models import Person
from annotations.imaging.models import RenditionKind
from annotations.reads.models import (
    Navigation,
    PracticeTruth,
    ProtocolStatus,
    Read,
    ReadSession,
    ReadState,
    SessionState,
)
from common.errors import NotFound
from studies.models import Role
from studies.selectors import study_for

# How many cases after the current one a reader's page may fetch in advance.
CASES_AHEAD = 2
_DONE = (ReadState.SUBMITTED, ReadState.SIGNED)


def with_progress(sessions: QuerySet[ReadSession]) -> QuerySet[ReadSession]:
    done = Q(reads__state__in=_DONE)
    drafted = Q(reads__state=ReadState.DRAFT)
    return sessions.annotate(
        practice_total=Count("reads", filter=Q(reads__is_practice=True)),
        practice_done=Count("reads", filter=done & Q(reads__is_practice=True)),
        total=Count("reads", filter=Q(reads__is_practice=False)),
        done=Count("reads", filter=done & Q(reads__is_practice=False)),
        drafted=Count("reads", filter=drafted & Q(reads__is_practice=False)),
    )


def my_sessions(actor: Person, slug: str) -> QuerySet[ReadSession]:
    study = study_for(actor, slug, Role.SURGEON)
    sessions = ReadSession.objects.filter(protocol__study=study, reader=actor)
    return with_progress(sessions).select_related("protocol__study", "signature", "reader").order_by("pk")


def my_session(actor: Person, session_id: int) -> ReadSession:
    sessions = ReadSession.objects.filter(
        reader=actor,
        pk=session_id,
        protocol__study__memberships__person=actor,
        protocol__study__memberships__role=Role.SURGEON,
    )
    session = with_progress(sessions).select_related("protocol__study", "signature", "reader").first()
    if session is None:
        raise NotFound()
    return session


def plan_of(session: ReadSession) -> list[Read]:
    """Places, codes and states of a session in the plan's order; drafts only where the reader may go back to them."""
    fields = ["position", "is_practice", "state", "code"]
    if session.protocol.navigation == Navigation.FREE:
        fields.append("draft")
    return list(Read.objects.filter(session=session).only(*fields).order_by("position"))


def current_position(reads: Iterable[Read]) -> int | None:
    """The first place of the plan that is not locked; None when all are."""
    return next((read.position for read in reads if read.state not in _DONE), None)


def _my_open_reads(actor: Person, code: str) -> QuerySet[Read]:
    """The read behind a code if it is the reader's own, with the place that is the session's current one."""
    current = Read.objects.filter(session=OuterRef("session")).exclude(state__in=_DONE).order_by("position")
    return Read.objects.filter(
        code=code,
        session__reader=actor,
        session__state=SessionState.OPEN,
        session__protocol__status=ProtocolStatus.OPEN,
        session__protocol__study__memberships__person=actor,
        session__protocol__study__memberships__role=Role.SURGEON,
    ).annotate(
        current_position=Subquery(current.values("position")[:1]),
        current_is_practice=Subquery(current.values("is_practice")[:1]),
        navigation=F("session__protocol__navigation"),
    )


def _refuse_before_its_turn(position: int, current: int | None, ahead: int, *, any_order: bool) -> None:
    if current is not None and position > current + ahead and not any_order:
        raise NotFound()


def _any_order(navigation: str, current_is_practice: bool | None) -> bool:
    """Practice goes forward in every protocol: its truth is told case by case."""
    return navigation == Navigation.FREE and not current_is_practice


def my_read(actor: Person, code: str, *, ahead: int = CASES_AHEAD) -> Read:
    """The read behind a code, if it is the reader's own and its turn has come, or comes after `ahead` others.

    Answering is for the current case alone (`ahead=0`), unless the reader may go back and forth; looking ahead is for
    the page's cache.
    """
    read = for_answering(_my_open_reads(actor, code)).first()
    if read is None:
        raise NotFound()
    any_order = _any_order(read.navigation, read.current_is_practice)  # type: ignore[attr-defined]
    _refuse_before_its_turn(read.position, read.current_position, ahead, any_order=any_order)  # type: ignore[attr-defined]
    read.session.reader = actor
    return read


PICTURE = (
    "rows", "columns", "window_center", "window_width", "fields", "pixel_spacing_row_mm", "pixel_spacing_column_mm",
    "spacing_kind",
)  # fmt: skip


def for_answering(reads: QuerySet[Read]) -> QuerySet[Read]:
    """With session, protocol and picture beside each read. What no reader is told is not even loaded."""
    return reads.select_related("session__protocol__study", "case__radiograph").only(
        "position", "is_practice", "is_repeat", "code", "state", "draft", "draft_revision", "call", "confidence",
        "conclusion", "comment", "findings", "session__state", "session__instructions_accepted_at", "session__reader",
        "session__protocol__status", "session__protocol__form", "session__protocol__navigation",
        "session__protocol__feedback", "session__protocol__study__slug", "case__radiograph_id",
        *(f"case__radiograph__{name}" for name in PICTURE),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picture:
    """A stored file of a case, for whoever may look at the case now."""

    name: str
    media_type: str


def my_picture(actor: Person, code: str, kind: str) -> Picture:
    if kind not in (RenditionKind.PREVIEW, RenditionKind.FULL_DEPTH):
        raise NotFound()
    pictures = _my_open_reads(actor, code).filter(case__radiograph__renditions__kind=kind)
    file = "case__radiograph__renditions"
    found = pictures.values_list(
        "position", "current_position", "navigation", "current_is_practice", f"{file}__name", f"{file}__media_type"
    ).first()
    if found is None:
        raise NotFound()
    position, current, navigation, current_is_practice, name, media_type = found
    any_order = _any_order(navigation, current_is_practice)
    _refuse_before_its_turn(position, current, CASES_AHEAD, any_order=any_order)
    return Picture(name, media_type)


def practice_truth(read: Read) -> str:
    """The truth of a practice case, from the one list of truths that a reader's request may look into."""
    return PracticeTruth.objects.values_list("label_value", flat=True).get(case=read.case_id)


def next_code(read: Read) -> str | None:
    """The code of the first place of the plan after this one that is not locked."""
    return (
        Read.objects.filter(session=read.session_id, position__gt=read.position)
        .exclude(state__in=_DONE)
        .order_by("position")
        .values_list("code", flat=True)
        .first()
    )


def my_reads(session: ReadSession) -> list[Read]:
    """A reader's own answers with their corrections: once nothing is left to be read, or where they may go back."""
    reads = list(
        Read.objects.filter(session=session, is_practice=False)
        .defer("case")
        .prefetch_related("corrections")
        .order_by("position")
    )
    all_locked = all(read.state in _DONE for read in reads)
    return reads if all_locked or session.protocol.navigation == Navigation.FREE else []


def my_read_at(session: ReadSession, position: int) -> Read:
    """A place of the reader's own session, for a correction."""
    read = for_answering(Read.objects.filter(session=session, position=position)).first()
    if read is None:
        raise NotFound()
    return read
