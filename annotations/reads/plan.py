"""The stored order of a session: seeded for reader and session, practice first, both hips of a patient apart."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from annotations.datasets.models import DatasetCase

CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_CODE_LENGTH = 10
Item = TypeVar("Item")


def opaque_code() -> str:
    """Random, so that nothing can be read from it: neither order, nor case, nor session."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(_CODE_LENGTH))


def planned_order(cases: Sequence[DatasetCase], seed: int) -> list[DatasetCase]:
    """A seeded permutation in which no two cases of one patient follow each other, as far as that is possible."""
    ordered = sorted(cases, key=lambda case: case.number)
    rng = np.random.default_rng(seed)
    shuffled = [ordered[i] for i in rng.permutation(len(ordered))]
    return _apart(shuffled)


def _apart(cases: list[DatasetCase]) -> list[DatasetCase]:
    result: list[DatasetCase] = []
    waiting = list(cases)
    while waiting:
        last = result[-1].patient_id if result else None
        position = next((i for i, case in enumerate(waiting) if case.patient_id != last), 0)
        result.append(waiting.pop(position))
    return _repaired(result)


def _repaired(cases: list[DatasetCase]) -> list[DatasetCase]:
    """What was left over at the end is moved to the first place where it has no neighbour of its patient."""
    for i in range(1, len(cases)):
        if cases[i].patient_id != cases[i - 1].patient_id:
            continue
        for j in range(len(cases)):
            if _fits(cases, i, j):
                cases.insert(j, cases.pop(i))
                break
    return cases


def _fits(cases: Sequence[DatasetCase], i: int, j: int) -> bool:
    patient = cases[i].patient_id
    rest = [case.patient_id for k, case in enumerate(cases) if k != i]
    return (j == 0 or rest[j - 1] != patient) and (j >= len(rest) or rest[j] != patient)


def with_repeats(order: Sequence[DatasetCase], percent: int, seed: int) -> list[tuple[DatasetCase, bool]]:
    """The order with a share of its cases a second time (marked True), half a session after the first time.

    Only cases of the first half come again, so that every repeat has that distance; at most half can.
    """
    planned = [(case, False) for case in order]
    half = (len(order) + 1) // 2
    wanted = min(half, round(len(order) * percent / 100))
    rng = np.random.default_rng([seed, percent])
    for index in sorted(rng.permutation(half)[:wanted]):
        case = order[index]
        # Counted in what is planned already: earlier repeats stand behind all first halves.
        places = [place for place in range(index + half + 1, len(planned) + 1) if _apart_at(planned, place, case)]
        planned.insert(int(rng.choice(places)) if places else len(planned), (case, True))
    return planned


def _apart_at(planned: Sequence[tuple[DatasetCase, bool]], place: int, case: DatasetCase) -> bool:
    neighbours = planned[max(place - 1, 0) : place + 1]
    return all(other.patient_id != case.patient_id for other, _ in neighbours)


def fresh_seed() -> int:
    """Of a plan that nobody has chosen: stored with the session, so that the order can be made again."""
    return secrets.randbits(62)
