"""More than one case a patient (two hips, two images): the bootstrap draws patients, and with each all its cases.

Field & Welsh 2007 (J R Stat Soc B 69:369), the cluster bootstrap; counts instead of copies, as in `bootstrap`.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import norm

from mlworker.statistics.bootstrap import Counts, blocks, sorted_places, weighted_aucs
from mlworker.statistics.covariance import Quantity, rated_rows
from mlworker.statistics.inputs import Floats, Ints, StatisticsInputError, check_level, labels
from mlworker.statistics.results import LEVEL, Estimate, Interval, Result

METHOD = "cluster bootstrap by patient, percentile"
_SAME = 1e-15


def several_cases(patients: Sequence[Hashable]) -> list[str]:
    """The patients with more than one case, in their order; none says that cases may be taken as independent."""
    seen: dict[Hashable, int] = {}
    for patient in patients:
        seen[patient] = seen.get(patient, 0) + 1
    return [str(patient) for patient, times in seen.items() if times > 1]


def clustered_replicates(
    truth: ArrayLike, rows: Sequence[ArrayLike], patients: Sequence[Hashable], *, quantity: Quantity = "auc",
    replicates: int = 2000, seed: int = 20260101,
) -> Floats:  # fmt: skip
    """(k, replicates) figures of k raters on the same draws of patients; NaN where a draw lacks a class.

    truth (n,), rows k arrays (n,), patients n names. Deterministic for a seed and the order of the patients.
    """
    y = labels(truth, "Truth")
    table = rated_rows(y, rows, quantity)
    if len(patients) != len(y):
        raise StatisticsInputError(f"There are {len(y)} cases and {len(patients)} patients of cases.")
    if replicates < 1 or not len(y):
        raise StatisticsInputError("No bootstrap is possible: there are no replicates or no cases.")
    index = {patient: i for i, patient in enumerate(dict.fromkeys(patients))}
    owner = np.array([index[patient] for patient in patients], dtype=np.intp)
    rng, result = np.random.default_rng(seed), np.empty((len(table), replicates))
    for block in blocks(replicates, len(y)):
        drawn = rng.integers(0, len(index), size=(block.stop - block.start, len(index)))
        counts = np.stack([np.bincount(row, minlength=len(index)) for row in drawn]).astype(np.int32)
        result[:, block] = _figures(y, table, counts[:, owner], quantity)
    return result


def _figures(y: Ints, table: Floats, counts: Counts, quantity: Quantity) -> Floats:
    of_positives, of_negatives = counts[:, y == 1], counts[:, y == 0]
    with np.errstate(invalid="ignore", divide="ignore"):  # a draw that lacks a class is NaN, and is counted
        if quantity == "auc":
            places = [sorted_places(row[y == 1], row[y == 0]) for row in table]
            return np.stack([weighted_aucs(place, of_positives, of_negatives) for place in places])
        weights = (of_positives if quantity == "sensitivity" else of_negatives).astype(np.float64)
        right = table[:, y == 1] if quantity == "sensitivity" else 1 - table[:, y == 0]
        shares: Floats = right @ weights.T / weights.sum(axis=1)
        return shares


def clustered_estimate(
    truth: ArrayLike, row: ArrayLike, patients: Sequence[Hashable], *, quantity: Quantity = "auc",
    replicates: int = 2000, seed: int = 20260101, level: float = LEVEL,
) -> Estimate:  # fmt: skip
    """A rater's figure with its interval over patients. A class that is missing: undefined with the reason."""
    check_level(level)
    value = _value(truth, [row], quantity)
    if isinstance(value, str):
        return Estimate.no(value, level=level)
    drawn = clustered_replicates(truth, [row], patients, quantity=quantity, replicates=replicates, seed=seed)[0]
    return Estimate.of(float(value[0]), _percentiles(drawn, level), n=len(patients))


def _value(truth: ArrayLike, rows: Sequence[ArrayLike], quantity: Quantity) -> Floats | str:
    y = labels(truth, "Truth")
    table = rated_rows(y, rows, quantity)
    missing = {"sensitivity": [1], "specificity": [0]}.get(quantity, [0, 1])
    for label in missing:
        if not (y == label).any():
            return f"there are no {'positive' if label else 'negative'} cases"
    return _figures(y, table, np.ones((1, len(y)), dtype=np.int32), quantity)[:, 0]


def _percentiles(drawn: Floats, level: float) -> Interval:
    kept = drawn[~np.isnan(drawn)]
    if kept.size < drawn.size / 2:
        why = f"{drawn.size - kept.size} of {drawn.size} draws of patients lack a class"
        return Interval(None, None, METHOD, level, why)
    if kept.max() - kept.min() < _SAME:
        return Interval(None, None, METHOD, level, "the replicates do not vary, so that no interval can be given")
    lower, upper = np.quantile(kept, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(lower), float(upper), METHOD, level)


@dataclass(frozen=True)
class ClusteredDifference(Result):
    """First minus second rater over patients; `p_value` from z = difference / standard deviation of the replicates."""

    quantity: str
    patients: int
    difference: Estimate
    se: float | None
    statistic: float | None
    p_value: float | None
    replicates: int
    undefined_replicates: int
    undefined: str | None = None


def clustered_difference(
    truth: ArrayLike, row1: ArrayLike, row2: ArrayLike, patients: Sequence[Hashable], *, quantity: Quantity = "auc",
    replicates: int = 2000, seed: int = 20260101, level: float = LEVEL,
) -> ClusteredDifference:  # fmt: skip
    """Two raters of the same cases on the same draws of patients. Identical: 0, p = 1; no variance: undefined."""
    check_level(level)
    many, values = len(set(patients)), _value(truth, [row1, row2], quantity)
    if isinstance(values, str):
        none = Estimate.no(values, level=level)
        return ClusteredDifference(quantity, many, none, None, None, None, replicates, 0, values)
    drawn = clustered_replicates(truth, [row1, row2], patients, quantity=quantity, replicates=replicates, seed=seed)
    gaps, value = drawn[0] - drawn[1], float(values[0] - values[1])
    kept = gaps[~np.isnan(gaps)]
    se = float(kept.std(ddof=1)) if kept.size > 1 else 0.0
    estimate = Estimate.of(value, _percentiles(gaps, level), n=len(patients))
    told = quantity, many, estimate, se
    lost = int(gaps.size - kept.size)
    if se < _SAME:
        if abs(value) < _SAME:
            return ClusteredDifference(*told, 0.0, 1.0, replicates, lost)
        return ClusteredDifference(*told, None, None, replicates, lost, "the replicates do not vary")
    return ClusteredDifference(*told, value / se, float(2 * norm.sf(abs(value / se))), replicates, lost)
