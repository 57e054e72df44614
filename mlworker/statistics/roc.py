"""ROC points with their thresholds, and one rater read at another's operating point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from sklearn.metrics import roc_curve

from mlworker.statistics.inputs import (
    Floats,
    StatisticsInputError,
    labels,
    one_class_reason,
    same_length,
    scores,
)
from mlworker.statistics.results import Result


@dataclass(frozen=True)
class RocPoints(Result):
    """One point per distinct score, from (0, 0) at threshold Infinity to (1, 1); positive when score >= threshold."""

    false_positive_rate: tuple[float, ...]
    true_positive_rate: tuple[float, ...]
    thresholds: tuple[float, ...]
    undefined: str | None = None


def roc_points(truth: ArrayLike, score: ArrayLike, *, names: Sequence[str] | None = None) -> RocPoints:
    """All points of the empirical curve, none dropped (scikit-learn, drop_intermediate=False). truth, score: (n,)."""
    y, s = labels(truth, "Truth", names), scores(score, "Scores", names)
    same_length(truth=y, score=s)
    reason = one_class_reason(y)
    if reason:
        return RocPoints((), (), (), reason)
    fpr, tpr, thresholds = roc_curve(y, s, drop_intermediate=False)
    x, y_axis, cut = (tuple(float(v) for v in array) for array in (fpr, tpr, thresholds))
    return RocPoints(x, y_axis, cut)


def auc(truth: ArrayLike, score: ArrayLike) -> float | None:
    """The area, by average ranks: P(positive scores higher) + half P(tie). None for one class only."""
    from mlworker.statistics.delong import auc_delong

    return auc_delong(truth, score).auc


@dataclass(frozen=True)
class AtOperatingPoint(Result):
    """A score read at a wanted specificity or sensitivity.

    `attainable`: the best value at a threshold that keeps at least the wanted one, with that `threshold`;
    `interpolated`: on the straight lines between the points, which no threshold may reach. `optimistic`: the threshold
    was chosen on the same cases that it is judged on.
    """

    wanted: str
    at_least: float
    attainable: float | None
    reached: float | None
    threshold: float | None
    interpolated: float | None
    optimistic: bool
    undefined: str | None = None


def sensitivity_at_specificity(
    truth: ArrayLike, score: ArrayLike, specificity: float, *, chosen_elsewhere: bool = False
) -> AtOperatingPoint:
    """Sensitivity of the score at a reader's specificity; Pepe 2003, section 4.2. One class only: undefined."""
    return _at(truth, score, specificity, by_specificity=True, optimistic=not chosen_elsewhere)


def specificity_at_sensitivity(
    truth: ArrayLike, score: ArrayLike, sensitivity: float, *, chosen_elsewhere: bool = False
) -> AtOperatingPoint:
    """Specificity of the score at a reader's sensitivity; the reverse of `sensitivity_at_specificity`."""
    return _at(truth, score, sensitivity, by_specificity=False, optimistic=not chosen_elsewhere)


def _at(
    truth: ArrayLike, score: ArrayLike, at_least: float, *, by_specificity: bool, optimistic: bool
) -> AtOperatingPoint:
    wanted = "sensitivity" if by_specificity else "specificity"
    if not 0 <= at_least <= 1:
        raise StatisticsInputError(f"The operating point must lie in [0, 1], received {at_least!r}.")
    points = roc_points(truth, score)
    if points.undefined:
        return AtOperatingPoint(wanted, at_least, None, None, None, None, optimistic, points.undefined)
    tpr, tnr = np.array(points.true_positive_rate), 1 - np.array(points.false_positive_rate)
    held, read = (tnr, tpr) if by_specificity else (tpr, tnr)
    enough = np.flatnonzero(held >= at_least - 1e-12)
    best = int(enough[np.lexsort((held[enough], read[enough]))[-1]])
    return AtOperatingPoint(
        wanted, at_least, float(read[best]), float(held[best]), float(points.thresholds[best]),
        _interpolate(held, read, at_least), optimistic,
    )  # fmt: skip


def _interpolate(held: Floats, read: Floats, at_least: float) -> float:
    """The highest `read` on the curve where `held` equals `at_least`: the upper end of a vertical step."""
    same = np.abs(held - at_least) < 1e-12
    if same.any():
        return float(read[same].max())
    above, below = held > at_least, held < at_least
    high_held, low_held = held[above].min(), held[below].max()
    high_read, low_read = read[above & (held == high_held)].max(), read[below & (held == low_held)].min()
    share = (high_held - at_least) / (high_held - low_held)
    return float(high_read + share * (low_read - high_read))
