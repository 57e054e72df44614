"""What must not matter: the order of cases, the name of a class, a monotone change of scores, every case twice."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mlworker.statistics.agreement import cohens_kappa, conger_kappa, fleiss_kappa, light_kappa
from mlworker.statistics.calibration import calibration, reliability
from mlworker.statistics.decision import decision_curve
from mlworker.statistics.delong import auc_delong, delong_omnibus, delong_paired, delong_unpaired
from mlworker.statistics.mrmc import model_against_panel, obuchowski_rockette, panel_mean
from mlworker.statistics.paired import cochrans_q, paired_predictive_values, paired_sensitivity_specificity
from mlworker.statistics.roc import sensitivity_at_specificity
from mlworker.statistics.two_by_two import two_by_two

settings.register_profile("invariances", deadline=None, max_examples=40, derandomize=True)
settings.load_profile("invariances")

Sample = tuple[list[int], list[list[int]], list[int]]


@st.composite
def rated(draw: st.DrawFn, raters: int, low: int = -9, high: int = 9) -> Sample:
    """Truth with two cases a class, whole-number scores of each rater, and another order of the cases."""
    n = draw(st.integers(5, 24))
    truth = draw(st.lists(st.integers(0, 1), min_size=n, max_size=n).filter(lambda y: 2 <= sum(y) <= len(y) - 2))
    rows = [draw(st.lists(st.integers(low, high), min_size=n, max_size=n)) for _ in range(raters)]
    return truth, rows, draw(st.permutations(range(n)))


def close(one: Any, other: Any, within: float = 1e-9) -> bool:
    """Equal to the last digits, all the way down; a reason is compared as it is."""
    if isinstance(one, dict):
        return bool(one.keys() == other.keys()) and all(close(one[key], other[key], within) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(close(a, b, within) for a, b in zip(one, other, strict=True))
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=within, abs_tol=within)
    return bool(one == other)


_OF_SCORES: dict[str, Callable[..., Any]] = {
    "auc_delong": lambda y, a, b, c: auc_delong(y, a),
    "delong_paired": lambda y, a, b, c: delong_paired(y, a, b),
    "delong_omnibus": lambda y, a, b, c: delong_omnibus(y, [a, b, c]),
    "panel_mean": lambda y, a, b, c: panel_mean(y, [a, b, c]),
    "model_against_panel": lambda y, a, b, c: model_against_panel(y, a, [b, c]),
    "jackknife": lambda y, a, b, c: model_against_panel(y, a, [b, c], method="jackknife"),
    "obuchowski_rockette": lambda y, a, b, c: obuchowski_rockette(y, [[a, b], [b, c]]),
}
_OF_CALLS: dict[str, Callable[..., Any]] = {
    "two_by_two": lambda y, a, b, c: two_by_two(y, a),
    "paired": lambda y, a, b, c: paired_sensitivity_specificity(y, a, b)[0],
    "predictive values": lambda y, a, b, c: paired_predictive_values(y, a, b)[1],
    "cochrans_q": lambda y, a, b, c: cochrans_q(np.column_stack([a, b, c])),
    "cohens_kappa": lambda y, a, b, c: cohens_kappa(a, b, categories=[0, 1]),
    "panel sensitivity": lambda y, a, b, c: panel_mean(y, [a, b, c], quantity="sensitivity"),
    "panel specificity": lambda y, a, b, c: model_against_panel(y, a, [b, c], quantity="specificity"),
}


@pytest.mark.parametrize("name", sorted(_OF_SCORES))
@given(sample=rated(raters=3))
def test_it_is_the_same_in_any_order_and_scale(name: str, sample: Sample) -> None:
    truth, rows, order = sample
    function = _OF_SCORES[name]
    found = function(truth, *rows).to_dict()
    shuffled = function([truth[i] for i in order], *[[row[i] for i in order] for row in rows]).to_dict()
    assert close(found, shuffled)
    stretched = function(truth, *[[math.exp(value / 3) for value in row] for row in rows]).to_dict()
    assert close(found, stretched), "only the order of scores counts"


@pytest.mark.parametrize("name", sorted(_OF_CALLS))
@given(sample=rated(raters=3, low=0, high=1))
def test_it_counts_calls_in_any_order(name: str, sample: Sample) -> None:
    truth, rows, order = sample
    function = _OF_CALLS[name]
    shuffled = function([truth[i] for i in order], *[[row[i] for i in order] for row in rows]).to_dict()
    assert close(function(truth, *rows).to_dict(), shuffled)


@given(rated(raters=2))
def test_it_turns_with_the_classes_names(sample: Sample) -> None:
    truth, (first, second), _ = sample
    other, turned = [1 - y for y in truth], ([-a for a in first], [-b for b in second])
    one, two = delong_paired(truth, first, second), delong_paired(other, *turned)
    assert (one.auc1, one.auc2) == (pytest.approx(two.auc1), pytest.approx(two.auc2))  # type: ignore[comparison-overlap]
    assert close(one.p_value, two.p_value)
    called, opposite = [int(a > 0) for a in first], [int(a <= 0) for a in first]
    table, swapped = two_by_two(truth, called), two_by_two(other, opposite)
    assert close(table.sensitivity.to_dict(), swapped.specificity.to_dict())
    assert close(table.ppv.to_dict(), swapped.npv.to_dict())
    assert close(table.mcc.to_dict(), swapped.mcc.to_dict())
    ppv = paired_predictive_values(truth, called, [int(b > 0) for b in second])[0]
    npv = paired_predictive_values(other, opposite, [int(b <= 0) for b in second])[1]
    assert close(ppv.p_kosinski, npv.p_kosinski)


@given(rated(raters=3))
def test_it_keeps_figures_and_loses_width_with_every_case_twice(sample: Sample) -> None:
    truth, rows, _ = sample
    once, twice = auc_delong(truth, rows[0]), auc_delong(truth * 2, rows[0] * 2)
    assert twice.auc == pytest.approx(once.auc)
    if once.variance:
        assert twice.variance is not None
        assert 0.25 * once.variance <= twice.variance < once.variance
    called = [[int(value > 0) for value in row] for row in rows]
    one, two = two_by_two(truth, called[0]), two_by_two(truth * 2, called[0] * 2)
    assert (one.sensitivity.value, one.mcc.value) == (two.sensitivity.value, two.mcc.value)
    for function in (fleiss_kappa, light_kappa, conger_kappa):
        ratings = np.column_stack(called)
        value = function(ratings, replicates=0, categories=[0, 1]).value
        assert close(value, function(np.tile(ratings, (2, 1)), replicates=0, categories=[0, 1]).value)
    panel, doubled = panel_mean(truth, rows), panel_mean(truth * 2, [row * 2 for row in rows])
    assert panel.mean.value == pytest.approx(doubled.mean.value)
    at = sensitivity_at_specificity(truth, rows[0], 0.8)
    assert at.attainable == sensitivity_at_specificity(truth * 2, rows[0] * 2, 0.8).attainable


@given(rated(raters=1, low=1, high=99))
def test_it_judges_probabilities_alike_with_every_case_twice(sample: Sample) -> None:
    truth, (hundredths,), order = sample
    p = [h / 100 for h in hundredths]
    one, two = calibration(truth, p), calibration(truth * 2, p * 2)
    assert one.brier == pytest.approx(two.brier)
    assert close(one.slope.value, two.slope.value, 1e-5)
    assert close(one.slope.undefined, two.slope.undefined)
    assert close(reliability(truth, p).ece, reliability(truth * 2, p * 2).ece)
    assert close(list(decision_curve(truth, p).model), list(decision_curve(truth * 2, p * 2).model))
    moved = calibration([truth[i] for i in order], [p[i] for i in order])
    assert close(one.to_dict(), moved.to_dict(), 1e-6)
    opposite = calibration([1 - y for y in truth], [1 - value for value in p])
    assert one.brier == pytest.approx(opposite.brier)
    assert close(one.slope.value, opposite.slope.value, 1e-5)


@given(rated(raters=2))
def test_it_tests_samples_of_other_patients_whoever_is_named_first(sample: Sample) -> None:
    truth, (first, second), _ = sample
    one, two = delong_unpaired(truth, first, truth, second), delong_unpaired(truth, second, truth, first)
    assume(one.p_value is not None)
    assert one.p_value == pytest.approx(two.p_value)
    assert one.df == pytest.approx(two.df)
    assert one.difference.value == pytest.approx(-two.difference.value)  # type: ignore[operator]
