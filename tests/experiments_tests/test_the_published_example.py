"""The published study, stored as an example: its table with the intervals it lacked, and nothing of a study's own."""

from __future__ import annotations

from typing import Any

import pytest

from mlworker.experiments.models import Comparison
from studies.models import Role
from tests.factories import client_of, make_member, make_study

pytestmark = pytest.mark.django_db


def told() -> dict[str, Any]:
    study = make_study()
    page = client_of(make_member(study, Role.RESEARCHER))
    answer = page.get(f"/api/v1/studies/{study.slug}/comparisons/published")
    assert answer.status_code == 200
    assert page.get(f"/api/v1/studies/{study.slug}/comparisons").json() == []
    assert not Comparison.objects.exists()
    body: dict[str, Any] = answer.json()
    return body


def limits(figure: dict[str, Any]) -> tuple[float, float]:
    return round(figure["low"], 3), round(figure["high"], 3)


def test_it_gives_the_table_with_the_intervals_it_lacked() -> None:
    body = told()
    raters = {rater["name"]: rater for rater in body["raters"]}
    cnn, surgeon = raters["DenseNet-201"], raters["Surgeon"]
    assert (body["loose"], body["well_fixed"]) == (12, 12)
    assert (limits(cnn["sensitivity"]), limits(cnn["specificity"])) == ((0.646, 0.985), (0.468, 0.911))
    assert (limits(surgeon["sensitivity"]), limits(surgeon["specificity"])) == ((0.552, 0.953), (0.758, 1.0))
    assert limits(cnn["sensitivity_exact"]) == (0.615, 0.998)
    assert limits(cnn["specificity_exact"]) == (0.428, 0.945)
    assert limits(surgeon["sensitivity_exact"]) == (0.516, 0.979)
    assert limits(surgeon["specificity_exact"]) == (0.735, 1.0)
    # Hanley and McNeil's error of 0.84 with 12 a class is 0.0843; the interval is on the logit scale.
    assert limits(cnn["auc"]) == (0.607, 0.947)
    aucs = {rater["name"]: rater["auc"]["value"] for rater in body["raters"]}
    assert aucs == {
        "DenseNet-201": 0.84, "Inception-ResNet-V2": 0.80, "Inception-V3": 0.77, "Xception": 0.77, "VGG-19": 0.62,
        "ResNet-50": 0.62, "Surgeon": None,
    }  # fmt: skip
    assert raters["Xception"]["sensitivity"]["undefined"] == "the counts were not published"


def test_it_tests_what_the_margins_leave() -> None:
    sensitivity, specificity = told()["pairs"]
    assert (specificity["only_first"], specificity["only_second"]) == ([0], [3])
    assert (specificity["p_low"], specificity["p_high"]) == (0.25, 0.25)
    assert limits(specificity["difference"]) == (-0.532, 0.053)
    assert (sensitivity["p_low"], sensitivity["p_high"]) == (1.0, 1.0), "whatever the pairing"
    assert sensitivity["difference"]["low"] is None
    assert "nothing here can be significant" in specificity["statement"]


def test_it_is_for_researchers() -> None:
    study = make_study()
    address = f"/api/v1/studies/{study.slug}/comparisons/published"
    assert client_of(make_member(study, Role.SURGEON)).get(address).status_code == 404
    assert client_of(None).get(address).status_code == 403
