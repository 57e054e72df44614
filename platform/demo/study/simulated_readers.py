"""Simulated surgeons: a stated model, so that everybody can judge what their figures are worth.

A binormal observer (Green & Swets 1966; Metz 1986). What a reader sees of a case is one number: drawn from N(0, 1) for
a well-fixed hip and from N(m, 1) for a loose one; the reader calls "loose" above the threshold t. With
t = z(specificity) and m = t + z(sensitivity), the expected sensitivity and specificity are those stated below. How
plain the signs are shifts the number, so that the hard cases are the same for every reader. Confidence is how far the
number lies from the threshold, on a scale from 0 to 100, with a reader's own noise. Zones are named in the comment:
the phantom's true ones, with misses and false ones.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist, fmean
from typing import Literal

from annotations.reads.answers import Answer
from annotations.reads.models import Call
from demo.phantom import PhantomCase, PhantomTruth, phantom_truth

_NORMAL = NormalDist()
_PLAIN_AT_MM = 2.0
_SHIFT_PER_MM = 0.35
_SAMPLE = 150
_COMPONENTS: tuple[Literal["cup", "stem", "both"], ...] = ("cup", "stem", "both")
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
    call = Call.LOOSE if distance > 0 else Call.WELL_FIXED
    return Answer(call, confidence, _zones_in_words(model, truth.zone_width_mm, rng) if distance > 0 else "")


def _zones_in_words(model: ReaderModel, zone_width_mm: Mapping[str, float], rng: random.Random) -> str:
    """Where a reader who calls "loose" sees a line: the true zones, some missed, now and then one that is not there.

    A line of 2 mm is seen with the reader's sensitivity, thinner ones less often in proportion to their width; a zone
    without a line is named with a tenth of the reader's false-positive rate.
    """
    seen = []
    for zone, width in zone_width_mm.items():
        chance = model.sensitivity * min(1.0, width / _PLAIN_AT_MM) if width else 0.1 * (1.0 - model.specificity)
        if rng.random() < chance:
            seen.append(zone)
    gruen = ", ".join(zone[1:] for zone in seen if zone.startswith("G"))
    delee = ", ".join(("I", "II", "III")[int(zone[1:]) - 1] for zone in seen if zone.startswith("D"))
    named = [f"Gruen {gruen}" if gruen else "", f"DeLee-Charnley {delee}" if delee else ""]
    return "; ".join(words for words in named if words)


def _shift(zone_width_mm: Mapping[str, float], *, loose: bool) -> float:
    """Wide lines help to see a loose hip; thin harmless ones mislead about a fixed one. 0 for an ordinary case."""
    shift = _SHIFT_PER_MM * (max(zone_width_mm.values()) - _ordinary_widest_mm(loose))
    return max(-0.7, min(0.7, shift))


@cache
def _ordinary_widest_mm(loose: bool) -> float:
    """The mean width of the widest line over a sample of the generator's own hips."""
    cases = (
        PhantomCase(seed=seed, side="R", loose=loose, component=_COMPONENTS[seed % 3] if loose else "", site="S01")
        for seed in range(_SAMPLE)
    )
    return fmean(max(phantom_truth(case).zone_width_mm.values()) for case in cases)
