"""Simulated surgeons: a stated model, so that everybody can judge what their figures are worth.

A binormal observer (Green & Swets 1966; Metz 1986). What a reader sees of a case is one number: drawn from N(0, 1) for
a well-fixed hip and from N(m, 1) for a loose one; the reader calls "loose" above the threshold t. With
t = z(specificity) and m = t + z(sensitivity), the expected sensitivity and specificity are those stated below. How
plain the signs are shifts the number, so that the hard cases are the same for every reader. Confidence is how far the
number lies from the threshold, on a scale from 0 to 100, with a reader's own noise.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

from annotations.reads.answers import Answer
from annotations.reads.models import Call
from demo.phantom import PhantomTruth

_NORMAL = NormalDist()
_PLAIN_AT_MM = 2.0
_SHIFT_PER_MM = 0.35
_CONFIDENCE_NOISE = 9.0


@dataclass(frozen=True, slots=True)
class ReaderModel:
    """Expected sensitivity and specificity over cases of ordinary plainness."""

    name: str
    sensitivity: float
    specificity: float

    @property
    def threshold(self) -> float:
        return _NORMAL.inv_cdf(self.specificity)

    @property
    def separation(self) -> float:
        return self.threshold + _NORMAL.inv_cdf(self.sensitivity)


# The published surgeon read 10 of 12 and 12 of 12 right; the second is weaker on both sides.
READER_A = ReaderModel("A", sensitivity=0.85, specificity=0.96)
READER_B = ReaderModel("B", sensitivity=0.72, specificity=0.85)


def simulated_answer(model: ReaderModel, *, loose: bool, truth: PhantomTruth, key: str, seed: int) -> Answer:
    """One reading. The same seed, reader and case (`key`) give the same answer in every run."""
    digest = hashlib.sha256(f"{seed}:{model.name}:{key}".encode()).digest()
    rng = random.Random(int.from_bytes(digest[:8], "big"))
    seen = rng.gauss(model.separation if loose else 0.0, 1.0) + _shift(truth.zone_width_mm, loose=loose)
    distance = seen - model.threshold
    certainty = 100.0 * (2.0 * _NORMAL.cdf(abs(distance)) - 1.0) + rng.gauss(0.0, _CONFIDENCE_NOISE)
    confidence = round(min(100.0, max(1.0, certainty)))
    return Answer(Call.LOOSE if distance > 0 else Call.WELL_FIXED, confidence)


def _shift(zone_widths: Mapping[str, float], *, loose: bool) -> float:
    """Wide lines help to see a loose hip; thin harmless ones mislead about a fixed one."""
    widest = max(zone_widths.values(), default=0.0)
    shift = _SHIFT_PER_MM * (widest - _PLAIN_AT_MM) if loose else _SHIFT_PER_MM * (widest - 0.5)
    return max(-0.7, min(0.7, shift))
