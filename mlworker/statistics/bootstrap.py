"""The stratified bootstrap of AUCs, by counts: the scores are sorted once, a replicate only recounts the cases.

Efron & Tibshirani 1993, chapters 6 and 13; resampling within class as in Carpenter & Bithell 2000 (Stat Med 19:1141).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlworker.statistics.delong import auc_delong
from mlworker.statistics.inputs import (
    Floats,
    StatisticsInputError,
    check_level,
    labels,
    one_class_reason,
    same_length,
    scores,
)
from mlworker.statistics.results import LEVEL, Estimate, Interval, Result

_CELLS_A_BLOCK = 400_000
Counts = NDArray[np.int32]


@dataclass(frozen=True)
class SortedPlaces:
    """Where each positive falls among the sorted negatives of one model: below `left`, tied up to `right`."""

    left: NDArray[np.intp]
    right: NDArray[np.intp]
    negatives: NDArray[np.intp]


def sorted_places(positive: Floats, negative: Floats) -> SortedPlaces:
    """Of one model's scores, positive (p,) and negative (q,)."""
    order = np.argsort(negative, kind="stable")
    ranked = negative[order]
    return SortedPlaces(np.searchsorted(ranked, positive, "left"), np.searchsorted(ranked, positive, "right"), order)


def _drawn(rng: np.random.Generator, rows: int, n: int) -> Counts:
    """(rows, n): how often each of n cases is drawn in n draws with replacement."""
    draws = rng.integers(0, n, size=(rows, n), dtype=np.uint16 if n <= 2**16 else np.uint32)
    counts = np.empty((rows, n), dtype=np.int32)
    for row in range(rows):
        counts[row] = np.bincount(draws[row], minlength=n)
    return counts


def weighted_aucs(place: SortedPlaces, of_positives: Counts, of_negatives: Counts) -> Floats:
    """AUC of each replicate, weighted by the counts; exact whole numbers until the last division."""
    rows, n_neg = of_negatives.shape
    below = np.zeros((rows, n_neg + 1), dtype=np.int32)
    np.cumsum(of_negatives[:, place.negatives], axis=1, out=below[:, 1:])
    result = np.empty(rows)
    for row in range(rows):
        twice = below[row].take(place.left) + below[row].take(place.right)
        result[row] = np.dot(twice.astype(np.float64), of_positives[row].astype(np.float64))
    pairs: Floats = 2.0 * of_positives.sum(axis=1) * of_negatives.sum(axis=1)
    return result / pairs


def blocks(replicates: int, n: int) -> Iterator[slice]:
    """Replicates in portions whose counts fit a processor's cache."""
    size = max(1, _CELLS_A_BLOCK // max(n, 1))
    for start in range(0, replicates, size):
        yield slice(start, min(start + size, replicates))


def bootstrap_replicates(
    truth: ArrayLike, score_rows: Sequence[ArrayLike], *, replicates: int = 2000, seed: int = 20260101
) -> Floats:
    """(k, replicates) AUCs of k models, (n,) each, on the same stratified resamples. Deterministic for a seed.

    Raises StatisticsInputError for one class only or fewer than one replicate.
    """
    y = labels(truth, "Truth")
    rows = [scores(row, f"Scores {index + 1}") for index, row in enumerate(score_rows)]
    for values in rows:
        same_length(truth=y, score=values)
    reason = one_class_reason(y)
    if reason or replicates < 1 or not rows:
        raise StatisticsInputError(f"No bootstrap is possible: {reason or 'no replicates or no models'}.")
    positive = y == 1
    places = [sorted_places(values[positive], values[~positive]) for values in rows]
    rng, result = np.random.default_rng(seed), np.empty((len(rows), replicates))
    n_pos, n_neg = int(positive.sum()), int((~positive).sum())
    for block in blocks(replicates, len(y)):
        size = block.stop - block.start
        of_positives, of_negatives = _drawn(rng, size, n_pos), _drawn(rng, size, n_neg)
        for model, place in enumerate(places):
            result[model, block] = weighted_aucs(place, of_positives, of_negatives)
    return result


def percentile_interval(replicates: Floats, *, level: float = LEVEL, method: str = "bootstrap-percentile") -> Interval:
    """Percentile limits (Efron 1979, linear interpolation). No spread among the replicates: undefined."""
    check_level(level)
    if not len(replicates) or replicates.min() == replicates.max():
        return Interval(None, None, method, level, "the replicates do not vary, so that no interval can be given")
    lower, upper = np.quantile(replicates, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(lower), float(upper), method, level)


def bootstrap_auc(
    truth: ArrayLike, score: ArrayLike, *, replicates: int = 2000, seed: int = 20260101, level: float = LEVEL
) -> Estimate:
    """AUC with a stratified percentile interval. One class only: undefined with the reason."""
    plain = auc_delong(truth, score, level=level)
    if plain.auc is None:
        return Estimate.no(plain.undefined or "", level=level)
    drawn = bootstrap_replicates(truth, [score], replicates=replicates, seed=seed)[0]
    return Estimate.of(plain.auc, percentile_interval(drawn, level=level), n=plain.n_pos + plain.n_neg)


@dataclass(frozen=True)
class BootstrapDifference(Result):
    """AUC 1 - AUC 2; `p_value` from z = difference / standard deviation of the replicates, as pROC's bootstrap test."""

    difference: Estimate
    se: float | None
    statistic: float | None
    p_value: float | None
    replicates: int


def bootstrap_auc_difference(
    truth: ArrayLike, score1: ArrayLike, score2: ArrayLike, *, replicates: int = 2000, seed: int = 20260101,
    level: float = LEVEL,
) -> BootstrapDifference:  # fmt: skip
    """Paired difference on the same resamples. Identical rankings: 0, p = 1; one class only: undefined."""
    from scipy.stats import norm

    one, two = auc_delong(truth, score1, level=level), auc_delong(truth, score2, level=level)
    if one.auc is None or two.auc is None:
        return BootstrapDifference(Estimate.no(one.undefined or "", level=level), None, None, None, replicates)
    drawn = bootstrap_replicates(truth, [score1, score2], replicates=replicates, seed=seed)
    gaps, value = drawn[0] - drawn[1], one.auc - two.auc
    se = float(gaps.std(ddof=1)) if replicates > 1 else 0.0
    estimate = Estimate.of(value, percentile_interval(gaps, level=level), n=one.n_pos + one.n_neg)
    if se < 1e-15:
        same = abs(value) < 1e-15
        return BootstrapDifference(estimate, 0.0, 0.0 if same else None, 1.0 if same else None, replicates)
    return BootstrapDifference(estimate, se, value / se, float(2 * norm.sf(abs(value / se))), replicates)
