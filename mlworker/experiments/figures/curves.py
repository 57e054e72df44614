"""ROC curves, reliability diagrams and decision curves of a comparison's result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mlworker.experiments.figures.drawing import (
    Dot,
    Drawing,
    Frame,
    Mark,
    Path,
    Spot,
    Words,
    axes,
    line,
    plain,
    rater_colour,
    round_ticks,
)
from mlworker.experiments.figures.words import interval_of, three

_TENTHS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_READER_DASH = (5.0, 4.0)
# More bands than these hide each other.
_MOST_BANDS = 3


def roc_drawing(result: Mapping[str, Any]) -> Drawing:
    """Each model's curve with its pointwise band and its fixed threshold; each reader's point with both intervals."""
    frame = Frame(58, 18, 400, 400)
    raters = list(enumerate(result["raters"]))
    marks = axes(
        frame, x_ticks=_TENTHS, y_ticks=_TENTHS, x_label="1 − specificity (false-positive rate)",
        y_label="Sensitivity (true-positive rate)",
    )  # fmt: skip
    marks.append(line(*frame.at(0, 0), *frame.at(1, 1), colour="line", width=0.8, dash=(2, 4)))
    models = [(i, rater) for i, rater in raters if rater["kind"] == "model"]
    readers = [(i, rater) for i, rater in raters if rater["kind"] == "reader"]
    for i, rater in models if len(models) <= _MOST_BANDS else []:
        marks += _band(frame, i, rater, opacity=0.16 / len(models) + 0.02)
    for i, rater in readers:
        marks += _curve(frame, i, rater, width=1.1, dash=_READER_DASH)
    for i, rater in models:
        marks += _curve(frame, i, rater, width=1.9)
    for i, rater in [*models, *readers]:
        marks += _stands(frame, i, rater)
    marks += _legend(result["raters"], frame.right + 22, frame.top + 8)
    spots = [spot for i, rater in raters for spot in _spots(frame, rater)]
    names = ", ".join(f"{rater['name']} (AUC {three(rater['auc']['value'])})" for _, rater in raters)
    description = f"ROC curves over {result['cases']} cases: {names}."
    return Drawing("roc", "ROC curves", description, 700, 470, (*marks, *spots))


def _band(frame: Frame, index: int, rater: Mapping[str, Any], *, opacity: float) -> list[Mark]:
    if not rater["band"]:
        return []
    upper = [frame.at(p["false_positive_rate"], p["upper"]) for p in rater["band"]]
    lower = [frame.at(p["false_positive_rate"], p["lower"]) for p in reversed(rater["band"])]
    return [Path((*upper, *lower), stroke=None, fill=rater_colour(index), fill_opacity=opacity)]


def _curve(frame: Frame, index: int, rater: Mapping[str, Any], *, width: float,
           dash: tuple[float, ...] = ()) -> list[Mark]:  # fmt: skip
    points = tuple(frame.at(p["false_positive_rate"], p["true_positive_rate"]) for p in rater["roc"])
    return [Path(points, stroke=rater_colour(index), width=width, dash=dash)] if len(points) > 1 else []


def _stands(frame: Frame, index: int, rater: Mapping[str, Any]) -> list[Mark]:
    """Where the calls are, with the interval of both figures as a cross."""
    sensitivity, specificity = rater["sensitivity"], rater["specificity"]
    if sensitivity["value"] is None or specificity["value"] is None:
        return []
    x, y = frame.at(1 - specificity["value"], sensitivity["value"])
    colour = rater_colour(index)
    return [
        line(x, frame.up(sensitivity["low"]), x, frame.up(sensitivity["high"]), colour=colour, width=1),
        line(frame.across(1 - specificity["low"]), y, frame.across(1 - specificity["high"]), y, colour=colour, width=1),
        Dot(x, y, colour, "circle" if rater["kind"] == "model" else "diamond", 5),
    ]


def _spots(frame: Frame, rater: Mapping[str, Any]) -> list[Spot]:
    spots = [Spot(*frame.at(p["false_positive_rate"], p["true_positive_rate"]), _told(rater, p)) for p in rater["roc"]]
    sensitivity, specificity = rater["sensitivity"], rater["specificity"]
    if sensitivity["value"] is None or specificity["value"] is None:
        return spots
    fixed = rater["threshold"]
    says = (
        rater["name"],
        f"at its fixed threshold {fixed:.3f}" if fixed is not None else "as called",
        f"Sensitivity {interval_of(sensitivity)}",
        f"Specificity {interval_of(specificity)}",
    )
    return [*spots, Spot(*frame.at(1 - specificity["value"], sensitivity["value"]), says)]


def _threshold(rater: Mapping[str, Any], point: Mapping[str, Any]) -> str:
    if point["threshold"] is None:
        return "nothing is called loose"
    if rater["kind"] == "model":
        return f"threshold {point['threshold']:.3f}"
    return f"confidence score at least {plain(point['threshold'], 0)}"


def _told(rater: Mapping[str, Any], point: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        rater["name"],
        _threshold(rater, point),
        f"Sensitivity {point['true_positive_rate']:.3f}",
        f"Specificity {1 - point['false_positive_rate']:.3f}",
    )


def _legend(raters: Sequence[Mapping[str, Any]], left: float, top: float) -> list[Mark]:
    marks: list[Mark] = []
    for index, rater in enumerate(raters):
        y = top + 40 * index
        shape = "circle" if rater["kind"] == "model" else "diamond"
        marks.append(Dot(left, y, rater_colour(index), shape, 4.5))  # type: ignore[arg-type]
        marks.append(Words(left + 11, y + 3.5, rater["name"][:34], 10, bold=True))
        of = "from confidence, " if rater["auc"]["of"] == "confidence" else ""
        marks.append(Words(left + 11, y + 16, f"AUC {of}{interval_of(rater['auc'])}", 8.5, colour="muted"))
        n = f"n = {rater['auc']['positives']} loose, {rater['auc']['negatives']} well fixed"
        marks.append(Words(left + 11, y + 27, n, 8.5, colour="muted"))
    return marks


def calibration_drawing(result: Mapping[str, Any]) -> Drawing:
    """Observed share of loose hips by mean probability, with Wilson's interval and the n of each bin."""
    frame = Frame(58, 18, 380, 380)
    marks = axes(frame, x_ticks=_TENTHS, y_ticks=_TENTHS, x_label="Mean probability of loose in the bin",
                 y_label="Share that is loose")  # fmt: skip
    marks.append(line(*frame.at(0, 0), *frame.at(1, 1), colour="line", width=0.8, dash=(2, 4)))
    models = [(i, r) for i, r in enumerate(result["raters"]) if r["kind"] == "model"]
    for index, rater in models:
        marks += _bins(frame, index, rater)
    for place, (index, rater) in enumerate(models):
        marks += _calibration_words(rater, rater_colour(index), frame.right + 22, frame.top + 8 + 66 * place)
    description = f"Reliability diagram of {len(models)} models over {result['cases']} cases, with the n of each bin."
    return Drawing("calibration", "Calibration", description, 700, 450, tuple(marks))


def _bins(frame: Frame, index: int, rater: Mapping[str, Any]) -> list[Mark]:
    colour = rater_colour(index)
    marks: list[Mark] = []
    points = []
    for one in rater["calibration"]["bins"]:
        observed = one["observed"]
        x, y = frame.at(one["mean_predicted"], observed["value"])
        points.append((x, y))
        marks.append(line(x, frame.up(observed["low"]), x, frame.up(observed["high"]), colour=colour, width=0.9))
        marks.append(Dot(x, y, colour))
        marks.append(Words(x + 7, y + 3, str(one["n"]), 7.5, colour="muted"))
        says = (rater["name"], f"mean probability {one['mean_predicted']:.3f}",
                f"loose {one['positives']} of {one['n']}: {interval_of(observed)}")  # fmt: skip
        marks.append(Spot(x, y, says))
    if len(points) > 1:
        marks.insert(0, Path(tuple(points), stroke=colour, width=1.2))
    return marks


def _calibration_words(rater: Mapping[str, Any], colour: str, left: float, top: float) -> list[Mark]:
    found = rater["calibration"]
    lines = (
        f"Brier score {three(found['brier'])} (of prevalence alone {three(found['brier_of_prevalence'])})",
        f"Slope {interval_of(found['slope'])}",
        f"Intercept {interval_of(found['intercept'])}",
    )
    marks: list[Mark] = [Dot(left, top, colour), Words(left + 11, top + 3.5, rater["name"][:34], 10, bold=True)]
    return [*marks, *(Words(left + 11, top + 16 + 11.5 * i, text, 8.5, colour="muted") for i, text in enumerate(lines))]


def decision_drawing(curves: Sequence[Mapping[str, Any]], colours: Sequence[str]) -> Drawing:
    """Net benefit of each model, of treating all and of treating none, at one stated prevalence."""
    given = [curve for curve in curves if curve["undefined"] is None]
    prevalence = given[0]["prevalence"] if given else None
    top = max([max(curve["model"]) for curve in given] + [prevalence or 0.0]) * 1.1 or 0.1
    low = -0.25 * top
    frame = Frame(64, 18, 420, 330, y=(low, top))
    ticks, digits = round_ticks(top)
    marks = axes(
        frame, x_ticks=_TENTHS, y_ticks=ticks, x_label="Threshold probability", y_label="Net benefit", digits=digits,
        x_digits=1,
    )  # fmt: skip
    marks.append(line(*frame.at(0, 0), *frame.at(1, 0), colour="ink", width=1))
    if given:
        marks += _net_benefit(frame, given[0]["thresholds"], given[0]["treat_all"], "line", 1.2, "treat all")
    for curve, colour in zip(curves, colours, strict=True):
        if curve["undefined"] is None:
            marks += _net_benefit(frame, curve["thresholds"], curve["model"], colour, 1.9, curve["name"])
    marks += _decision_legend(curves, colours, frame)
    told = "no prevalence" if prevalence is None else f"a prevalence of {prevalence:.1%}"
    description = f"Decision curves of {len(curves)} models at {told}."
    return Drawing("decision-curve", "Decision curves", description, 700, 400, tuple(marks))


def _net_benefit(frame: Frame, xs: Sequence[float], ys: Sequence[float], colour: str, width: float,
                 name: str) -> list[Mark]:  # fmt: skip
    """Below the frame a curve says nothing more than that it is worse than treating nobody: there it is cut off."""
    points = list(zip(xs, ys, strict=True))
    pieces = [
        Path(tuple(frame.at(x, y) for x, y in piece), stroke=colour, width=width)
        for piece in _above(points, frame.y[0])
        if len(piece) > 1
    ]
    spots = [
        Spot(*frame.at(x, y), (name, f"threshold probability {x:.2f}", f"net benefit {plain(y, 4)}"))
        for x, y in points
        if y >= frame.y[0]
    ]
    return [*pieces, *spots]


def _above(points: Sequence[tuple[float, float]], low: float) -> list[list[tuple[float, float]]]:
    """The pieces of a broken line that lie at `low` or above, each cut exactly where the line crosses it."""
    pieces: list[list[tuple[float, float]]] = [[]]
    before: tuple[float, float] | None = None
    for x, y in points:
        if before is not None and (before[1] >= low) != (y >= low):
            share = (low - before[1]) / (y - before[1])
            crossing = (before[0] + share * (x - before[0]), low)
            if y >= low:
                pieces.append([crossing])
            else:
                pieces[-1].append(crossing)
        if y >= low:
            pieces[-1].append((x, y))
        before = (x, y)
    return pieces


def _decision_legend(curves: Sequence[Mapping[str, Any]], colours: Sequence[str], frame: Frame) -> list[Mark]:
    left = frame.right + 22
    told = next((curve for curve in curves if curve["prevalence"] is not None), None)
    marks: list[Mark] = []
    if told is not None:
        kind = "as stated" if told["prevalence_given"] else "of this sample, by its design"
        marks.append(Words(left - 5, frame.top + 10, f"Prevalence {told['prevalence']:.1%}", 10, bold=True))
        marks.append(Words(left - 5, frame.top + 23, kind, 8.5, colour="muted"))
    rows = [("treat all", "line"), ("treat none", "ink")]
    rows = [(curve["name"], colour) for curve, colour in zip(curves, colours, strict=True)] + rows
    for place, (name, colour) in enumerate(rows):
        y = frame.top + 46 + 17 * place
        marks.append(line(left - 5, y, left + 9, y, colour=colour, width=2))
        marks.append(Words(left + 16, y + 3.5, name[:32], 9.5))
    return marks
