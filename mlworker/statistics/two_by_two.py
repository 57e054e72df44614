"""The two-by-two table of calls against truth, and every figure that is read off it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from numpy.typing import ArrayLike

from mlworker.statistics.inputs import check_level, count, labels, same_length
from mlworker.statistics.intervals import (
    ProportionMethod,
    likelihood_ratio,
    log_ratio_interval,
    proportion,
    wilson,
)
from mlworker.statistics.results import LEVEL, Estimate, Interval, Result


@dataclass(frozen=True)
class TwoByTwo(Result):
    """Counts with the figures of scikit-learn's definitions; each is undefined, never 0.0, at a zero denominator."""

    tp: int
    fp: int
    fn: int
    tn: int
    sensitivity: Estimate
    specificity: Estimate
    ppv: Estimate
    npv: Estimate
    accuracy: Estimate
    balanced_accuracy: Estimate
    f1: Estimate
    mcc: Estimate
    youden: Estimate
    lr_positive: Estimate
    lr_negative: Estimate
    diagnostic_odds_ratio: Estimate
    prevalence: Estimate
    apparent_prevalence: Estimate


def two_by_two(
    truth: ArrayLike,
    call: ArrayLike,
    *,
    method: ProportionMethod = "wilson",
    level: float = LEVEL,
    names: Sequence[str] | None = None,
) -> TwoByTwo:
    """The table of `call` (n,) against `truth` (n,), both 0/1, 1 = positive. Errors name the offending cases."""
    y, c = labels(truth, "Truth", names), labels(call, "Calls", names)
    same_length(truth=y, call=c)
    return from_counts(
        tp=int((y & c).sum()), fp=int(((1 - y) & c).sum()), fn=int((y & (1 - c)).sum()),
        tn=int(((1 - y) & (1 - c)).sum()), method=method, level=level,
    )  # fmt: skip


def from_counts(
    *, tp: int, fp: int, fn: int, tn: int, method: ProportionMethod = "wilson", level: float = LEVEL
) -> TwoByTwo:
    """The same from the four counts. Proportions have `method` intervals (Wilson 1927 or Clopper-Pearson 1934).

    LR+, LR-: Simel 1991. Odds ratio: Woolf 1955. Youden and balanced accuracy: Newcombe 1998 (Stat Med 17:873),
    method 10, from the Wilson limits of both classes. MCC: Matthews 1975; it and F1 carry no interval.
    """
    check_level(level)
    tp, fp, fn, tn = count(tp, "tp"), count(fp, "fp"), count(fn, "fn"), count(tn, "tn")
    pos, neg, n = tp + fn, fp + tn, tp + fp + fn + tn

    def share(x: int, of: int) -> Estimate:
        return proportion(x, of, method=method, level=level)

    sens, spec = share(tp, pos), share(tn, neg)
    youden = _youden(tp, pos, tn, neg, level)
    return TwoByTwo(
        tp=tp, fp=fp, fn=fn, tn=tn,
        sensitivity=sens, specificity=spec, ppv=share(tp, tp + fp), npv=share(tn, tn + fn), accuracy=share(tp + tn, n),
        balanced_accuracy=_halved(youden), f1=_f1(tp, fp, fn, level), mcc=_mcc(tp, fp, fn, tn, level), youden=youden,
        lr_positive=likelihood_ratio(tp, pos, fp, neg, level=level),
        lr_negative=likelihood_ratio(fn, pos, tn, neg, level=level),
        diagnostic_odds_ratio=_odds_ratio(tp, fp, fn, tn, level),
        prevalence=share(pos, n), apparent_prevalence=share(tp + fp, n),
    )  # fmt: skip


def _youden(tp: int, pos: int, tn: int, neg: int, level: float) -> Estimate:
    if not pos or not neg:
        return Estimate.no(f"there are no {'negative' if pos else 'positive'} cases", level=level)
    sens, spec, method = tp / pos, tn / neg, "newcombe-hybrid-score"
    a, b = wilson(tp, pos, level=level), wilson(tn, neg, level=level)
    (low1, high1), (low2, high2) = a.limits(), b.limits()
    value = sens + spec - 1
    lower = value - math.hypot(sens - low1, spec - low2)
    upper = value + math.hypot(high1 - sens, high2 - spec)
    return Estimate.of(value, Interval(max(lower, -1.0), min(upper, 1.0), method, level))


def _halved(youden: Estimate) -> Estimate:
    if youden.value is None or youden.lower is None or youden.upper is None:
        return youden
    limits = Interval((youden.lower + 1) / 2, (youden.upper + 1) / 2, youden.method, youden.level)
    return Estimate.of((youden.value + 1) / 2, limits)


def _f1(tp: int, fp: int, fn: int, level: float) -> Estimate:
    if tp + fp + fn == 0:
        return Estimate.no("no case is positive and none was called positive", level=level)
    return Estimate(2 * tp / (2 * tp + fp + fn), level=level)


def _mcc(tp: int, fp: int, fn: int, tn: int, level: float) -> Estimate:
    product = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)
    if product == 0:
        return Estimate.no("a margin of the table is 0", level=level)
    return Estimate((tp * tn - fp * fn) / math.sqrt(product), level=level)


def _odds_ratio(tp: int, fp: int, fn: int, tn: int, level: float) -> Estimate:
    method = "woolf"
    if tp + fn == 0 or fp + tn == 0:
        return Estimate.no(f"there are no {'positive' if tp + fn == 0 else 'negative'} cases", level=level)
    if fp * fn == 0:
        if tp * tn == 0:
            return Estimate.no("numerator and denominator are both 0", level=level)
        return Estimate(math.inf, None, math.inf, method, level, note="the denominator is 0: the ratio is infinite")
    if tp * tn == 0:
        return Estimate(0.0, None, None, method, level, note="the ratio is 0: its log interval is not defined")
    ratio = tp * tn / (fp * fn)
    variance = 1 / tp + 1 / fp + 1 / fn + 1 / tn
    return Estimate.of(ratio, log_ratio_interval(ratio, variance, method=method, level=level))


def difference_of_proportions(x1: int, n1: int, x2: int, n2: int, *, level: float = LEVEL) -> Estimate:
    """x1/n1 - x2/n2 of independent samples: Newcombe 1998 (Stat Med 17:873), method 10. An empty sample: undefined."""
    if not n1 or not n2:
        return Estimate.no("one of the samples is empty", level=level)
    (low1, high1), (low2, high2) = wilson(x1, n1, level=level).limits(), wilson(x2, n2, level=level).limits()
    first, second = x1 / n1, x2 / n2
    value = first - second
    lower = value - math.hypot(first - low1, high2 - second)
    upper = value + math.hypot(high1 - first, second - low2)
    return Estimate.of(value, Interval(max(lower, -1.0), min(upper, 1.0), "newcombe-hybrid-score", level))
