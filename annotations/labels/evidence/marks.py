from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """One mark in a note, from `start` to `end` in characters."""

    start: int
    end: int
    kind: str  # loose, well_fixed or infection
    polarity: str  # affirmed, negated or hedged
    section: str
    component: str  # cup, stem, both or unknown
    counts: bool  # whether it stands where findings stand; a pre-operative diagnosis is no evidence
    # Why it does not count: section, other_side, history, film, plan, condition, risk, person or new_implant.
    why_not: str = ""
