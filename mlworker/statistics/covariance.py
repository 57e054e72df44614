"""Figures of several raters on the same cases, with the covariances that the shared cases give them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlworker.statistics.delong import placements
from mlworker.statistics.inputs import Floats, Ints, StatisticsInputError, labels, one_class_reason, scores

Quantity = Literal["auc", "sensitivity", "specificity"]
CovarianceMethod = Literal["delong", "jackknife"]
Owners = NDArray[np.intp]


@dataclass(frozen=True)
class Figures:
    """`values` (k,) of k raters and their `covariance` (k, k); None and the reason where it cannot be estimated."""

    quantity: str
    n_pos: int
    n_neg: int
    values: Floats
    covariance: Floats
    components: tuple[Floats, ...] = ()
    method: CovarianceMethod = "delong"
    owners: tuple[Owners, ...] | None = None
    undefined: str | None = None

    def contrasted(self, matrix: Floats) -> Figures:
        """Linear combinations, matrix (m, k), taken of the components: what is equal cancels without a rest."""
        parts = tuple(matrix @ part for part in self.components)
        covariance = _covariance(parts, self.method, self.n_pos + self.n_neg, self.owners)
        return replace(self, values=matrix @ self.values, covariance=covariance, components=parts)


def figures(
    truth: ArrayLike, rows: Sequence[ArrayLike], *, quantity: Quantity, method: CovarianceMethod = "delong",
    raters: Sequence[str] | None = None, names: Sequence[str] | None = None,
    patients: Sequence[Hashable] | None = None,
) -> Figures:  # fmt: skip
    """AUC of scores, or sensitivity or specificity of 0/1 calls; truth (n,), rows: k arrays (n,), one a rater.

    `delong`: the covariance of the structural components (DeLong 1988); a proportion's components are its calls, so
    that this is the unbiased sample covariance over the number of positives (or negatives). `jackknife`: (K - 1)/K
    times the sum of squares of the K leave-one-case-out figures about their mean, K all cases of both classes, as
    MRMCaov and RJafroc do; here in closed form. Missing or broken values are refused by the rater and the cases.

    `patients` (n names): where some have several cases, the components are summed by patient, Obuchowski 1997
    (Biometrics 53:567); of a proportion that is the ratio estimator's variance. Only with `delong`.
    """
    if method not in ("delong", "jackknife"):
        raise StatisticsInputError(f"Unknown covariance {method!r}; choose delong or jackknife.")
    y = labels(truth, "Truth", names)
    table = rated_rows(y, rows, quantity, raters, names)
    n_pos, n_neg = int(y.sum()), int((1 - y).sum())
    owners = _owners(y, quantity, method, patients)
    reason = _too_few(y, n_pos, n_neg, quantity) or _too_few_patients(owners)
    if reason:
        return Figures(quantity, n_pos, n_neg, np.empty(0), np.empty((0, 0)), method=method, undefined=reason)
    values, parts = _components(y, table, quantity)
    covariance = _covariance(parts, method, len(y), owners)
    return Figures(quantity, n_pos, n_neg, values, covariance, parts, method, owners)


def _owners(
    y: Ints, quantity: Quantity, method: CovarianceMethod, patients: Sequence[Hashable] | None
) -> tuple[Owners, ...] | None:
    """Each case's patient by number, a class at a time; None where every case is another patient."""
    if patients is None:
        return None
    if len(patients) != len(y):
        raise StatisticsInputError(f"There are {len(y)} cases and {len(patients)} patients of cases.")
    index = {patient: i for i, patient in enumerate(dict.fromkeys(patients))}
    if len(index) == len(y):
        return None
    if method == "jackknife":
        raise StatisticsInputError("Some patients have several cases: the jackknife takes cases as independent.")
    owner = np.array([index[patient] for patient in patients], dtype=np.intp)
    classes = {"auc": (1, 0), "sensitivity": (1,), "specificity": (0,)}[quantity]
    return tuple(owner[y == label] for label in classes)


def _too_few_patients(owners: tuple[Owners, ...] | None) -> str | None:
    if owners is not None and any(len(np.unique(part)) == 1 for part in owners):
        return "all cases of a class are of one patient"
    return None


def _covariance(parts: Sequence[Floats], method: CovarianceMethod, n: int, owners: tuple[Owners, ...] | None) -> Floats:
    """Of components (k, m) a class. Leaving case i out moves the figure by (component - mean)/(m - 1)."""
    if owners is not None:
        return _clustered_covariance(parts, owners)
    k = len(parts[0])
    covariance: Floats = np.zeros((k, k))
    for part in parts:
        m = part.shape[1]
        away = part - part.mean(axis=1, keepdims=True)
        covariance += away @ away.T / (m * (m - 1) if method == "delong" else (m - 1) ** 2)
    return covariance * (n - 1) / n if method == "jackknife" else covariance


def _clustered_covariance(parts: Sequence[Floats], owners: Sequence[Owners]) -> Floats:
    """Sums of the centred components over each patient, I/(I - 1) of them, and what both classes share."""
    k, many = len(parts[0]), int(max(part.max() for part in owners)) + 1
    sums, covariance = [], np.zeros((k, k))
    for part, owner in zip(parts, owners, strict=True):
        away, m = part - part.mean(axis=1, keepdims=True), part.shape[1]
        total: Floats = np.stack([np.bincount(owner, weights=row, minlength=many) for row in away]) / m
        having = len(np.unique(owner))
        covariance += total @ total.T * having / (having - 1)
        sums.append(total)
    if len(sums) == 2:
        patients = len(np.unique(np.concatenate(owners)))
        shared = sums[0] @ sums[1].T * patients / (patients - 1)
        covariance += shared + shared.T
    return covariance


def rated_rows(
    y: Ints, rows: Sequence[ArrayLike], quantity: Quantity, raters: Sequence[str] | None = None,
    names: Sequence[str] | None = None,
) -> Floats:  # fmt: skip
    """(k, n) of checked input: scores for the AUC, else 0/1 calls; what is broken names its rater and its cases."""
    if quantity not in ("auc", "sensitivity", "specificity"):
        raise StatisticsInputError(f"Unknown figure {quantity!r}; choose auc, sensitivity or specificity.")
    if not len(rows):
        raise StatisticsInputError("At least one rater is needed.")
    told = [f"rater {i + 1}" for i in range(len(rows))] if raters is None else [str(r) for r in raters]
    if len(told) != len(rows):
        raise StatisticsInputError(f"There are {len(rows)} raters and {len(told)} names of raters.")
    what = "Scores" if quantity == "auc" else "Calls"
    read = scores if quantity == "auc" else labels
    checked = [read(row, f"{what} of {rater}", names) for row, rater in zip(rows, told, strict=True)]
    for rater, row in zip(told, checked, strict=True):
        if len(row) != len(y):
            raise StatisticsInputError(f"The arrays must be equally long: truth has {len(y)}, {rater} has {len(row)}.")
    return np.vstack(checked).astype(np.float64)


def _too_few(y: Ints, n_pos: int, n_neg: int, quantity: Quantity) -> str | None:
    if quantity == "auc":
        return one_class_reason(y) or ("a class has a single case" if min(n_pos, n_neg) < 2 else None)
    n, kind = (n_pos, "positive") if quantity == "sensitivity" else (n_neg, "negative")
    if n == 0:
        return f"there are no {kind} cases"
    return f"there is a single {kind} case" if n == 1 else None


def _components(y: Ints, table: Floats, quantity: Quantity) -> tuple[Floats, tuple[Floats, ...]]:
    if quantity == "auc":
        placed = placements(y, table)
        return placed.aucs, (placed.v10, placed.v01)
    right = table[:, y == 1] if quantity == "sensitivity" else 1 - table[:, y == 0]
    return right.mean(axis=1), (right,)
