from __future__ import annotations

from collections import Counter

import pytest

from annotations.datasets.split import Candidate, RatioSplit, assign_parts
from common.errors import Invalid


def _candidates(patients: int = 200, sites: int = 5, bilateral: int = 20) -> list[Candidate]:
    made = []
    for number in range(patients):
        label = "loose" if number % 2 else "well_fixed"
        for side in range(2 if number < bilateral else 1):
            made.append(Candidate(f"P{number:03}", f"S{number // 2 % sites}", label, f"{number}-{side}"))
    return made


@pytest.mark.parametrize("seed", range(10))
def test_it_keeps_every_patient_in_one_part(seed: int) -> None:
    candidates = _candidates()
    parts = assign_parts(candidates, RatioSplit(seed=seed))
    assert set(parts) == {candidate.key for candidate in candidates}
    by_patient: dict[str, set[str]] = {}
    for candidate in candidates:
        by_patient.setdefault(candidate.patient, set()).add(parts[candidate.key])
    assert all(len(found) == 1 for found in by_patient.values())


def test_it_divides_80_10_10_in_each_class() -> None:
    candidates = _candidates(bilateral=0)
    parts = assign_parts(candidates, RatioSplit(seed=3))
    counts = Counter((candidate.label, parts[candidate.key]) for candidate in candidates)
    for label in ("loose", "well_fixed"):
        assert [counts[label, part] for part in ("training", "validation", "test")] == [80, 10, 10]


@pytest.mark.parametrize("seed", range(10))
def test_it_gives_each_site_its_share_of_the_test_part(seed: int) -> None:
    candidates = _candidates(bilateral=0)
    parts = assign_parts(candidates, RatioSplit(seed=seed, test=0.2))
    sites = Counter(candidate.site for candidate in candidates if parts[candidate.key] == "test")
    assert max(sites.values()) - min(sites.values()) <= 2
    assert len(sites) == 5


def test_it_gives_the_same_parts_for_the_same_seed_whatever_the_order() -> None:
    candidates = _candidates()
    split = RatioSplit(seed=7)
    assert assign_parts(candidates, split) == assign_parts(candidates[::-1], split)
    assert assign_parts(candidates, split) != assign_parts(candidates, RatioSplit(seed=8))


@pytest.mark.parametrize(("field", "value"), [("validation", 0.0), ("validation", 0.9), ("test", -0.1), ("test", 1.0)])
def test_it_refuses_shares_that_leave_nothing(field: str, value: float) -> None:
    with pytest.raises(Invalid) as refusal:
        assign_parts(_candidates(), RatioSplit(seed=1, **{field: value}))  # type: ignore[arg-type]
    assert refusal.value.details[0]["field"] == field


def test_it_refuses_shares_that_leave_almost_nothing_for_training() -> None:
    with pytest.raises(Invalid) as refusal:
        assign_parts(_candidates(), RatioSplit(seed=1, validation=0.5, test=0.5))
    assert "training" in refusal.value.details[0]["message"]


@pytest.mark.parametrize("seed", range(10))
def test_it_reproduces_the_published_test_part_of_24(seed: int) -> None:
    """118 and 118 hips; a part of the patients brings both hips."""
    candidates = _candidates(patients=216, sites=16, bilateral=20)
    assert Counter(candidate.label for candidate in candidates) == {"loose": 118, "well_fixed": 118}
    parts = assign_parts(candidates, RatioSplit(seed=seed, test_per_class=12))
    counts = Counter((candidate.label, parts[candidate.key]) for candidate in candidates)
    assert (counts["loose", "test"], counts["well_fixed", "test"]) == (12, 12)
    assert (counts["loose", "validation"], counts["well_fixed", "validation"]) == (12, 12)
    by_patient: dict[str, set[str]] = {}
    for candidate in candidates:
        by_patient.setdefault(candidate.patient, set()).add(parts[candidate.key])
    assert all(len(found) == 1 for found in by_patient.values())


def test_it_refuses_a_test_size_that_would_divide_a_patient() -> None:
    both = [Candidate(f"P{n}", "S1", "loose", f"{n}-{side}") for n in range(10) for side in "LR"]
    others = [Candidate(f"Q{n}", "S1", "well_fixed", f"q{n}") for n in range(10)]
    with pytest.raises(Invalid) as refusal:
        assign_parts([*both, *others], RatioSplit(seed=1, test_per_class=3))
    assert "3 loose cases cannot be had" in refusal.value.details[0]["message"]
    assert Counter(assign_parts([*both, *others], RatioSplit(seed=1, test_per_class=4)).values())["test"] == 8


def test_it_keeps_a_patient_with_a_hip_of_each_class_out_of_a_test_part_of_exact_size() -> None:
    mixed = [Candidate(f"M{n}", "S1", label, f"m{n}-{label}") for n in range(5) for label in ("loose", "well_fixed")]
    parts = assign_parts([*_candidates(40, bilateral=0), *mixed], RatioSplit(seed=4, test_per_class=6))
    assert {parts[case.key] for case in mixed} <= {"training", "validation"}
    assert Counter(parts.values())["test"] == 12
