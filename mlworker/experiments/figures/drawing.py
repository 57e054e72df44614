"""A figure as a list of marks in points: what the page shows, what the archive holds and what the report prints.

Drawn once and written twice, as SVG and as PDF, so that no two of them can differ. The origin is the upper left corner.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Shape = Literal["circle", "diamond", "square"]
Anchor = Literal["start", "middle", "end"]
# Name to colour on white paper. The page lays its own theme over the names.
COLOURS = {
    "ink": "#1d2529",
    "muted": "#566167",
    "line": "#9aa5ab",
    "grid": "#dde3e6",
    "paper": "#ffffff",
    "accent": "#0e4f5b",
    "rater-1": "#0e4f5b",
    "rater-2": "#b3540a",
    "rater-3": "#6b3fa0",
    "rater-4": "#0b6e4f",
    "rater-5": "#a61e4d",
    "rater-6": "#1f5fbf",
    "rater-7": "#6b5b00",
    "rater-8": "#444b50",
}
RATER_COLOURS = 8


def rater_colour(index: int) -> str:
    return f"rater-{index % RATER_COLOURS + 1}"


@dataclass(frozen=True, slots=True)
class Path:
    """Straight lines through `points`; filled where `fill` names a colour."""

    points: tuple[tuple[float, float], ...]
    stroke: str | None = "ink"
    width: float = 1.0
    dash: tuple[float, ...] = ()
    fill: str | None = None
    fill_opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    colour: str
    shape: Shape = "circle"
    radius: float = 4.5


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    stroke: str | None = "line"
    fill: str | None = None


@dataclass(frozen=True, slots=True)
class Words:
    x: float
    y: float
    text: str
    size: float = 10
    anchor: Anchor = "start"
    colour: str = "ink"
    bold: bool = False
    # Read from below: for the name of an upright axis.
    upright: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that says something when it is pointed at; on paper nothing is seen of it."""

    x: float
    y: float
    says: tuple[str, ...]


Mark = Path | Dot | Box | Words | Spot


@dataclass(frozen=True, slots=True)
class Drawing:
    """Attributes: width and height in points; `title` and `description` for those who cannot see it."""

    name: str
    title: str
    description: str
    width: float
    height: float
    marks: tuple[Mark, ...]


def line(x1: float, y1: float, x2: float, y2: float, *, colour: str = "ink", width: float = 1.0,
         dash: tuple[float, ...] = ()) -> Path:  # fmt: skip
    return Path(((x1, y1), (x2, y2)), stroke=colour, width=width, dash=dash)


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle of the drawing with linear axes: from data to points."""

    left: float
    top: float
    width: float
    height: float
    x: tuple[float, float] = (0.0, 1.0)
    y: tuple[float, float] = (0.0, 1.0)

    def at(self, x: float, y: float) -> tuple[float, float]:
        return self.across(x), self.up(y)

    def across(self, x: float) -> float:
        low, high = self.x
        return self.left + (x - low) / (high - low) * self.width

    def up(self, y: float) -> float:
        low, high = self.y
        return self.top + self.height - (y - low) / (high - low) * self.height

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height


def axes(
    frame: Frame, *, x_ticks: Sequence[float], y_ticks: Sequence[float], x_label: str = "", y_label: str = "",
    digits: int = 1, x_digits: int | None = None,
) -> list[Mark]:  # fmt: skip
    """Grid, ticks, names of the axes."""
    marks: list[Mark] = []
    for value in x_ticks:
        x = frame.across(value)
        marks.append(line(x, frame.top, x, frame.bottom, colour="grid", width=0.8))
        marks.append(
            Words(x, frame.bottom + 14, plain(value, digits if x_digits is None else x_digits), 9, "middle", "muted")
        )
    for value in y_ticks:
        y = frame.up(value)
        marks.append(line(frame.left, y, frame.right, y, colour="grid", width=0.8))
        marks.append(Words(frame.left - 7, y + 3.2, plain(value, digits), 9, "end", "muted"))
    marks.append(Box(frame.left, frame.top, frame.width, frame.height, stroke="line"))
    if x_label:
        marks.append(Words(frame.left + frame.width / 2, frame.bottom + 32, x_label, 10, "middle"))
    if y_label:
        marks.append(Words(frame.left - 38, frame.top + frame.height / 2, y_label, 10, "middle", upright=True))
    return marks


def round_ticks(top: float) -> tuple[list[float], int]:
    """From 0 to at most `top` (> 0) in steps of 1, 2 or 5 times a power of ten, and the digits that they need."""
    power = math.floor(math.log10(top / 4))
    step = next(s for s in (10**power, 2 * 10**power, 5 * 10**power, 10 ** (power + 1)) if top / s <= 5)
    return [i * step for i in range(int(top / step + 1e-9) + 1)], max(0, -math.floor(math.log10(step) + 1e-9))


def plain(value: float, digits: int) -> str:
    """With a true minus sign."""
    return f"{value:.{digits}f}".replace("-", "−") if round(value, digits) else f"{0:.{digits}f}"
