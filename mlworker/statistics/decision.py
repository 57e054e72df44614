"""Decision curves: what a model is worth at a chosen harm of a false alarm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mlworker.statistics.inputs import StatisticsInputError, labels, probabilities, refuse, same_length, scores
from mlworker.statistics.results import Result


@dataclass(frozen=True)
class DecisionCurve(Result):
    """Net benefit by threshold for the model, for treating all; treating none is 0."""

    prevalence: float | None
    prevalence_given: bool
    thresholds: tuple[float, ...]
    model: tuple[float, ...]
    treat_all: tuple[float, ...]
    undefined: str | None = None


def decision_curve(
    truth: ArrayLike, probability: ArrayLike, *, thresholds: Sequence[float] | None = None,
    prevalence: float | None = None,
) -> DecisionCurve:  # fmt: skip
    """Vickers & Elkin 2006 (Med Decis Making 26:565): sens pi - (1 - spec)(1 - pi) t/(1 - t), positive if p >= t.

    truth, probability: (n,). thresholds in [0, 1), default 0.01 to 0.99. `prevalence` pi in [0, 1]; without it the
    sample's own, which in a matched design is an artefact. A class that is missing is undefined with the reason.
    """
    y, p = labels(truth, "Truth"), probabilities(probability)
    same_length(truth=y, probability=p)
    cuts = scores(np.arange(1, 100) / 100 if thresholds is None else thresholds, "Thresholds")
    refuse("Thresholds must lie in [0, 1)", (cuts < 0) | (cuts >= 1))
    if prevalence is not None and not 0 <= prevalence <= 1:
        raise StatisticsInputError(f"The prevalence must lie in [0, 1], received {prevalence!r}.")
    pos, neg = p[y == 1], p[y == 0]
    told = tuple(float(t) for t in cuts)
    if not len(pos) or not len(neg):
        missing = "positive" if not len(pos) else "negative"
        return DecisionCurve(prevalence, prevalence is not None, told, (), (), f"there are no {missing} cases")
    share = float(y.mean()) if prevalence is None else float(prevalence)
    called = np.array([(pos >= t).mean() for t in cuts]), np.array([(neg >= t).mean() for t in cuts])
    odds = cuts / (1 - cuts)
    model = called[0] * share - called[1] * (1 - share) * odds
    everyone = share - (1 - share) * odds
    return DecisionCurve(
        share, prevalence is not None, told, tuple(float(v) for v in model), tuple(float(v) for v in everyone)
    )
