"""The full form: lucency by zone, signs by component, conclusions on the six-point scale, marks on the image.

Zones: Gruen TA, McNeice GM, Amstutz HC, Clin Orthop 1979;141:17-27 (G1 to G7 around the stem) and DeLee JG,
Charnley J, Clin Orthop 1976;121:20-32 (D1 to D3 around the cup).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from annotations.reads.models import Call, Conclusion

GRUEN_ZONES = tuple(f"G{number}" for number in range(1, 8))
DELEE_CHARNLEY_ZONES = tuple(f"D{number}" for number in range(1, 4))
ZONES = (*GRUEN_ZONES, *DELEE_CHARNLEY_ZONES)
CANNOT_ASSESS = "cannot_assess"
MOST_MARKS = 60
MOST_POINTS = 200
# As a case's place on the scale, worst first.
_WORST_FIRST = list(Conclusion.values)
Problem = dict[str, str]


class LucencyWidth(models.TextChoices):
    NONE = "none", "none"
    UNDER_1_MM = "under_1_mm", "under 1 mm"
    FROM_1_TO_2_MM = "from_1_to_2_mm", "1 to 2 mm"
    OVER_2_MM = "over_2_mm", "over 2 mm"
    NOT_VISIBLE = "not_visible", "not visible"


class ImageQuality(models.TextChoices):
    GOOD = "good"
    ADEQUATE = "adequate"
    POOR = "poor"


class Sign(models.TextChoices):
    ABSENT = "absent"
    POSSIBLE = "possible"
    DEFINITE = "definite"


class MarkKind(models.TextChoices):
    POINT = "point"
    LINE = "line"
    OUTLINE = "outline"


CONCLUSIONS = (*Conclusion.values, CANNOT_ASSESS)
CONCLUSION_CHOICES = [(conclusion, conclusion.replace("_", " ")) for conclusion in CONCLUSIONS]
_SIGNS = {"cup": ("migration", "tilt"), "stem": ("subsidence", "tilt")}
_POINTS_OF = {MarkKind.POINT: (1, 1), MarkKind.LINE: (2, MOST_POINTS), MarkKind.OUTLINE: (3, MOST_POINTS)}


@dataclass(frozen=True, slots=True)
class CaseCall:
    """What a full form says of the case: that of its worse component."""

    call: str
    conclusion: str


def case_call(findings: Mapping[str, Any]) -> CaseCall:
    """A loose component makes the case loose; else a component that cannot be assessed leaves the case open."""
    conclusions = [findings[component]["conclusion"] for component in ("cup", "stem")]
    assessed = [conclusion for conclusion in conclusions if conclusion != CANNOT_ASSESS]
    worst = min(assessed, key=_WORST_FIRST.index, default="")
    if worst.endswith("_loose"):
        return CaseCall(Call.LOOSE, worst)
    if len(assessed) < len(conclusions):
        return CaseCall(Call.CANNOT_ASSESS, "")
    return CaseCall(Call.WELL_FIXED, worst)


def empty_findings() -> dict[str, Any]:
    """Nothing is answered beforehand."""
    return {
        "image_quality": None,
        "side_shown": None,
        "zones": {},
        "scalloping": [],
        "cup": {"conclusion": None, "migration": None, "tilt": None},
        "stem": {"conclusion": None, "subsidence": None, "tilt": None},
        "marks": [],
    }


def problems_of(findings: Mapping[str, Any], *, complete: bool) -> list[Problem]:
    """What is wrong with a full form, and with `complete` what is missing; each with its field."""
    problems = list(_strange_keys(findings, empty_findings(), "findings"))
    if problems:
        return problems
    problems += _choice(findings, "image_quality", ImageQuality.values, "findings")
    problems += _choice(findings, "side_shown", ("R", "L"), "findings")
    problems += _zones(findings.get("zones") or {})
    problems += _scalloping(findings.get("scalloping") or [])
    for component, signs in _SIGNS.items():
        told = findings.get(component) or {}
        problems += _strange_keys(told, empty_findings()[component], f"findings.{component}")
        problems += _choice(told, "conclusion", CONCLUSIONS, f"findings.{component}")
        for sign in signs:
            problems += _choice(told, sign, Sign.values, f"findings.{component}")
    problems += _marks(findings.get("marks") or [])
    return problems or (list(_missing(findings)) if complete else [])


def _missing(findings: Mapping[str, Any]) -> Iterator[Problem]:
    if not findings.get("image_quality"):
        yield {"field": "findings.image_quality", "message": "is missing"}
    zones = findings.get("zones") or {}
    for zone in ZONES:
        if not zones.get(zone):
            yield {"field": f"findings.zones.{zone}", "message": "is missing"}
    for component in _SIGNS:
        if not (findings.get(component) or {}).get("conclusion"):
            yield {"field": f"findings.{component}.conclusion", "message": "is missing"}


def _strange_keys(told: Any, known: Mapping[str, Any], field: str) -> Iterator[Problem]:
    if not isinstance(told, Mapping):
        yield {"field": field, "message": "must be an object"}
        return
    for key in told:
        if key not in known:
            yield {"field": f"{field}.{key}", "message": "is no part of the form"}


def _choice(told: Any, name: str, allowed: Any, field: str) -> Iterator[Problem]:
    value = told.get(name) if isinstance(told, Mapping) else None
    if value is not None and (not isinstance(value, str) or value not in allowed):
        yield {"field": f"{field}.{name}", "message": f"choose one of {', '.join(allowed)}"}


def _zones(zones: Any) -> Iterator[Problem]:
    if not isinstance(zones, Mapping):
        yield {"field": "findings.zones", "message": "must be an object"}
        return
    for zone in zones:
        if zone in ZONES:
            yield from _choice(zones, zone, LucencyWidth.values, "findings.zones")
        else:
            yield {"field": "findings.zones", "message": f"the zones are {', '.join(ZONES)}"}


def _scalloping(zones: Any) -> Iterator[Problem]:
    whole = isinstance(zones, list) and all(isinstance(zone, str) and zone in GRUEN_ZONES for zone in zones)
    if not whole or len(set(zones)) < len(zones):
        yield {"field": "findings.scalloping", "message": f"a list of {', '.join(GRUEN_ZONES)}, each once"}


def _marks(marks: Any) -> Iterator[Problem]:
    if not isinstance(marks, list) or len(marks) > MOST_MARKS:
        yield {"field": "findings.marks", "message": f"a list of at most {MOST_MARKS} marks"}
        return
    for number, mark in enumerate(marks):
        field = f"findings.marks.{number}"
        if not isinstance(mark, Mapping) or set(mark) != {"zone", "kind", "points"}:
            yield {"field": field, "message": "a mark has a zone, a kind and points"}
            continue
        if mark["zone"] not in ZONES:
            yield {"field": f"{field}.zone", "message": f"choose one of {', '.join(ZONES)}"}
        if mark["kind"] not in MarkKind.values:
            yield {"field": f"{field}.kind", "message": f"choose one of {', '.join(MarkKind.values)}"}
        elif not _are_points(mark["points"], *_POINTS_OF[MarkKind(mark["kind"])]):
            yield {"field": f"{field}.points", "message": "points are [column, row] within the image, as many as fit"}


def _are_points(points: Any, fewest: int, most: int) -> bool:
    return (
        isinstance(points, list)
        and fewest <= len(points) <= most
        and all(
            isinstance(point, list) and len(point) == 2 and all(_within(value) for value in point) for point in points
        )
    )


def _within(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 65_535


def marks_outside(findings: Mapping[str, Any], *, rows: int, columns: int) -> list[Problem]:
    """Marks beyond the picture's edge, which is known only with the case."""
    return [
        {"field": f"findings.marks.{number}.points", "message": "a point lies outside the image"}
        for number, mark in enumerate(findings.get("marks") or [])
        if any(column > columns or row > rows for column, row in mark["points"])
    ]
