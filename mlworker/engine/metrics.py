"""The figures of an epoch and the operating point. Interval estimates are the business of `mlworker.statistics`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.stats import rankdata

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Threshold:
    """An operating point fixed on the validation part: loose where the probability is at least `value`."""

    rule: str
    value: float
    sensitivity: float
    specificity: float


def auc(labels: NDArray[np.int64], logits: NDArray[np.floating]) -> float | None:
    """Area under the ROC curve as the Mann-Whitney statistic, ties counted half; None with one class only."""
    positives = int(labels.sum())
    negatives = len(labels) - positives
    if positives == 0 or negatives == 0:
        return None
    ranks = rankdata(logits)
    return float((ranks[labels == 1].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def sensitivity_and_specificity(
    labels: NDArray[np.int64], called_loose: NDArray[np.bool_]
) -> tuple[float | None, float | None]:
    """Shares of the loose called loose and of the well fixed called well fixed; None without such cases."""
    loose, fixed = labels == 1, labels == 0
    sensitivity = float(called_loose[loose].mean()) if loose.any() else None
    specificity = float((~called_loose[fixed]).mean()) if fixed.any() else None
    return sensitivity, specificity


def log_loss(labels: NDArray[np.int64], logits: NDArray[np.floating]) -> float:
    """Mean binary cross-entropy of logits, in nats; stable for large logits."""
    values = logits.astype(np.float64)
    return float(np.mean(np.logaddexp(0.0, values) - labels * values))


def sigmoid(logits: NDArray[np.floating]) -> Floats:
    """Probabilities in double precision, from logits of any size."""
    values = logits.astype(np.float64)
    small = np.exp(-np.abs(values))
    return np.where(values >= 0, 1.0 / (1.0 + small), small / (1.0 + small))


def epoch_figures(part: str, labels: NDArray[np.int64], logits: NDArray[np.floating]) -> dict[str, float | None]:
    """AUC, and sensitivity and specificity at a probability of one half, with the part's name before each."""
    sensitivity, specificity = sensitivity_and_specificity(labels, logits >= 0)
    return {
        f"{part}_auc": auc(labels, logits),
        f"{part}_sensitivity": sensitivity,
        f"{part}_specificity": specificity,
    }


def fitted_temperature(labels: NDArray[np.int64], logits: NDArray[np.floating]) -> float:
    """The temperature T that minimises the log loss of logits / T (Guo et al. 2017), from 0.05 to 20.

    Where the cases are separated without error the loss falls for ever; the bound is then the answer.

    Args:
        labels: (N,) of 0 and 1, both present.
        logits: (N,).
    """
    values = logits.astype(np.float64)
    found = minimize_scalar(
        lambda log_temperature: log_loss(labels, values / np.exp(log_temperature)),
        bounds=(np.log(0.05), np.log(20.0)),
        method="bounded",
        options={"xatol": 1e-10},
    )
    return float(np.exp(found.x))


def fixed_threshold(rule: str, labels: NDArray[np.int64], logits: NDArray[np.floating]) -> Threshold:
    """Fix the operating point on validation cases of both classes.

    Candidates lie half-way between neighbouring logits, and one step outside them, so that a case scored again with a
    difference in the last digit stays on its side.

    Args:
        rule: "youden" (largest sensitivity + specificity; of equals the one with the larger sensitivity) or
            "sensitivity_0.90" (the largest specificity with a sensitivity of at least 0.90).
        labels: (N,) of 0 and 1, both present.
        logits: (N,).
    """
    ordered = np.unique(logits.astype(np.float64))
    cuts = np.concatenate([[ordered[0] - 1.0], (ordered[1:] + ordered[:-1]) / 2.0, [ordered[-1] + 1.0]])
    called = logits.astype(np.float64)[:, np.newaxis] >= cuts[np.newaxis, :]
    sensitivity = called[labels == 1].mean(axis=0)
    specificity = (~called[labels == 0]).mean(axis=0)
    if rule == "youden":
        preference = np.lexsort((sensitivity, np.round(sensitivity + specificity, 12)))
    else:
        preference = np.lexsort((sensitivity, specificity, sensitivity >= 0.90 - 1e-12))
    best = int(preference[-1])
    return Threshold(
        rule=rule,
        value=float(sigmoid(cuts[best : best + 1])[0]),
        sensitivity=float(sensitivity[best]),
        specificity=float(specificity[best]),
    )
