"""Figures as inline SVG: ROC, forest, reliability, decision curve. Colour and dash or mark both tell raters apart."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from mlworker.statistics.spreadsheet.wording import MINUS, decimals

# Okabe and Ito's colours, told apart by colour-blind readers as well, the light ones darkened for white paper.
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#b0559b", "#8a6d00", "#3b3b3b", "#2a7fa8", "#a23b3b")
_DASHES = ("", "7 3", "2 3", "9 3 2 3", "4 4", "1 2", "12 4", "6 2 1 2")
_SIDE, _LEFT, _TOP, _BOTTOM = 300, 52, 14, 44


def colour(index: int) -> str:
    return _COLOURS[index % len(_COLOURS)]


def dash(index: int) -> str:
    return _DASHES[index % len(_DASHES)]


@dataclass(frozen=True)
class Axis:
    """From `low` to `high` with ticks; `name` stands beside it."""

    name: str
    low: float
    high: float
    ticks: Sequence[float]

    def at(self, value: float) -> float:
        return (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)


UNIT = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True)
class Line:
    """`points` in the axes' units; `title` of a point is shown where a pointer rests on it."""

    name: str
    points: Sequence[tuple[float, float]]
    index: int
    titles: Sequence[str] = ()
    grey: bool = False
    thin: bool = False


@dataclass(frozen=True)
class Mark:
    """A point with its intervals along both axes, where there are any."""

    name: str
    x: float
    y: float
    index: int
    x_limits: tuple[float, float] | None = None
    y_limits: tuple[float, float] | None = None


def _text(x: float, y: float, text: str, *, anchor: str = "middle", extra: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{extra}>{html.escape(text)}</text>'


def _frame(x: Axis, y: Axis) -> list[str]:
    parts = [f'<rect class="frame" x="{_LEFT}" y="{_TOP}" width="{_SIDE}" height="{_SIDE}"/>']
    for tick in x.ticks:
        at = _LEFT + _SIDE * x.at(tick)
        parts.append(f'<line class="grid" x1="{at:.1f}" x2="{at:.1f}" y1="{_TOP}" y2="{_TOP + _SIDE}"/>')
        parts.append(_text(at, _TOP + _SIDE + 16, _tick(tick)))
    for tick in y.ticks:
        at = _TOP + _SIDE * (1 - y.at(tick))
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{_LEFT + _SIDE}" y1="{at:.1f}" y2="{at:.1f}"/>')
        parts.append(_text(_LEFT - 8, at + 4, _tick(tick), anchor="end"))
    middle = _TOP + _SIDE / 2
    parts.append(_text(_LEFT + _SIDE / 2, _TOP + _SIDE + 36, x.name, extra=' class="name"'))
    parts.append(_text(13, middle, y.name, extra=f' class="name" transform="rotate(-90 13 {middle:.1f})"'))
    return parts


def _tick(value: float) -> str:
    return f"{MINUS if value < 0 else ''}{abs(value):g}"


def plot(
    x: Axis, y: Axis, *, lines: Sequence[Line] = (), marks: Sequence[Mark] = (), diagonal: bool = False, label: str
) -> str:
    """Square axes; `label` says in words what the figure shows."""

    def place(point: tuple[float, float]) -> tuple[float, float]:
        return _LEFT + _SIDE * x.at(point[0]), _TOP + _SIDE * (1 - y.at(point[1]))

    parts = _frame(x, y)
    if diagonal:
        parts.append(f'<line class="chance" x1="{_LEFT}" y1="{_TOP + _SIDE}" x2="{_LEFT + _SIDE}" y2="{_TOP}"/>')
    for line in lines:
        placed = [place(point) for point in line.points]
        path = " ".join(f"{a:.1f},{b:.1f}" for a, b in placed)
        stroke = "#8a8f98" if line.grey else colour(line.index)
        width, dashes = 0.9 if line.thin else 2, dash(line.index)
        parts.append(
            f'<polyline fill="none" stroke="{stroke}" stroke-width="{width}" stroke-dasharray="{dashes}" '
            f'points="{path}"><title>{html.escape(line.name)}</title></polyline>'
        )
        for (a, b), title in zip(placed, line.titles, strict=False):
            parts.append(f'<circle class="touch" cx="{a:.1f}" cy="{b:.1f}" r="5"><title>{html.escape(title)}</title>')
            parts.append("</circle>")
    for mark in marks:
        parts += _mark(mark, place)
    height = _TOP + _SIDE + _BOTTOM
    return (
        f'<svg viewBox="0 0 {_LEFT + _SIDE + 14} {height}" role="img" aria-label="{html.escape(label)}">'
        f"{''.join(parts)}</svg>"
    )


def _mark(mark: Mark, place: object) -> list[str]:
    assert callable(place)
    a, b = place((mark.x, mark.y))
    tint, parts = colour(mark.index), []
    for limits, across in ((mark.x_limits, True), (mark.y_limits, False)):
        if limits is None:
            continue
        ends = [place((end, mark.y) if across else (mark.x, end)) for end in limits]
        (x1, y1), (x2, y2) = ends
        parts.append(f'<line stroke="{tint}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>')
    size = 5
    shapes = (
        f'<circle cx="{a:.1f}" cy="{b:.1f}" r="{size}"',
        f'<rect x="{a - size:.1f}" y="{b - size:.1f}" width="{2 * size}" height="{2 * size}"',
        f'<polygon points="{a:.1f},{b - 6:.1f} {a + 6:.1f},{b + 5:.1f} {a - 6:.1f},{b + 5:.1f}"',
        f'<polygon points="{a:.1f},{b - 6:.1f} {a + 6:.1f},{b:.1f} {a:.1f},{b + 6:.1f} {a - 6:.1f},{b:.1f}"',
    )
    tag = shapes[mark.index % len(shapes)]
    element = tag[1 : tag.index(" ")]
    parts.append(f'{tag} fill="{tint}" stroke="#fff"><title>{html.escape(mark.name)}</title></{element}>')
    return parts


@dataclass(frozen=True)
class ForestRow:
    """`value` None: the row has its text alone, as a suppressed subgroup has."""

    name: str
    n: str
    value: float | None
    lower: float | None
    upper: float | None
    heading: bool = False


def forest(rows: Sequence[ForestRow], axis: Axis, *, label: str, zero: float | None = None) -> str:
    """One row each: name, n, interval, figure."""
    names, counts, width, step = 190, 60, 260, 22
    left = names + counts
    height = len(rows) * step + 44
    bottom = len(rows) * step + 10
    parts = []
    for tick in axis.ticks:
        at = left + width * axis.at(tick)
        parts.append(f'<line class="grid" x1="{at:.1f}" x2="{at:.1f}" y1="4" y2="{bottom}"/>')
        parts.append(_text(at, bottom + 15, _tick(tick)))
    if zero is not None:
        at = left + width * axis.at(zero)
        parts.append(f'<line class="chance" x1="{at:.1f}" x2="{at:.1f}" y1="4" y2="{bottom}"/>')
    parts.append(_text(left + width / 2, bottom + 31, axis.name, extra=' class="name"'))
    for i, row in enumerate(rows):
        parts += _forest_row(row, i * step + 18, axis, (left, width, names))
    return (
        f'<svg class="forest" viewBox="0 0 {left + width + 170} {height}" role="img" '
        f'aria-label="{html.escape(label)}">{"".join(parts)}</svg>'
    )


def _forest_row(row: ForestRow, y: float, axis: Axis, sizes: tuple[int, int, int]) -> list[str]:
    left, width, names = sizes
    style = ' class="heading"' if row.heading else ""
    parts = [_text(0 if row.heading else 10, y, row.name, anchor="start", extra=style)]
    parts.append(_text(names + 48, y, row.n, anchor="end"))
    if row.value is None:
        return parts
    at, end = left + width * axis.at(row.value), left + width + 12
    if row.lower is not None and row.upper is not None:
        low, high = left + width * axis.at(row.lower), left + width * axis.at(row.upper)
        parts.append(f'<line class="limits" x1="{low:.1f}" x2="{high:.1f}" y1="{y - 4:.1f}" y2="{y - 4:.1f}"/>')
        told = f"{decimals(row.value, 2)} ({decimals(row.lower, 2)} to {decimals(row.upper, 2)})"
    else:
        told = decimals(row.value, 2)
    parts.append(f'<rect class="point" x="{at - 4:.1f}" y="{y - 8:.1f}" width="8" height="8"/>')
    parts.append(_text(end, y, told, anchor="start"))
    return parts
