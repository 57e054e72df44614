"""Agreement, Holm, the panel, subgroups, calibration and the discordant cases of one comparison."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mlworker.experiments.models import Comparison
from mlworker.statistics.agreement import cohens_kappa
from mlworker.statistics.multiplicity import adjust
from tests.experiments_tests.small_study import SmallStudy
from tests.experiments_tests.three_models import made
from tests.factories import client_of

pytestmark = pytest.mark.django_db(transaction=True)
Made = tuple[SmallStudy, Comparison]


@pytest.fixture
def three(transactional_db: None) -> Made:
    return made()


def result_of(three: Made) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(three[1].result)
    return result


def test_it_tells_everything_of_one_comparison(three: Made) -> None:
    """One study for all of these, because making it takes seconds."""
    result = result_of(three)
    _it_measures_agreement_of_the_calls(result)
    _it_adjusts_within_families(result)
    _it_sets_each_model_against_the_panel(result)
    _it_shows_the_n_alone_of_small_subgroups(result)
    _it_puts_the_worst_errors_first(result)
    _it_draws_a_band_that_holds_the_curve(result)


def _it_measures_agreement_of_the_calls(result: dict[str, Any]) -> None:
    pairs = result["agreement"]["pairs"]
    kinds = [pair["between"] for pair in pairs]
    assert (kinds.count("inter"), kinds.count("intra"), kinds.count("model_reader")) == (1, 0, 6)
    inter = next(pair for pair in pairs if pair["between"] == "inter")
    # Wrong are {0, 1} of the loose for one, {1} and one well-fixed hip for the other.
    first = [0, 0, *[1] * 10, *[0] * 12]
    second = [1, 0, *[1] * 10, *[0] * 4, 1, *[0] * 7]
    expected = cohens_kappa(first, second, categories=[0, 1])
    assert inter["kappa"]["value"] == pytest.approx(expected.kappa.value)
    assert (inter["n"], inter["left_out"], inter["both_loose"]) == (24, 0, 10)
    assert result["agreement"]["readers"] is None


def _it_adjusts_within_families(result: dict[str, Any]) -> None:
    models = {rater["key"] for rater in result["raters"] if rater["kind"] == "model"}
    beside = [pair for pair in result["pairs"] if pair["first"] in models and pair["second_name"] == "Sam Surgeon"]
    assert len(beside) == 3
    raw = [pair["specificity"]["p_exact"] for pair in beside]
    assert [pair["specificity"]["p_holm"] for pair in beside] == list(adjust(raw).adjusted)
    families = {(family["quantity"], family["family"]): family["tests"] for family in result["families"]}
    assert families["sensitivity", "models beside Sam Surgeon"] == 3
    assert families["auc", "between models"] == 3
    assert families["specificity", "between readers"] == 1


def _it_sets_each_model_against_the_panel(result: dict[str, Any]) -> None:
    rows = [row for row in result["panel"] if row["name"] == "DenseNet-201"]
    assert [row["quantity"] for row in rows] == ["auc", "sensitivity", "specificity"]
    sensitivity = rows[1]
    assert (sensitivity["readers"], sensitivity["n"], sensitivity["left_out"]) == (2, 24, 0)
    assert sensitivity["panel_mean"] == pytest.approx((10 / 12 + 11 / 12) / 2)
    assert sensitivity["difference"]["value"] == pytest.approx(11 / 12 - (10 / 12 + 11 / 12) / 2)
    assert sensitivity["difference"]["low"] < sensitivity["difference"]["value"] < sensitivity["difference"]["high"]


def _it_shows_the_n_alone_of_small_subgroups(result: dict[str, Any]) -> None:
    groups = result["subgroups"]
    assert {group["variable"] for group in groups} == {"site", "sex", "age_band", "side"} | {"component"}
    for group in groups:
        small = group["n"] < 10
        assert group["suppressed"] is small
        assert (group["raters"] == []) is small
        assert (group["positives"] is None) is small
    whole = [group for group in groups if not group["suppressed"]]
    assert whole, "a study of 24 cases has subgroups of ten"
    for group in whole:
        assert group["positives"] + group["negatives"] == group["n"]
    sites = sum(group["n"] for group in groups if group["variable"] == "site")
    assert sites == 24


def _it_puts_the_worst_errors_first(result: dict[str, Any]) -> None:
    found = result["discordant"]
    ranks = [(case["wrong"], case["sureness"]) for case in found["cases"]]
    assert ranks == sorted(ranks, reverse=True)
    assert found["total"] == len(found["cases"])
    for case in found["cases"]:
        wrong = [answer for answer in case["answers"] if answer["is_right"] is False]
        assert len(wrong) == case["wrong"] > 0
        assert case["raters"] == 5


def _it_draws_a_band_that_holds_the_curve(result: dict[str, Any]) -> None:
    for rater in result["raters"]:
        assert all(0 <= point["lower"] <= point["upper"] <= 1 for point in rater["band"])
    assert [rater["calibration"] is None for rater in result["raters"]] == [False, False, False, True, True]


def test_it_names_its_primary_endpoint_and_when(three: Made) -> None:
    small, comparison = three
    page = client_of(small.researcher)
    base = f"/api/v1/studies/{small.study.slug}/comparisons"
    told = page.get(f"{base}/{comparison.pk}").json()
    assert (told["primary_endpoint"], told["endpoint_named_before_first_touch"]) == ("sensitivity", False)
    wanted = {
        "title": "By AUC", "dataset_version": 1, "part": "test", "primary_endpoint": "auc",
        "scorings": list(comparison.scorings.values_list("pk", flat=True)),
    }  # fmt: skip
    started = page.post(base, wanted, format="json")
    assert started.status_code == 201, started.json()
    assert started.json()["primary_endpoint"] == "auc"
    again = page.post(f"{base}/{comparison.pk}/recompute").json()
    assert again["endpoint_named_at"] == told["endpoint_named_at"], "computing again does not name it again"
    refused = page.post(base, wanted | {"primary_endpoint": "beauty"}, format="json")
    assert refused.status_code == 400


def test_it_says_when_reads_have_changed_since(three: Made) -> None:
    small, comparison = three
    page = client_of(small.researcher)
    address = f"/api/v1/studies/{small.study.slug}/comparisons/{comparison.pk}"
    assert page.get(address).json()["is_stale"] is False
    session = comparison.sessions.order_by("pk")[0]
    hashes = comparison.read_hashes | {str(session.pk): "0" * 64}
    Comparison.objects.filter(pk=comparison.pk).update(read_hashes=hashes)
    told = page.get(address).json()
    assert told["is_stale"] is True
    assert told["stale_reasons"] == ["The reads of Sam Surgeon have changed since."]
    assert told["result"] is not None
    (listed,) = page.get(f"/api/v1/studies/{small.study.slug}/comparisons").json()
    assert listed["is_stale"] is True


def test_it_computes_the_decision_curve_for_a_stated_prevalence(three: Made) -> None:
    small, comparison = three
    page = client_of(small.researcher)
    address = f"/api/v1/studies/{small.study.slug}/comparisons/{comparison.pk}/decision"
    own, given = page.get(address).json(), page.get(address, {"prevalence": 0.05}).json()
    assert (own["prevalence"], own["prevalence_given"]) == (0.5, False)
    assert (given["prevalence"], given["prevalence_given"]) == (0.05, True)
    curve, at = given["curves"][0], given["curves"][0]["thresholds"].index(0.5)
    # At its own threshold of 0.5 the CNN calls 11 of 12 and 3 of 12 loose: sens pi - (1 - spec)(1 - pi) t/(1 - t).
    assert curve["model"][at] == pytest.approx(11 / 12 * 0.05 - 3 / 12 * 0.95)
    value = given["predictive_values"][0]
    assert value["ppv"] == pytest.approx(11 / 12 * 0.05 / (11 / 12 * 0.05 + 3 / 12 * 0.95))
    assert page.get(address, {"prevalence": 1.5}).status_code == 400


def test_it_keeps_a_comparison_of_an_earlier_version_and_asks_to_recompute_it(three: Made) -> None:
    small, comparison = three
    page = client_of(small.researcher)
    Comparison.objects.filter(pk=comparison.pk).update(result='{"raters":[]}')
    address = f"/api/v1/studies/{small.study.slug}/comparisons/{comparison.pk}"
    told = page.get(address).json()
    assert (told["made_by_earlier_version"], told["result"]) == (True, None)
    assert page.get(f"{address}/figures/roc").json()["code"] == "earlier_version"
    assert page.post(f"{address}/recompute").status_code == 201
