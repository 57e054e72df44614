from __future__ import annotations

import copy
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import InternalError

from annotations.cohorts.models import CohortRules
from annotations.cohorts.rules import PUBLISHED_RULES, read_rules
from annotations.cohorts.services import save_rules
from common.errors import Invalid
from studies.models import Role
from tests.factories import client_of, make_member, make_study


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
    ],
)
def test_it_refuses_naming_the_field(path: str, value: Any) -> None:
    with pytest.raises(Invalid) as refusal:
        read_rules(_changed(path, value))
    fields = {detail["field"] for detail in refusal.value.details}
    assert any(field == path or field.startswith(f"{path}.") for field in fields)


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
    good = client.post(address, {"rules": PUBLISHED_RULES}, format="json")
    assert good.status_code == 201
    assert good.json()["version"] == 1
