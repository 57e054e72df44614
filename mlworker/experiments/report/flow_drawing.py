"""The flow of patients as STARD draws it: what is left goes down, what is excluded stands at the side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mlworker.experiments.figures.drawing import Box, Drawing, Mark, Words, line
from mlworker.experiments.report.data_facts import STEP_WORDS

_LEFT, _WIDE, _SIDE, _SIDE_WIDE = 20.0, 290.0, 370.0, 310.0
_LINE = 13.0


def flow_drawing(flow: Mapping[str, Any], parts: Sequence[tuple[str, int, int]]) -> Drawing:
    """parts: (name, loose, well fixed) of the frozen version, under the last box."""
    marks: list[Mark] = []
    y, before = 16.0, None
    for step in flow["steps"]:
        if before is not None:
            beside = [(e["reason"].replace("_", " "), e["patients"]) for e in step["excluded"] if e["patients"]]
            y = _excluded(marks, before, y, beside)
        lines = [STEP_WORDS.get(step["key"], step["key"]), f"n = {step['patients_out']:,}"]
        before, y = y, _box(marks, _LEFT, y, _WIDE, [*_wrapped(lines[0]), lines[1]])
    draw = flow["comparison"]["draw"]
    if draw:
        told = f"{draw['eligible_when_drawn']:,} eligible, {draw['drawn']} drawn (seed {draw['seed']})"
        y = max(y, _box(marks, _SIDE, y - 40, _SIDE_WIDE, ["Comparison group, well fixed by follow-up", told]))
    y = _parts(marks, y, parts)
    first, last = flow["steps"][0]["patients_in"], flow["steps"][-1]["patients_out"]
    description = (
        f"Flow of patients from {first:,} in the registry to {last:,} confirmed, and the parts of the dataset."
    )
    return Drawing("flow", "Flow of patients", description, 700, y + 10, tuple(marks))


def _wrapped(text: str, most: int = 48) -> list[str]:
    lines, current = [], ""
    for word in text.split():
        if current and len(current) + len(word) + 1 > most:
            lines.append(current)
            current = word
        else:
            current = f"{current} {word}".strip()
    return [*lines, current]


def _box(marks: list[Mark], x: float, y: float, width: float, lines: Sequence[str]) -> float:
    """Draw it and return its lower edge."""
    height = 14 + _LINE * len(lines)
    marks.append(Box(x, y, width, height, stroke="ink"))
    for i, text in enumerate(lines):
        last = i == len(lines) - 1
        marks.append(Words(x + width / 2, y + 17 + _LINE * i, text, 10, "middle", bold=last))
    return y + height


def _excluded(marks: list[Mark], top: float, bottom: float, reasons: Sequence[tuple[str, int]]) -> float:
    """The arrow down from the box above, with the excluded beside it; returns where the next box begins."""
    height = 14 + _LINE * (len(reasons) + 1) if reasons else 0
    end = bottom + max(height + 16, 28)
    x = _LEFT + _WIDE / 2
    marks += [line(x, bottom, x, end, colour="ink"), line(x - 4, end - 6, x, end), line(x + 4, end - 6, x, end)]
    if reasons:
        middle = bottom + 8 + height / 2
        marks += [line(x, middle, _SIDE, middle, colour="ink")]
        marks.append(Box(_SIDE, bottom + 8, _SIDE_WIDE, height, stroke="line"))
        total = sum(count for _, count in reasons)
        marks.append(Words(_SIDE + 10, bottom + 25, f"Excluded, n = {total:,}", 9.5, bold=True))
        for i, (reason, count) in enumerate(reasons, start=1):
            marks.append(Words(_SIDE + 10, bottom + 25 + _LINE * i, reason, 9.5))
            marks.append(Words(_SIDE + _SIDE_WIDE - 10, bottom + 25 + _LINE * i, f"{count:,}", 9.5, "end"))
    return end


def _parts(marks: list[Mark], y: float, parts: Sequence[tuple[str, int, int]]) -> float:
    if not parts:
        return y
    x = _LEFT + _WIDE / 2
    marks += [line(x, y, x, y + 24), line(x - 4, y + 18, x, y + 24), line(x + 4, y + 18, x, y + 24)]
    marks.append(Words(x + 10, y + 16, "radiographs of both groups, frozen and divided by patient", 9, colour="muted"))
    width = (660 - 12 * (len(parts) - 1)) / len(parts)
    bottom = y
    for i, (name, loose, fixed) in enumerate(parts):
        lines = [name.capitalize(), f"{loose} loose + {fixed} well fixed"]
        bottom = _box(marks, _LEFT + i * (width + 12), y + 24, width, lines)
    return bottom
