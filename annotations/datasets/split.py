"""Dividing cases into training, validation and test parts: by patient, even over sites, the same for the same seed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
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
    """The published 80:10:10 by default; what is neither validation nor test is training.

    With `test_per_class` the test part holds exactly that many cases of each class (the published one: 12 and 12),
    whatever its share is.
    """

    seed: int
    validation: float = 0.1
    test: float = 0.1
    test_per_class: int | None = None
    scheme: str = "ratio"

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"grouped_by": "patient", "stratified_by": ["label", "site"]}

    def check(self) -> None:
        problems = [
            {"field": name, "message": f"must lie above 0 and below 0.9; received {value}"}
            for name, value in (("validation", self.validation), ("test", self.test))
            if not 0 < value < 0.9
        ]
        if not problems and self.validation + self.test >= 0.95:
            problems.append({"field": "test", "message": "leaves less than 5 % for training"})
        if self.test_per_class is not None and not 1 <= self.test_per_class <= 100_000:
            problems.append({"field": "test_per_class", "message": "must lie between 1 and 100,000"})
        refuse_split(problems)


def refuse_split(problems: Sequence[dict[str, str]]) -> None:
    if problems:
        raise Invalid("The split is not possible.", code="split_invalid", details=problems)


def assign_parts(candidates: Sequence[Candidate], split: RatioSplit) -> dict[str, str]:
    """The part of every candidate, by its key. All cases of a patient get the same part."""
    split.check()
    by_patient = cases_by_patient(candidates)
    parts: dict[str, str] = {}
    for index, (label, patients) in enumerate(strata(by_patient).items()):
        parts |= _assign_stratum(patients, by_patient, split, index, label)
    return {case.key: parts[case.patient] for case in candidates}


def cases_by_patient(candidates: Iterable[Candidate]) -> dict[str, list[Candidate]]:
    grouped: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        grouped[candidate.patient].append(candidate)
    return grouped


def strata(by_patient: Mapping[str, Sequence[Candidate]]) -> dict[str, list[str]]:
    """Patients by label, in the labels' order; whoever has hips of both is with the first."""
    found: dict[str, list[str]] = defaultdict(list)
    for patient, cases in by_patient.items():
        found[min(case.label for case in cases)].append(patient)
    return {label: found[label] for label in sorted(found)}


def _assign_stratum(
    patients: Iterable[str], by_patient: Mapping[str, Sequence[Candidate]], split: RatioSplit, index: int, label: str
) -> dict[str, str]:
    rng = np.random.default_rng([split.seed, index])
    remaining = ordered_by_site(sorted(patients), by_patient, rng)
    cases = sum(len(by_patient[patient]) for patient in remaining)
    parts: dict[str, str] = {}
    if split.test_per_class is not None:
        parts |= dict.fromkeys(_exactly(remaining, split.test_per_class, by_patient, rng, label), Part.TEST.value)
        remaining = [patient for patient in remaining if patient not in parts]
    shares = ((Part.TEST, split.test), (Part.VALIDATION, split.validation))
    for part, share in shares if split.test_per_class is None else shares[1:]:
        chosen = spread(remaining, round(cases * share), by_patient, rng)
        parts |= dict.fromkeys(chosen, part.value)
        remaining = [patient for patient in remaining if patient not in parts]
    return parts | dict.fromkeys(remaining, Part.TRAINING.value)


def _exactly(
    patients: Sequence[str], wanted: int, by_patient: Mapping[str, Sequence[Candidate]], rng: np.random.Generator,
    label: str,
) -> list[str]:  # fmt: skip
    """Patients who have exactly `wanted` cases of this label, and none of the other, between them."""
    pure = [patient for patient in patients if all(case.label == label for case in by_patient[patient])]
    chosen = spread(pure, wanted, by_patient, rng)
    found = sum(len(by_patient[patient]) for patient in chosen)
    if found != wanted:
        available = sum(len(by_patient[patient]) for patient in pure)
        words = label.replace("_", " ")
        refuse_split([{
            "field": "test_per_class",
            "message": f"{wanted} {words} cases cannot be had: {available} are there, and no patient may be divided",
        }])  # fmt: skip
    return chosen


def ordered_by_site(
    patients: Sequence[str], by_patient: Mapping[str, Sequence[Candidate]], rng: np.random.Generator
) -> list[str]:
    shuffled = [patients[i] for i in rng.permutation(len(patients))]
    return sorted(shuffled, key=lambda patient: by_patient[patient][0].site)


def spread(
    patients: Sequence[str], wanted: int, by_patient: Mapping[str, Sequence[Candidate]], rng: np.random.Generator
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
