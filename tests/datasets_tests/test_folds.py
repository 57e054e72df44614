from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.datasets.folds import Folds, KFoldSplit, LeaveOneSiteOut, assign_folds, part_in_fold
from annotations.datasets.split import Candidate
from common.errors import Invalid


def _candidates(patients: int = 120, sites: int = 4, bilateral: int = 12) -> list[Candidate]:
    made = []
    for number in range(patients):
        label = "loose" if number % 2 else "well_fixed"
        for side in range(2 if number < bilateral else 1):
            made.append(Candidate(f"P{number:03}", f"S{number // 2 % sites}", label, f"{number}-{side}"))
    return made


def _parts(folds: Folds, repeat: int, fold: int) -> dict[str, str]:
    return {
        key: part_in_fold(folds.scheme, folds.count, place, repeat=repeat, fold=fold)
        for key, place in folds.places.items()
    }


@given(seed=st.integers(0, 10_000), folds=st.integers(3, 8), repeats=st.integers(1, 3), bilateral=st.integers(0, 60))
def test_it_tests_every_case_once_a_repeat_and_divides_no_patient(
    seed: int, folds: int, repeats: int, bilateral: int
) -> None:
    candidates = _candidates(bilateral=bilateral)
    made = assign_folds(candidates, KFoldSplit(seed=seed, folds=folds, repeats=repeats))
    for repeat in range(1, repeats + 1):
        tested: Counter[str] = Counter()
        for fold in range(1, folds + 1):
            parts = _parts(made, repeat, fold)
            tested.update(key for key, part in parts.items() if part == "test")
            by_patient: dict[str, set[str]] = {}
            for candidate in candidates:
                by_patient.setdefault(candidate.patient, set()).add(parts[candidate.key])
            assert all(len(found) == 1 for found in by_patient.values())
        assert tested == {candidate.key: 1 for candidate in candidates}


@pytest.mark.parametrize("seed", range(5))
def test_it_keeps_label_and_site_even_over_the_folds(seed: int) -> None:
    candidates = _candidates(bilateral=0)
    made = assign_folds(candidates, KFoldSplit(seed=seed, folds=5, repeats=2))
    for repeat in (0, 1):
        labels = Counter((made.places[c.key].folds[repeat], c.label) for c in candidates)
        assert set(labels.values()) == {12}
        sites = Counter((made.places[c.key].folds[repeat], c.site) for c in candidates)
        assert max(sites.values()) - min(sites.values()) <= 2
        assert len(sites) == 20


def test_it_has_all_three_parts_in_every_fold() -> None:
    made = assign_folds(_candidates(), KFoldSplit(seed=3, folds=5))
    for fold in range(1, 6):
        counts = Counter(_parts(made, 1, fold).values())
        assert abs(counts["test"] - counts["validation"]) <= 4
        assert counts["training"] > 2 * counts["test"]


def test_it_fixes_thresholds_on_the_next_fold() -> None:
    made = assign_folds(_candidates(), KFoldSplit(seed=3, folds=4))
    validation = {key for key, part in _parts(made, 1, 4).items() if part == "validation"}
    assert validation == {key for key, part in _parts(made, 1, 1).items() if part == "test"}


def test_it_gives_the_same_folds_for_the_same_seed_whatever_the_order() -> None:
    candidates, split = _candidates(), KFoldSplit(seed=7, repeats=2)
    assert assign_folds(candidates, split) == assign_folds(candidates[::-1], split)
    assert assign_folds(candidates, split) != assign_folds(candidates, KFoldSplit(seed=8, repeats=2))
    places = assign_folds(candidates, split).places.values()
    assert any(place.folds[0] != place.folds[1] for place in places)


def test_it_leaves_one_site_out_at_a_time() -> None:
    candidates = _candidates(sites=5)
    made = assign_folds(candidates, LeaveOneSiteOut(seed=2, validation=0.2))
    assert (made.count, made.sites) == (5, ("S0", "S1", "S2", "S3", "S4"))
    for fold, site in enumerate(made.sites, start=1):
        parts = _parts(made, 1, fold)
        assert {c.site for c in candidates if parts[c.key] == "test"} == {site}
        assert all(parts[c.key] == "test" for c in candidates if c.site == site)
        validation = [c for c in candidates if parts[c.key] == "validation"]
        assert {c.label for c in validation} == {"loose", "well_fixed"}
        by_patient: dict[str, set[str]] = {}
        for candidate in candidates:
            by_patient.setdefault(candidate.patient, set()).add(parts[candidate.key])
        assert all(len(found) == 1 for found in by_patient.values())


@pytest.mark.parametrize(
    ("split", "field"),
    [
        (KFoldSplit(seed=1, folds=2), "folds"),
        (KFoldSplit(seed=1, folds=21), "folds"),
        (KFoldSplit(seed=1, repeats=0), "repeats"),
        (KFoldSplit(seed=1, folds=15), "folds"),
        (LeaveOneSiteOut(seed=1, validation=0.0), "validation"),
        (LeaveOneSiteOut(seed=1), "scheme"),
    ],
)
def test_it_refuses_folds_that_cannot_be_made(split: KFoldSplit | LeaveOneSiteOut, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        assign_folds(_candidates(patients=20, sites=1), split)
    assert refusal.value.details[0]["field"] == field
