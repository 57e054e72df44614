"""Well-fixed hips: eligible by rule, drawn by seed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from annotations.cohorts.comparison_draw import draw_comparison_group
from annotations.cohorts.models import Cohort, ComparisonHip
from annotations.cohorts.rules import PUBLISHED_RULES
from annotations.cohorts.services import build_cohort, save_rules
from common.errors import Conflict, Invalid
from tests.factories import make_study
from tests.registries import PRIMARY_DAY, Registry

pytestmark = pytest.mark.django_db


@pytest.fixture
def registry(db: None, tmp_path: Path) -> Registry:
    return Registry(make_study(), tmp_path)


def _cohort(registry: Registry) -> Cohort:
    registry.load()
    rules = save_rules(study=registry.study, rules=PUBLISHED_RULES, actor=None)
    return build_cohort(study=registry.study, rules=rules, actor=None, comparison="drop")


def _drawn(cohort: Cohort, size: int, seed: int) -> list[str]:
    draw = draw_comparison_group(cohort=cohort, size=size, seed=seed, actor=None)
    hips = ComparisonHip.objects.filter(draw=draw)
    return sorted(hips.values_list("hip__patient__pseudonym", flat=True))


def test_it_draws_the_same_hips_for_the_same_seed(registry: Registry) -> None:
    for number in range(20):
        registry.well_fixed_patient(str(2000 + number))
    draws = [_drawn(_cohort(registry), 8, seed) for seed in (1, 2, 1)]
    assert draws[0] == draws[2]
    assert draws[0] != draws[1]
    assert len(set(draws[0])) == 8


@pytest.mark.parametrize("size", [0, -1, 4])
def test_it_refuses_a_size_that_is_not_there(registry: Registry, size: int) -> None:
    for number in range(3):
        registry.well_fixed_patient(str(2000 + number))
    with pytest.raises(Invalid) as refusal:
        _drawn(_cohort(registry), size, 1)
    assert "3 hips are eligible" in refusal.value.message


def test_it_draws_once_a_cohort(registry: Registry) -> None:
    registry.well_fixed_patient("2000")
    cohort = _cohort(registry)
    _drawn(cohort, 1, 1)
    with pytest.raises(Conflict) as refusal:
        _drawn(cohort, 1, 2)
    assert refusal.value.error_code == "already_drawn"


def test_it_takes_one_hip_a_patient_the_first_replaced(registry: Registry) -> None:
    patient = registry.well_fixed_patient("2000", side="L")
    registry.procedure(patient, day=PRIMARY_DAY + timedelta(days=50), side="R")
    registry.follow_up(patient, PRIMARY_DAY + timedelta(days=900), side="R")
    cohort = _cohort(registry)
    _drawn(cohort, 1, 1)
    assert ComparisonHip.objects.get(draw__cohort=cohort).hip.side == "L"


def _revised(registry: Registry, patient: str) -> None:
    registry.procedure(patient, "27134", PRIMARY_DAY + timedelta(days=100), side="L")


def _complication(registry: Registry, patient: str) -> None:
    registry.follow_up(patient, PRIMARY_DAY + timedelta(days=800), complication="dislocation")


def _loose_code(registry: Registry, patient: str) -> None:
    registry.diagnosis(patient, "T84.031A")


def _infection_code(registry: Registry, patient: str) -> None:
    registry.diagnosis(patient, "T84.50XA")


@pytest.mark.parametrize("spoil", [_revised, _complication, _loose_code, _infection_code])
def test_it_leaves_out_whom_anything_has_happened_to(
    registry: Registry, spoil: Callable[[Registry, str], None]
) -> None:
    registry.well_fixed_patient("2000")
    spoil(registry, registry.well_fixed_patient("2001"))
    cohort = _cohort(registry)
    with pytest.raises(Invalid) as refusal:
        _drawn(cohort, 2, 1)
    assert "1 hips are eligible" in refusal.value.message


@pytest.mark.parametrize(("cup", "stem"), [("cemented", "cementless"), ("cementless", "unknown")])
def test_it_leaves_out_cement_and_the_unknown(registry: Registry, cup: str, stem: str) -> None:
    registry.well_fixed_patient("2000")
    patient = registry.patient("2001")
    registry.procedure(patient, cup=cup, stem=stem)
    registry.follow_up(patient, PRIMARY_DAY + timedelta(days=800))
    with pytest.raises(Invalid):
        _drawn(_cohort(registry), 2, 1)


@pytest.mark.parametrize(("days", "eligible"), [(364, False), (365, True)])
def test_it_needs_a_year_of_follow_up_to_the_day(registry: Registry, days: int, eligible: bool) -> None:
    registry.well_fixed_patient("2000")
    patient = registry.patient("2001")
    registry.procedure(patient)
    registry.follow_up(patient, PRIMARY_DAY + timedelta(days=days))
    cohort = _cohort(registry)
    if eligible:
        assert len(_drawn(cohort, 2, 1)) == 2
    else:
        with pytest.raises(Invalid):
            _drawn(cohort, 2, 1)
