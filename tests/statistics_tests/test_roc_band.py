from __future__ import annotations

import numpy as np
import pytest

from mlworker.statistics.inputs import StatisticsInputError
from mlworker.statistics.roc_band import roc_band

TRUTH = [1] * 12 + [0] * 12
SCORE = [*np.linspace(0.351, 0.957, 12), *np.linspace(0.05, 0.703, 12)]


def test_it_holds_the_curve_between_its_limits() -> None:
    band = roc_band(TRUTH, SCORE)
    lower, upper = np.array(band.lower), np.array(band.upper)
    assert (lower <= upper).all()
    assert (np.diff(upper) >= -1e-12).all()
    positive, negative = np.array(SCORE[:12]), np.array(SCORE[12:])
    # The curve itself at a false-positive rate of a quarter: the threshold that a quarter of the negatives reach.
    sensitivity = float((positive >= np.sort(negative)[-3]).mean())
    at = band.false_positive_rate.index(0.25)
    assert band.lower[at] <= sensitivity <= band.upper[at]
    assert (band.lower[-1], band.upper[-1]) == (1.0, 1.0)


def test_it_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    assert roc_band(TRUTH, SCORE, seed=1) == roc_band(TRUTH, SCORE, seed=1)
    assert roc_band(TRUTH, SCORE, seed=1) != roc_band(TRUTH, SCORE, seed=2)


def test_it_does_not_change_under_a_monotone_transform() -> None:
    assert roc_band(TRUTH, SCORE).lower == roc_band(TRUTH, np.exp(SCORE)).lower


def test_it_agrees_with_a_bootstrap_written_out() -> None:
    """At a specificity of 0.5, from curves that are built anew for each resample."""
    rng = np.random.default_rng(20260101)
    positive, negative = np.array(SCORE[:12]), np.array(SCORE[12:])
    found = []
    for _ in range(4000):
        p, n = rng.choice(positive, 12), rng.choice(negative, 12)
        cuts = np.unique(np.concatenate([p, n]))[::-1]
        x = np.array([0, *[(n >= c).mean() for c in cuts]])
        y = np.array([0, *[(p >= c).mean() for c in cuts]])
        found.append(np.interp(0.5, x, y))
    band = roc_band(TRUTH, SCORE, replicates=4000)
    at = band.false_positive_rate.index(0.5)
    low, high = np.quantile(found, [0.025, 0.975])
    assert band.lower[at] == pytest.approx(low, abs=0.05)
    assert band.upper[at] == pytest.approx(high, abs=0.05)


def test_it_says_why_there_is_none_and_refuses_what_is_no_score() -> None:
    assert roc_band([1, 1], [0.1, 0.2]).undefined == "all 2 cases are positive"
    with pytest.raises(StatisticsInputError, match="case 7"):
        roc_band([1, 0], [float("nan"), 0.2], names=["case 7", "case 8"])
