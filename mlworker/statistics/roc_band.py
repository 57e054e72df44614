"""A band around an empirical ROC curve: how far the sensitivity may lie at each specificity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mlworker.statistics.inputs import (
    Floats,
    Ints,
    StatisticsInputError,
    check_level,
    labels,
    one_class_reason,
    same_length,
    scores,
)
from mlworker.statistics.results import LEVEL, Result

_METHOD = "stratified-bootstrap-pointwise"


@dataclass(frozen=True)
class RocBand(Result):
    """`lower` and `upper` limits of the sensitivity at each false-positive rate, pointwise: not for the whole curve."""

    false_positive_rate: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    method: str
    level: float
    undefined: str | None = None


def roc_band(
    truth: ArrayLike, score: ArrayLike, *, points: int = 41, replicates: int = 2000, seed: int = 20260101,
    level: float = LEVEL, names: Sequence[str] | None = None,
) -> RocBand:  # fmt: skip
    """Percentile limits of the sensitivity at given specificities: Carpenter & Bithell 2000 (Stat Med 19:1141).

    truth, score: (n,). Cases are drawn within each class; the curve of a replicate is read on straight lines between
    its points. The same seed gives the same band. One class only: undefined with the reason.
    """
    check_level(level)
    y, s = labels(truth, "Truth", names), scores(score, "Scores", names)
    same_length(truth=y, score=s)
    if points < 2 or replicates < 1:
        raise StatisticsInputError("A band needs at least two points and one replicate.")
    reason = one_class_reason(y)
    if reason:
        return RocBand((), (), (), _METHOD, level, reason)
    grid = np.linspace(0.0, 1.0, points)
    drawn = _replicates(y, s, grid, replicates, seed)
    lower, upper = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
    x, low, high = (tuple(float(v) for v in array) for array in (grid, lower, upper))
    return RocBand(x, low, high, _METHOD, level)


def _replicates(y: Ints, s: Floats, grid: Floats, replicates: int, seed: int) -> Floats:
    """(replicates, points) sensitivities. The scores are sorted once; a replicate only counts its cases."""
    distinct, place = np.unique(-s, return_inverse=True)
    rng, width = np.random.default_rng(seed), len(distinct)
    of_class = [place[y == 1], place[y == 0]]
    result = np.empty((replicates, len(grid)))
    rates = [np.zeros(width + 1), np.zeros(width + 1)]
    for row in range(replicates):
        for rate, members in zip(rates, of_class, strict=True):
            drawn = members[rng.integers(0, len(members), len(members))]
            rate[1:] = np.cumsum(np.bincount(drawn, minlength=width)) / len(members)
        true_positive, false_positive = rates
        result[row] = np.interp(grid, false_positive, true_positive)
    return result
