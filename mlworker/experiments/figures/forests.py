"""Forest plots: figures with their intervals under each other, n beside each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mlworker.experiments.figures.drawing import Dot, Drawing, Frame, Mark, Spot, Words, line, plain, rater_colour
from mlworker.experiments.figures.words import counts_of, interval_of

_WIDTH = 700.0
_TENTHS = (0.0, 0.25, 0.5, 0.75, 1.0)
_QUANTITIES = ("sensitivity", "specificity")
VARIABLE_NAMES = {"site": "Site", "sex": "Sex", "age_band": "Age", "side": "Side", "component": "Loose component"}
VALUE_NAMES = {
    "side": {"R": "right", "L": "left"},
    "sex": {"F": "female", "M": "male", "O": "other"},
}


def accuracy_drawing(result: Mapping[str, Any]) -> Drawing:
    """Sensitivity and specificity of every model and reader, with counts."""
    raters = result["raters"]
    height = 40 + 26 * len(raters)
    frames = [Frame(190, 34, 150, height - 34), Frame(445, 34, 150, height - 34)]
    marks = _two_panels(frames)
    for index, rater in enumerate(raters):
        y = 34 + 16 + 26 * index
        marks.append(Words(10, y + 3.5, rater["name"][:30], 10))
        for frame, quantity in zip(frames, _QUANTITIES, strict=True):
            marks += _interval(frame, y, rater[quantity], rater_colour(index), rater, quantity)
            marks.append(Words(frame.right + 8, y + 3.5, _short(rater[quantity]), 8.5, colour="muted"))
    description = f"Sensitivity and specificity with intervals of {len(raters)} models and readers."
    return Drawing("accuracy", "Sensitivity and specificity", description, _WIDTH, height + 30, tuple(marks))


def _short(figure: Mapping[str, Any]) -> str:
    counts = counts_of(figure)
    return f"{plain(figure['value'], 3)}  {counts}" if figure["value"] is not None else "undefined"


def _two_panels(frames: Sequence[Frame]) -> list[Mark]:
    marks: list[Mark] = []
    for frame, quantity in zip(frames, _QUANTITIES, strict=True):
        marks.append(Words(frame.left + frame.width / 2, 18, quantity.capitalize(), 10.5, "middle", bold=True))
        for value in _TENTHS:
            x = frame.across(value)
            marks.append(line(x, frame.top, x, frame.bottom, colour="grid", width=0.8))
            marks.append(Words(x, frame.bottom + 13, plain(value, 2), 8, "middle", "muted"))
        marks.append(line(frame.left, frame.bottom, frame.right, frame.bottom, colour="line"))
    return marks


def _interval(
    frame: Frame, y: float, figure: Mapping[str, Any], colour: str, rater: Mapping[str, Any], quantity: str
) -> list[Mark]:
    if figure["value"] is None:
        return []
    x = frame.across(figure["value"])
    marks: list[Mark] = []
    if figure["low"] is not None and figure["high"] is not None:
        marks.append(line(frame.across(figure["low"]), y, frame.across(figure["high"]), y, colour=colour, width=1.4))
    shape = "diamond" if str(rater["key"]).startswith("reader") else "circle"
    marks.append(Dot(x, y, colour, shape, 3.8))  # type: ignore[arg-type]
    marks.append(Spot(x, y, (rater["name"], f"{quantity.capitalize()} {interval_of(figure)}", counts_of(figure))))
    return marks


def subgroups_drawing(result: Mapping[str, Any]) -> Drawing:
    """Sensitivity and specificity in each subgroup; one with under ten cases shows its n alone."""
    colours = {rater["key"]: rater_colour(i) for i, rater in enumerate(result["raters"])}
    step = 9.0
    top, marks = 34.0, []
    y = top + 8
    body: list[tuple[float, Mapping[str, Any]]] = []
    variable = None
    for group in result["subgroups"]:
        if group["variable"] != variable:
            variable = group["variable"]
            y += 8
            marks.append(Words(10, y + 3.5, VARIABLE_NAMES[variable], 10, bold=True))
            y += 18
        body.append((y, group))
        y += max(step * len(group["raters"]), step) + 9
    frames = [Frame(250, top, 180, y - top), Frame(480, top, 180, y - top)]
    everything: list[Mark] = [*_two_panels(frames), *marks]
    for place, group in body:
        everything += _subgroup(frames, place, group, colours, step)
    everything += _names(result["raters"], y + 34)
    height = y + 44 + 14 * ((len(result["raters"]) + 2) // 3)
    description = "Sensitivity and specificity by site, sex, age, side and loose component, with n."
    return Drawing("subgroups", "Subgroups", description, _WIDTH, height, tuple(everything))


def value_name(variable: str, value: str) -> str:
    return VALUE_NAMES.get(variable, {}).get(value, value)


def _subgroup(
    frames: Sequence[Frame], y: float, group: Mapping[str, Any], colours: Mapping[str, str], step: float
) -> list[Mark]:
    middle = y + step * max(len(group["raters"]) - 1, 0) / 2
    marks: list[Mark] = [Words(22, middle + 3.5, value_name(group["variable"], group["value"])[:26], 9.5)]
    n = f"n = {group['n']}"
    if group["suppressed"]:
        marks.append(Words(frames[0].left - 12, middle + 3.5, n, 9, "end", "muted"))
        marks.append(Words(frames[0].left + 4, middle + 3.5, "fewer than 10 cases: n only", 8.5, colour="muted"))
        return marks
    classes = f"{n} ({group['positives']} + {group['negatives']})"
    marks.append(Words(frames[0].left - 12, middle + 3.5, classes, 9, "end", "muted"))
    for place, rater in enumerate(group["raters"]):
        for frame, quantity in zip(frames, _QUANTITIES, strict=True):
            marks += _interval(frame, y + step * place, rater[quantity], colours[rater["key"]], rater, quantity)
    return marks


def _names(raters: Sequence[Mapping[str, Any]], top: float) -> list[Mark]:
    marks: list[Mark] = []
    for index, rater in enumerate(raters):
        x, y = 16 + 230 * (index % 3), top + 14 * (index // 3)
        shape = "circle" if rater["kind"] == "model" else "diamond"
        marks.append(Dot(x, y, rater_colour(index), shape, 4))  # type: ignore[arg-type]
        marks.append(Words(x + 10, y + 3.5, rater["name"][:34], 9))
    return marks


def differences_drawing(result: Mapping[str, Any]) -> Drawing:
    """Paired differences of sensitivity and specificity, first minus second, with Tango's interval."""
    pairs = result["pairs"]
    height = 40 + 24 * len(pairs)
    frames = [Frame(250, 34, 185, height - 34, x=(-1, 1)), Frame(480, 34, 185, height - 34, x=(-1, 1))]
    marks: list[Mark] = []
    for frame, quantity in zip(frames, _QUANTITIES, strict=True):
        marks.append(Words(frame.left + frame.width / 2, 18, f"Difference of {quantity}", 10, "middle", bold=True))
        for value in (-1, -0.5, 0, 0.5, 1):
            x = frame.across(value)
            colour = "ink" if value == 0 else "grid"
            marks.append(line(x, frame.top, x, frame.bottom, colour=colour, width=0.8))
            marks.append(Words(x, frame.bottom + 13, plain(value, 1), 8, "middle", "muted"))
    for index, pair in enumerate(pairs):
        y = 34 + 14 + 24 * index
        marks.append(Words(10, y - 1, f"{pair['first_name'][:40]}", 8.5))
        marks.append(Words(10, y + 9, f"minus {pair['second_name'][:36]}", 8.5, colour="muted"))
        n = f"n = {pair['sensitivity']['n']} + {pair['specificity']['n']}"
        marks.append(Words(frames[0].left - 12, y + 3.5, n, 8.5, "end", "muted"))
        named = {"key": pair["first"], "name": f"{pair['first_name']} minus {pair['second_name']}"}
        for frame, quantity in zip(frames, _QUANTITIES, strict=True):
            marks += _interval(frame, y + 2, pair[quantity]["difference"], "accent", named, quantity)
    description = f"Paired differences of {len(pairs)} pairs with their intervals; the line at 0 is no difference."
    return Drawing("differences", "Paired differences", description, _WIDTH, height + 28, tuple(marks))
