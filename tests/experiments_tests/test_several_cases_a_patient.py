"""Both hips of a patient are not two patients: intervals and tests then draw patients, and the panel is refused."""

from __future__ import annotations

from typing import Any

import pytest

from mlworker.experiments.comparison_result.multiplicity import adjust_for_models
from mlworker.experiments.comparison_result.pairs import pair_body
from mlworker.experiments.comparison_result.panel import panel_body
from mlworker.experiments.comparison_result.raters import Rater, rater_body
from mlworker.experiments.tidy_table import TidyRow
from mlworker.statistics.clustered import clustered_difference, clustered_estimate

TRUTH = [1, 1, 0, 0] * 10
FIRST = [0.9, 0.7, 0.2, 0.6, 0.8, 0.4, 0.1, 0.3] * 5
SECOND = [0.6, 0.4, 0.7, 0.2, 0.3, 0.9, 0.4, 0.6] * 5


def rater(name: str, scores: list[float], *, patients: list[int], kind: str = "model") -> Rater:
    rows = tuple(
        TidyRow(
            case=i + 1, patient=patients[i], truth=TRUTH[i], rater=name, name=name, kind=kind, session=1,
            answer="loose" if score >= 0.5 else "well_fixed", call=int(score >= 0.5), score=score, site="S", side="R",
            sex="F", age_band="60 to 69", component="",
        )
        for i, score in enumerate(scores)
    )  # fmt: skip
    return Rater(key=name, rater=name, name=name, kind=kind, rows=rows, threshold=0.5 if kind == "model" else None)


TWO_HIPS = [i // 2 for i in range(40)]
ONE_HIP = list(range(40))


def told(patients: list[int]) -> tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]:
    first, second = rater("first", FIRST, patients=patients), rater("second", SECOND, patients=patients)
    reader = rater("reader", SECOND, patients=patients, kind="reader")
    pair = pair_body(first, second)
    adjust_for_models([pair], {"first": "model", "second": "model"})
    return rater_body(first, cases=40), pair, panel_body([first, reader])


def test_it_draws_patients_for_intervals_and_tests() -> None:
    body, pair, panel = told(TWO_HIPS)
    calls = [int(score >= 0.5) for score in FIRST]
    expected = clustered_estimate(TRUTH, calls, TWO_HIPS, quantity="sensitivity")
    sensitivity = body["sensitivity"]
    assert (sensitivity["low"], sensitivity["high"]) == (expected.lower, expected.upper)
    assert (sensitivity["numerator"], sensitivity["denominator"]) == (15, 20), "the counts stay those of cases"
    assert sensitivity["method"] == "cluster bootstrap by patient, percentile"
    assert body["auc"]["method"] == sensitivity["method"]
    difference = clustered_difference(TRUTH, FIRST, SECOND, TWO_HIPS, quantity="auc")
    assert pair["auc"]["p_value"] == difference.p_value == pair["auc"]["p_holm"]
    assert pair["sensitivity"]["p_clustered"] == pair["sensitivity"]["p_holm"] != pair["sensitivity"]["p_exact"]
    assert pair["sensitivity"]["attainable"] is None
    assert {row["difference"]["value"] for row in panel} == {None}
    assert "refused" in panel[0]["undefined"]


def test_it_takes_cases_as_independent_where_each_is_another_patient() -> None:
    body, pair, panel = told(ONE_HIP)
    assert body["sensitivity"]["method"] == "wilson"
    assert pair["sensitivity"]["p_clustered"] is None
    assert pair["sensitivity"]["p_holm"] == pair["sensitivity"]["p_exact"]
    assert pair["sensitivity"]["attainable"] is not None
    assert panel[1]["difference"]["value"] == pytest.approx(0.0, abs=0.3)
