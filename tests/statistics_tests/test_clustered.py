"""Two hips of a patient are drawn together, and what they share is not counted twice."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from mlworker.statistics.clustered import (
    clustered_difference,
    clustered_estimate,
    clustered_replicates,
    several_cases,
)
from mlworker.statistics.delong import auc_delong
from mlworker.statistics.inputs import StatisticsInputError


def test_it_draws_patients_with_all_their_cases() -> None:
    rng = np.random.default_rng(5)
    truth = rng.integers(0, 2, 30)
    scores, calls = np.round(truth + rng.normal(0, 1, 30), 1), rng.integers(0, 2, 30)
    patients = [f"P{i // 2}" for i in range(30)]
    drawn = np.random.default_rng(9).integers(0, 15, size=(20, 15))
    areas = clustered_replicates(truth, [scores], patients, replicates=20, seed=9)[0]
    shares = clustered_replicates(truth, [calls], patients, quantity="specificity", replicates=20, seed=9)[0]
    for row, area, share in zip(drawn, areas, shares, strict=True):
        cases = np.concatenate([[2 * patient, 2 * patient + 1] for patient in row])
        assert area == pytest.approx(roc_auc_score(truth[cases], scores[cases]))
        assert share == pytest.approx(1 - calls[cases][truth[cases] == 0].mean())


def test_it_is_not_taken_in_by_cases_that_are_there_twice() -> None:
    rng = np.random.default_rng(6)
    truth = np.arange(60) % 2
    scores = truth + rng.normal(0, 1.2, 60)
    patients = [str(i) for i in range(60)]
    once = clustered_estimate(truth, scores, patients)
    twice = clustered_estimate(np.tile(truth, 2), np.tile(scores, 2), patients * 2)
    naive = auc_delong(np.tile(truth, 2), np.tile(scores, 2)).wald
    assert (twice.value, twice.lower, twice.upper) == (once.value, once.lower, once.upper)
    width, too_narrow = twice.upper - twice.lower, naive.limits()[1] - naive.limits()[0]  # type: ignore[operator]
    assert width > 1.25 * too_narrow


def test_it_gives_the_paired_difference_over_patients() -> None:
    rng = np.random.default_rng(7)
    truth = np.arange(80) % 2
    first, second = truth + rng.normal(0, 0.7, 80), truth + rng.normal(0, 2.0, 80)
    patients = [i // 4 for i in range(80)]
    found = clustered_difference(truth, first, second, patients)
    assert found.patients == 20
    assert found.difference.value == pytest.approx(roc_auc_score(truth, first) - roc_auc_score(truth, second))
    assert found.difference.lower is not None
    assert found.difference.lower > 0
    assert found.p_value is not None
    assert found.p_value < 0.05
    same = clustered_difference(truth, first, first, patients)
    assert (same.p_value, same.difference.value) == (1.0, 0.0)


def test_it_counts_the_draws_that_lack_a_class() -> None:
    truth, patients = [1, 1, 0, 0, 0, 0], ["A", "A", "B", "C", "D", "E"]
    found = clustered_difference(truth, [3, 4, 1, 2, 3, 1], [1, 4, 1, 2, 3, 1], patients, replicates=300)
    assert 0 < found.undefined_replicates < 150
    hopeless = clustered_estimate([1, 0], [2, 1], ["A", "B"], replicates=200)
    assert hopeless.value == 1.0
    assert "lack a class" in str(hopeless.note) or "do not vary" in str(hopeless.note)
    assert clustered_estimate([1, 1], [2, 1], ["A", "B"]).undefined == "there are no negative cases"


def test_it_names_the_patients_with_several_cases() -> None:
    assert several_cases(["A", "B", "A", "C", "C"]) == ["A", "C"]
    assert several_cases(["A", "B"]) == []
    with pytest.raises(StatisticsInputError, match="3 cases and 2 patients"):
        clustered_replicates([1, 0, 1], [[1, 2, 3]], ["A", "B"])
