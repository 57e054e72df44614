"""What the marks of a note add up to, to be compared with what people found; nobody is shown it as an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from annotations.labels.evidence.marks import Evidence


@dataclass(frozen=True, slots=True)
class Suggestion:
    cup: str
    stem: str
    infection: str


def suggest(marks: Sequence[Evidence]) -> Suggestion:
    """Loose where any counting mark affirms it, else well fixed where one affirms that, else not stated."""
    counting = [mark for mark in marks if mark.counts]
    return Suggestion(_component(counting, "cup"), _component(counting, "stem"), _infection(counting))


def _component(marks: Sequence[Evidence], component: str) -> str:
    kinds = {mark.kind for mark in marks if mark.polarity == "affirmed" and mark.component in (component, "both")}
    denied = any(
        mark.kind == "loose" and mark.polarity == "negated" and mark.component in (component, "both") for mark in marks
    )
    if "loose" in kinds:
        return "loose"
    return "well_fixed" if "well_fixed" in kinds or denied else "not_stated"


def _infection(marks: Sequence[Evidence]) -> str:
    polarities = {mark.polarity for mark in marks if mark.kind == "infection"}
    if "affirmed" in polarities:
        return "confirmed"
    return "suspected" if "hedged" in polarities else "none"
