"""Dividing cases into training, validation and test parts: by patient, even over sites, the same for the same seed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from annotations.datasets.models import Part
from common.errors import Invalid


@dataclass(frozen=True, slots=True)
class Candidate:
    """One case before it has a part."""

    patient: str
    site: str
    label: str
    key: str


@dataclass(frozen=True, slots=True)
class RatioSplit:
    """The published 80:10:10 by default; what is neither validation nor test is training."""

    seed: int
    validation: float = 0.1
    test: float = 0.1
    scheme: str = "ratio"

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"grouped_by": "patient", "stratified_by": ["label", "site"]}

    def check(self) -> None:
        problems = [
            {"field": name, "message": f"must lie between 0 and 0.5; received {value}"}
            for name, value in (("validation", self.validation), ("test", self.test))
            if not 0 < value < 0.5
        ]
        if problems:
            raise Invalid("The split is not possible.", code="split_invalid", details=problems)


def assign_parts(candidates: Sequence[Candidate], split: RatioSplit) -> dict[str, str]:
    """The part of every candidate, by its key. All cases of a patient get the same part."""
    split.check()
    by_patient: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        by_patient[candidate.patient].append(candidate)
    strata: dict[str, list[str]] = defaultdict(list)
    for patient, cases in by_patient.items():
        strata[min(case.label for case in cases)].append(patient)
    parts: dict[str, str] = {}
    for index, label in enumerate(sorted(strata)):
        parts |= _assign_stratum(strata[label], by_patient, split, index)
    return {case.key: parts[case.patient] for case in candidates}


def _assign_stratum(
    patients: Iterable[str], by_patient: dict[str, list[Candidate]], split: RatioSplit, index: int
) -> dict[str, str]:
    rng = np.random.default_rng([split.seed, index])
    remaining = _ordered_by_site(sorted(patients), by_patient, rng)
    cases = sum(len(by_patient[patient]) for patient in remaining)
    parts: dict[str, str] = {}
    for part, share in ((Part.TEST, split.test), (Part.VALIDATION, split.validation)):
        wanted = round(cases * share)
        chosen = _spread(remaining, wanted, by_patient, rng)
        parts |= dict.fromkeys(chosen, part.value)
        remaining = [patient for patient in remaining if patient not in parts]
    return parts | dict.fromkeys(remaining, Part.TRAINING.value)


def _ordered_by_site(
    patients: Sequence[str], by_patient: dict[str, list[Candidate]], rng: np.random.Generator
) -> list[str]:
    shuffled = [patients[i] for i in rng.permutation(len(patients))]
    return sorted(shuffled, key=lambda patient: by_patient[patient][0].site)


def _spread(
    patients: Sequence[str], wanted: int, by_patient: dict[str, list[Candidate]], rng: np.random.Generator
) -> list[str]:
    """Patients at even distances along the list sorted by site, so that each site gives its share."""
    if wanted == 0 or not patients:
        return []
    start = float(rng.random())
    step = len(patients) / wanted
    evenly = [patients[min(int((start + i) * step), len(patients) - 1)] for i in range(wanted)]
    rest = [patient for patient in patients if patient not in set(evenly)]
    chosen: list[str] = []
    count = 0
    for patient in dict.fromkeys([*evenly, *rest]):
        size = len(by_patient[patient])
        if count + size <= wanted:
            chosen.append(patient)
            count += size
    return chosen
