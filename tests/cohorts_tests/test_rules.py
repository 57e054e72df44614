from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import InternalError

from annotations.cohorts.models import CohortRules
from annotations.cohorts.rules import PUBLISHED_RULES, read_rules, rules_of_version
from annotations.cohorts.services import save_rules
from common.errors import Invalid
from studies.models import Role
from tests.factories import client_of, make_member, make_study
from tests.registries import Registry


def _changed(path: str, value: Any) -> dict[str, Any]:
    rules = copy.deepcopy(PUBLISHED_RULES)
    place = rules
    *before, last = path.split(".")
    for part in before:
        place = place[part]
    place[last] = value
    return rules


def test_it_reads_the_published_rules_as_patterns() -> None:
    rules = read_rules(PUBLISHED_RULES)
    assert rules.reason_right == ["T84.030A", "T84.030D", "T84.030S"]
    assert "T84.51%" in rules.second_right
    assert "T84.50%" in rules.second_right
    assert "T84.50%" in rules.second_left
    assert (rules.days_before, rules.days_after) == (30, 30)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("primary.cpt", []),
        ("primary.cpt", "27130"),
        ("primary.cpt", [27130]),
        ("primary.cpt", ["27130'; DROP TABLE cohorts_patient; --"]),
        ("primary.cpt", ["27130\n"]),
        ("primary.cpt", ["%"]),
        ("primary.cpt", ["2713_"]),
        ("revision.cpt", None),
        ("reason.R", ["t84.030a"]),
        ("reason.L", {}),
        ("second_reasons.either", ["T84.5" + "0" * 20]),
        ("window_days.before", -1),
        ("window_days.after", 36_501),
        ("window_days.before", "30"),
        ("window_days.before", True),
        ("window_days.before", 30.5),
        ("comparison.minimum_follow_up_days", None),
        ("cementless", "no"),
        ("expected", "many"),
        ("expected", {"registry": "many"}),
        ("window_days", 30),
        ("primary", ["27130"]),
        ("primary.cpt", ["HELLO"]),
        ("primary.cpt", ["*"]),
        ("primary.cpt", ["27130", "27130"]),
        ("primary.cpt", [f"{number:05}" for number in range(20_000, 20_201)]),
        ("reason.R", ["T84030A"]),
        ("revision.without_modifiers", ["5?"]),
        ("revision.cpt", ["2713?"]),
        ("exclusion.icd10cm", ["T84.0*"]),
        ("second_reasons", {"R": [], "L": [], "either": []}),
        ("since_primary_days.minimum", 36_501),
        ("side_agreement", 1),
        ("only_reason", "yes"),
        ("comparison.no_complication", []),
        ("expected", {"everybody": 3}),
        ("expected", {"registry": 10, "revised": 11}),
        ("expected", {"eligible": 10, "drawn": 11}),
    ],
)
def test_it_refuses_naming_the_field(path: str, value: Any) -> None:
    with pytest.raises(Invalid) as refusal:
        read_rules(_changed(path, value))
    fields = {detail["field"] for detail in refusal.value.details}
    assert any(field == path or field.startswith(f"{path}.") for field in fields)


@pytest.mark.parametrize("path", ["cementles", "comparison.cement", "reason.B", "window_days.around"])
def test_it_refuses_a_rule_that_it_does_not_know(path: str) -> None:
    """Misspelt, it would otherwise silently do nothing."""
    with pytest.raises(Invalid) as refusal:
        read_rules(_changed(path, True))
    assert {detail["field"] for detail in refusal.value.details} == {path}


def test_it_refuses_an_interval_that_ends_before_it_begins() -> None:
    with pytest.raises(Invalid) as refusal:
        read_rules(_changed("since_primary_days", {"minimum": 400, "maximum": 30}))
    assert [detail["field"] for detail in refusal.value.details] == ["since_primary_days.maximum"]


def test_it_needs_no_second_reasons_where_loosening_may_be_one_of_several() -> None:
    rules = _changed("second_reasons", {"R": [], "L": [], "either": []}) | {"only_reason": False}
    assert read_rules(rules).second_right == []


def test_it_reads_rules_of_before_as_they_were_meant() -> None:
    later = ("side_agreement", "only_reason", "exclusion", "since_primary_days")
    older = {key: value for key, value in copy.deepcopy(PUBLISHED_RULES).items() if key not in later}
    older["comparison"] = {"minimum_follow_up_days": 365, "cementless": True}
    assert read_rules(older) == read_rules(PUBLISHED_RULES)
    assert read_rules(rules_of_version(older)) == read_rules(PUBLISHED_RULES)


def test_it_says_everything_that_is_wrong_at_once() -> None:
    with pytest.raises(Invalid) as refusal:
        read_rules({})
    assert len(refusal.value.details) >= 7


@pytest.mark.django_db
def test_it_keeps_every_version_as_it_was() -> None:
    study = make_study()
    for _ in range(2):
        save_rules(study=study, rules=PUBLISHED_RULES, actor=None)
    assert list(CohortRules.objects.filter(study=study).values_list("version", flat=True)) == [1, 2]
    with pytest.raises(InternalError), transaction.atomic():
        CohortRules.objects.filter(study=study).update(rules={})
    with pytest.raises(InternalError), transaction.atomic():
        CohortRules.objects.filter(study=study).delete()


@pytest.mark.django_db
@pytest.mark.parametrize("rules", [{}, [], "text", None, {"primary": {"cpt": ["nonsense"]}}])
def test_it_refuses_through_the_api(rules: Any) -> None:
    study = make_study()
    client = client_of(make_member(study, Role.COORDINATOR))
    address = f"/api/v1/studies/{study.slug}/cohort/rules"
    answer = client.post(address, {"rules": rules}, format="json")
    assert answer.status_code == 400
    assert answer.json()["details"]
    good = client.post(address, {"rules": PUBLISHED_RULES, "note": "As published."}, format="json")
    assert good.status_code == 201
    assert (good.json()["version"], good.json()["note"]) == (1, "As published.")


@pytest.mark.django_db
def test_administrators_edit_rules_too_and_researchers_read_them() -> None:
    study = make_study()
    address = f"/api/v1/studies/{study.slug}/cohort/rules"
    body = {"rules": PUBLISHED_RULES}
    assert client_of(make_member(study, Role.ADMINISTRATOR)).post(address, body, format="json").status_code == 201
    researcher = client_of(make_member(study, Role.RESEARCHER))
    assert researcher.post(address, body, format="json").status_code == 403
    assert researcher.post(f"/api/v1/studies/{study.slug}/cohort/preview", body, format="json").status_code == 403
    read = researcher.get(address).json()
    assert (read["may_edit"], [version["version"] for version in read["versions"]]) == (False, [1])


@pytest.mark.django_db
def test_it_previews_without_saving_anything(tmp_path: Path) -> None:
    study = make_study()
    registry = Registry(study, tmp_path)
    registry.revised_patient("1001")
    registry.well_fixed_patient("2001")
    registry.load()
    client = client_of(make_member(study, Role.COORDINATOR))
    answer = client.post(f"/api/v1/studies/{study.slug}/cohort/preview", {"rules": PUBLISHED_RULES}, format="json")
    assert [(step["key"], step["patients_in"], step["patients_out"]) for step in answer.json()["steps"]] == [
        ("registry", 2, 2), ("revised", 2, 1), ("coded", 1, 1), ("eligible", 1, 1),
    ]  # fmt: skip
    assert not CohortRules.objects.filter(study=study).exists()
    assert not study.cohorts.exists()


@pytest.mark.django_db
def test_it_previews_an_empty_registry_as_empty() -> None:
    study = make_study()
    client = client_of(make_member(study, Role.COORDINATOR))
    answer = client.post(f"/api/v1/studies/{study.slug}/cohort/preview", {"rules": PUBLISHED_RULES}, format="json")
    assert [(step["patients_in"], step["patients_out"]) for step in answer.json()["steps"]] == [(0, 0)] * 4
