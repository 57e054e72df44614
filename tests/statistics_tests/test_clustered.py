"""Two hips of a patient are drawn together, and what they share is not counted twice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from mlworker.statistics.clustered import (
    clustered_difference,
    clustered_estimate,
    clustered_replicates,
    several_cases,
)
from mlworker.statistics.covariance import figures
from mlworker.statistics.delong import auc_delong
from mlworker.statistics.inputs import StatisticsInputError
from mlworker.statistics.mrmc import model_against_panel, obuchowski_rockette
from tests.statistics_tests.test_mrmc import a_study


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


def test_it_sums_the_components_of_a_patient() -> None:
    truth = np.array([1, 1, 0, 0, 1, 0, 0, 1, 0, 1])
    rows = [np.array([4, 6, 1, 3, 5, 4, 2, 3, 5, 7]), np.array([3, 6, 2, 3, 1, 4, 2, 5, 1, 4])]
    patients = ["A", "A", "A", "B", "B", "C", "C", "D", "E", "E"]
    found = figures(truth, rows, quantity="auc", patients=patients)
    pos, neg = [i for i in range(10) if truth[i]], [i for i in range(10) if not truth[i]]
    m, n, expected = len(pos), len(neg), np.zeros((2, 2))

    def kernel(row: NDArray[Any], i: int, j: int) -> float:
        return float(row[i] > row[j]) + 0.5 * float(row[i] == row[j])

    def sums(row: NDArray[Any]) -> tuple[list[float], list[float]]:
        """Obuchowski 1997: V10(X_i.) - m_i AUC and V01(Y_i.) - n_i AUC of each patient i."""
        area = float(np.mean([kernel(row, i, j) for i in pos for j in neg]))
        v10 = {i: float(np.mean([kernel(row, i, j) for j in neg])) - area for i in pos}
        v01 = {j: float(np.mean([kernel(row, i, j) for i in pos])) - area for j in neg}
        ten, one = [], []
        for patient in "ABCDE":
            own = [k for k, name in enumerate(patients) if name == patient]
            ten.append(float(sum(v10[k] for k in own if truth[k])))
            one.append(float(sum(v01[k] for k in own if not truth[k])))
        return ten, one

    for r, s in ((0, 0), (0, 1), (1, 0), (1, 1)):
        (ten_r, one_r), (ten_s, one_s) = sums(rows[r]), sums(rows[s])
        s10 = 4 / 3 / m * np.dot(ten_r, ten_s)  # A, B, D and E have positives
        s01 = 4 / 3 / n * np.dot(one_r, one_s)  # A, B, C and E have negatives
        s11 = 5 / 4 * (np.dot(ten_r, one_s) + np.dot(ten_s, one_r))
        expected[r, s] = s10 / m + s01 / n + s11 / (m * n)
    assert found.covariance == pytest.approx(expected)


def test_it_is_delongs_covariance_where_every_case_is_another_patient() -> None:
    truth, scores = [1, 0, 1, 0, 1, 0], [3, 1, 2, 2, 5, 4]
    plain = figures(truth, [scores], quantity="auc")
    assert figures(truth, [scores], quantity="auc", patients=list("ABCDEF")).covariance == plain.covariance


def test_it_sets_readers_and_patients_random() -> None:
    truth, readings = a_study(n=40)
    rows, model = list(readings[0]), readings[1][0]
    once = model_against_panel(truth, model, rows, patients=list(range(40)))
    doubled = [np.tile(row, 2) for row in rows]
    twice = model_against_panel(np.tile(truth, 2), np.tile(model, 2), doubled, patients=list(range(40)) * 2)
    assert twice.difference.value == pytest.approx(once.difference.value)
    assert twice.se == pytest.approx(once.se, rel=0.02)
    naive = model_against_panel(np.tile(truth, 2), np.tile(model, 2), doubled)
    assert naive.se is not None
    assert naive.se < 0.9 * twice.se  # type: ignore[operator]
    crossed = [list(readings[0]), list(readings[1])]
    both = obuchowski_rockette(truth, crossed, patients=[i // 2 for i in range(40)]).random_readers_and_cases
    assert both is not None
    assert both.p_value is not None


def test_it_gives_a_proportion_over_patients_the_ratio_estimators_variance() -> None:
    truth, calls = [1, 1, 1, 1, 1, 0], [1, 1, 0, 1, 0, 0]
    found = figures(truth, [calls], quantity="sensitivity", patients=["A", "A", "B", "C", "C", "D"])
    totals = [2 - 2 * 0.6, 0 - 0.6, 1 - 2 * 0.6]
    assert found.covariance[0, 0] == pytest.approx(3 / 2 * sum(t**2 for t in totals) / 25)


def test_it_refuses_what_patients_do_not_allow() -> None:
    with pytest.raises(StatisticsInputError, match="the jackknife takes cases as independent"):
        figures([1, 0, 1, 0], [[1, 2, 3, 4]], quantity="auc", method="jackknife", patients=["A", "A", "B", "C"])
    found = figures([1, 1, 0, 0], [[1, 2, 3, 4]], quantity="auc", patients=["A", "A", "B", "C"])
    assert found.undefined == "all cases of a class are of one patient"
