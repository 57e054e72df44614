"""Building again never loses a comparison group unsaid, and the labels of the study follow the cohort."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from rest_framework.test import APIClient

from annotations.cohorts.models import Cohort, CohortDecision, ComparisonHip
from annotations.cohorts.rules import PUBLISHED_RULES
from annotations.labels.models import Label
from studies.models import Role
from tests.factories import client_of, make_member, make_study
from tests.registries import Registry

pytestmark = pytest.mark.django_db


class Page:
    """What a coordinator does on the cohort's page, through its addresses."""

    def __init__(self, folder: Path) -> None:
        self.study = make_study()
        self.registry = Registry(self.study, folder)
        self.client: APIClient = client_of(make_member(self.study, Role.COORDINATOR))
        self.base = f"/api/v1/studies/{self.study.slug}/cohort"

    def save(self, **changes: Any) -> int:
        rules = copy.deepcopy(PUBLISHED_RULES) | changes
        answer = self.client.post(f"{self.base}/rules", {"rules": rules}, format="json")
        return int(answer.json()["version"])

    def build(self, version: int, comparison: str | None = None) -> Any:
        body = {"version": version, "comparison": comparison}
        return self.client.post(f"{self.base}/build", body, format="json")

    def draw(self, **body: Any) -> Any:
        return self.client.post(f"{self.base}/comparison", {"seed": 1} | body, format="json")

    def flow(self) -> Any:
        return self.client.get(self.base).json()["flow"]

    def drawn(self) -> set[str]:
        hips = ComparisonHip.objects.filter(draw__cohort__study=self.study, draw__cohort__is_current=True)
        return set(hips.values_list("hip__patient__pseudonym", flat=True))

    def labels(self) -> dict[str, str]:
        rows = Label.objects.filter(study=self.study, is_current=True).values_list("hip__patient__pseudonym", "value")
        return dict(rows)


@pytest.fixture
def page(db: None, tmp_path: Path) -> Page:
    page = Page(tmp_path)
    page.registry.revised_patient("1001")
    for number in range(6):
        page.registry.well_fixed_patient(str(2000 + number))
    page.registry.load()
    assert page.build(page.save()).status_code == 201
    return page


def test_it_asks_what_becomes_of_a_group_that_was_drawn(page: Page) -> None:
    assert page.draw(size=3).status_code == 201
    refused = page.build(1)
    assert (refused.status_code, refused.json()["code"]) == (409, "draw_undecided")
    assert len(page.drawn()) == 3


def test_it_keeps_the_same_hips(page: Page) -> None:
    page.draw(size=3)
    before = page.drawn()
    assert page.build(1, "keep").status_code == 201
    assert page.drawn() == before
    assert page.flow()["comparison"]["draw"]["is_kept"] is True
    assert Cohort.objects.filter(study=page.study).count() == 2


def test_it_refuses_to_keep_hips_that_are_not_eligible_any_more(page: Page) -> None:
    page.draw(size=6)
    before = page.drawn()
    version = page.save(comparison=PUBLISHED_RULES["comparison"] | {"minimum_follow_up_days": 5000})
    refused = page.build(version, "keep")
    assert (refused.status_code, refused.json()["code"]) == (409, "draw_cannot_be_kept")
    assert len(refused.json()["details"]) == 6
    assert page.drawn() == before
    assert page.flow()["rules_version"] == 1


def test_it_draws_again_by_the_same_seed(page: Page) -> None:
    page.draw(size=3, seed=7)
    before = page.drawn()
    assert page.build(1, "redraw").status_code == 201
    assert page.drawn() == before
    assert page.flow()["comparison"]["draw"]["is_kept"] is False


def test_it_goes_on_without_one_if_it_is_told_to(page: Page) -> None:
    page.draw(size=3)
    assert page.build(1, "drop").status_code == 201
    assert page.flow()["comparison"]["draw"] is None


def test_it_draws_anew_only_if_that_is_meant(page: Page) -> None:
    page.draw(size=3, seed=1)
    refused = page.draw(size=3, seed=2)
    assert (refused.status_code, refused.json()["code"]) == (409, "already_drawn")
    assert page.draw(size=4, seed=2, again=True).status_code == 201
    assert len(page.drawn()) == 4
    kept = Cohort.objects.filter(study=page.study, is_current=False).get()
    assert kept.comparison_draw.size == 3


@pytest.mark.parametrize(
    ("body", "field"),
    [({"size": 7}, "size"), ({}, "size"), ({"size": 0}, "size"), ({"size": 2, "matched_by": ["sex"]}, "size"),
     ({"size": 2, "seed": -1}, "seed"), ({"matched_by": ["name"]}, "matched_by"),
     ({"matched_by": ["sex", "sex"]}, "matched_by"), ({"matched_by": ["sex"], "per_case": 9}, "per_case")],
)  # fmt: skip
def test_it_refuses_a_draw_that_is_not_possible_naming_the_field(page: Page, body: dict[str, Any], field: str) -> None:
    refused = page.draw(**body)
    assert refused.status_code == 400
    assert [detail["field"].split(".")[0] for detail in refused.json()["details"]] == [field]
    assert page.flow()["comparison"]["draw"] is None


def test_it_needs_a_registry(tmp_path: Path) -> None:
    page = Page(tmp_path)
    refused = page.build(page.save())
    assert (refused.status_code, refused.json()["code"]) == (409, "registry_empty")
    assert page.flow() is None
    refused = page.draw(size=1)
    assert (refused.status_code, refused.json()["code"]) == (409, "no_cohort")


def test_what_a_cohort_has_decided_about_cannot_be_deleted(page: Page) -> None:
    decision = CohortDecision.objects.filter(cohort__study=page.study, hip__isnull=False).first()
    assert decision is not None
    for table, key in (
        ("cohorts_procedure", decision.index_procedure_id), ("cohorts_hip", decision.hip_id),
        ("cohorts_patient", decision.patient_id),
    ):  # fmt: skip
        with pytest.raises(IntegrityError, match="A cohort has decided"), transaction.atomic():
            connection.cursor().execute(f"DELETE FROM {table} WHERE id = %s", [key])


def test_labels_follow_the_cohort_out_and_in_again(page: Page) -> None:
    page.draw(size=6)
    before = page.labels()
    assert sorted(before.values()) == ["loose"] + ["well_fixed"] * 6
    narrower = page.save(
        since_primary_days={"minimum": 30_000, "maximum": None},
        comparison=PUBLISHED_RULES["comparison"] | {"minimum_follow_up_days": 5000},
    )
    page.build(narrower, "drop")
    assert set(page.labels().values()) == {"not_confirmed"}
    page.build(1)
    page.draw(size=6)
    assert page.labels() == before
    histories = Label.objects.filter(study=page.study).values_list("reason", flat=True)
    assert sorted(set(histories)) == ["left_the_cohort", "no_complication_reported", "selected_by_codes"]
