"""The demo's registry comes from a seed, and looks like a registry."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from statistics import mean, median

import pytest

from demo.registry import RegistryTables, generate_registry, write_csv


@pytest.fixture(scope="module")
def tables() -> RegistryTables:
    return generate_registry(5)


def test_it_gives_the_same_files_for_the_same_seed_and_others_for_another(
    tables: RegistryTables, tmp_path: Path
) -> None:
    first = {path.name: path.read_bytes() for path in write_csv(tables, tmp_path / "first")}
    again = {path.name: path.read_bytes() for path in write_csv(generate_registry(5), tmp_path / "again")}
    other = {path.name: path.read_bytes() for path in write_csv(generate_registry(6), tmp_path / "other")}
    assert first == again
    assert all(first[name] != other[name] for name in first if name != "sites.csv")


def test_it_has_sixteen_sites_in_eight_countries_and_people_of_the_usual_age(tables: RegistryTables) -> None:
    assert len(tables.sites) == 16
    assert len({site.country for site in tables.sites}) == 8
    assert len(tables.patients) == len({patient.patient_id for patient in tables.patients}) == 15_277
    assert 0.52 < mean(patient.sex == "F" for patient in tables.patients) < 0.59
    born = {patient.patient_id: patient.birth_year for patient in tables.patients}
    first: dict[str, int] = {}
    for row in tables.procedures:
        if row.cpt == "27130":
            age = row.performed_on.year - born[row.patient_id]
            first[row.patient_id] = min(age, first.get(row.patient_id, 200))
    assert 64 < median(first.values()) < 71


def test_it_has_both_sides_and_both_hips_in_some(tables: RegistryTables) -> None:
    sides = Counter(row.side for row in tables.procedures)
    assert 0.47 < sides["R"] / sides.total() < 0.53
    hips: dict[str, set[str]] = {}
    for row in tables.procedures:
        hips.setdefault(row.patient_id, set()).add(row.side)
    assert 0.05 < mean(len(of) == 2 for of in hips.values()) < 0.25


def test_it_has_no_row_after_the_registry_closed(tables: RegistryTables) -> None:
    days = [
        *(row.performed_on for row in tables.procedures),
        *(row.recorded_on for row in tables.diagnoses),
        *(row.seen_on for row in tables.followups),
    ]
    assert max(days).isoformat() <= "2025-06-30"


def test_it_has_every_reason_in_numbers_that_can_be_read(tables: RegistryTables) -> None:
    reasons = Counter((truth.group, truth.first_reason) for truth in tables.truth.values())
    assert sum(n for (group, _), n in reasons.items() if group in ("candidate", "revised_excluded")) == 9_198
    assert set(reasons) == {
        ("candidate", ""), ("candidate", "no_loosening_at_surgery"), ("candidate", "infection_suspected"),
        ("candidate", "infection_confirmed"), ("candidate", "diagnoses_differ"),
    } | {
        ("revised_excluded", reason)
        for reason in ("no_loosening_code", "code_outside_window", "side_mismatch", "no_primary_on_that_hip",
                       "not_cementless", "fixation_unknown", "second_reason")
    } | {("control_eligible", "")} | {
        ("unrevised", reason)
        for reason in ("not_cementless", "fixation_unknown", "complication_reported", "complication_coded",
                       "follow_up_under_one_year", "review_by_hand")
    }  # fmt: skip
    assert min(reasons.values()) >= 20
