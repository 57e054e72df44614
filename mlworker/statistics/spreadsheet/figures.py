"""Which figures an analysis has, drawn."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from mlworker.statistics.results import Estimate
from mlworker.statistics.spreadsheet.analysis import Analysis, Subgroup
from mlworker.statistics.spreadsheet.drawing import UNIT, Axis, ForestRow, Line, Mark, forest, plot
from mlworker.statistics.spreadsheet.rater_results import RaterResult
from mlworker.statistics.spreadsheet.wording import decimals


def indices(found: Analysis) -> dict[str, int]:
    """Of each rater's colour: the same in every figure."""
    return {one.key: i for i, one in enumerate(first_sessions(found))}


def first_sessions(found: Analysis) -> list[RaterResult]:
    """Of each rater; later sessions have their place in the agreement and in the tables."""
    first: dict[str, RaterResult] = {}
    for one in found.raters:
        known = first.setdefault(one.rater, one)
        if one.session < known.session:
            first[one.rater] = one
    return list(first.values())


def roc_figure(found: Analysis) -> str | None:
    """Curves of those who give scores, a reader's thin, and every rater's point at his calls with both intervals."""
    index, shown = indices(found), first_sessions(found)
    lines = [
        Line(one.key, list(zip(one.roc.false_positive_rate, one.roc.true_positive_rate, strict=True)), index[one.key],
             titles=list(_thresholds(one)), thin=one.kind == "reader")
        for one in shown
        if one.roc and not one.roc.undefined
    ]  # fmt: skip
    marks = [mark for one in shown if (mark := _point(one, index[one.key])) is not None]
    if not lines and not marks:
        return None
    x, y = Axis("1 − specificity", 0, 1, UNIT), Axis("sensitivity", 0, 1, UNIT)
    return plot(x, y, lines=lines, marks=marks, diagonal=True, label="ROC curves, and raters' points with intervals")


def _thresholds(one: RaterResult) -> Iterator[str]:
    if one.roc is None:
        return
    for x, y, cut in zip(one.roc.false_positive_rate, one.roc.true_positive_rate, one.roc.thresholds, strict=True):
        at = "above every score" if math.isinf(cut) else f"at {cut:g}"
        yield f"{one.key}, threshold {at}: sensitivity {decimals(y)}, specificity {decimals(1 - x)}"


def _point(one: RaterResult, index: int) -> Mark | None:
    if one.table is None or one.table.sensitivity.value is None or one.table.specificity.value is None:
        return None
    sens = one.clustered.get("sensitivity", one.table.sensitivity)
    spec = one.clustered.get("specificity", one.table.specificity)
    name = f"{one.key}: sensitivity {decimals(sens.value)}, specificity {decimals(spec.value)}"
    turned = None if spec.lower is None or spec.upper is None else (1 - spec.upper, 1 - spec.lower)
    upright = None if sens.lower is None or sens.upper is None else (sens.lower, sens.upper)
    return Mark(name, 1 - one.table.specificity.value, one.table.sensitivity.value, index, turned, upright)


def reliability_figure(found: Analysis) -> str | None:
    index = indices(found)
    lines = [
        Line(one.key, [(b.mean_predicted, b.observed) for b in one.reliability.bins], index[one.key],
             titles=[f"{one.key}: {b.positives} of {b.n} at {b.mean_predicted:.2f}" for b in one.reliability.bins])
        for one in first_sessions(found)
        if one.reliability and one.reliability.bins
    ]  # fmt: skip
    if not lines:
        return None
    marks = [Mark(t, x, y, line.index) for line in lines for (x, y), t in zip(line.points, line.titles, strict=True)]
    x, y = Axis("mean predicted probability", 0, 1, UNIT), Axis("share of positives", 0, 1, UNIT)
    return plot(x, y, lines=lines, marks=marks, diagonal=True, label="Reliability diagram in ten bins")


def decision_figure(found: Analysis) -> str | None:
    index = indices(found)
    known = [one for one in first_sessions(found) if one.decision and one.decision.model]
    if not known:
        return None
    first = known[0].decision
    assert first is not None
    top = max(0.1, math.ceil(10 * (first.prevalence or 0)) / 10)
    lowest = -top / 2
    lines = [Line("treat all", run, 0, grey=True) for run in runs_above(first.thresholds, first.treat_all, lowest)]
    for one in known:
        assert one.decision is not None
        runs = runs_above(one.decision.thresholds, one.decision.model, lowest)
        lines += [Line(one.key, run, index[one.key]) for run in runs]
    lines.append(Line("treat none", [(0, 0), (1, 0)], 2, grey=True))
    ticks = [-top / 2, 0, top / 2, top]
    x, y = Axis("threshold probability", 0, 1, UNIT), Axis("net benefit", lowest, top, ticks)
    return plot(x, y, lines=lines, label="Decision curves; grey: treat all, and none")


def runs_above(xs: Sequence[float], ys: Sequence[float], lowest: float) -> list[list[tuple[float, float]]]:
    """The pieces of a line that lie at or above `lowest`, each cut where it crosses: nothing bridges a gap."""
    runs: list[list[tuple[float, float]]] = [[]]
    points = list(zip(xs, ys, strict=True))
    for i, (x, y) in enumerate(points):
        if i:
            before_x, before_y = points[i - 1]
            if (before_y < lowest) != (y < lowest):
                share = (lowest - before_y) / (y - before_y)
                runs[-1].append((before_x + share * (x - before_x), lowest))
        if y >= lowest:
            runs[-1].append((x, y))
        elif runs[-1] and (i + 1 == len(points) or points[i + 1][1] >= lowest):
            runs.append([])
    return [run for run in runs if len(run) > 1]


def differences_figure(found: Analysis, quantity: str) -> str | None:
    """Every model minus every reader, or over patients where they repeat."""
    rows = []
    for pair in found.pairs:
        result = pair.area if quantity == "auc" else getattr(pair, quantity)
        one = pair.clustered.get(quantity) if found.clustered else result
        if one is None or one.difference.value is None:
            continue
        gap: Estimate = one.difference
        rows.append(ForestRow(f"{pair.first} − {pair.second}", str(pair.cases), gap.value, gap.lower, gap.upper))
    if not rows:
        return None
    axis = Axis("difference, first minus second", -1, 1, (-1, -0.5, 0, 0.5, 1))
    return forest(rows, axis, zero=0.0, label=f"Paired differences of {quantity}")


def subgroup_figure(groups: list[Subgroup], quantity: str) -> str | None:
    """One column's values, each with its raters; under ten cases the number alone."""
    rows = []
    for group in groups:
        n = f"n = {group.cases}"
        rows.append(ForestRow(f"{group.column}: {group.value}", n, None, None, None, heading=True))
        for one in group.raters:
            figure: Estimate | None = getattr(one, quantity)
            if figure is not None and figure.value is not None:
                told = f"{figure.numerator}/{figure.denominator}"
                rows.append(ForestRow(one.key, told, figure.value, figure.lower, figure.upper))
    if not rows:
        return None
    return forest(rows, Axis(quantity, 0, 1, UNIT), label=f"{quantity} by subgroup")
