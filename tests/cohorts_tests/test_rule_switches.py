"""Each rule that can be switched or widened does what its name says, and nothing else."""

from __future__ import annotations

import copy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from annotations.cohorts.models import CohortDecision
from annotations.cohorts.rules import PUBLISHED_RULES
from annotations.cohorts.services import build_cohort, save_rules
from tests.factories import make_study
from tests.registries import PRIMARY_DAY, REVISION_DAY, Registry

pytestmark = pytest.mark.django_db
BETWEEN = (REVISION_DAY - PRIMARY_DAY).days


@pytest.fixture
def registry(db: None, tmp_path: Path) -> Registry:
    return Registry(make_study(), tmp_path)


def _rules(**changes: Any) -> dict[str, Any]:
    return copy.deepcopy(PUBLISHED_RULES) | changes


def _decide(registry: Registry, rules: dict[str, Any]) -> CohortDecision:
    registry.load()
    study = registry.study
    saved = save_rules(study=study, rules=rules, actor=None)
    return build_cohort(study=study, rules=saved, actor=None).decisions.get()


def _loose(registry: Registry, code: str = "T84.030A", *more: str, **primary: Any) -> str:
    patient = registry.patient()
    registry.procedure(patient, **primary)
    registry.procedure(patient, "27134", REVISION_DAY)
    for each in (code, *more):
        registry.diagnosis(patient, each)
    return patient


@pytest.mark.parametrize(("agreement", "reason"), [(True, "side_mismatch"), (False, "")])
def test_it_asks_for_the_side_only_if_it_is_told_to(registry: Registry, agreement: bool, reason: str) -> None:
    _loose(registry, "T84.031A")
    assert _decide(registry, _rules(side_agreement=agreement)).reason == reason


@pytest.mark.parametrize(("agreement", "reason"), [(True, ""), (False, "second_reason")])
def test_without_the_side_second_reasons_of_both_sides_count(registry: Registry, agreement: bool, reason: str) -> None:
    _loose(registry, "T84.030A", "T84.52XA")
    assert _decide(registry, _rules(side_agreement=agreement)).reason == reason


@pytest.mark.parametrize(("only", "reason"), [(True, "second_reason"), (False, "")])
def test_it_asks_for_the_only_reason_if_it_is_told_to(registry: Registry, only: bool, reason: str) -> None:
    _loose(registry, "T84.030A", "T84.51XA")
    assert _decide(registry, _rules(only_reason=only)).reason == reason


def test_a_wildcard_over_everything_does_not_make_the_reason_its_own_second(registry: Registry) -> None:
    _loose(registry)
    wide = {"R": ["T84.*"], "L": ["T84.*"], "either": []}
    assert _decide(registry, _rules(second_reasons=wide)).reason == ""


@pytest.mark.parametrize(
    ("minimum", "maximum", "reason"),
    [(0, None, ""), (BETWEEN, None, ""), (BETWEEN + 1, None, "outside_interval"), (0, BETWEEN, ""),
     (0, BETWEEN - 1, "outside_interval")],
)  # fmt: skip
def test_it_counts_the_days_since_the_primary(
    registry: Registry, minimum: int, maximum: int | None, reason: str
) -> None:
    _loose(registry)
    interval = {"minimum": minimum, "maximum": maximum}
    assert _decide(registry, _rules(since_primary_days=interval)).reason == reason


@pytest.mark.parametrize(("codes", "reason"), [([], ""), (["C40.*"], "excluded_code"), (["C41.*"], "")])
def test_an_excluding_diagnosis_counts_at_any_time(registry: Registry, codes: list[str], reason: str) -> None:
    patient = _loose(registry)
    registry.diagnosis(patient, "C40.20", PRIMARY_DAY - timedelta(days=300))
    assert _decide(registry, _rules(exclusion={"icd10cm": codes})).reason == reason


@pytest.mark.parametrize("fixation", ["cemented", "unknown"])
@pytest.mark.parametrize("asked", [True, False])
def test_any_fixation_will_do_if_cementless_is_off(registry: Registry, fixation: str, asked: bool) -> None:
    _loose(registry, stem=fixation)
    expected = {"cemented": "not_cementless", "unknown": "fixation_unknown"}[fixation] if asked else ""
    assert _decide(registry, _rules(cementless=asked)).reason == expected


def _well(registry: Registry, **primary: Any) -> str:
    patient = registry.patient()
    registry.procedure(patient, **primary)
    registry.follow_up(patient, PRIMARY_DAY + timedelta(days=400))
    return patient


def _comparison(**changes: Any) -> dict[str, Any]:
    return _rules(comparison=PUBLISHED_RULES["comparison"] | changes)


@pytest.mark.parametrize(("asked", "reason"), [(True, "not_cementless"), (False, "")])
def test_the_comparison_group_follows_its_own_switch_for_cement(registry: Registry, asked: bool, reason: str) -> None:
    _well(registry, cup="cemented")
    assert _decide(registry, _comparison(cementless=asked)).comparison_reason == reason


@pytest.mark.parametrize(("asked", "reason"), [(True, "complication"), (False, "")])
def test_a_reported_complication_counts_if_it_is_asked_for(registry: Registry, asked: bool, reason: str) -> None:
    registry.follow_up(_well(registry), PRIMARY_DAY + timedelta(days=500), complication="dislocation")
    assert _decide(registry, _comparison(no_complication=asked)).comparison_reason == reason


@pytest.mark.parametrize(("asked", "reason"), [(True, "complication_code"), (False, "")])
def test_a_coded_complication_counts_if_it_is_asked_for(registry: Registry, asked: bool, reason: str) -> None:
    registry.diagnosis(_well(registry), "T84.51XA")
    assert _decide(registry, _comparison(no_complication=asked)).comparison_reason == reason


def test_a_code_of_loosening_is_never_well_fixed(registry: Registry) -> None:
    registry.diagnosis(_well(registry), "T84.031A")
    assert _decide(registry, _comparison(no_complication=False)).comparison_reason == "loosening_code"


def test_another_operation_is_named_as_the_reason(registry: Registry) -> None:
    registry.procedure(_well(registry), "27132", PRIMARY_DAY + timedelta(days=100), side="L")
    assert _decide(registry, _rules()).comparison_reason == "other_operation"


@pytest.mark.parametrize(("days", "reason"), [(400, ""), (401, "follow_up_too_short")])
def test_the_minimum_follow_up_is_the_rules(registry: Registry, days: int, reason: str) -> None:
    _well(registry)
    assert _decide(registry, _comparison(minimum_follow_up_days=days)).comparison_reason == reason


def test_who_was_revised_is_no_candidate_for_comparison(registry: Registry) -> None:
    _loose(registry)
    assert _decide(registry, _rules()).comparison_reason is None
