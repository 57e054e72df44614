"""Intervals for a proportion, for ratios of the two-by-two table, and for an AUC known only by its figure."""

from __future__ import annotations

import math
from typing import Literal

from scipy.stats import norm
from statsmodels.stats.proportion import proportion_confint

from mlworker.statistics.inputs import StatisticsInputError, check_level, count
from mlworker.statistics.results import LEVEL, Estimate, Interval

ProportionMethod = Literal["wilson", "clopper-pearson"]
_STATSMODELS_NAME = {"wilson": "wilson", "clopper-pearson": "beta"}


def normal_quantile(level: float) -> float:
    """The two-sided standard normal quantile, 1.959964 at level 0.95."""
    check_level(level)
    return float(norm.isf((1 - level) / 2))


def proportion_interval(x: int, n: int, *, method: ProportionMethod = "wilson", level: float = LEVEL) -> Interval:
    """Interval of x/n: Wilson 1927 (JASA 22:209) or Clopper & Pearson 1934 (Biometrika 26:404).

    x, n: counts, 0 <= x <= n. Clipped to [0, 1], exactly 0 at x = 0 and exactly 1 at x = n; n = 0 is undefined.
    Raises StatisticsInputError for x > n or a negative or broken count.
    """
    check_level(level)
    x, n = count(x, "x"), count(n, "n")
    if method not in _STATSMODELS_NAME:
        raise StatisticsInputError(f"Unknown interval method {method!r}; choose wilson or clopper-pearson.")
    if x > n:
        raise StatisticsInputError(f"x must not exceed n, received {x} of {n}.")
    if n == 0:
        return Interval(None, None, method, level, "there are no cases (n = 0)")
    low, high = proportion_confint(x, n, alpha=1 - level, method=_STATSMODELS_NAME[method])
    lower = 0.0 if x == 0 else min(max(float(low), 0.0), 1.0)
    upper = 1.0 if x == n else min(max(float(high), 0.0), 1.0)
    return Interval(lower, upper, method, level)


def wilson(x: int, n: int, *, level: float = LEVEL) -> Interval:
    """Wilson's score interval of x/n; see `proportion_interval`."""
    return proportion_interval(x, n, method="wilson", level=level)


def clopper_pearson(x: int, n: int, *, level: float = LEVEL) -> Interval:
    """Clopper and Pearson's exact interval of x/n; see `proportion_interval`."""
    return proportion_interval(x, n, method="clopper-pearson", level=level)


def proportion(x: int, n: int, *, method: ProportionMethod = "wilson", level: float = LEVEL) -> Estimate:
    """x/n with its interval; undefined, never 0.0, when n = 0."""
    interval = proportion_interval(x, n, method=method, level=level)
    if interval.undefined:
        return Estimate.no(interval.undefined, level=level, n=n)
    return Estimate.of(x / n, interval, numerator=x, n=n)


def log_ratio_interval(ratio: float, variance_of_log: float, *, method: str, level: float = LEVEL) -> Interval:
    """exp(log ratio +- z sqrt(var)), for a ratio in (0, inf)."""
    half = normal_quantile(level) * math.sqrt(variance_of_log)
    return Interval(math.exp(math.log(ratio) - half), math.exp(math.log(ratio) + half), method, level)


def likelihood_ratio(x1: int, n1: int, x0: int, n0: int, *, level: float = LEVEL) -> Estimate:
    """(x1/n1) / (x0/n0) with the log interval of Simel, Samsa & Matchar 1991 (J Clin Epidemiol 44:763).

    x1 of n1 positives and x0 of n0 negatives with the call in question. x0 = 0 < x1: the ratio is infinite, its
    interval has no lower limit (see `note`); x1 = 0 < x0: 0 with no interval; both 0 or an empty class: undefined.
    """
    x1, n1, x0, n0 = (count(v, name) for v, name in ((x1, "x1"), (n1, "n1"), (x0, "x0"), (n0, "n0")))
    if x1 > n1 or x0 > n0:
        raise StatisticsInputError(f"Counts must not exceed their class: {x1} of {n1}, {x0} of {n0}.")
    method = "simel-1991"
    if n1 == 0 or n0 == 0:
        return Estimate.no(f"there are no {'positive' if n1 == 0 else 'negative'} cases", level=level)
    if x0 == 0:
        if x1 == 0:
            return Estimate.no("numerator and denominator are both 0", level=level)
        note = "the denominator is 0: the ratio is infinite and its interval has no lower limit"
        return Estimate(math.inf, None, math.inf, method, level, note=note)
    if x1 == 0:
        return Estimate(0.0, None, None, method, level, note="the ratio is 0: its log interval is not defined")
    ratio = (x1 / n1) / (x0 / n0)
    variance = 1 / x1 - 1 / n1 + 1 / x0 - 1 / n0
    return Estimate.of(ratio, log_ratio_interval(ratio, max(variance, 0.0), method=method, level=level))


def hanley_mcneil_se(auc: float, n_pos: int, n_neg: int) -> float:
    """Standard error of an AUC known only by its figure: Hanley & McNeil 1982 (Radiology 143:29).

    Raises StatisticsInputError for an AUC outside [0, 1] or an empty class.
    """
    n_pos, n_neg = count(n_pos, "n_pos"), count(n_neg, "n_neg")
    if not 0 <= auc <= 1 or not n_pos or not n_neg:
        raise StatisticsInputError(f"An AUC in [0, 1] and two classes are needed: {auc!r}, {n_pos}, {n_neg}.")
    q1, q2 = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    variance = auc * (1 - auc) + (n_pos - 1) * (q1 - auc**2) + (n_neg - 1) * (q2 - auc**2)
    return math.sqrt(max(variance, 0.0) / (n_pos * n_neg))


def logit_interval(auc: float, se: float, *, method: str, level: float = LEVEL) -> Interval:
    """logit(auc) +- z se / (auc (1 - auc)), back-transformed: Pepe 2003, section 5.2. Undefined at 0, 1 or se = 0."""
    if auc <= 0 or auc >= 1:
        return Interval(None, None, method, level, f"the AUC is {auc:g}: the scores separate the classes completely")
    if se <= 0:
        return Interval(None, None, method, level, "the estimated variance is 0, so that no interval can be given")
    centre, half = math.log(auc / (1 - auc)), normal_quantile(level) * se / (auc * (1 - auc))
    return Interval(1 / (1 + math.exp(half - centre)), 1 / (1 + math.exp(-centre - half)), method, level)


def wald_interval(value: float, se: float, *, method: str, level: float = LEVEL) -> Interval:
    """value +- z se, clipped to [0, 1]. Undefined at se = 0."""
    if se <= 0:
        return Interval(None, None, method, level, "the estimated variance is 0, so that no interval can be given")
    half = normal_quantile(level) * se
    return Interval(max(value - half, 0.0), min(value + half, 1.0), method, level)


def hanley_mcneil(auc: float, n_pos: int, n_neg: int, *, level: float = LEVEL) -> Estimate:
    """A published AUC with Hanley and McNeil's error and a logit interval."""
    se = hanley_mcneil_se(auc, n_pos, n_neg)
    return Estimate.of(auc, logit_interval(auc, se, method="hanley-mcneil-logit", level=level), n=n_pos + n_neg)
