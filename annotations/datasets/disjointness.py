"""Proof that the parts of a version share no patient, no image and no near-duplicate of an image."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

# Of 64 bits. Re-exports and re-windowed copies of one exposure differ by less; two exposures by far more.
NEAR_DUPLICATE_BITS = 2


def prove_disjointness(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What was compared, how much of it, and every overlap found, in words that name case numbers only."""
    problems = [
        *_shared(rows, "patient", "the same patient"),
        *_shared(rows, "pixel_sha256", "the same image"),
    ]
    near, nearest = _near_duplicates(rows)
    return {
        "checked": ["patient", "pixel_sha256", "perceptual_hash"],
        "cases": len(rows),
        "near_duplicate_bits": NEAR_DUPLICATE_BITS,
        "nearest_across_parts_bits": nearest,
        "problems": problems,
        # A perceptual hash suspects; it does not prove. People look at these pairs.
        "suspects": near,
    }


def _shared(rows: Sequence[dict[str, Any]], key: str, words: str) -> list[str]:
    seen: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        seen[row[key]].append(row)
    return [
        f"Cases {', '.join(str(row['case']) for row in group)} are {words} in different parts."
        for group in seen.values()
        if len({row["part"] for row in group}) > 1
    ]


def _near_duplicates(rows: Sequence[dict[str, Any]]) -> tuple[list[str], int | None]:
    hashed = [row for row in rows if row["perceptual_hash"]]
    if len(hashed) < 2:
        return [], None
    bits = np.array([int(row["perceptual_hash"], 16) for row in hashed], dtype=np.uint64)
    distance = np.bitwise_count(bits[:, None] ^ bits[None, :]).astype(np.int64)
    part = np.array([row["part"] for row in hashed])
    across = part[:, None] != part[None, :]
    if not across.any():
        return [], None
    first, second = np.nonzero(np.triu(across & (distance <= NEAR_DUPLICATE_BITS)))
    problems = [
        f"Cases {hashed[i]['case']} and {hashed[j]['case']} look alike and are in different parts."
        for i, j in zip(first.tolist(), second.tolist(), strict=True)
    ]
    return problems, int(distance[across].min())
