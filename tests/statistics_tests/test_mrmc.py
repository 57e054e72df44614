"""Obuchowski and Rockette, beside a second implementation: cases left out one by one, averages taken cell by cell."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import f as fisher
from scipy.stats import t as student
from sklearn.metrics import roc_auc_score

from mlworker.statistics.covariance import Quantity, figures
from mlworker.statistics.delong import delong_paired
from mlworker.statistics.inputs import StatisticsInputError
from mlworker.statistics.mrmc import (
    Components,
    model_against_panel,
    obuchowski_rockette,
    panel_mean,
    treatment_tests,
)

Array = NDArray[Any]
QUANTITIES: list[Quantity] = ["auc", "sensitivity", "specificity"]


def a_study(
    *, treatments: int = 2, readers: int = 4, n: int = 30, seed: int = 3, quantity: Quantity = "auc"
) -> tuple[Array, Array]:
    """Truth (n,) and readings (treatments, readers, n): cases, readers and both together vary."""
    rng = np.random.default_rng(seed)
    truth = (np.arange(n) < n * 0.4).astype(int)
    case, skill = rng.normal(0, 0.6, n), rng.normal(1.1, 0.3, readers)
    scores = np.array([
        [truth * (skill[j] + 0.35 * i) + case + rng.normal(0, 0.9, n) for j in range(readers)]
        for i in range(treatments)
    ])  # fmt: skip
    return truth, np.round(scores, 1) if quantity == "auc" else (scores > 0.5).astype(int)


def the_figure(truth: Array, row: Array, quantity: Quantity) -> float:
    if quantity == "auc":
        return float(roc_auc_score(truth, row))
    return float(row[truth == 1].mean() if quantity == "sensitivity" else 1 - row[truth == 0].mean())


def left_out(truth: Array, rows: Array, quantity: Quantity) -> Array:
    """(k, k) jackknife covariance by its definition."""
    n = len(truth)
    drawn = np.array([
        [the_figure(np.delete(truth, i), np.delete(row, i), quantity) for row in rows] for i in range(n)
    ])  # fmt: skip
    away = drawn - drawn.mean(axis=0)
    return np.asarray((n - 1) / n * away.T @ away)


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_it_leaves_cases_out_as_the_definition_does(quantity: Quantity) -> None:
    truth, readings = a_study(quantity=quantity)
    found = figures(truth, list(readings[0]), quantity=quantity, method="jackknife")
    assert found.covariance == pytest.approx(left_out(truth, readings[0], quantity), abs=1e-12)
    assert found.values == pytest.approx([the_figure(truth, row, quantity) for row in readings[0]])


@pytest.mark.parametrize("quantity", ["sensitivity", "specificity"])
def test_it_gives_a_proportion_its_sample_variance(quantity: Quantity) -> None:
    truth, readings = a_study(quantity=quantity)
    mine = readings[0][:, truth == (quantity == "sensitivity")]
    found = figures(truth, list(readings[0]), quantity=quantity)
    assert found.covariance == pytest.approx(np.cov(mine) / mine.shape[1], abs=1e-12)


@pytest.mark.parametrize("quantity", QUANTITIES)
@pytest.mark.parametrize("treatments", [2, 3])
def test_it_gives_the_analysis_of_variance_that_averaging_cell_by_cell_gives(
    quantity: Quantity, treatments: int
) -> None:
    truth, readings = a_study(quantity=quantity, treatments=treatments)
    t, r = readings.shape[:2]
    theta = np.array([[the_figure(truth, readings[i][j], quantity) for j in range(r)] for i in range(t)])
    covariance = left_out(truth, readings.reshape(t * r, -1), quantity)
    cells = list(itertools.product(range(t), range(r)))
    sums: dict[tuple[bool, bool], list[float]] = {}
    for (a, (i, j)), (b, (k, m)) in itertools.product(enumerate(cells), repeat=2):
        sums.setdefault((i == k, j == m), []).append(covariance[a, b])
    variance, cov1 = np.mean(sums[True, True]), np.mean(sums[False, True])
    cov2, cov3 = np.mean(sums[True, False]), np.mean(sums[False, False])
    ms_t = r * np.var(theta.mean(axis=1), ddof=1)
    ms_tr = sum(
        (theta[i, j] - theta[i].mean() - theta[:, j].mean() + theta.mean()) ** 2 for i, j in cells
    ) / ((t - 1) * (r - 1))  # fmt: skip
    denominator = ms_tr + max(r * (cov2 - cov3), 0)
    df = denominator**2 / (ms_tr**2 / ((t - 1) * (r - 1)))
    found = obuchowski_rockette(truth, list(readings), quantity=quantity, method="jackknife")
    assert found.components is not None
    assert found.components.variance == pytest.approx(variance)
    assert found.components.cov1 == pytest.approx(cov1)
    assert found.components.cov2 == pytest.approx(cov2)
    assert found.components.cov3 == pytest.approx(cov3)
    both = found.random_readers_and_cases
    assert both is not None
    assert both.statistic == pytest.approx(ms_t / denominator)
    assert both.df2 == pytest.approx(df)
    assert both.p_value == pytest.approx(fisher.sf(ms_t / denominator, t - 1, df))
    first = both.differences[0]
    gap, half = theta[0].mean() - theta[1].mean(), student.isf(0.025, df) * math.sqrt(2 / r * denominator)
    assert first.difference.value == pytest.approx(gap)
    assert first.difference.lower == pytest.approx(gap - half)
    assert first.difference.upper == pytest.approx(gap + half)
    if t == 2:
        assert first.p_value == pytest.approx(both.p_value), "t squared is F"


def test_it_tests_fixed_readers_over_cases_and_fixed_cases_over_readers() -> None:
    truth, readings = a_study()
    found = obuchowski_rockette(truth, list(readings))
    parts, r = found.components, 4
    assert parts is not None
    assert parts.cov2 is not None
    assert parts.cov3 is not None
    assert found.fixed_readers is not None
    assert found.fixed_cases is not None
    assert found.mean_square_treatment is not None
    assert found.mean_square_interaction is not None
    over_cases = parts.variance - parts.cov1 + max((r - 1) * (parts.cov2 - parts.cov3), 0)
    assert found.fixed_readers.statistic == pytest.approx(found.mean_square_treatment / over_cases)
    assert found.fixed_readers.df2 == math.inf
    assert found.fixed_cases.statistic == pytest.approx(found.mean_square_treatment / found.mean_square_interaction)
    assert found.fixed_cases.df2 == 3


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_it_sets_one_model_against_a_panel(quantity: Quantity) -> None:
    truth, readings = a_study(quantity=quantity, seed=8)
    model, readers = readings[1][0], readings[0]
    found = model_against_panel(truth, model, list(readers), quantity=quantity, method="jackknife")
    gaps = np.array([the_figure(truth, model, quantity) - the_figure(truth, row, quantity) for row in readers])
    covariance = left_out(truth, np.vstack([model, readers]), quantity)
    of_gaps = np.array([
        [covariance[0, 0] - covariance[0, m + 1] - covariance[j + 1, 0] + covariance[j + 1, m + 1] for m in range(4)]
        for j in range(4)
    ])  # fmt: skip
    cov2 = (of_gaps.sum() - np.trace(of_gaps)) / 12
    square = np.var(gaps, ddof=1)
    denominator = square + max(4 * cov2, 0)
    df = denominator**2 / (square**2 / 3)
    assert found.difference.value == pytest.approx(gaps.mean())
    assert found.se == pytest.approx(math.sqrt(denominator / 4))
    assert found.df == pytest.approx(df)
    assert found.p_value == pytest.approx(2 * student.sf(abs(gaps.mean()) / math.sqrt(denominator / 4), df))
    assert found.remark is None


def test_it_gives_a_panels_mean_an_interval_wider_than_its_cases_alone_would() -> None:
    truth, readings = a_study()
    found = panel_mean(truth, list(readings[0]), method="jackknife")
    covariance = left_out(truth, readings[0], "auc")
    assert found.mean.value == pytest.approx(np.mean(found.figures))
    assert found.covariance == pytest.approx((covariance.sum() - np.trace(covariance)) / 12)
    assert found.se is not None
    assert found.se > math.sqrt(covariance.sum() / 16)
    assert found.mean.lower is not None
    assert found.mean.lower < np.mean(found.figures)


def test_it_limits_the_inference_to_the_one_reader_and_says_so() -> None:
    truth, readings = a_study()
    found = model_against_panel(truth, readings[1][0], [readings[0][0]])
    paired = delong_paired(truth, readings[1][0], readings[0][0])
    assert found.p_value == pytest.approx(paired.p_value)
    assert found.statistic == pytest.approx(paired.statistic)
    assert found.difference.lower == pytest.approx(paired.difference.lower)
    assert "limited to that reader" in str(found.remark)
    crossed = obuchowski_rockette(truth, [[readings[0][0]], [readings[1][0]]])
    assert crossed.random_readers_and_cases is None
    assert crossed.fixed_cases is None
    assert "limited to that reader" in str(crossed.remark)
    assert crossed.fixed_readers is not None
    assert crossed.fixed_readers.p_value == pytest.approx(paired.p_value)


def test_it_never_lets_covariances_between_readers_make_the_error_smaller() -> None:
    truth = np.array([1] * 6 + [0] * 6)
    first = np.array([1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    second = np.array([0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0])
    third = np.array([1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0])
    found = panel_mean(truth, [first, second, third], quantity="sensitivity")
    assert found.covariance is not None
    assert found.covariance < 0
    assert found.mean_square is not None
    assert found.se == pytest.approx(math.sqrt(found.mean_square / 3))
    assert found.df == pytest.approx(2.0)


def test_it_finds_what_is_identical_identical() -> None:
    truth, readings = a_study()
    row = readings[0][0]
    same = model_against_panel(truth, row, [row, row, row])
    assert (same.statistic, same.p_value, same.difference.value) == (0.0, 1.0, 0.0)
    assert "variance is 0" in str(same.difference.note)
    crossed = obuchowski_rockette(truth, [list(readings[0]), list(readings[0])])
    assert crossed.random_readers_and_cases is not None
    assert crossed.random_readers_and_cases.p_value == pytest.approx(1.0)


def test_it_says_why_there_is_no_test() -> None:
    perfect, useless = [0, 0, 0, 1, 1, 1], [1, 1, 1, 0, 0, 0]
    found = model_against_panel([0, 0, 0, 1, 1, 1], perfect, [useless, useless], quantity="sensitivity")
    assert (found.difference.value, found.p_value) == (1.0, None)
    assert found.undefined == "the estimated variance of the difference is 0"
    one_class = model_against_panel([1, 1, 1], [1, 2, 3], [[1, 2, 3], [3, 2, 1]])
    assert one_class.undefined == "all 3 cases are positive"
    assert one_class.difference.value is None
    assert panel_mean([1, 0, 0], [[1, 0, 0]], quantity="sensitivity").undefined == "there is a single positive case"
    assert obuchowski_rockette([0, 0], [[[1, 2]], [[1, 2]]]).undefined == "all 2 cases are negative"


def test_it_names_the_reader_and_the_cases_of_missing_reads() -> None:
    truth, names = [1, 0, 1, 0], ["A", "B", "C", "D"]
    with pytest.raises(StatisticsInputError, match=r"Scores of Dr\. Two missing or not finite: C\.") as refused:
        panel_mean(truth, [[1, 2, 3, 4], [1, 2, float("nan"), 4]], raters=["Dr. One", "Dr. Two"], names=names)
    assert refused.value.cases == ("C",)
    with pytest.raises(StatisticsInputError, match="Calls of rater 2 must be 0 or 1: position 3"):
        panel_mean(truth, [[1, 0, 1, 1], [1, 0, 1, 2]], quantity="sensitivity")
    with pytest.raises(StatisticsInputError, match="truth has 4, rater 1 has 3"):
        panel_mean(truth, [[1, 2, 3]])
    with pytest.raises(StatisticsInputError, match="each with the same one or more readers"):
        obuchowski_rockette(truth, [[[1, 2, 3, 4]], [[1, 2, 3, 4], [1, 2, 3, 4]]])


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_it_depends_neither_on_the_order_of_cases_nor_of_readers(quantity: Quantity) -> None:
    truth, readings = a_study(quantity=quantity)
    order, readers = np.random.default_rng(1).permutation(len(truth)), [2, 0, 3, 1]
    one = obuchowski_rockette(truth, list(readings), quantity=quantity).random_readers_and_cases
    other = obuchowski_rockette(truth[order], list(readings[:, readers][:, :, order]), quantity=quantity)
    turned = obuchowski_rockette(truth, list(readings[::-1]), quantity=quantity).random_readers_and_cases
    assert one is not None
    assert other.random_readers_and_cases is not None
    assert turned is not None
    assert other.random_readers_and_cases.p_value == pytest.approx(one.p_value)
    assert turned.differences[0].difference.value == pytest.approx(-one.differences[0].difference.value)  # type: ignore[operator]


def test_it_gives_the_published_analysis_of_van_dykes_readers() -> None:
    # Printed by OR-DBM MRMC 2.51 (University of Iowa) for Van Dyke et al. 1993, spin-echo and cine MRI of 114 cases.
    areas = [
        [0.91964573, 0.85877617, 0.90386473, 0.97310789, 0.82979066],
        [0.94782609, 0.90531401, 0.92173913, 0.99935588, 0.92995169],
    ]
    published = Components(None, None, variance=0.00080229, cov1=0.00034661, cov2=0.00034407, cov3=0.00023903)
    both, cases, readers = treatment_tests(areas, published)
    assert both is not None
    assert readers is not None
    assert both.statistic == pytest.approx(4.46, abs=5e-3)
    assert both.df2 == pytest.approx(15.26, abs=5e-3)
    assert both.p_value == pytest.approx(0.0517, abs=5e-5)
    gap = both.differences[0].difference
    assert [gap.value, gap.lower, gap.upper] == pytest.approx([-0.04380, -0.08796, 0.00036], abs=5e-6)
    assert cases.statistic == pytest.approx(5.47595, abs=5e-4)
    assert cases.p_value == pytest.approx(0.0193, abs=5e-5)
    assert readers.statistic == pytest.approx(8.70, abs=5e-3)
    assert readers.p_value == pytest.approx(0.0420, abs=5e-5)
