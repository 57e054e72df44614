"""The published study's own arithmetic: 12 loose and 12 well-fixed hips."""

from __future__ import annotations

from typing import Any

import pytest

from tests.experiments_tests.seed_study import cnn_scores, compared, make_seed_study, surgeon_session
from tests.experiments_tests.small_study import SmallStudy
from tests.factories import client_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def seed_study(transactional_db: None) -> SmallStudy:
    return make_seed_study()


@pytest.fixture
def told(seed_study: SmallStudy) -> dict[str, Any]:
    comparison = compared(seed_study, [cnn_scores(seed_study)], [surgeon_session(seed_study)])
    page = client_of(seed_study.researcher)
    answer = page.get(f"/api/v1/studies/{seed_study.study.slug}/comparisons/{comparison.pk}")
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


def figure(entry: dict[str, Any]) -> tuple[int, int, float, float]:
    assert entry["value"] == pytest.approx(entry["numerator"] / entry["denominator"])
    return entry["numerator"], entry["denominator"], round(entry["low"], 3), round(entry["high"], 3)


def messages_of(told: dict[str, Any]) -> dict[str, str]:
    return {note["code"]: note["message"] for note in told["result"]["notes"]}


def test_it_gives_sensitivity_and_specificity_with_wilsons_intervals(told: dict[str, Any]) -> None:
    cnn, surgeon = told["result"]["raters"]
    assert (cnn["name"], cnn["kind"], surgeon["name"], surgeon["kind"]) == (
        "DenseNet-201", "model", "Sam Surgeon", "reader",
    )  # fmt: skip
    assert figure(cnn["sensitivity"]) == (11, 12, 0.646, 0.985)
    assert figure(cnn["specificity"]) == (9, 12, 0.468, 0.911)
    assert figure(surgeon["sensitivity"]) == (10, 12, 0.552, 0.953)
    assert figure(surgeon["specificity"]) == (12, 12, 0.758, 1.0)
    assert cnn["sensitivity"]["method"] == "wilson"
    assert (cnn["tp"], cnn["fp"], cnn["fn"], cnn["tn"]) == (11, 3, 1, 9)
    assert (surgeon["tp"], surgeon["fp"], surgeon["fn"], surgeon["tn"]) == (10, 0, 2, 12)
    assert figure(surgeon["ppv"])[:2] == (10, 10)
    assert figure(cnn["accuracy"])[:2] == (20, 24)


def test_it_tests_both_differences_exactly_and_says_what_the_margins_allow(told: dict[str, Any]) -> None:
    (pair,) = told["result"]["pairs"]
    specificity, sensitivity = pair["specificity"], pair["sensitivity"]
    assert (specificity["b"], specificity["c"], specificity["p_exact"]) == (0, 3, 0.25)
    difference = specificity["difference"]
    assert difference["value"] == -0.25
    assert (round(difference["low"], 3), round(difference["high"], 3)) == (-0.532, 0.053)
    assert difference["method"] == "tango"
    assert (sensitivity["b"], sensitivity["c"], sensitivity["p_exact"]) == (2, 1, 1.0)
    assert specificity["p_mid"] < specificity["p_exact"]
    allowed = specificity["attainable"]
    assert (allowed["most_one_way"], allowed["needed_one_way"], allowed["smallest_p"]) == (3, 6, 0.25)
    assert allowed["can_be_significant"] is False
    assert "nothing here can be significant" in allowed["statement"]
    assert "at most 3 cases" in messages_of(told)["nothing_can_be_significant"]


def test_it_names_the_readers_auc_as_one_of_confidence_and_limits_inference_to_the_reader(
    told: dict[str, Any],
) -> None:
    cnn, surgeon = told["result"]["raters"]
    assert (cnn["auc"]["of"], surgeon["auc"]["of"]) == ("probability", "confidence")
    assert cnn["auc"]["low"] < cnn["auc"]["value"] < cnn["auc"]["high"]
    assert cnn["auc"]["method"] == "logit-delong"
    notes = messages_of(told)
    assert "limited to Sam Surgeon" in notes["one_reader"]
    assert "confidence" in notes["auc_from_confidence"]
    assert "12 of 24 cases are loose (50%)" in notes["prevalence_by_design"]
    assert "before the test part was touched" in notes["threshold_fixed_before"]


def test_it_gives_the_curve_and_the_model_at_the_surgeons_operating_point(told: dict[str, Any]) -> None:
    cnn, surgeon = told["result"]["raters"]
    first, last = cnn["roc"][0], cnn["roc"][-1]
    assert (first["false_positive_rate"], first["true_positive_rate"], first["threshold"]) == (0.0, 0.0, None)
    assert (last["false_positive_rate"], last["true_positive_rate"]) == (1.0, 1.0)
    assert len(cnn["roc"]) == 25
    assert surgeon["threshold"] is None
    sensitivity, specificity = told["result"]["pairs"][0]["model_at_reader"]
    assert (sensitivity["wanted"], sensitivity["at_least"], sensitivity["reached"]) == ("sensitivity", 1.0, 1.0)
    assert (specificity["wanted"], specificity["at_least"]) == ("specificity", pytest.approx(10 / 12))
    assert sensitivity["optimistic"] is True


def test_it_shows_every_touch_of_the_test_part(told: dict[str, Any]) -> None:
    assert told["test_part_touch_count"] == 1
    assert told["test_part_touches"][0]["run"] == "DenseNet-201"
    assert told["is_stale"] is False
    assert len(told["inputs_sha256"]) == len(told["result_sha256"]) == 64
