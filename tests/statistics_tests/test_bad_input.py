"""What no statistic is defined for: a refusal that names the cases, or "undefined" with the reason. Never a 0.0."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any, cast

import numpy as np
import pytest

from mlworker.statistics.delong import auc_delong, delong_omnibus, delong_paired, delong_unpaired
from mlworker.statistics.inputs import StatisticsInputError
from mlworker.statistics.intervals import hanley_mcneil, likelihood_ratio, proportion, wilson
from mlworker.statistics.paired import (
    attainable,
    cochrans_q,
    mcnemar,
    paired_predictive_values,
    paired_sensitivity_specificity,
    tango,
)
from mlworker.statistics.roc import roc_points, sensitivity_at_specificity
from mlworker.statistics.two_by_two import difference_of_proportions, from_counts, two_by_two
from tests.statistics_tests.stored import reference

_OF_SCORES: list[Callable[[Any, Any], Any]] = [
    lambda y, s: auc_delong(y, s, names=[f"case {i + 1}" for i in range(len(s))]),
    lambda y, s: roc_points(y, s, names=[f"case {i + 1}" for i in range(len(s))]),
    lambda y, s: delong_paired(y, s, [0.1] * len(s), names=[f"case {i + 1}" for i in range(len(s))]),
]


@pytest.mark.parametrize("function", _OF_SCORES)
@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_it_names_the_cases_whose_score_is_no_number(function: Callable[[Any, Any], Any], bad: float) -> None:
    with pytest.raises(StatisticsInputError, match=r"not finite: case 2, case 4\.") as refused:
        function([0, 1, 0, 1], [0.1, bad, 0.3, bad])
    assert refused.value.cases == ("case 2", "case 4")


@pytest.mark.parametrize("function", [*_OF_SCORES, two_by_two])
def test_it_names_the_case_whose_truth_is_neither_0_nor_1(function: Callable[[Any, Any], Any]) -> None:
    with pytest.raises(StatisticsInputError, match="must be 0 or 1"):
        function([0, 2, 1], [0, 1, 1])
    with pytest.raises(StatisticsInputError, match="must be 0 or 1"):
        function([0, float("nan"), 1], [0, 1, 1])


@pytest.mark.parametrize("function", [*_OF_SCORES, two_by_two, paired_predictive_values])
def test_it_refuses_arrays_of_unequal_length(function: Callable[..., Any]) -> None:
    arguments: list[list[int]] = [[0, 1, 1], [0, 1]]
    if function is paired_predictive_values:
        arguments.append([0, 1])
    with pytest.raises(StatisticsInputError, match="equally long"):
        function(*arguments)


def test_it_refuses_a_reader_with_missing_reads() -> None:
    with pytest.raises(StatisticsInputError, match=r"Second calls missing: case 3\."):
        paired_sensitivity_specificity([0, 1, 1], [0, 1, 1], [0, 1, None], names=["case 1", "case 2", "case 3"])  # type: ignore[arg-type]
    with pytest.raises(StatisticsInputError, match="one-dimensional"):
        two_by_two([[0, 1]], [[0, 1]])
    with pytest.raises(StatisticsInputError, match="must be numbers"):
        two_by_two([0, 1], ["loose", "fixed"])


@pytest.mark.parametrize(("truth", "why"), [([1, 1], "all 2 cases are positive"), ([], "there are no cases")])
def test_it_has_no_area_for_one_class(truth: list[int], why: str) -> None:
    scores = [0.3, 0.6][: len(truth)]
    area = auc_delong(truth, scores)
    assert (area.auc, area.variance, area.undefined) == (None, None, why)
    assert area.headline.undefined == why
    assert roc_points(truth, scores).undefined == why
    assert delong_paired(truth, scores, scores).difference.value is None
    assert delong_omnibus(truth, [scores, scores]).undefined == why
    assert delong_unpaired(truth, scores, [0, 1], [0, 1]).undefined == why
    assert sensitivity_at_specificity(truth, scores, 0.9).undefined == why


def test_it_keeps_the_area_and_gives_no_interval_at_the_edges() -> None:
    perfect = auc_delong([0, 0, 1, 1], [1, 2, 3, 4])
    assert (perfect.auc, perfect.headline.lower) == (1.0, None)
    assert "separate the classes completely" in str(perfect.headline.undefined)
    inverted = auc_delong([1, 1, 0, 0], [1, 2, 3, 4])
    assert inverted.auc == 0.0
    equal = auc_delong([0, 0, 1, 1], [5, 5, 5, 5])
    assert equal.auc == 0.5
    assert "variance is 0" in str(equal.headline.undefined)
    single = auc_delong([0, 1], [0, 1])
    assert single.auc == 1.0
    assert "single case" in str(single.headline.undefined)


def test_it_finds_identical_models_identical_and_opposite_ones_undefined() -> None:
    truth, scores = [0, 0, 1, 1, 0, 1], [1, 4, 3, 5, 2, 6]
    same = delong_paired(truth, scores, scores)
    assert (same.statistic, same.p_value, same.difference.value) == (0.0, 1.0, 0.0)
    opposite = delong_paired([0, 0, 1, 1], [1, 2, 3, 4], [4, 3, 2, 1])
    assert (opposite.p_value, opposite.undefined) == (None, "the estimated variance of the difference is 0")
    omnibus = delong_omnibus(truth, [scores, scores, scores])
    assert (omnibus.statistic, omnibus.df, omnibus.p_value) == (0.0, 0, 1.0)
    with pytest.raises(StatisticsInputError, match="at least two models"):
        delong_omnibus(truth, [scores])


def test_it_gives_undefined_and_never_zero_at_a_zero_denominator() -> None:
    table = from_counts(tp=0, fp=0, fn=3, tn=9)
    assert table.ppv.value is None
    assert table.ppv.undefined == "there are no cases (n = 0)"
    assert table.mcc.value is None
    assert table.lr_positive.undefined == "numerator and denominator are both 0"
    nothing = from_counts(tp=0, fp=0, fn=0, tn=0)
    figures = [nothing.sensitivity, nothing.specificity, nothing.accuracy, nothing.youden, nothing.f1]
    assert all(f.value is None and f.undefined for f in figures)
    assert proportion(0, 0).undefined == "there are no cases (n = 0)"
    assert wilson(0, 0).lower is None
    assert tango(0, 0, 0).undefined == "there are no pairs (n = 0)"
    assert difference_of_proportions(0, 0, 1, 2).undefined == "one of the samples is empty"
    assert likelihood_ratio(1, 2, 0, 0).undefined == "there are no negative cases"


def test_it_gives_an_infinite_ratio_as_such_and_says_what_is_wrong_with_its_interval() -> None:
    ratio = from_counts(tp=10, fp=0, fn=2, tn=12).lr_positive
    assert ratio.value == math.inf
    assert "no lower limit" in str(ratio.note)
    assert ratio.to_dict()["value"] == "Infinity"
    json.loads(from_counts(tp=10, fp=0, fn=2, tn=12).to_json(), parse_constant=pytest.fail)


@pytest.mark.parametrize(
    "broken",
    [
        lambda: wilson(3, 2), lambda: wilson(-1, 2), lambda: wilson(cast("int", 1.5), 2),
        lambda: wilson(1, 2, level=1.0),
        lambda: tango(3, 3, 5), lambda: mcnemar(-1, 2), lambda: from_counts(tp=1, fp=-1, fn=0, tn=0),
        lambda: attainable(5, 2, 4), lambda: hanley_mcneil(1.2, 10, 10), lambda: hanley_mcneil(0.8, 0, 10),
        lambda: sensitivity_at_specificity([0, 1], [0, 1], 1.5), lambda: cochrans_q([[1], [0]]),
    ],
)  # fmt: skip
def test_it_refuses_counts_and_levels_that_cannot_be(broken: Callable[[], object]) -> None:
    with pytest.raises(StatisticsInputError):
        broken()


def test_it_tests_nothing_where_nothing_is_discordant() -> None:
    none = mcnemar(0, 0)
    assert (none.p_exact, none.p_mid, none.chi_square) == (1.0, 1.0, None)
    assert none.odds_ratio.undefined == "there are no discordant cases"
    agreed = cochrans_q([[1, 1, 1], [0, 0, 0]])
    assert (agreed.statistic, agreed.p_value) == (None, 1.0)
    ppv, npv = paired_predictive_values([1, 0, 1], [0, 0, 0], [1, 0, 1])
    assert ppv.undefined == "the first rater called no case positive"
    assert npv.value1 == pytest.approx(1 / 3)


def test_it_gives_cochrans_q() -> None:
    stored = reference("24_intra_observer_two_sessions_24")
    calls = np.column_stack([stored["inputs"][k] for k in ("session1", "session2", "reader2")])
    found, expected = cochrans_q(calls), stored["expected"]["cochran_Q"]
    assert found.statistic == pytest.approx(expected["Q"])
    assert found.df == expected["df"]
    assert found.p_value == pytest.approx(expected["p"], abs=1e-8)
