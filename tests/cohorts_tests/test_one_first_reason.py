"""Every patient of the registry gets one decision: kept, or one first reason to leave."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from annotations.cohorts.models import CohortDecision, Hip, Origin, Patient, Procedure
from annotations.cohorts.rules import PUBLISHED_RULES
from annotations.cohorts.selectors import flow_steps
from annotations.cohorts.services import build_cohort, save_rules
from common.errors import Conflict
from studies.models import Site, Study
from tests.factories import make_study
from tests.registries import PRIMARY_DAY, REVISION_DAY, Registry

pytestmark = pytest.mark.django_db
KEPT = ("", "")


@pytest.fixture
def registry(db: None, tmp_path: Path) -> Registry:
    return Registry(make_study(), tmp_path)


def _decide(registry: Registry, rules: dict[str, Any] = PUBLISHED_RULES) -> dict[str, tuple[str, str]]:
    """Step and reason of each patient, by the site that the test gave each one of its own."""
    registry.load()
    study = registry.study
    cohort = build_cohort(study=study, rules=save_rules(study=study, rules=rules, actor=None), actor=None)
    decisions = CohortDecision.objects.filter(cohort=cohort).select_related("patient__site")
    return {d.patient.site.code: (d.excluded_at_step, d.reason) for d in decisions}


def _one(registry: Registry, rules: dict[str, Any] = PUBLISHED_RULES) -> tuple[str, str]:
    (decision,) = _decide(registry, rules).values()
    return decision


def _revised(registry: Registry, code: str = "T84.030A", on: date = REVISION_DAY, **primary: Any) -> str:
    patient = registry.patient()
    registry.procedure(patient, **primary)
    registry.procedure(patient, "27134", REVISION_DAY)
    registry.diagnosis(patient, code, on)
    return patient


def _no_primary(registry: Registry) -> None:
    patient = registry.patient()
    registry.procedure(patient, "27134", REVISION_DAY)
    registry.diagnosis(patient)


def _never_revised(registry: Registry) -> None:
    registry.procedure(registry.patient())


def _by_hand(registry: Registry) -> None:
    patient = registry.patient()
    registry.procedure(patient)
    registry.procedure(patient, "27134", REVISION_DAY, modifiers="RT;52")
    registry.diagnosis(patient)


def _no_code(registry: Registry) -> None:
    patient = registry.patient()
    registry.procedure(patient)
    registry.procedure(patient, "27134", REVISION_DAY)


def _other_code(registry: Registry) -> None:
    _revised(registry, "M16.11")


def _outside(registry: Registry) -> None:
    _revised(registry, on=REVISION_DAY - timedelta(days=31))


def _other_side(registry: Registry) -> None:
    _revised(registry, "T84.031A")


def _primary_on_the_other_hip(registry: Registry) -> None:
    _revised(registry, side="L")


def _cemented(registry: Registry) -> None:
    _revised(registry, cup="cemented")


def _unknown(registry: Registry) -> None:
    _revised(registry, stem="unknown")


def _second(registry: Registry) -> None:
    patient = _revised(registry)
    registry.diagnosis(patient, "T84.51XA")


def _kept(registry: Registry) -> None:
    _revised(registry)


REASONS: dict[str, tuple[Callable[[Registry], None], tuple[str, str]]] = {
    "no primary": (_no_primary, ("registry", "no_primary")),
    "never revised": (_never_revised, ("registry", "never_revised")),
    "reduced service": (_by_hand, ("registry", "review_by_hand")),
    "no code": (_no_code, ("coded", "no_loosening_code")),
    "another code": (_other_code, ("coded", "no_loosening_code")),
    "outside the window": (_outside, ("coded", "outside_window")),
    "other side": (_other_side, ("coded", "side_mismatch")),
    "primary on the other hip": (_primary_on_the_other_hip, ("coded", "no_primary_on_hip")),
    "cemented": (_cemented, ("coded", "not_cementless")),
    "fixation unknown": (_unknown, ("coded", "fixation_unknown")),
    "second reason": (_second, ("coded", "second_reason")),
    "kept": (_kept, KEPT),
}


@pytest.mark.parametrize(("build", "expected"), REASONS.values(), ids=REASONS.keys())
def test_it_gives_the_first_reason(
    registry: Registry, build: Callable[[Registry], None], expected: tuple[str, str]
) -> None:
    build(registry)
    step, reason = expected
    revised = {"never_revised": "revised", "review_by_hand": "revised"}
    assert _one(registry) == (revised.get(reason, step), reason)


@pytest.mark.parametrize(
    ("days", "expected"),
    [(-31, "outside_window"), (-30, ""), (-1, ""), (0, ""), (1, ""), (30, ""), (31, "outside_window")],
)
def test_it_counts_the_windows_boundary_days_in(registry: Registry, days: int, expected: str) -> None:
    _revised(registry, on=REVISION_DAY + timedelta(days=days))
    assert _one(registry)[1] == expected


@pytest.mark.parametrize("code", ["T84.030A", "T84.030D", "T84.030S"])
def test_it_takes_any_seventh_character(registry: Registry, code: str) -> None:
    _revised(registry, code)
    assert _one(registry) == KEPT


@pytest.mark.parametrize(
    ("code", "kept"),
    [("T84.50XA", False), ("T84.51XA", False), ("T84.52XA", True), ("M97.01XA", False), ("M97.02XA", True),
     ("T84.010A", False), ("T84.011A", True), ("T84.031A", True)],
)  # fmt: skip
def test_it_counts_second_reasons_of_the_revised_hip_only(registry: Registry, code: str, kept: bool) -> None:
    patient = _revised(registry)
    registry.diagnosis(patient, code)
    assert (_one(registry) == KEPT) is kept


def test_it_counts_second_reasons_within_the_window_only(registry: Registry) -> None:
    patient = _revised(registry)
    registry.diagnosis(patient, "T84.51XA", REVISION_DAY - timedelta(days=31))
    assert _one(registry) == KEPT


def test_it_judges_a_patient_by_the_revision_that_comes_furthest(registry: Registry) -> None:
    patient = registry.patient()
    for side in ("R", "L"):
        registry.procedure(patient, side=side)
    registry.procedure(patient, "27134", REVISION_DAY - timedelta(days=400), side="L")
    registry.procedure(patient, "27138", REVISION_DAY, side="R")
    registry.diagnosis(patient, "T84.030A")
    assert _one(registry) == KEPT
    decision = CohortDecision.objects.get(cohort__study=registry.study)
    assert decision.hip is not None
    assert decision.index_procedure is not None
    assert (decision.hip.side, decision.index_procedure.performed_on) == ("R", REVISION_DAY)


def test_it_takes_the_earlier_of_two_equal_revisions(registry: Registry) -> None:
    patient = registry.patient()
    registry.procedure(patient)
    later = REVISION_DAY + timedelta(days=500)
    for day in (later, REVISION_DAY):
        registry.procedure(patient, "27134", day)
        registry.diagnosis(patient, "T84.030A", day)
    assert _one(registry) == KEPT
    decision = CohortDecision.objects.get(cohort__study=registry.study)
    assert decision.index_procedure is not None
    assert decision.index_procedure.performed_on == REVISION_DAY


@pytest.mark.parametrize("cpt", ["27134", "27137", "27138"])
def test_it_knows_every_revision_code(registry: Registry, cpt: str) -> None:
    patient = registry.patient()
    registry.procedure(patient)
    registry.procedure(patient, cpt, REVISION_DAY)
    registry.diagnosis(patient)
    assert _one(registry) == KEPT


def test_it_does_not_take_a_revision_that_was_made_before_the_hip_was_replaced(registry: Registry) -> None:
    patient = registry.patient()
    registry.procedure(patient, day=REVISION_DAY + timedelta(days=100))
    registry.procedure(patient, "27134", REVISION_DAY)
    registry.diagnosis(patient)
    assert _one(registry) == ("coded", "no_primary_on_hip")


def test_it_looks_at_cement_only_if_the_rules_say_so(registry: Registry) -> None:
    _cemented(registry)
    assert _one(registry, PUBLISHED_RULES | {"cementless": False}) == KEPT


def test_it_decides_once_about_everybody_and_the_flow_adds_up(registry: Registry) -> None:
    for number, (build, _) in enumerate(REASONS.values()):
        own = Registry(registry.study, registry.folder / str(number))
        build(own)
        renamed = {
            kind: [tuple(f"{number}-{c}" if i < _keys(kind) else c for i, c in enumerate(row)) for row in rows]
            for kind, rows in own.rows.items()
        }
        for kind, rows in renamed.items():
            registry.rows.setdefault(kind, []).extend(rows)
    registry.rows["patients"] = [(p, f"{p.split('-')[0]}-A", y, s) for p, _, y, s in registry.rows["patients"]]
    decisions = _decide(registry)
    assert len(decisions) == len(REASONS)
    assert Patient.objects.filter(study=registry.study).count() == len(REASONS)
    cohort = registry.study.cohorts.get(is_current=True)
    steps = flow_steps(cohort)
    assert [step.key for step in steps] == ["registry", "revised", "coded"]
    for step in steps:
        assert step.patients_in == step.patients_out + sum(step.excluded.values())
    assert [step.patients_out for step in steps] == [11, 9, 1]
    assert [step.patients_in for step in steps[1:]] == [step.patients_out for step in steps[:-1]]


def _keys(kind: str) -> int:
    return 1 if kind in ("sites", "patients") else 2


def test_it_leaves_teaching_cases_and_other_studies_out(registry: Registry, tmp_path: Path) -> None:
    _kept(registry)
    other = Registry(make_study(), tmp_path / "other")
    _kept(other)
    other.load()
    site = Site.objects.create(study=registry.study, code="T")
    patient = Patient.objects.create(
        study=registry.study, site=site, pseudonym="T-1", birth_year=1950, sex="F", origin=Origin.TEACHING
    )
    hip = Hip.objects.create(patient=patient, side="R")
    Procedure.objects.create(study=registry.study, hip=hip, registry_key="t", performed_on=PRIMARY_DAY, cpt="27130")
    assert set(_decide(registry)) == {"A"}


def test_it_says_when_the_registry_is_empty(registry: Registry) -> None:
    study: Study = registry.study
    rules = save_rules(study=study, rules=PUBLISHED_RULES, actor=None)
    with pytest.raises(Conflict) as refusal:
        build_cohort(study=study, rules=rules, actor=None)
    assert refusal.value.error_code == "registry_empty"
    assert not study.cohorts.exists()


def test_it_keeps_the_cohort_before_it_no_longer_current(registry: Registry) -> None:
    _kept(registry)
    _decide(registry)
    _decide(registry, PUBLISHED_RULES | {"window_days": {"before": 0, "after": 0}})
    versions = registry.study.cohorts.order_by("pk").values_list("rules__version", "is_current")
    assert list(versions) == [(1, False), (2, True)]
