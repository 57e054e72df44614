"""Are the probabilities right? Brier, slope and intercept, Spiegelhalter's test, calibration error by bins."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import Literal

import numpy as np
import statsmodels.api as sm
from numpy.typing import ArrayLike
from scipy.stats import norm

from mlworker.statistics.inputs import (
    Floats,
    Ints,
    StatisticsInputError,
    check_level,
    labels,
    one_class_reason,
    probabilities,
    same_length,
)
from mlworker.statistics.intervals import normal_quantile
from mlworker.statistics.results import LEVEL, Estimate, Interval, Result

Binning = Literal["uniform", "quantile"]


@dataclass(frozen=True)
class Calibration(Result):
    """Figures of one model's probabilities; `intercept` is calibration in the large (slope held at 1)."""

    n: int
    brier: float | None
    brier_of_prevalence: float | None
    scaled_brier: float | None
    mean_predicted: float | None
    observed: float | None
    slope: Estimate
    slope_intercept: Estimate
    intercept: Estimate
    spiegelhalter_z: float | None
    spiegelhalter_p: float | None
    undefined: str | None = None


def calibration(truth: ArrayLike, probability: ArrayLike, *, level: float = LEVEL) -> Calibration:
    """truth (n,) 0/1, probability (n,) in [0, 1].

    Brier 1950 (by its definition, as scikit-learn's brier_score_loss); slope and intercept by logistic regression on
    the logit, Cox 1958 and Steyerberg 2019, chapter 15; Spiegelhalter 1986 (Stat Med 5:421). Probabilities of exactly
    0 or 1 have no logit, one class only and complete separation have no finite slope: undefined with the reason.
    """
    check_level(level)
    y, p = labels(truth, "Truth"), probabilities(probability)
    n = same_length(truth=y, probability=p)
    if n == 0:
        nothing = Estimate.no("there are no cases (n = 0)", level=level, n=0)
        return Calibration(0, None, None, None, None, None, nothing, nothing, nothing, None, None, nothing.undefined)
    brier, share = float(np.mean((p - y) ** 2)), float(y.mean())
    reference = share * (1 - share)
    slope, at_zero, intercept = _logistic(y, p, level)
    variance = float(((1 - 2 * p) ** 2 * p * (1 - p)).sum())
    z = float(((y - p) * (1 - 2 * p)).sum()) / math.sqrt(variance) if variance > 0 else None
    return Calibration(
        n, brier, reference, 1 - brier / reference if reference > 0 else None, float(p.mean()), share, slope, at_zero,
        intercept, z, None if z is None else float(2 * norm.sf(abs(z))),
    )  # fmt: skip


def _logistic(y: Ints, p: Floats, level: float) -> tuple[Estimate, Estimate, Estimate]:
    n, why = len(y), one_class_reason(y)
    edge = int(((p == 0) | (p == 1)).sum())
    if edge:
        why = f"{edge} probabilities are exactly 0 or 1 and have no logit"
    if why:
        return (Estimate.no(why, level=level, n=n),) * 3
    logit = np.log(p / (1 - p))
    offset = _fit(y, np.ones((n, 1)), logit, level)[0]
    reason = _separation(y, logit)
    if reason:
        return Estimate.no(reason, level=level, n=n), Estimate.no(reason, level=level, n=n), offset
    at_zero, slope = _fit(y, sm.add_constant(logit, has_constant="add"), None, level)
    return slope, at_zero, offset


def _separation(y: Ints, logit: Floats) -> str | None:
    """Why the slope has no finite estimate: Albert & Anderson 1984 (Biometrika 71:1), for one predictor."""
    if logit.min() == logit.max():
        return "all probabilities are the same"
    pos, neg = logit[y == 1], logit[y == 0]
    if pos.min() >= neg.max() or pos.max() <= neg.min():
        return "the probabilities separate the classes completely: the slope is infinite"
    return None


def _fit(y: Ints, design: Floats, offset: Floats | None, level: float) -> list[Estimate]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what could warn, separation, has been ruled out before
        fitted = sm.GLM(y, design, family=sm.families.Binomial(), offset=offset).fit(tol=1e-14, maxiter=200)
    z, n = normal_quantile(level), len(y)
    estimates = []
    for value, se in zip(fitted.params, fitted.bse, strict=True):
        interval = Interval(float(value - z * se), float(value + z * se), "wald", level)
        estimates.append(Estimate.of(float(value), interval, n=n))
    return estimates


@dataclass(frozen=True)
class ReliabilityBin(Result):
    bin: int
    lower: float
    upper: float
    n: int
    mean_predicted: float
    observed: float
    positives: int


@dataclass(frozen=True)
class Reliability(Result):
    """Expected and maximum calibration error with the bins they come from; at n = 24 both are mostly noise."""

    n: int
    ece: float | None
    mce: float | None
    bins: tuple[ReliabilityBin, ...]
    binning: str
    undefined: str | None = None


def reliability(
    truth: ArrayLike, probability: ArrayLike, *, bins: int = 10, binning: Binning = "uniform"
) -> Reliability:
    """ECE on P(positive): Guo 2017 (ICML), sum n_b/n |mean p - mean y|; MCE is the largest gap.

    Bins are (low, high], the first includes its lower edge; empty ones are left out. `quantile` takes the edges from
    the probabilities' quantiles (linear), merging equal edges. n = 0: undefined.
    """
    y, p = labels(truth, "Truth"), probabilities(probability)
    n = same_length(truth=y, probability=p)
    if bins < 1:
        raise StatisticsInputError(f"At least one bin is needed, received {bins}.")
    if n == 0:
        return Reliability(0, None, None, (), binning, "there are no cases (n = 0)")
    steps = np.linspace(0, 1, bins + 1)
    edges = steps if binning == "uniform" else np.unique(np.quantile(p, steps))
    if len(edges) < 2:
        edges = np.array([edges[0], edges[0]])
    where = np.clip(np.searchsorted(edges, p, side="left") - 1, 0, len(edges) - 2)
    found = [
        ReliabilityBin(
            int(b), float(edges[b]), float(edges[b + 1]), int((where == b).sum()), float(p[where == b].mean()),
            float(y[where == b].mean()), int(y[where == b].sum()),
        )
        for b in np.unique(where)
    ]  # fmt: skip
    gaps = [abs(b.mean_predicted - b.observed) for b in found]
    return Reliability(n, sum(b.n * g for b, g in zip(found, gaps, strict=True)) / n, max(gaps), tuple(found), binning)
