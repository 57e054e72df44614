"""Proof that parts, or folds, share no patient, no image and no near-duplicate of an image."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Of 64 bits. Re-exports and re-windowed copies of one exposure differ by less; two exposures by far more.
NEAR_DUPLICATE_BITS = 2
_BLOCK = 1024  # rows of the distance matrix at once: memory stays flat whatever the number of cases

Row = Mapping[str, Any]
Group = Callable[[Row], Hashable]


def prove_disjointness(rows: Sequence[Row]) -> dict[str, Any]:
    """What was compared, how much of it, and every overlap found, in words that name case numbers only.

    In a version of folds the folds of each repeat are compared, and what is held for validation with the rest.
    """
    groupings = _groupings(rows)
    problems = [
        *_shared(rows, groupings, "patient", "the same patient"),
        *_shared(rows, groupings, "pixel_sha256", "the same image"),
        *_contralateral(rows, groupings),
    ]
    near, nearest = _near_duplicates(rows, groupings)
    return {
        "checked": ["patient", "contralateral", "pixel_sha256", "perceptual_hash"],
        "cases": len(rows),
        "patients": len({row["patient"] for row in rows}),
        "patients_with_both_hips": len(_both_hips(rows)),
        "near_duplicate_bits": NEAR_DUPLICATE_BITS,
        "nearest_across_parts_bits": nearest,
        "problems": problems,
        # A perceptual hash suspects; it does not prove. People look at these pairs.
        "suspects": near,
    }


def _groupings(rows: Sequence[Row]) -> list[Group]:
    """What must be disjoint: the parts, or the folds of each repeat."""
    if not rows or "folds" not in rows[0]:
        return [lambda row: row["part"]]

    def of_repeat(repeat: int) -> Group:
        return lambda row: (row["folds"][repeat], row.get("held_for_validation", False))

    return [of_repeat(repeat) for repeat in range(len(rows[0]["folds"]))]


def _shared(rows: Iterable[Row], groupings: Sequence[Group], key: str, words: str) -> list[str]:
    seen: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        seen[row[key]].append(row)
    return [
        f"Cases {', '.join(str(row['case']) for row in group)} are {words} in different parts."
        for group in seen.values()
        if _divided(group, groupings)
    ]


def _divided(rows: Sequence[Row], groupings: Sequence[Group]) -> bool:
    return len(rows) > 1 and any(len({group(row) for row in rows}) > 1 for group in groupings)


def _both_hips(rows: Iterable[Row]) -> dict[str, list[Row]]:
    by_patient: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_patient[row["patient"]].append(row)
    return {patient: found for patient, found in by_patient.items() if len({row["side"] for row in found}) > 1}


def _contralateral(rows: Sequence[Row], groupings: Sequence[Group]) -> list[str]:
    return [
        f"Cases {', '.join(str(row['case']) for row in found)} are the two hips of one patient in different parts."
        for found in _both_hips(rows).values()
        if _divided(found, groupings)
    ]


def _near_duplicates(rows: Sequence[Row], groupings: Sequence[Group]) -> tuple[list[str], int | None]:
    hashed = [row for row in rows if row["perceptual_hash"]]
    bits = hash_bits([row["perceptual_hash"] for row in hashed])
    codes = [_codes([group(row) for row in hashed]) for group in groupings]
    found: list[str] = []
    nearest: int | None = None
    for start in range(0, len(hashed), _BLOCK):
        distance = bit_distances(bits[start : start + _BLOCK], bits)
        across = np.zeros(distance.shape, dtype=bool)
        for code in codes:
            across |= code[start : start + _BLOCK, None] != code[None, :]
        if across.any():
            closest = int(distance[across].min())
            nearest = closest if nearest is None else min(nearest, closest)
        first, second = np.nonzero(across & (distance <= NEAR_DUPLICATE_BITS))
        found += [
            f"Cases {hashed[start + i]['case']} and {hashed[j]['case']} look alike and are in different parts."
            for i, j in zip(first.tolist(), second.tolist(), strict=True)
            if start + i < j
        ]
    return found, nearest


def hash_bits(hashes: Sequence[str]) -> NDArray[np.uint64]:
    """(N,) uint64 of perceptual hashes in 16 hexadecimal digits."""
    return np.array([int(value, 16) for value in hashes], dtype=np.uint64)


def bit_distances(first: NDArray[np.uint64], second: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """(N, M) uint8: in how many of 64 bits each of N hashes differs from each of M."""
    return np.asarray(np.bitwise_count(first[:, None] ^ second[None, :]), dtype=np.uint8)


def _codes(groups: Sequence[Hashable]) -> NDArray[np.int64]:
    numbers = {group: number for number, group in enumerate(dict.fromkeys(groups))}
    return np.array([numbers[group] for group in groups], dtype=np.int64)
