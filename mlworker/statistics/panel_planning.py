"""Power of the next multi-reader study, from the variances of this one."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.stats import chi2, ncf, ncx2
from scipy.stats import f as fisher

from mlworker.statistics.inputs import StatisticsInputError, check_level, count
from mlworker.statistics.mrmc import ModelAgainstPanel, MultiReader
from mlworker.statistics.results import Result

_MOST_CASES = 100_000
_ENDLESS = 1e6


@dataclass(frozen=True)
class PanelPower(Result):
    """`df` are those expected; `reader_variance` is what is left to readers, floored at 0."""

    readers: int
    cases: int
    difference: float
    alpha: float
    power: float
    se: float
    df: float
    reader_variance: float
    pilot_cases: int


def panel_power(
    pilot: ModelAgainstPanel | MultiReader, *, difference: float, readers: int, cases: int, alpha: float = 0.05
) -> PanelPower:
    """Power to find `difference` with new readers and cases in the pilot's ratio of classes; two-sided t test.

    Hillis, Obuchowski & Berbaum 2011 (Acad Radiol 18:129): variances over cases shrink as 1/cases, those over readers
    stay, covariances are floored at 0. Of a MultiReader (two treatments) the treatments' difference is planned, of a
    ModelAgainstPanel the model's to the panel. A pilot with one reader knows nothing of others: refused.
    """
    check_level(alpha)
    readers, cases = count(readers, "readers"), count(cases, "cases")
    if readers < 2 or cases < 4:
        raise StatisticsInputError(f"At least 2 readers and 4 cases are needed, received {readers} and {cases}.")
    own, shared, of_readers = _per_reader(pilot)
    pilot_cases = pilot.n_pos + pilot.n_neg
    ratio = pilot_cases / cases
    square = of_readers + ratio * own
    denominator = square + readers * ratio * shared
    if denominator <= 0:
        raise StatisticsInputError("The pilot's estimated variances are 0: they plan nothing.")
    df = math.inf if square <= 0 else denominator**2 / (square**2 / (readers - 1))
    se = math.sqrt(denominator / readers)
    power = _power(difference / se, df, alpha)
    return PanelPower(readers, cases, difference, alpha, power, se, df, of_readers, pilot_cases)


def _per_reader(pilot: ModelAgainstPanel | MultiReader) -> tuple[float, float, float]:
    """(variance over cases of a reader's own, covariance of two readers, variance over readers), of differences."""
    if pilot.undefined:
        raise StatisticsInputError(f"The pilot has no estimates: {pilot.undefined}.")
    if isinstance(pilot, ModelAgainstPanel):
        if pilot.mean_square is None or pilot.covariance is None or pilot.variance is None:
            raise StatisticsInputError("A pilot with one reader says nothing of other readers.")
        own, shared = pilot.variance - max(pilot.covariance, 0.0), max(pilot.covariance, 0.0)
        return own, shared, max(pilot.mean_square - own, 0.0)
    parts, left = pilot.components, pilot.mean_square_interaction
    if parts is None or parts.cov2 is None or parts.cov3 is None or left is None:
        raise StatisticsInputError("A pilot with one reader says nothing of other readers.")
    if pilot.treatments != 2:
        raise StatisticsInputError(f"A pilot of two treatments is needed, this one has {pilot.treatments}.")
    # A difference of two treatments has twice the interaction's variance.
    shared = max(parts.cov2 - parts.cov3, 0.0)
    own = parts.variance - parts.cov1 - shared
    return 2 * own, 2 * shared, 2 * max(left - own, 0.0)


def _power(noncentrality: float, df: float, alpha: float) -> float:
    """Of the two-sided t test, as the F test of its square: SciPy's noncentral t errs at many degrees of freedom."""
    if noncentrality == 0:
        return alpha
    if df > _ENDLESS:
        return float(ncx2.sf(chi2.isf(alpha, 1), 1, noncentrality**2))
    return float(ncf.sf(fisher.isf(alpha, 1, df), 1, df, noncentrality**2))


def panel_cases_needed(
    pilot: ModelAgainstPanel | MultiReader, *, difference: float, readers: int, power: float = 0.8, alpha: float = 0.05
) -> PanelPower:
    """The fewest cases with that power; StatisticsInputError when even 100,000 with so few readers have not."""
    check_level(power)
    if difference == 0:
        raise StatisticsInputError("A difference of 0 is never found.")

    def at(cases: int) -> PanelPower:
        return panel_power(pilot, difference=difference, readers=readers, cases=cases, alpha=alpha)

    low, high = 3, _MOST_CASES
    best = at(high)
    if best.power < power:
        raise StatisticsInputError(
            f"Not even {_MOST_CASES} cases give a power of {power:g} with {readers} readers (they give "
            f"{best.power:.2f}): more readers are needed."
        )
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if at(middle).power >= power else (middle, high)
    return at(high)
