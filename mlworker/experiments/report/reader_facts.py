"""Facts of the readers: who read, how blinded, in which sessions, and when the reads were unblinded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

from annotations.reads.models import ReadProtocol, ReadSession

if TYPE_CHECKING:
    from mlworker.experiments.report.facts import Known


def compared_sessions(known: Known) -> list[ReadSession]:
    return list(known.comparison.sessions.select_related("reader", "protocol__unblinding", "signature").order_by("pk"))


def _readers(known: Known) -> str | None:
    sessions = compared_sessions(known)
    people = {session.reader_id: session.reader for session in sessions}
    if not people:
        return None
    simulated = sum(person.is_simulated for person in people.values())
    kind = f", {simulated} of them simulated by a program" if simulated else ""
    return f"{len(people)} readers{kind}, {len(sessions)} signed sessions: {_names(sessions)}."


def _names(sessions: list[ReadSession]) -> str:
    return ", ".join(f"{session.reader.name} (session {session.number})" for session in sessions)


def _blinding(known: Known) -> str | None:
    if not compared_sessions(known):
        return None
    return (
        "Readers saw the radiograph and nothing else: an opaque code for each session, an order of their own drawn "
        "before "
        "the first read, no other reads, no score, no reference standard and no count of loose hips. A submitted "
        "read is locked. The server holds this, not the page."
    )


def _unblinding(known: Known) -> str | None:
    told = []
    for protocol in {session.protocol_id: session.protocol for session in compared_sessions(known)}.values():
        event = getattr(protocol, "unblinding", None)
        if event is not None:
            told.append(f"“{protocol.title}” unblinded {event.at:%Y-%m-%d %H:%M} UTC. Reason: {event.reason}")
    return " ".join(told) or None


def _washout(known: Known) -> str | None:
    by_reader: dict[int, list[ReadSession]] = {}
    for session in compared_sessions(known):
        by_reader.setdefault(session.reader_id, []).append(session)
    repeated = [sessions for sessions in by_reader.values() if len(sessions) > 1]
    if not by_reader:
        return None
    if not repeated:
        return "Every reader read the cases once; there is no second session and so no washout."
    days = [
        (later.created_at - earlier.signature.signed_at).days
        for sessions in repeated
        for earlier, later in pairwise(sessions)
        if hasattr(earlier, "signature")
    ]
    return f"{len(repeated)} readers read twice, {min(days)} to {max(days)} days after signing." if days else None


def _missing(known: Known) -> str:
    cannot = sum(rater["cannot_assess"] for rater in known.result["raters"])
    absent = sum(rater["cases"] - rater["n"] for rater in known.result["raters"])
    rules = {session.protocol.cannot_assess_counts_wrong for session in compared_sessions(known)}
    rule = {True: "counts as a wrong call", False: "is left out of that reader's figures"}
    told = " and ".join(rule[one] for one in sorted(rules)) or "does not occur without readers"
    return (
        f"{cannot} reads were “cannot assess”; by the protocol such a read {told}. {absent} answers are missing from "
        "the figures. Every case has an image and a score of each model; nothing was imputed."
    )


def _deviations(known: Known) -> str | None:
    protocols = {session.protocol_id: session.protocol for session in compared_sessions(known)}
    if not protocols:
        return None
    told = [f"{name} {count}" for name, count in _counted(list(protocols.values())).items()]
    return f"Recorded in the platform: {', '.join(told)}."


def _counted(protocols: list[ReadProtocol]) -> dict[str, int]:
    return {
        "amendments after the protocol was frozen:": sum(one.amendments.count() for one in protocols),
        "deviations:": sum(one.deviations.count() for one in protocols),
        "inadvertent unblindings:": sum(one.inadvertent_unblindings.count() for one in protocols),
    }


def _protocol(known: Known) -> str | None:
    titles = sorted({session.protocol.title for session in compared_sessions(known)})
    return f"Read protocols kept in the platform: {', '.join(titles)}." if titles else None


READER_FACTS: Mapping[str, Callable[[Known], str | None]] = {
    "readers": _readers,
    "blinding": _blinding,
    "unblinding": _unblinding,
    "washout": _washout,
    "missing": _missing,
    "protocol": _protocol,
    "deviations": _deviations,
}
