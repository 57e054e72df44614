"""Power and precision of the next study, from this one's figures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import binom

from mlworker.statistics.inputs import StatisticsInputError, check_level, count
from mlworker.statistics.intervals import hanley_mcneil_se, normal_quantile, wilson
from mlworker.statistics.results import LEVEL, Result

_MOST_CASES = 20_000


@dataclass(frozen=True)
class Power(Result):
    n: int
    only_first: float
    only_second: float
    alpha: float
    power: float


def _check_cells(only_first: float, only_second: float) -> None:
    if min(only_first, only_second) < 0 or only_first + only_second > 1:
        raise StatisticsInputError(
            f"The discordant shares must be 0 or more and sum to at most 1: {only_first}, {only_second}."
        )


def mcnemar_power(n: int, only_first: float, only_second: float, *, alpha: float = 0.05) -> Power:
    """Power of the exact two-sided McNemar test with n cases of the class in question: Duffy 1984 (Biometrics 40:1005).

    only_first, only_second: expected shares with only the first, only the second right. The number of discordant
    cases is binomial, the test conditional on it; no approximation. n = 0 has power 0.
    """
    check_level(alpha)
    n = count(n, "n")
    _check_cells(only_first, only_second)
    together = only_first + only_second
    if n == 0 or together == 0:
        return Power(n, only_first, only_second, alpha, 0.0)
    discordant = np.arange(n + 1)
    chance = binom.pmf(discordant, n, min(together, 1.0))
    # The largest count k of the rarer side with 2 P(X <= k) <= alpha.
    k = np.asarray(binom.ppf(alpha / 2, discordant, 0.5)).astype(np.int64)
    k = np.where(2 * binom.cdf(k, discordant, 0.5) <= alpha, k, k - 1)
    share = only_first / together
    rejected = np.where(k >= 0, binom.cdf(k, discordant, share) + binom.sf(discordant - k - 1, discordant, share), 0.0)
    return Power(n, only_first, only_second, alpha, min(float((chance * rejected).sum()), 1.0))


def mcnemar_cases_needed(only_first: float, only_second: float, *, power: float = 0.8, alpha: float = 0.05) -> Power:
    """The smallest n whose exact power reaches `power` and keeps it over the next ten n, for exact power is jagged.

    Raises StatisticsInputError when the shares are equal (no n suffices) or above 20,000 cases would be needed.
    """
    _check_cells(only_first, only_second)
    check_level(power)
    if only_first == only_second:
        raise StatisticsInputError("With equal discordant shares there is no difference to find.")

    def enough(n: int) -> bool:
        return all(mcnemar_power(n + i, only_first, only_second, alpha=alpha).power >= power for i in range(10))

    high = 1
    while not enough(high):
        high *= 2
        if high > _MOST_CASES:
            raise StatisticsInputError(f"More than {_MOST_CASES} cases would be needed.")
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return mcnemar_power(high, only_first, only_second, alpha=alpha)


@dataclass(frozen=True)
class Precision(Result):
    """Expected half width of an interval."""

    quantity: str
    expected: float
    n_pos: int
    n_neg: int
    se: float | None
    half_width: float
    level: float


def auc_precision(auc: float, n_pos: int, n_neg: int, *, level: float = LEVEL) -> Precision:
    """Half width z SE of an expected AUC: Hanley & McNeil 1982 (Radiology 143:29)."""
    se = hanley_mcneil_se(auc, n_pos, n_neg)
    return Precision("auc", auc, n_pos, n_neg, se, normal_quantile(level) * se, level)


def auc_cases_needed(
    auc: float, half_width: float, *, negatives_per_positive: float = 1.0, level: float = LEVEL
) -> Precision:
    """The fewest cases, at that ratio, whose expected half width is at most `half_width` (> 0)."""
    if half_width <= 0 or negatives_per_positive <= 0:
        raise StatisticsInputError("The half width and the ratio must be positive.")
    for n_pos in range(2, 1_000_000):
        n_neg = max(2, int(np.ceil(n_pos * negatives_per_positive)))
        precision = auc_precision(auc, n_pos, n_neg, level=level)
        if precision.half_width <= half_width:
            return precision
    raise StatisticsInputError(f"No sample up to a million positives reaches a half width of {half_width}.")


def proportion_precision(expected: float, n: int, *, level: float = LEVEL) -> Precision:
    """Half the width of Wilson's interval at the expected sensitivity or specificity with n cases of that class."""
    n = count(n, "n")
    if not 0 <= expected <= 1 or n == 0:
        raise StatisticsInputError(f"A proportion in [0, 1] and n >= 1 are needed, received {expected!r}, {n}.")
    lower, upper = wilson(round(expected * n), n, level=level).limits()
    return Precision("proportion", expected, n, 0, None, (upper - lower) / 2, level)


def proportion_cases_needed(expected: float, half_width: float, *, level: float = LEVEL) -> Precision:
    """The fewest cases of a class whose Wilson interval, at the expected share, is at most that half width (> 0)."""
    if half_width <= 0:
        raise StatisticsInputError("The half width must be positive.")
    for n in range(1, _MOST_CASES + 1):
        precision = proportion_precision(expected, n, level=level)
        if precision.half_width <= half_width:
            return precision
    raise StatisticsInputError(f"More than {_MOST_CASES} cases would be needed.")
