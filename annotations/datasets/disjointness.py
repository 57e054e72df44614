"""Proof that parts, or folds, share no patient, no image and no near-duplicate of an image."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotations.datasets.look_alikes import (
    COMPARED_BITS,
    HASH_ALONE_BITS,
    LEAST_CORRELATION,
    are_alike,
    compared,
    details_of,
)

_BLOCK = 1024  # rows of the distance matrix at once: memory stays flat whatever the number of cases

Row = Mapping[str, Any]
Group = Callable[[Row], Hashable]


def prove_disjointness(rows: Sequence[Row], radiographs: Sequence[int] = ()) -> dict[str, Any]:
    """What was compared, how much of it, and every overlap found, in words that name case numbers only.

    In a version of folds the folds of each repeat are compared, and what is held for validation with the rest.

    Args:
        rows: of the manifest.
        radiographs: the primary key of each row's radiograph. Without them hashes are compared, and no pictures.
    """
    groupings = _groupings(rows)
    problems = [
        *_shared(rows, groupings, "patient", "the same patient"),
        *_shared(rows, groupings, "pixel_sha256", "the same image"),
        *_contralateral(rows, groupings),
    ]
    pairs, nearest = _near_pairs(rows, groupings)
    seen = _correlations(pairs, radiographs)
    alike = [(i, j) for (i, j), bits in pairs.items() if are_alike(bits, seen.get((i, j)))]
    return {
        "checked": ["patient", "contralateral", "pixel_sha256", "perceptual_hash"],
        "cases": len(rows),
        "patients": len({row["patient"] for row in rows}),
        "patients_with_both_hips": len(_both_hips(rows)),
        "near_duplicate_bits": COMPARED_BITS if radiographs else HASH_ALONE_BITS,
        "nearest_across_parts_bits": nearest,
        "pictures_compared": len(seen),
        "least_correlation": LEAST_CORRELATION,
        "highest_correlation": round(max(seen.values()), 3) if seen else None,
        "problems": problems,
        # What looks alike may be one exposure twice, or may not. People look at these pairs.
        "suspects": [_words(rows[i], rows[j]) for i, j in sorted(alike)],
    }


def _words(first: Row, second: Row) -> str:
    return f"Cases {first['case']} and {second['case']} look alike and are in different parts."


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


def _near_pairs(rows: Sequence[Row], groupings: Sequence[Group]) -> tuple[dict[tuple[int, int], int], int | None]:
    """Pairs of rows across parts whose hashes are near, with their distance; and the smallest distance of all."""
    hashed = [i for i, row in enumerate(rows) if row["perceptual_hash"]]
    bits = hash_bits([rows[i]["perceptual_hash"] for i in hashed])
    codes = [_codes([group(rows[i]) for i in hashed]) for group in groupings]
    found: dict[tuple[int, int], int] = {}
    nearest: int | None = None
    for start in range(0, len(hashed), _BLOCK):
        distance = bit_distances(bits[start : start + _BLOCK], bits)
        across = np.zeros(distance.shape, dtype=bool)
        for code in codes:
            across |= code[start : start + _BLOCK, None] != code[None, :]
        if across.any():
            closest = int(distance[across].min())
            nearest = closest if nearest is None else min(nearest, closest)
        first, second = np.nonzero(across & (distance <= COMPARED_BITS))
        for i, j in zip(first.tolist(), second.tolist(), strict=True):
            if start + i < j:
                found[hashed[start + i], hashed[j]] = int(distance[i, j])
    return found, nearest


def _correlations(pairs: Mapping[tuple[int, int], int], radiographs: Sequence[int]) -> dict[tuple[int, int], float]:
    """How like the pictures of these pairs of rows are, where both are there."""
    if not radiographs or not pairs:
        return {}
    rows = sorted({row for pair in pairs for row in pair})
    stored = details_of([radiographs[row] for row in rows])
    return compared(list(pairs), {row: stored[radiographs[row]] for row in rows if radiographs[row] in stored})


def hash_bits(hashes: Sequence[str]) -> NDArray[np.uint64]:
    """(N,) uint64 of perceptual hashes in 16 hexadecimal digits."""
    return np.array([int(value, 16) for value in hashes], dtype=np.uint64)


def bit_distances(first: NDArray[np.uint64], second: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """(N, M) uint8: in how many of 64 bits each of N hashes differs from each of M."""
    return np.asarray(np.bitwise_count(first[:, None] ^ second[None, :]), dtype=np.uint8)


def _codes(groups: Sequence[Hashable]) -> NDArray[np.int64]:
    numbers = {group: number for number, group in enumerate(dict.fromkeys(groups))}
    return np.array([numbers[group] for group in groups], dtype=np.int64)
