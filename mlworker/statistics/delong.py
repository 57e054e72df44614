"""DeLong's covariance of AUCs and the tests on it.

DeLong, DeLong & Clarke-Pearson 1988 (Biometrics 44:837) in the form of Sun & Xu 2014 (IEEE Signal Process Lett
21:1389): O(n log n) by average ranks, held in float64.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import chi2, norm, rankdata
from scipy.stats import t as student

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
from mlworker.statistics.intervals import logit_interval, normal_quantile, wald_interval
from mlworker.statistics.results import LEVEL, Estimate, Interval, Result

AucMethod = Literal["auto", "logit-delong", "delong"]
SMALL_CLASS = 50
_SAME = 1e-15


@dataclass(frozen=True)
class Placements:
    """AUCs (k,) and the structural components: v10 (k, n_pos) of the positives, v01 (k, n_neg) of the negatives."""

    aucs: Floats
    v10: Floats
    v01: Floats

    def covariance(self) -> Floats:
        """(k, k); NaN when a class has a single case."""
        n_pos, n_neg = self.v10.shape[1], self.v01.shape[1]
        if n_pos < 2 or n_neg < 2:
            return np.full((len(self.aucs), len(self.aucs)), np.nan)
        a = self.v10 - self.v10.mean(axis=1, keepdims=True)
        b = self.v01 - self.v01.mean(axis=1, keepdims=True)
        covariance: Floats = a @ a.T / (n_pos * (n_pos - 1)) + b @ b.T / (n_neg * (n_neg - 1))
        return covariance


def placements(truth: Ints, score_rows: Floats) -> Placements:
    """Structural components of checked input: truth (n,) with both classes, score_rows (k, n)."""
    positive = truth == 1
    n_pos, n_neg = int(positive.sum()), int((~positive).sum())
    k = len(score_rows)
    aucs, v10, v01 = np.empty(k), np.empty((k, n_pos)), np.empty((k, n_neg))
    for row, values in enumerate(score_rows):
        pos, neg = values[positive], values[~positive]
        ranks = rankdata(np.concatenate([pos, neg]))
        v10[row] = (ranks[:n_pos] - rankdata(pos)) / n_neg
        v01[row] = 1 - (ranks[n_pos:] - rankdata(neg)) / n_pos
        # Twice the rank sum is whole and exact in float64, whatever the order of the cases.
        aucs[row] = (2 * ranks[:n_pos].sum() - n_pos * (n_pos + 1)) / (2 * n_pos * n_neg)
    return Placements(aucs, v10, v01)


@dataclass(frozen=True)
class Auc(Result):
    """An AUC with DeLong's variance and both intervals; `headline` is the one to show."""

    n_pos: int
    n_neg: int
    auc: float | None
    variance: float | None
    se: float | None
    headline: Interval
    logit: Interval
    wald: Interval
    undefined: str | None = None


def auc_delong(
    truth: ArrayLike,
    score: ArrayLike,
    *,
    method: AucMethod = "auto",
    level: float = LEVEL,
    names: Sequence[str] | None = None,
) -> Auc:
    """AUC of score (n,) against truth (n,), with logit-DeLong and DeLong (Wald) intervals.

    `auto` shows logit-DeLong when the smaller class has under 50 cases, else DeLong. The direction is fixed: higher
    means positive, and an inverted score gives an AUC below 0.5. One class only: undefined with the reason; perfect
    separation or all scores equal: the AUC stands, the intervals are undefined with the reason.
    """
    check_level(level)
    y, s = labels(truth, "Truth", names), scores(score, "Scores", names)
    same_length(truth=y, score=s)
    n_pos, n_neg = int(y.sum()), int((1 - y).sum())
    reason = one_class_reason(y)
    if reason:
        none = Interval(None, None, "delong", level, reason)
        return Auc(n_pos, n_neg, None, None, None, none, none, none, reason)
    parts = placements(y, s[None, :])
    auc, variance = float(parts.aucs[0]), float(parts.covariance()[0, 0])
    if math.isnan(variance):
        why = "a class has a single case, so that no variance can be estimated"
        none = Interval(None, None, "delong", level, why)
        return Auc(n_pos, n_neg, auc, None, None, none, none, none)
    se = math.sqrt(variance) if variance > _SAME**2 else 0.0
    logit = logit_interval(auc, se, method="logit-delong", level=level)
    wald = wald_interval(auc, se, method="delong", level=level)
    small = min(n_pos, n_neg) < SMALL_CLASS
    headline = logit if method == "logit-delong" or (method == "auto" and small) else wald
    return Auc(n_pos, n_neg, auc, variance, se, headline, logit, wald)


@dataclass(frozen=True)
class AucDifference(Result):
    """auc1 - auc2 with its test; `df` None says that the reference is normal."""

    auc1: float | None
    auc2: float | None
    difference: Estimate
    se: float | None
    covariance: float | None
    statistic: float | None
    df: float | None
    p_value: float | None
    method: str
    undefined: str | None = None


def _undefined_difference(method: str, level: float, reason: str, aucs: Sequence[float] = ()) -> AucDifference:
    a, b = (aucs[0], aucs[1]) if len(aucs) else (None, None)
    value = None if a is None or b is None else a - b
    difference = Estimate(value, level=level, method=method, undefined=None if aucs else reason, note=reason)
    return AucDifference(a, b, difference, None, None, None, None, None, method, reason)


def delong_paired(
    truth: ArrayLike, score1: ArrayLike, score2: ArrayLike, *, level: float = LEVEL, names: Sequence[str] | None = None
) -> AucDifference:
    """Two scores of the same cases, all (n,): z test of AUC 1 - AUC 2, DeLong 1988.

    Identical rankings give z = 0 and p = 1. A difference with estimated variance 0 that is not 0 (both separate
    completely, in opposite directions) is undefined with the reason, as is one class or a class of one case.
    """
    y = labels(truth, "Truth", names)
    a, b = scores(score1, "First scores", names), scores(score2, "Second scores", names)
    same_length(truth=y, score1=a, score2=b)
    method, z_level = "delong-paired", normal_quantile(level)
    reason = one_class_reason(y)
    if reason:
        return _undefined_difference(method, level, reason)
    parts = placements(y, np.vstack([a, b]))
    auc1, auc2 = float(parts.aucs[0]), float(parts.aucs[1])
    difference = auc1 - auc2
    if min(parts.v10.shape[1], parts.v01.shape[1]) < 2:
        return _undefined_difference(method, level, "a class has a single case", [auc1, auc2])
    covariance = float(parts.covariance()[0, 1])
    # The variance of the difference of the components, not v1 + v2 - 2 cov, which cancels for near-equal models.
    contrast = Placements(np.array([difference]), parts.v10[:1] - parts.v10[1:], parts.v01[:1] - parts.v01[1:])
    se = math.sqrt(max(float(contrast.covariance()[0, 0]), 0.0))
    if se < _SAME:
        if abs(difference) > _SAME:
            return _undefined_difference(method, level, "the estimated variance of the difference is 0", [auc1, auc2])
        note = "both rank the cases alike for every pair of a positive and a negative: no variance, p = 1"
        same = Estimate(0.0, 0.0, 0.0, method, level, note=note)
        return AucDifference(auc1, auc2, same, 0.0, covariance, 0.0, None, 1.0, method)
    z = difference / se
    interval = Interval(max(difference - z_level * se, -1.0), min(difference + z_level * se, 1.0), method, level)
    p_value = float(2 * norm.sf(abs(z)))
    return AucDifference(auc1, auc2, Estimate.of(difference, interval), se, covariance, z, None, p_value, method)


def delong_unpaired(
    truth1: ArrayLike, score1: ArrayLike, truth2: ArrayLike, score2: ArrayLike, *, level: float = LEVEL
) -> AucDifference:
    """Scores of different cases, (n1,) and (n2,): t test with Satterthwaite's degrees of freedom, n - 1 a sample."""
    check_level(level)
    method = "delong-unpaired"
    one, two = auc_delong(truth1, score1, level=level), auc_delong(truth2, score2, level=level)
    if one.auc is None or two.auc is None:
        return _undefined_difference(method, level, one.undefined or two.undefined or "")
    if one.variance is None or two.variance is None:
        return _undefined_difference(method, level, "a class has a single case", [one.auc, two.auc])
    difference, variance = one.auc - two.auc, one.variance + two.variance
    if math.sqrt(variance) < _SAME:
        return _undefined_difference(method, level, "both estimated variances are 0", [one.auc, two.auc])
    n1, n2 = one.n_pos + one.n_neg, two.n_pos + two.n_neg
    df = variance**2 / (one.variance**2 / (n1 - 1) + two.variance**2 / (n2 - 1))
    se = math.sqrt(variance)
    statistic, half = difference / se, float(student.isf((1 - level) / 2, df)) * se
    interval = Interval(max(difference - half, -1.0), min(difference + half, 1.0), method, level)
    p_value = float(2 * student.sf(abs(statistic), df))
    return AucDifference(one.auc, two.auc, Estimate.of(difference, interval), se, 0.0, statistic, df, p_value, method)


@dataclass(frozen=True)
class Omnibus(Result):
    """Chi-square test that k AUCs of the same cases are equal."""

    aucs: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...]
    statistic: float | None
    df: int
    p_value: float | None
    undefined: str | None = None


def delong_omnibus(truth: ArrayLike, score_rows: Sequence[ArrayLike]) -> Omnibus:
    """Are k >= 2 AUCs equal? score_rows: k arrays (n,). DeLong 1988, equation 5, contrasts against the last.

    Models with identical rankings lower the rank of the contrast: `df` is that rank; rank 0 gives 0 and p = 1.
    """
    y = labels(truth, "Truth")
    rows = [scores(row, f"Scores {index + 1}") for index, row in enumerate(score_rows)]
    if len(rows) < 2:
        raise StatisticsInputError("An omnibus test needs at least two models.")
    for row in rows:
        same_length(truth=y, score=row)
    reason = one_class_reason(y)
    if reason or min(int(y.sum()), int((1 - y).sum())) < 2:
        return Omnibus((), (), None, 0, None, reason or "a class has a single case")
    parts = placements(y, np.vstack(rows))
    covariance = parts.covariance()
    contrast = np.hstack([np.eye(len(rows) - 1), -np.ones((len(rows) - 1, 1))])
    spread, gap = contrast @ covariance @ contrast.T, contrast @ parts.aucs
    rank = int(np.linalg.matrix_rank(spread, tol=1e-14, hermitian=True))
    told = tuple(float(v) for v in parts.aucs), tuple(tuple(float(v) for v in row) for row in covariance)
    if rank == 0:
        if np.abs(gap).max() > _SAME:
            return Omnibus(*told, None, 0, None, "the estimated variance of every difference is 0")
        return Omnibus(*told, 0.0, 0, 1.0)
    values, vectors = np.linalg.eigh(spread)
    kept = values.argsort()[::-1][:rank]
    statistic = float((((vectors[:, kept].T @ gap) ** 2) / values[kept]).sum())
    return Omnibus(*told, statistic, rank, float(chi2.sf(statistic, rank)))
