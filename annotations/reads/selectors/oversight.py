"""What administrators see of a reading study: who has not read what, times, deviations; no answer before unblinding."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from annotations.datasets.models import DatasetCase, DatasetVersion
from annotations.reads.models import (
    Deviation,
    InadvertentUnblinding,
    Read,
    ReadCorrection,
    ReadProtocol,
    ReadState,
    Recusal,
)

_DONE = (ReadState.SUBMITTED, ReadState.SIGNED)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How completely the part is read by every reader in one session number: fully crossed when nothing is missing."""

    reader: str
    number: int
    cases: int
    planned: int
    read: int
    recused: int
    # Numbers of the cases in the dataset version that this reader has not read yet.
    not_read: list[int]


def coverage_of(protocol: ReadProtocol) -> list[Coverage]:
    cases = dict(
        DatasetCase.objects.filter(version=protocol.dataset_version_id, part=protocol.part).values_list("pk", "number")
    )
    recused = dict(
        Recusal.objects.filter(protocol=protocol).values_list("reader").annotate(count=Count("pk")).order_by()
    )
    planned = Read.objects.filter(session__protocol=protocol, is_practice=False, is_repeat=False)
    by_session: dict[tuple[int, str, int], dict[int, str]] = {}
    for reader, name, number, case, state in planned.values_list(
        "session__reader", "session__reader__name", "session__number", "case", "state"
    ):
        by_session.setdefault((reader, name, number), {})[case] = state
    return [
        Coverage(
            reader=name, number=number, cases=len(cases), planned=len(states),
            read=sum(state in _DONE for state in states.values()), recused=recused.get(reader, 0),
            not_read=sorted(cases[case] for case in cases if states.get(case) not in _DONE),
        )
        for (reader, name, number), states in sorted(by_session.items(), key=lambda item: (item[0][1], item[0][2]))
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class CaseTime:
    """When one case was on the screen. Seconds are of the server's clock, focus is the page's own count."""

    reader: str
    session: int
    position: int
    case: int
    is_practice: bool
    is_repeat: bool
    state: str
    opened_at: datetime | None
    first_interaction_at: datetime | None
    submitted_at: datetime | None
    seconds_to_first_interaction: float | None
    seconds_to_submit: float | None
    focus_seconds: float


def times_of(protocol: ReadProtocol) -> list[CaseTime]:
    reads = (
        Read.objects.filter(session__protocol=protocol)
        .select_related("session__reader")
        .only(
            "position", "is_practice", "is_repeat", "state", "opened_at", "first_interaction_at", "submitted_at",
            "focus_milliseconds", "case__number", "session__number", "session__reader__name",
        )
        .select_related("case")
        .order_by("session__reader__name", "session__reader", "session__number", "position")
    )  # fmt: skip
    return [_time(read) for read in reads]


def _time(read: Read) -> CaseTime:
    return CaseTime(
        reader=read.session.reader.name, session=read.session.number, position=read.position, case=read.case.number,
        is_practice=read.is_practice, is_repeat=read.is_repeat, state=read.state, opened_at=read.opened_at,
        first_interaction_at=read.first_interaction_at, submitted_at=read.submitted_at,
        seconds_to_first_interaction=_between(read.opened_at, read.first_interaction_at),
        seconds_to_submit=_between(read.opened_at, read.submitted_at), focus_seconds=read.focus_milliseconds / 1000,
    )  # fmt: skip


def _between(begin: datetime | None, end: datetime | None) -> float | None:
    return (end - begin).total_seconds() if begin and end else None


@dataclass(frozen=True, slots=True)
class ListedDeviation:
    """One line of the list of what did not go as planned."""

    kind: str
    at: datetime
    reader: str
    session: int | None
    detail: str
    recorded_by: str


def deviations_of(protocol: ReadProtocol) -> list[ListedDeviation]:
    """Recorded deviations, reports of unblinding, recusals and corrections, in the order of time."""
    rows = [
        ListedDeviation(
            d.kind, d.at, d.reader.name if d.reader else "", d.session_number,
            f"{d.days} days; {d.reason}" if d.days else d.reason, d.recorded_by.name if d.recorded_by else "",
        )
        for d in Deviation.objects.filter(protocol=protocol).select_related("reader", "recorded_by")
    ]  # fmt: skip
    reports = InadvertentUnblinding.objects.filter(protocol=protocol)
    rows += [
        ListedDeviation(
            "inadvertent_unblinding", r.reported_at, r.session.reader.name, r.session.number,
            f"{r.learnt}; positions {', '.join(map(str, r.positions)) or 'all or unknown'}; {r.what_happened}",
            r.reported_by.name,
        )
        for r in reports.select_related("session__reader", "reported_by")
    ]  # fmt: skip
    corrections = ReadCorrection.objects.filter(read__session__protocol=protocol)
    rows += [
        ListedDeviation(
            "read_corrected", c.corrected_at, c.corrected_by.name, c.read.session.number,
            f"position {c.read.position}, version {c.version}", c.corrected_by.name,
        )
        for c in corrections.select_related("read__session", "corrected_by").defer("read__case")
    ]  # fmt: skip
    recusals = Recusal.objects.filter(protocol=protocol).values("reader__name", "reason").annotate(count=Count("pk"))
    rows += [
        ListedDeviation(
            "recused", protocol.frozen_at or protocol.created_at, row["reader__name"], None,
            f"{row['reason']}: {row['count']} cases", "",
        )
        for row in recusals.order_by("reader__name", "reason")
    ]  # fmt: skip
    return sorted(rows, key=lambda row: row.at)


def part_sizes(version: DatasetVersion) -> dict[str, int]:
    """Cases by part, without a word of their labels."""
    parts = DatasetCase.objects.filter(version=version).values_list("part").annotate(count=Count("pk"))
    return dict(parts.order_by("part"))
