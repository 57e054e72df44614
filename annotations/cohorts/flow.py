"""The flow from the registry to the coded hips, in patients, hips and whatever else belongs to a hip.

Every step states who came in and who went on; everybody else left at that step for exactly one reason. Hips and
radiographs leave with their patient, or, as the other hip of a patient who stays, for a reason of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from annotations.cohorts.cohort_queries import DecisionCount

STEPS = ("registry", "revised", "coded")
COMPARISON_STEPS = ("eligible", "drawn")
OTHER_HIP = "other_hip"
# How far a hip came: operated on at all, replaced, revised, and chosen as the index hip.
OPERATED, REPLACED, REVISED, INDEX = range(4)


@dataclass(frozen=True, slots=True)
class FlowStep:
    """One box of the flow: who came in, who went on, and why the others left."""

    key: str
    patients_in: int
    patients_out: int
    hips_in: int
    hips_out: int
    excluded: dict[str, int]
    excluded_hips: dict[str, int]
    expected: int | None


# How many units (hips, radiographs) belong to patients excluded at a step for a reason, and how far their hip came.
Units = Counter[tuple[str, str, int]]


@dataclass(frozen=True, slots=True)
class UnitStep:
    """One step in hips, or in radiographs."""

    came_in: int
    went_on: int
    excluded: dict[str, int]


def units_through(units: Units) -> list[UnitStep]:
    """What becomes of them step by step: those of the step before come in, and leave for one reason or go on."""
    steps = []
    for place, key in enumerate(STEPS):
        reasons: Counter[str] = Counter()
        came_in = went_on = 0
        for (left_at, reason, came_to), count in units.items():
            if came_to < place or (left_at and STEPS.index(left_at) < place):
                continue
            came_in += count
            if left_at == key:
                reasons[reason] += count
            elif came_to > place:
                went_on += count
            else:
                reasons[OTHER_HIP] += count
        steps.append(UnitStep(came_in, went_on, dict(reasons.most_common())))
    return steps


def steps_of(counts: Sequence[DecisionCount], expected: dict[str, Any]) -> list[FlowStep]:
    hips = units_through(_hips(counts))
    left = sum(row.patients for row in counts)
    steps = []
    for key, hip_step in zip(STEPS, hips, strict=True):
        came_in = left
        reasons: Counter[str] = Counter()
        for row in counts:
            if row.excluded_at_step == key:
                reasons[row.reason] += row.patients
        left -= sum(reasons.values())
        steps.append(
            FlowStep(
                key,
                came_in,
                left,
                hip_step.came_in,
                hip_step.went_on,
                dict(reasons.most_common()),
                hip_step.excluded,
                expected.get(key),
            )
        )
    return steps


def comparison_pool(counts: Sequence[DecisionCount]) -> tuple[int, dict[str, int]]:
    """Patients who were never operated on again, and why some of them are not eligible as well fixed."""
    reasons: Counter[str] = Counter()
    for row in counts:
        if row.comparison_reason is not None:
            reasons[row.comparison_reason] += row.patients
    pool = sum(reasons.values())
    reasons.pop("", None)
    return pool, dict(reasons.most_common())


def _hips(counts: Sequence[DecisionCount]) -> Units:
    units: Units = Counter()
    for row in counts:
        chosen = row.patients if not row.excluded_at_step else 0
        for came_to, hips in (
            (OPERATED, row.operated_hips - row.replaced_hips),
            (REPLACED, row.replaced_hips - row.revised_hips),
            (REVISED, row.revised_hips - chosen),
            (INDEX, chosen),
        ):
            units[row.excluded_at_step, row.reason, came_to] += hips
    return Counter({key: hips for key, hips in units.items() if hips})
