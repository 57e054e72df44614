"""The figures against values that other software computed."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from mlworker.statistics.delong import auc_delong, delong_paired
from mlworker.statistics.intervals import clopper_pearson, hanley_mcneil_se, wilson
from mlworker.statistics.paired import mcnemar, paired_sensitivity_specificity, tango
from mlworker.statistics.results import Estimate
from mlworker.statistics.roc import sensitivity_at_specificity, specificity_at_sensitivity
from mlworker.statistics.two_by_two import from_counts, two_by_two
from tests.statistics_tests.stored import reference


def near(value: float | None, expected: object, tolerance: float) -> bool:
    if expected is None or expected == "NaN":
        return value is None
    if expected == "Infinity":
        return value is not None and math.isinf(value) and value > 0
    assert isinstance(expected, (int, float))
    return value is not None and abs(value - expected) <= tolerance


@pytest.mark.parametrize(("name", "function"), [("01_wilson_ci", wilson), ("02_clopper_pearson_ci", clopper_pearson)])
def test_it_gives_the_intervals_of_a_proportion(name: str, function: Any) -> None:
    stored = reference(name)
    for row in stored["expected"]:
        interval = function(row["x"], row["n"])
        assert near(interval.lower, row["lower"], stored["tolerance"]["abs"]), row
        assert near(interval.upper, row["upper"], stored["tolerance"]["abs"]), row
        if row["x"] == 0:
            assert interval.lower == 0.0
        if row["x"] == row["n"]:
            assert interval.upper == 1.0


@pytest.mark.parametrize("name", ["04_two_by_two_seed_densenet201", "05_two_by_two_seed_surgeon_zero_fp"])
def test_it_gives_every_figure_of_the_table(name: str) -> None:
    stored = reference(name)
    counts = {k: v for k, v in stored["inputs"].items() if k != "conf"}
    table = from_counts(**counts, method="clopper-pearson")
    expected = stored["expected"]
    pairs: dict[str, Estimate] = {
        "sens": table.sensitivity, "spec": table.specificity, "ppv": table.ppv, "npv": table.npv,
        "accuracy": table.accuracy, "lr_pos": table.lr_positive, "lr_neg": table.lr_negative,
        "dor": table.diagnostic_odds_ratio, "prev_true": table.prevalence, "prev_app": table.apparent_prevalence,
    }  # fmt: skip
    for key, estimate in pairs.items():
        assert near(estimate.value, expected[key]["est"], 1e-8), key
        assert near(estimate.lower, expected[key]["lower"], 1e-8), key
        assert near(estimate.upper, expected[key]["upper"], 1e-8), key
    assert near(table.youden.value, expected["youden"]["est"], 1e-8)
    assert near(table.f1.value, expected["f1"], 1e-8)
    assert near(table.mcc.value, expected["mcc"], 1e-8)
    assert near(table.balanced_accuracy.value, expected["balanced_accuracy"], 1e-8)


def test_it_gives_delongs_test_with_heavy_ties() -> None:
    stored = reference("13_delong_heavy_ties_synthetic")
    given, expected = stored["inputs"], stored["expected"]
    for key in ("a", "b"):
        result = auc_delong(given["y"], given[key])
        assert near(result.auc, expected[key]["auc"], 1e-9)
        assert near(result.variance, expected[key]["var_delong"], 1e-9)
        assert near(result.wald.lower, expected[key]["lower"], 1e-9)
        assert near(result.wald.upper, expected[key]["upper"], 1e-9)
    both = delong_paired(given["y"], given["a"], given["b"])
    wanted = expected["a_vs_b"]
    assert near(both.statistic, wanted["z"], 1e-9)
    assert near(both.p_value, wanted["p"], 1e-9)
    assert near(both.covariance, wanted["cov"], 1e-9)
    assert near(both.difference.lower, wanted["diff_lower"], 1e-9)
    assert near(both.difference.upper, wanted["diff_upper"], 1e-9)


def test_it_never_flips_an_inverted_score() -> None:
    stored = reference("14_inverted_score_direction")
    result = auc_delong(stored["inputs"]["y"], stored["inputs"]["score"])
    assert near(result.auc, stored["expected"]["auc_fixed_direction"], 1e-9)
    assert near(result.wald.lower, stored["expected"]["ci_fixed"][0], 1e-9)
    assert near(result.wald.upper, stored["expected"]["ci_fixed"][1], 1e-9)


def test_it_gives_mcnemars_test() -> None:
    for row in reference("17_mcnemar_exact")["expected"]:
        result = mcnemar(row["b"], row["c"])
        found = {
            "p_exact": result.p_exact, "p_mid": result.p_mid, "chi2": result.chi_square,
            "p_chi2": result.p_chi_square, "or_lower": result.odds_ratio.lower, "or_upper": result.odds_ratio.upper,
        }  # fmt: skip
        for key, value in found.items():
            assert near(value, row[key], 1e-9), (row, key)
        assert near(result.chi_square_corrected, row["chi2_cc"], 1e-9), row
        assert near(result.p_chi_square_corrected, row["p_cc"], 1e-9), row


def test_it_gives_tangos_interval() -> None:
    stored = reference("18_tango_paired_diff_ci")
    for row in stored["expected"]:
        result = tango(row["c"], row["b"], row["n"])
        assert near(result.value, row["diff"], 1e-12)
        assert near(result.lower, row["lower"], stored["tolerance"]["abs"]), row
        assert near(result.upper, row["upper"], stored["tolerance"]["abs"]), row


def test_it_gives_hanley_and_mcneils_error() -> None:
    stored = reference("37_hanley_mcneil_from_reported_auc")
    for (auc, n_pos, n_neg), se in zip(stored["inputs"]["rows"], stored["expected"]["se"], strict=True):
        assert near(hanley_mcneil_se(auc, n_pos, n_neg), se, 1e-12)


def test_it_gives_a_whole_study_of_24_cases() -> None:
    stored = reference("35_seed_like_24_end_to_end")
    given, expected = stored["inputs"], stored["expected"]
    y, score, surgeon = given["y"], np.array(given["cnn_score"]), given["surgeon_call"]
    cnn = (score >= given["threshold"]).astype(int)
    auc = auc_delong(y, score)
    assert near(auc.auc, expected["auc"], 1e-8)
    assert near(auc.wald.lower, expected["auc_ci"][0], 1e-8)
    assert near(auc.wald.upper, expected["auc_ci"][1], 1e-8)
    assert near(auc.logit.lower, expected["auc_logit_ci"][0], 1e-8)
    assert near(auc.headline.upper, expected["auc_logit_ci"][1], 1e-8)
    for calls, key in ((cnn, "cnn"), (surgeon, "surgeon")):
        table, wanted = two_by_two(y, calls), expected[key]
        assert [table.tp, table.fn, table.fp, table.tn] == [wanted[k] for k in ("tp", "fn", "fp", "tn")]
        assert near(table.sensitivity.lower, wanted["sens_wilson"][0], 1e-8)
        assert near(table.specificity.upper, wanted["spec_wilson"][1], 1e-8)
    for pair, key in zip(
        paired_sensitivity_specificity(y, cnn, surgeon), ("mcnemar_sens", "mcnemar_spec"), strict=True
    ):
        assert pair.mcnemar is not None
        assert near(pair.mcnemar.p_exact, expected[key]["p"], 1e-8)
        assert near(pair.difference.lower, expected[key]["tango_cnn_minus_surgeon"][0], 1e-6)
        assert near(pair.difference.upper, expected[key]["tango_cnn_minus_surgeon"][1], 1e-6)
    binary = delong_paired(y, score, surgeon)
    assert near(binary.statistic, expected["delong_cnn_vs_surgeon_binary"]["z"], 1e-8)
    second = delong_paired(y, score, given["second_model_score"])
    assert near(second.statistic, expected["second"]["delong_z"], 1e-8)
    assert near(second.p_value, expected["second"]["delong_p"], 1e-8)
    at = sensitivity_at_specificity(y, score, 1.0)
    assert near(at.attainable, expected["cnn_sens_at_surgeon_spec"]["attainable_step"], 1e-8)
    assert near(at.interpolated, expected["cnn_sens_at_surgeon_spec"]["interpolated"], 1e-8)
    reverse = specificity_at_sensitivity(y, score, 10 / 12)
    assert near(reverse.interpolated, expected["cnn_spec_at_surgeon_sens_interp"], 1e-8)
