from __future__ import annotations

import math

import numpy as np
import pytest
import statsmodels.api as sm
from sklearn.metrics import brier_score_loss

from mlworker.statistics.calibration import calibration, reliability
from mlworker.statistics.inputs import StatisticsInputError
from tests.statistics_tests.stored import reference

_TRUTH = [0, 0, 1, 0, 1, 1, 0, 1, 1, 0]
_PROBABILITY = [0.1, 0.3, 0.35, 0.4, 0.45, 0.6, 0.65, 0.7, 0.9, 0.2]


def test_it_gives_brier_slope_and_intercept() -> None:
    found = calibration(_TRUTH, _PROBABILITY)
    brier = brier_score_loss(_TRUTH, _PROBABILITY)
    assert found.brier == pytest.approx(brier)
    assert found.brier_of_prevalence == pytest.approx(0.25)
    assert found.scaled_brier == pytest.approx(1 - brier / 0.25)
    p = np.array(_PROBABILITY)
    logit = np.log(p / (1 - p))
    fitted = sm.Logit(_TRUTH, sm.add_constant(logit)).fit(disp=0, tol=1e-12)
    assert found.slope_intercept.value == pytest.approx(fitted.params[0], abs=1e-8)
    assert found.slope.value == pytest.approx(fitted.params[1], abs=1e-8)
    low, high = fitted.conf_int()[1]
    assert found.slope.lower == pytest.approx(low, abs=1e-6)
    assert found.slope.upper == pytest.approx(high, abs=1e-6)
    # At the intercept the mean of the recalibrated probabilities is the share of positives.
    assert found.intercept.value is not None
    assert (1 / (1 + np.exp(-(logit + found.intercept.value)))).mean() == pytest.approx(0.5, abs=1e-9)


def test_it_gives_spiegelhalters_test() -> None:
    truth, p = [1, 0], [0.8, 0.4]
    # (y - p)(1 - 2p): 0.2 * -0.6 and -0.4 * 0.2; variances (1 - 2p)^2 p (1 - p).
    z = (0.2 * -0.6 - 0.4 * 0.2) / math.sqrt(0.36 * 0.16 + 0.04 * 0.24)
    found = calibration(truth, p)
    assert found.spiegelhalter_z == pytest.approx(z)
    assert found.spiegelhalter_p == pytest.approx(math.erfc(abs(z) / math.sqrt(2)))


def test_it_finds_probabilities_that_are_right_calibrated() -> None:
    rng = np.random.default_rng(1)
    p = rng.uniform(0.02, 0.98, 20_000)
    truth = (rng.random(20_000) < p).astype(int)
    found = calibration(truth, p)
    assert found.slope.value == pytest.approx(1.0, abs=0.05)
    assert found.intercept.value == pytest.approx(0.0, abs=0.05)
    overconfident = calibration(truth, 1 / (1 + np.exp(-2 * np.log(p / (1 - p)))))
    assert overconfident.slope.value == pytest.approx(0.5, abs=0.03)


def test_it_says_why_there_is_no_slope() -> None:
    separated = calibration([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9])
    assert separated.slope.value is None
    assert "separate the classes completely" in str(separated.slope.undefined)
    assert separated.intercept.value is not None
    assert "1 probabilities are exactly 0 or 1" in str(calibration([0, 1, 0], [0.0, 0.5, 0.6]).slope.undefined)
    assert calibration([1, 1], [0.4, 0.5]).slope.undefined == "all 2 cases are positive"
    assert calibration([0, 1, 1], [0.5, 0.5, 0.5]).slope.undefined == "all probabilities are the same"
    assert calibration([], []).undefined == "there are no cases (n = 0)"


@pytest.mark.parametrize(
    ("key", "bins", "binning"),
    [("uniform_5", 5, "uniform"), ("uniform_10", 10, "uniform"), ("uniform_15", 15, "uniform"),
     ("quantile_10", 10, "quantile")],
)  # fmt: skip
def test_it_gives_the_calibration_error_with_its_bins(key: str, bins: int, binning: str) -> None:
    stored = reference("40_ece_mce_reliability")
    given, expected = stored["inputs"], stored["expected"][key]
    found = reliability(given["y"], given["p"], bins=bins, binning=binning)  # type: ignore[arg-type]
    assert found.ece == pytest.approx(expected["ece"], abs=1e-9)
    assert found.mce == pytest.approx(expected["mce"], abs=1e-9)
    assert [(b.bin, b.n) for b in found.bins] == [(b["bin"], b["n"]) for b in expected["bins"]]
    for mine, theirs in zip(found.bins, expected["bins"], strict=True):
        assert mine.mean_predicted == pytest.approx(theirs["conf"], abs=1e-9)
        assert mine.observed == pytest.approx(theirs["acc"], abs=1e-9)


def test_it_puts_a_probability_on_an_edge_into_the_lower_bin() -> None:
    stored = reference("40_ece_mce_reliability")
    edge, expected = stored["inputs"]["edge_case"], stored["expected"]["edges_uniform_10_right_closed"]
    found = reliability(edge["y"], edge["p"])
    assert found.ece == pytest.approx(expected["ece"], abs=1e-9)
    assert [(b.bin, b.n) for b in found.bins] == [(b["bin"], b["n"]) for b in expected["bins"]]


def test_it_bins_equal_probabilities_once() -> None:
    found = reliability([0, 1, 1, 1], [0.5] * 4, binning="quantile")
    assert len(found.bins) == 1
    assert found.ece == pytest.approx(0.25)
    assert reliability([], []).undefined == "there are no cases (n = 0)"
    with pytest.raises(StatisticsInputError, match="At least one bin"):
        reliability([1], [0.5], bins=0)
