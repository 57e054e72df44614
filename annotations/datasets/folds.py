"""Folds: k-fold, repeated or not, and one site left out at a time. Each by patient, the same for the same seed.

The contract with whoever trains: a version of these schemes has a `CaseFold` for every case and repeat. In one fold of
one repeat the cases of that fold are the test part; the validation part, on which a threshold is fixed, is the next
fold (k-fold) or the cases that are held for it (leave one site out); all others are the training part.
`part_in_fold` says it for one case, `selectors.parts_of_fold` for a whole version.
`DatasetCase.part` is the part in the first fold of the first repeat, so that whoever knows no folds runs that one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from annotations.datasets.models import Part
from annotations.datasets.split import (
    Candidate,
    RatioSplit,
    cases_by_patient,
    ordered_by_site,
    refuse_split,
    spread,
    strata,
)

K_FOLD = "k_fold"
LEAVE_ONE_SITE_OUT = "leave_one_site_out"
FOLD_SCHEMES = (K_FOLD, LEAVE_ONE_SITE_OUT)


@dataclass(frozen=True, slots=True)
class KFoldSplit:
    """Every case is tested once a repeat; the next fold is the validation part meanwhile."""

    seed: int
    folds: int = 5
    repeats: int = 1
    scheme: str = K_FOLD

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"grouped_by": "patient", "stratified_by": ["label", "site"]}

    def check(self) -> None:
        refuse_split([
            {"field": name, "message": f"must lie between {low} and 20; received {value}"}
            for name, value, low in (("folds", self.folds, 3), ("repeats", self.repeats, 1))
            if not low <= value <= 20
        ])  # fmt: skip


@dataclass(frozen=True, slots=True)
class LeaveOneSiteOut:
    """Every site is the test part once; a share of the patients of the other sites is the validation part."""

    seed: int
    validation: float = 0.1
    scheme: str = LEAVE_ONE_SITE_OUT

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"grouped_by": "patient", "stratified_by": ["label", "site"]}

    def check(self) -> None:
        if not 0 < self.validation < 0.9:
            refuse_split([
                {"field": "validation", "message": f"must lie above 0 and below 0.9; received {self.validation}"}
            ])  # fmt: skip


Split = RatioSplit | KFoldSplit | LeaveOneSiteOut


@dataclass(frozen=True, slots=True)
class FoldPlace:
    """Where a case lies: its fold in each repeat, counted from 1, and whether it is held for validation."""

    folds: tuple[int, ...]
    validates: bool = False


@dataclass(frozen=True, slots=True)
class Folds:
    scheme: str
    # In a repeat.
    count: int
    repeats: int
    # The site that each fold leaves out, where folds are sites.
    sites: tuple[str, ...]
    places: Mapping[str, FoldPlace]


def assign_folds(candidates: Sequence[Candidate], split: KFoldSplit | LeaveOneSiteOut) -> Folds:
    """The place of every candidate, by its key."""
    split.check()
    return _k_folds(candidates, split) if isinstance(split, KFoldSplit) else _sites(candidates, split)


def part_in_fold(scheme: str, count: int, place: FoldPlace, *, repeat: int = 1, fold: int = 1) -> str:
    own = place.folds[repeat - 1]
    if own == fold:
        return Part.TEST.value
    validates = own == fold % count + 1 if scheme == K_FOLD else place.validates
    return Part.VALIDATION.value if validates else Part.TRAINING.value


def _k_folds(candidates: Sequence[Candidate], split: KFoldSplit) -> Folds:
    by_patient = cases_by_patient(candidates)
    groups = strata(by_patient)
    refuse_split([
        {"field": "folds", "message": f"{len(patients)} patients are {label.replace('_', ' ')}; no fold may lack them"}
        for label, patients in groups.items()
        if len(patients) < split.folds
    ])  # fmt: skip
    repeats = [_deal(groups, by_patient, split, repeat) for repeat in range(split.repeats)]
    places = {case.key: FoldPlace(tuple(fold[case.patient] for fold in repeats)) for case in candidates}
    return Folds(K_FOLD, split.folds, split.repeats, (), places)


class _Loads:
    """How many cases each fold has been dealt: of a label, of a label at a site, of all."""

    def __init__(self) -> None:
        self._label: Counter[tuple[str, int]] = Counter()
        self._site: Counter[tuple[str, str, int]] = Counter()
        self._all: Counter[int] = Counter()

    def lightest(self, folds: Sequence[int], label: str, site: str) -> int:
        return min(folds, key=lambda f: (self._label[label, f], self._site[label, site, f], self._all[f]))

    def add(self, fold: int, label: str, site: str, cases: int) -> None:
        self._label[label, fold] += cases
        self._site[label, site, fold] += cases
        self._all[fold] += cases


def _deal(
    groups: Mapping[str, Sequence[str]], by_patient: Mapping[str, Sequence[Candidate]], split: KFoldSplit, repeat: int
) -> dict[str, int]:
    """Patients one after another along their sites, each to the fold that has fewest."""
    dealt: dict[str, int] = {}
    loads = _Loads()
    for index, (label, patients) in enumerate(groups.items()):
        rng = np.random.default_rng([split.seed, repeat, index])
        turn = [int(fold) + 1 for fold in rng.permutation(split.folds)]
        for patient in ordered_by_site(sorted(patients), by_patient, rng):
            cases = by_patient[patient]
            dealt[patient] = loads.lightest(turn, label, cases[0].site)
            loads.add(dealt[patient], label, cases[0].site, len(cases))
    return dealt


def _sites(candidates: Sequence[Candidate], split: LeaveOneSiteOut) -> Folds:
    by_patient = cases_by_patient(candidates)
    sites = tuple(sorted({case.site for case in candidates}))
    if len(sites) < 2:
        refuse_split([{"field": "scheme", "message": f"{len(sites)} site; at least 2 are needed"}])
    held: set[str] = set()
    for index, patients in enumerate(strata(by_patient).values()):
        rng = np.random.default_rng([split.seed, index])
        ordered = ordered_by_site(sorted(patients), by_patient, rng)
        cases = sum(len(by_patient[patient]) for patient in ordered)
        held |= set(spread(ordered, max(1, round(cases * split.validation)), by_patient, rng))
    number = {site: fold for fold, site in enumerate(sites, start=1)}
    places = {case.key: FoldPlace((number[case.site],), case.patient in held) for case in candidates}
    return Folds(LEAVE_ONE_SITE_OUT, len(sites), 1, sites, places)
