"""Whether a model's probabilities are right, and what acting on them would be worth at a stated prevalence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mlworker.experiments.comparison_result.figures import figure
from mlworker.experiments.tidy_table import TidyRow, scores, truths
from mlworker.statistics.calibration import Calibration, calibration, reliability
from mlworker.statistics.decision import decision_curve
from mlworker.statistics.inputs import StatisticsInputError
from mlworker.statistics.two_by_two import from_counts


def calibration_body(rows: Sequence[TidyRow]) -> dict[str, Any]:
    """Brier score, slope and intercept, Spiegelhalter's test, and the bins of the reliability diagram."""
    truth, given = truths(rows), scores(rows)
    found = calibration(truth, given)
    bins = reliability(truth, given, bins=10 if len(rows) >= 200 else 5)
    return {
        "n": found.n,
        "brier": found.brier,
        "brier_of_prevalence": found.brier_of_prevalence,
        "mean_predicted": found.mean_predicted,
        "observed": found.observed,
        **_slopes(found),
        "spiegelhalter_p": found.spiegelhalter_p,
        "ece": bins.ece,
        "bins": [
            {
                "n": one.n, "positives": one.positives, "mean_predicted": one.mean_predicted,
                "observed": figure(_observed(one.positives, one.n)),
            }
            for one in bins.bins
        ],
        "undefined": found.undefined,
    }  # fmt: skip


def _slopes(found: Calibration) -> dict[str, Any]:
    return {"slope": figure(found.slope), "intercept": figure(found.intercept)}


def _observed(positives: int, n: int) -> Any:
    """Share of loose cases in a bin, with Wilson's interval."""
    return from_counts(tp=positives, fp=0, fn=n - positives, tn=0).sensitivity


def decision_body(name: str, rows: Sequence[TidyRow], prevalence: float | None) -> dict[str, Any]:
    """Net benefit of one model by threshold at `prevalence`, or at the sample's own, which the design gave."""
    found = decision_curve(truths(rows), scores(rows), prevalence=prevalence)
    return {
        "name": name,
        "prevalence": found.prevalence,
        "prevalence_given": found.prevalence_given,
        "thresholds": list(found.thresholds),
        "model": list(found.model),
        "treat_all": list(found.treat_all),
        "undefined": found.undefined,
    }


def predictive_values(sensitivity: float | None, specificity: float | None, prevalence: float) -> dict[str, Any]:
    """PPV and NPV by Bayes' rule at `prevalence`; None where a figure or the denominator does not exist."""
    if not 0 <= prevalence <= 1:
        raise StatisticsInputError(f"The prevalence must lie in [0, 1], received {prevalence!r}.")
    if sensitivity is None or specificity is None:
        return {"ppv": None, "npv": None}
    called_loose = sensitivity * prevalence + (1 - specificity) * (1 - prevalence)
    called_fixed = specificity * (1 - prevalence) + (1 - sensitivity) * prevalence
    return {
        "ppv": sensitivity * prevalence / called_loose if called_loose else None,
        "npv": specificity * (1 - prevalence) / called_fixed if called_fixed else None,
    }
