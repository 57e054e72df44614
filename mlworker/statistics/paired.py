"""Two raters on the same cases: McNemar, Tango's interval, predictive values, and what the margins alone allow."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.stats import binom, chi2
from statsmodels.stats.contingency_tables import cochrans_q as statsmodels_cochrans_q
from statsmodels.stats.contingency_tables import mcnemar as statsmodels_mcnemar

from mlworker.statistics.inputs import (
    Ints,
    StatisticsInputError,
    check_level,
    count,
    labels,
    same_length,
)
from mlworker.statistics.intervals import clopper_pearson, normal_quantile
from mlworker.statistics.results import LEVEL, Estimate, Interval, Result


@dataclass(frozen=True)
class McNemar(Result):
    """b: only the first is right (or positive); c: only the second. `odds_ratio` is b/c, conditional and exact."""

    b: int
    c: int
    p_exact: float
    p_mid: float
    chi_square: float | None
    p_chi_square: float | None
    chi_square_corrected: float | None
    p_chi_square_corrected: float | None
    odds_ratio: Estimate


def mcnemar(b: int, c: int, *, level: float = LEVEL) -> McNemar:
    """McNemar's test of the discordant counts b and c: exact binomial, mid-p beside it.

    Exact: statsmodels `mcnemar(exact=True)`. Mid-p: Fagerland, Lydersen & Laake 2013 (BMC Med Res Methodol 13:91).
    Chi-square with and without Edwards' correction for the record only. b + c = 0: p = 1, the rest undefined.
    """
    check_level(level)
    b, c = count(b, "b"), count(c, "c")
    n, smaller = b + c, min(b, c)
    if n == 0:
        return McNemar(b, c, 1.0, 1.0, None, None, None, None, Estimate.no("there are no discordant cases", n=0))
    exact = min(float(statsmodels_mcnemar([[0, b], [c, 0]], exact=True).pvalue), 1.0)
    at = float(binom.pmf(smaller, n, 0.5))
    mid = 1 - at / 2 if b == c else 2 * float(binom.cdf(smaller, n, 0.5)) - at
    plain, corrected = (b - c) ** 2 / n, max(abs(b - c) - 1, 0) ** 2 / n
    return McNemar(
        b, c, exact, mid, plain, float(chi2.sf(plain, 1)), corrected, float(chi2.sf(corrected, 1)),
        _conditional_odds_ratio(b, c, level),
    )  # fmt: skip


def _conditional_odds_ratio(b: int, c: int, level: float) -> Estimate:
    share = clopper_pearson(b, b + c, level=level)
    low, high = share.limits()
    lower = low / (1 - low)
    upper = math.inf if high == 1 else high / (1 - high)
    value, note = (math.inf, "c is 0: the odds ratio is infinite") if c == 0 else (b / c, None)
    return Estimate(value, lower, upper, "conditional-exact", level, denominator=b + c, note=note)


def tango(b: int, c: int, n: int, *, level: float = LEVEL) -> Estimate:
    """(b - c)/n of n pairs with Tango's score interval: Tango 1998 (Stat Med 17:891).

    b: pairs with only the first right, c: only the second; b + c <= n. Limits lie in [-1, 1]; n = 0 is undefined.
    """
    b, c, n = count(b, "b"), count(c, "c"), count(n, "n")
    z, method = normal_quantile(level), "tango"
    if b + c > n:
        raise StatisticsInputError(f"b + c must not exceed n, received {b} + {c} of {n}.")
    if n == 0:
        return Estimate.no("there are no pairs (n = 0)", level=level, n=0)
    value = (b - c) / n
    lower, upper = _tango_limits(b, c, n, z)
    return Estimate.of(value, Interval(lower, upper, method, level), numerator=b - c, n=n)


def _tango_limits(b: int, c: int, n: int, z: float) -> tuple[float, float]:
    # Where the estimate has no variance the equation has a trivial root there; the other one has a closed form.
    if b + c == 0:
        return -(z**2) / (n + z**2), z**2 / (n + z**2)
    if n in (b, c):
        other = (n - z**2) / (n + z**2)
        return (other, 1.0) if b == n else (-1.0, -other)

    def excess(delta: float, target: float) -> float:
        """The score equation multiplied out, so that 0/0 never arises at the ends."""
        return (b - c - n * delta) - target * math.sqrt(max(_tango_variance(b, c, n, delta), 0.0))

    value = (b - c) / n
    lower = float(brentq(excess, -1.0, value, args=(z,), xtol=1e-14, rtol=1e-14))
    upper = float(brentq(excess, value, 1.0, args=(-z,), xtol=1e-14, rtol=1e-14))
    return lower, upper


def _tango_variance(b: int, c: int, n: int, delta: float) -> float:
    """n (2 q + delta (1 - delta)), q the constrained maximum likelihood estimate of P(only the second right)."""
    linear = -b - c + (2 * n - b + c) * delta
    constant = -c * delta * (1 - delta)
    root = math.sqrt(max(linear**2 - 8 * n * constant, 0.0))
    q = (root - linear) / (4 * n) if linear <= 0 else -2 * constant / (root + linear) if root + linear > 0 else 0.0
    return n * (2 * q + delta * (1 - delta))


@dataclass(frozen=True)
class Attainable(Result):
    """What two margins allow, whatever the pairing: the range of discordant counts and the smallest exact p."""

    n: int
    correct1: int
    correct2: int
    most_one_way: int
    most_discordant: int
    smallest_p: float
    needed_one_way: int
    alpha: float
    can_be_significant: bool
    statement: str


def one_way_needed(alpha: float = 0.05) -> int:
    """The fewest one-way discordant cases with exact two-sided p = 2 (1/2)^m below alpha; six at 0.05."""
    check_level(alpha)
    needed = 1
    while 2 * 0.5**needed >= alpha:
        needed += 1
    return needed


def attainable(correct1: int, correct2: int, n: int, *, alpha: float = 0.05, what: str = "correct") -> Attainable:
    """The smallest exact McNemar p over all pairings of margins correct1/n and correct2/n.

    b - c is fixed at correct1 - correct2; b may be as small as max(correct1 - correct2, 0) and as large as
    min(correct1, n - correct2). The p is smallest when the fewer of b and c is as small as the margins permit, 0.
    `most_one_way` is that count: all discordant cases lie on one side.
    """
    correct1, correct2, n = count(correct1, "correct1"), count(correct2, "correct2"), count(n, "n")
    if max(correct1, correct2) > n:
        raise StatisticsInputError(f"The margins {correct1} and {correct2} must not exceed n = {n}.")
    gap = abs(correct1 - correct2)
    most = gap + 2 * min(correct1, correct2, n - correct1, n - correct2)
    smallest = mcnemar(gap, 0).p_exact
    needed = one_way_needed(alpha)
    can = smallest < alpha
    cases = "case" if gap == 1 else "cases"
    verdict = (
        f"so a difference could be significant at {alpha:g}"
        if can
        else f"at least {needed} are needed for p < {alpha:g}, so nothing here can be significant"
    )
    statement = (
        f"From these margins ({correct1} and {correct2} of {n} {what}) at most {gap} one-way discordant {cases}, "
        f"smallest attainable p = {smallest:.3g}; {verdict}."
    )
    return Attainable(n, correct1, correct2, gap, most, smallest, needed, alpha, can, statement)


@dataclass(frozen=True)
class PairedProportion(Result):
    """First minus second rater on the same cases: the pairing, the exact test, Tango's interval, what was possible."""

    quantity: str
    n: int
    both: int
    only_first: int
    only_second: int
    neither: int
    difference: Estimate
    mcnemar: McNemar | None
    attainable: Attainable | None
    undefined: str | None = None


def paired_proportion(first: Ints, second: Ints, *, quantity: str, level: float = LEVEL) -> PairedProportion:
    """`first` and `second`: 0/1 (n,), 1 = right. n = 0: undefined."""
    a, b = labels(first, "First"), labels(second, "Second")
    n = same_length(first=a, second=b)
    both, only1, only2 = int((a & b).sum()), int((a & (1 - b)).sum()), int(((1 - a) & b).sum())
    if n == 0:
        reason = "there are no cases (n = 0)"
        return PairedProportion(quantity, 0, 0, 0, 0, 0, Estimate.no(reason, level=level, n=0), None, None, reason)
    return PairedProportion(
        quantity, n, both, only1, only2, n - both - only1 - only2, tango(only1, only2, n, level=level),
        mcnemar(only1, only2, level=level), attainable(both + only1, both + only2, n),
    )  # fmt: skip


def paired_sensitivity_specificity(
    truth: ArrayLike, call1: ArrayLike, call2: ArrayLike, *, level: float = LEVEL, names: Sequence[str] | None = None
) -> tuple[PairedProportion, PairedProportion]:
    """(sensitivity over the positives, specificity over the negatives), first minus second; all arrays (n,) of 0/1."""
    y = labels(truth, "Truth", names)
    a, b = labels(call1, "First calls", names), labels(call2, "Second calls", names)
    same_length(truth=y, call1=a, call2=b)
    pos = y == 1
    return (
        paired_proportion(a[pos], b[pos], quantity="sensitivity", level=level),
        paired_proportion(1 - a[~pos], 1 - b[~pos], quantity="specificity", level=level),
    )


@dataclass(frozen=True)
class PairedPredictiveValue(Result):
    """First minus second PPV or NPV. `leisenring` and `kosinski`: chi-square of 1 df with its p."""

    quantity: str
    value1: float | None
    value2: float | None
    difference: float | None
    leisenring: float | None
    p_leisenring: float | None
    kosinski: float | None
    p_kosinski: float | None
    undefined: str | None = None


def paired_predictive_values(
    truth: ArrayLike, call1: ArrayLike, call2: ArrayLike
) -> tuple[PairedPredictiveValue, PairedPredictiveValue]:
    """(PPV, NPV) of two raters on the same cases, (n,) of 0/1. McNemar does not apply: the denominators differ.

    Leisenring, Alonzo & Pepe 2000 (Biometrics 56:345), generalised score; Kosinski 2013 (Stat Med 32:964), weighted
    generalised score. A rater who never makes the call, or no variance: undefined with the
    reason; identical calls p = 1.
    """
    y, a, b = labels(truth, "Truth"), labels(call1, "First calls"), labels(call2, "Second calls")
    same_length(truth=y, call1=a, call2=b)
    return _predictive("ppv", y, a, b), _predictive("npv", 1 - y, 1 - a, 1 - b)


def _predictive(quantity: str, right: Ints, a: Ints, b: Ints) -> PairedPredictiveValue:
    n1, n2 = int(a.sum()), int(b.sum())
    if not n1 or not n2:
        sign = "positive" if quantity == "ppv" else "negative"
        who = "the first" if not n1 else "the second"
        return PairedPredictiveValue(
            quantity, None, None, None, None, None, None, None, f"{who} rater called no case {sign}"
        )
    value1, value2 = float(right[a == 1].mean()), float(right[b == 1].mean())
    pooled = float((right * (a + b)).sum()) / (n1 + n2)
    if np.array_equal(a, b):
        return PairedPredictiveValue(quantity, value1, value2, 0.0, 0.0, 1.0, 0.0, 1.0)
    share = n2 / (n1 + n2)
    placed = a * (0 - share) + b * (1 - share)
    gs_variance = float((((right - pooled) * placed) ** 2).sum())
    both = (a & b) == 1
    overlap = float(((right[both] - pooled) ** 2).sum()) / (n1 + n2)
    wgs_variance = (pooled * (1 - pooled) - 2 * overlap) * (1 / n1 + 1 / n2)
    if gs_variance <= 1e-15 or wgs_variance <= 1e-15:
        if abs(value1 - value2) < 1e-15:
            return PairedPredictiveValue(quantity, value1, value2, 0.0, 0.0, 1.0, 0.0, 1.0)
        return PairedPredictiveValue(
            quantity, value1, value2, value1 - value2, None, None, None, None, "the estimated variance is 0"
        )
    gs = float((right * placed).sum()) ** 2 / gs_variance
    wgs = (value1 - value2) ** 2 / wgs_variance
    return PairedPredictiveValue(
        quantity, value1, value2, value1 - value2, gs, float(chi2.sf(gs, 1)), wgs, float(chi2.sf(wgs, 1))
    )


@dataclass(frozen=True)
class CochransQ(Result):
    """Do k raters call the same share of cases positive (or right)?"""

    statistic: float | None
    df: int
    p_value: float
    note: str | None = None


def cochrans_q(calls: ArrayLike) -> CochransQ:
    """Cochran 1950 (Biometrika 37:256), by statsmodels. calls: (n cases, k raters >= 2) of 0/1.

    No discordant case: statistic undefined, p = 1.
    """
    table = np.asarray(calls)
    if table.ndim != 2 or table.shape[1] < 2:
        raise StatisticsInputError(f"Calls must have shape (cases, raters >= 2), received {table.shape}.")
    whole = np.column_stack([labels(table[:, j], f"Calls of rater {j + 1}") for j in range(table.shape[1])])
    df = whole.shape[1] - 1
    if not len(whole) or (whole.min(axis=1) == whole.max(axis=1)).all():
        return CochransQ(None, df, 1.0, "all raters agree on every case")
    result = statsmodels_cochrans_q(whole)
    return CochransQ(float(result.statistic), df, float(result.pvalue))
