"""Agreement of raters with each other, and of one rater with himself."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from statsmodels.stats.inter_rater import cohens_kappa as statsmodels_cohens_kappa

from mlworker.statistics.inputs import Floats, Ints, StatisticsInputError, check_level, same_length
from mlworker.statistics.intervals import normal_quantile
from mlworker.statistics.results import LEVEL, Estimate, Interval, Result

Weights = Literal["none", "linear", "quadratic"]
Level = Literal["nominal", "ordinal", "interval"]


@dataclass(frozen=True)
class Kappa(Result):
    """Cohen's kappa with its asymptotic standard errors: `se` for the interval, `se_null` for the test of kappa = 0."""

    n: int
    agreement: float | None
    kappa: Estimate
    se: float | None
    se_null: float | None
    statistic: float | None
    p_value: float | None
    pabak: Estimate
    table: tuple[tuple[int, ...], ...]


def _coded(ratings: Sequence[ArrayLike], categories: Sequence[Any] | None) -> tuple[list[Ints], int]:
    arrays: list[NDArray[Any]] = [np.asarray(r) for r in ratings]
    if any(a.ndim != 1 for a in arrays):
        raise StatisticsInputError("Each rater's ratings must be one-dimensional.")
    same_length(**{f"rater {i + 1}": a for i, a in enumerate(arrays)})
    for i, array in enumerate(arrays):
        missing = [j for j, v in enumerate(array.tolist()) if v is None or v != v]  # noqa: PLR0124 - NaN differs from itself
        if missing:
            told = ", ".join(f"position {j}" for j in missing[:10])
            raise StatisticsInputError(
                f"Rater {i + 1} has missing ratings: {told}.", [f"position {j}" for j in missing]
            )
    known = list(categories) if categories is not None else sorted({v for a in arrays for v in a.tolist()})
    index = {category: i for i, category in enumerate(known)}
    unknown = sorted({str(v) for a in arrays for v in a.tolist() if v not in index})
    if unknown:
        raise StatisticsInputError(f"Ratings outside the categories {known}: {', '.join(unknown)}.")
    return [np.array([index[v] for v in a.tolist()], dtype=np.int64) for a in arrays], len(known)


def _crossed(first: Ints, second: Ints, k: int) -> Ints:
    return np.bincount(first * k + second, minlength=k * k).reshape(k, k).astype(np.int64)


def cohens_kappa(
    first: ArrayLike, second: ArrayLike, *, categories: Sequence[Any] | None = None, weights: Weights = "none",
    level: float = LEVEL,
) -> Kappa:  # fmt: skip
    """Two raters, (n,) each, over all `categories` in their order (default: those seen, sorted).

    Cohen 1960 and 1968; standard errors Fleiss, Cohen & Everitt 1969 (Psychol Bull 72:323), by statsmodels. The
    interval is clipped to [-1, 1]. Chance agreement of 1 (both use one and the same category): undefined.
    """
    check_level(level)
    (a, b), k = _coded([first, second], categories)
    return kappa_of_table(_crossed(a, b, k), weights=weights, level=level)


def intra_observer_kappa(
    session1: ArrayLike, session2: ArrayLike, *, categories: Sequence[Any] | None = None, level: float = LEVEL
) -> Kappa:
    """One reader in two sessions over the same cases: Cohen's kappa of the two."""
    return cohens_kappa(session1, session2, categories=categories, level=level)


def kappa_of_table(table: ArrayLike, *, weights: Weights = "none", level: float = LEVEL) -> Kappa:
    """The same from a square table of counts (k, k), rows the first rater."""
    counts: Ints = np.asarray(table).astype(np.int64)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or counts.min(initial=0) < 0:
        raise StatisticsInputError(f"A square table of counts is needed, received shape {counts.shape}.")
    told, n, k = tuple(tuple(int(v) for v in row) for row in counts), int(counts.sum()), len(counts)
    if n == 0:
        nothing = Estimate.no("there are no cases (n = 0)", level=level, n=0)
        return Kappa(0, None, nothing, None, None, None, None, nothing, told)
    agreement = float(np.trace(counts)) / n
    pabak = _pabak(agreement, n, k, level)
    if int(np.diagonal(counts).max()) == n:
        why = "both raters use one and the same category for every case: chance agreement is 1"
        return Kappa(n, agreement, Estimate.no(why, level=level, n=n), None, None, None, None, pabak, told)
    wt = None if weights == "none" else weights
    with np.errstate(invalid="ignore", divide="ignore"):  # a variance of 0 is told below, in words
        result = statsmodels_cohens_kappa(counts, wt=wt)
    kappa, se, se_null = float(result.kappa), float(result.std_kappa), float(result.std_kappa0)
    half = normal_quantile(level) * se
    if not np.isfinite(se) or se == 0.0:
        why = "the estimated variance is 0, so that no interval can be given"
        interval = Interval(None, None, "fleiss-cohen-everitt", level, why)
    else:
        interval = Interval(max(kappa - half, -1.0), min(kappa + half, 1.0), "fleiss-cohen-everitt", level)
    tested = se_null > 0
    return Kappa(
        n, agreement, Estimate.of(kappa, interval, n=n), se, se_null, kappa / se_null if tested else None,
        float(result.pvalue_two_sided) if tested else None, pabak, told,
    )  # fmt: skip


def _pabak(agreement: float, n: int, k: int, level: float) -> Estimate:
    if k < 2:
        return Estimate.no("there is a single category", level=level, n=n)
    half = normal_quantile(level) * (agreement * (1 - agreement) / n) ** 0.5 * k / (k - 1)
    value = (k * agreement - 1) / (k - 1)
    if half == 0:
        why = "the estimated variance is 0, so that no interval can be given"
        return Estimate.of(value, Interval(None, None, "byrt", level, why), n=n)
    return Estimate.of(value, Interval(max(value - half, -1.0), min(value + half, 1.0), "byrt", level), n=n)


def pabak(
    first: ArrayLike, second: ArrayLike, *, categories: Sequence[Any] | None = None, level: float = LEVEL
) -> Estimate:
    """Prevalence- and bias-adjusted kappa, (k p - 1)/(k - 1): Byrt, Bishop & Carlin 1993 (J Clin Epidemiol 46:423)."""
    return cohens_kappa(first, second, categories=categories, level=level).pabak


def _matrix(ratings: ArrayLike, categories: Sequence[Any] | None) -> tuple[Ints, int]:
    table: NDArray[Any] = np.asarray(ratings)
    if table.ndim != 2 or table.shape[1] < 2:
        raise StatisticsInputError(f"Ratings must have shape (cases, raters >= 2), received {table.shape}.")
    columns, k = _coded([table[:, j] for j in range(table.shape[1])], categories)
    return np.column_stack(columns), k


def _per_case(table: Ints, k: int) -> Floats:
    return np.stack([(table == category).sum(axis=1) for category in range(k)], axis=1).astype(np.float64)


def _fleiss(table: Ints, k: int) -> float | None:
    per_case, m = _per_case(table, k), table.shape[1]
    observed = float(((per_case**2).sum(axis=1) - m).mean() / (m * (m - 1)))
    chance = float(((per_case.mean(axis=0) / m) ** 2).sum())
    return None if chance >= 1 - 1e-15 else (observed - chance) / (1 - chance)


def _conger(table: Ints, k: int) -> float | None:
    per_case, m = _per_case(table, k), table.shape[1]
    observed = float(((per_case**2).sum(axis=1) - m).mean() / (m * (m - 1)))
    shares = np.stack([(table == category).mean(axis=0) for category in range(k)], axis=1)
    chance = float((shares.mean(axis=0) ** 2).sum() - (shares.var(axis=0, ddof=1) / m).sum())
    return None if chance >= 1 - 1e-15 else (observed - chance) / (1 - chance)


def _light(table: Ints, k: int) -> float | None:
    kappas: list[float] = []
    for i, j in itertools.combinations(range(table.shape[1]), 2):
        crossed = _crossed(table[:, i], table[:, j], k) / len(table)
        chance = float(crossed.sum(0) @ crossed.sum(1))
        if chance >= 1 - 1e-15:
            return None
        kappas.append((float(np.trace(crossed)) - chance) / (1 - chance))
    return float(np.mean(kappas))


def _over_cases(
    ratings: ArrayLike, categories: Sequence[Any] | None, statistic: Callable[[Ints, int], float | None],
    replicates: int, seed: int, level: float,
) -> Estimate:  # fmt: skip
    table, k = _matrix(ratings, categories)
    if not len(table):
        return Estimate.no("there are no cases (n = 0)", level=level, n=0)
    value = statistic(table, k)
    if value is None:
        return Estimate.no("chance agreement is 1: every rating is the same", level=level, n=len(table))
    if replicates < 1:
        return Estimate(value, level=level, denominator=len(table), note="no interval was asked for")
    rng = np.random.default_rng(seed)
    drawn = [statistic(table[rng.integers(0, len(table), len(table))], k) for _ in range(replicates)]
    return Estimate.of(value, _percentiles(drawn, level), n=len(table))


def _percentiles(drawn: Sequence[float | None], level: float) -> Interval:
    kept = np.array([v for v in drawn if v is not None])
    method = "bootstrap-percentile over cases"
    if kept.size < len(drawn) / 2 or kept.min() == kept.max():
        why = f"{len(drawn) - kept.size} of {len(drawn)} replicates were undefined or they do not vary"
        return Interval(None, None, method, level, why)
    lower, upper = np.quantile(kept, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(lower), min(float(upper), 1.0), method, level)


def fleiss_kappa(
    ratings: ArrayLike, *, categories: Sequence[Any] | None = None, replicates: int = 1000, seed: int = 20260101,
    level: float = LEVEL,
) -> Estimate:  # fmt: skip
    """Fleiss 1971 (Psychol Bull 76:378); ratings (n cases, m raters). Interval by bootstrap over cases (0: none)."""
    return _over_cases(ratings, categories, _fleiss, replicates, seed, level)


def conger_kappa(
    ratings: ArrayLike, *, categories: Sequence[Any] | None = None, replicates: int = 1000, seed: int = 20260101,
    level: float = LEVEL,
) -> Estimate:  # fmt: skip
    """Conger 1980 (Psychol Bull 88:322), Fleiss' kappa with each rater's own margins; equals Cohen's for two raters."""
    return _over_cases(ratings, categories, _conger, replicates, seed, level)


def light_kappa(
    ratings: ArrayLike, *, categories: Sequence[Any] | None = None, replicates: int = 1000, seed: int = 20260101,
    level: float = LEVEL,
) -> Estimate:  # fmt: skip
    """Light 1971 (Psychol Bull 76:365): the mean of all pairs' Cohen kappas."""
    return _over_cases(ratings, categories, _light, replicates, seed, level)


def krippendorff_alpha(
    ratings: ArrayLike, *, level_of_measurement: Level = "nominal", replicates: int = 0, seed: int = 20260101,
    level: float = LEVEL,
) -> Estimate:  # fmt: skip
    """Krippendorff 2011, computing alpha from the coincidence matrix; ratings (n cases, m raters) of numbers.

    NaN is a missing rating, which alpha allows: a case with one rating says nothing and is counted in `note`.
    No variation at all, or no case with two ratings: undefined. Interval by bootstrap over cases (0: none).
    """
    check_level(level)
    table: Floats = np.asarray(ratings, dtype=np.float64)
    if table.ndim != 2:
        raise StatisticsInputError(f"Ratings must have shape (cases, raters), received {table.shape}.")
    pairable = (~np.isnan(table)).sum(axis=1) >= 2
    used, note = table[pairable], None
    if (~pairable).any():
        note = f"{int((~pairable).sum())} cases have fewer than two ratings and cannot be paired"
    if not len(used):
        return Estimate.no("no case has two ratings", level=level, n=0)
    alpha = _alpha(used, level_of_measurement)
    if alpha is None:
        return Estimate.no("all ratings are the same: expected disagreement is 0", level=level, n=len(used))
    if replicates < 1:
        return Estimate(alpha, level=level, denominator=len(used), note=note)
    rng = np.random.default_rng(seed)
    drawn = [_alpha(used[rng.integers(0, len(used), len(used))], level_of_measurement) for _ in range(replicates)]
    interval = _percentiles(drawn, level)
    notes = "; ".join(text for text in (note, interval.undefined) if text) or None
    return Estimate(alpha, interval.lower, interval.upper, interval.method, level, denominator=len(used), note=notes)


def _alpha(used: Floats, kind: Level) -> float | None:
    """Of cases with two ratings or more; None where expected disagreement is 0."""
    values = np.unique(used[~np.isnan(used)])
    counts = np.stack([(used == v).sum(axis=1) for v in values], axis=1).astype(np.float64)
    size = counts.sum(axis=1)
    coincidences = (counts / (size - 1)[:, None]).T @ counts - np.diag((counts / (size - 1)[:, None]).sum(axis=0))
    totals = coincidences.sum(axis=0)
    distance = _distance(values, totals, kind)
    expected = float((np.outer(totals, totals) * distance).sum()) / (totals.sum() - 1)
    return None if expected == 0 else 1 - float((coincidences * distance).sum()) / expected


def _distance(values: Floats, totals: Floats, kind: Level) -> Floats:
    if kind == "nominal":
        return 1.0 - np.eye(len(values))
    if kind == "interval":
        gaps: Floats = (values[:, None] - values[None, :]) ** 2
        return gaps
    upto = np.cumsum(totals) - totals / 2
    between: Floats = (upto[:, None] - upto[None, :]) ** 2
    return between
