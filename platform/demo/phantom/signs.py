"""Signs of loosening, and the harmless signs that resemble them, as they are drawn by lot.

Zones: Gruen, McNeice and Amstutz, Clin Orthop 1979;141:17-27 (1 lateral proximal to 7 medial proximal, 4 at the tip);
DeLee and Charnley, Clin Orthop 1976;121:20-32 (I superolateral, II central, III inferomedial).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from demo.phantom.case import DELEE_CHARNLEY_ZONES, GRUEN_ZONES, PhantomCase

DEFINITE_MM = 2.0


@dataclass(frozen=True)
class Signs:
    """Widths in mm by zone; lengths in mm; angles in rad.

    Attributes:
        filling: how much of a lucent layer is soft tissue, the rest being bridges of bone (0 to 1).
        sclerosis: path of dense bone beyond the layer relative to its usual one; 0 for none.
    """

    widths: dict[str, float]
    subsidence: float
    tilt: float
    cup_tilt: float
    migration: tuple[float, float]
    pedestal: float
    scalloping: float
    stem_filling: float
    cup_filling: float
    stem_sclerosis: float
    cup_sclerosis: float
    ripple_seed: int


def draw_signs(rng: np.random.Generator, case: PhantomCase) -> Signs:
    """Draw the signs of one case; a component that is not loose has the harmless ones alone."""
    widths = _harmless(rng)
    stem_loose = case.component in ("stem", "both")
    cup_loose = case.component in ("cup", "both")
    strength = 3.2 / (1.0 + 0.26 * case.difficulty)
    stem = _stem(rng, strength) if stem_loose else None
    cup = _cup(rng, strength) if cup_loose else None
    quiet = rng.uniform(0.0, 1.0, 4)
    widths |= (stem.widths if stem else {}) | (cup.widths if cup else {})
    filling = float(np.clip(1.0 - 0.05 * case.difficulty + rng.uniform(-0.05, 0.05), 0.25, 1.0))
    return Signs(
        widths=widths,
        subsidence=stem.moved if stem else float(1.2 * quiet[0] ** 3),
        tilt=stem.tilt if stem else math.radians(0.8 * float(quiet[1]) ** 3),
        cup_tilt=cup.tilt if cup else 0.0,
        migration=cup.migration if cup else (0.0, 0.0),
        pedestal=stem.pedestal if stem else (0.5 if quiet[2] < 0.08 else 0.0),
        scalloping=stem.scalloping if stem else 0.0,
        stem_filling=filling,
        cup_filling=filling,
        stem_sclerosis=stem.sclerosis if stem else (0.6 if quiet[3] < 0.35 else 0.0),
        cup_sclerosis=cup.sclerosis if cup else (0.6 if quiet[3] > 0.65 else 0.0),
        ripple_seed=int(rng.integers(1 << 31)),
    )


def _harmless(rng: np.random.Generator) -> dict[str, float]:
    """Thin lines as every radiograph may have them, most often in zone 1; always under 2 mm."""
    widths = dict.fromkeys(GRUEN_ZONES + DELEE_CHARNLEY_ZONES, 0.0)
    for zone in widths:
        chance = {"G1": 0.45, "G7": 0.15, "D1": 0.15, "D3": 0.12}.get(zone, 0.08)
        thin = rng.uniform(0.5, 1.0) if zone not in ("G1", "D1") else rng.uniform(0.5, 1.5)
        if rng.random() < chance:
            widths[zone] = round(float(thin), 2)
    return widths


@dataclass(frozen=True)
class _LooseStem:
    widths: dict[str, float]
    moved: float
    tilt: float
    pedestal: float
    scalloping: float
    sclerosis: float


def _stem(rng: np.random.Generator, strength: float) -> _LooseStem:
    count = int(np.clip(round(rng.normal(3.2 + 1.2 * strength, 1.2)), 2, 7))
    first = int(rng.integers(7))
    zones = [GRUEN_ZONES[(first + place) % 7] for place in range(count)]
    mean = DEFINITE_MM + rng.gamma(1.6, 0.45 * strength)
    widths = {zone: _width(rng, mean) for zone in zones}
    moves = rng.random() < min(0.9, 0.42 * strength)
    turns = rng.random() < min(0.9, 0.33 * strength)
    moved = float(rng.uniform(2.0, 4.0 + 8.0 * min(1.0, strength))) if moves else float(rng.uniform(0.0, 1.5))
    return _LooseStem(
        widths,
        moved=moved,
        tilt=math.radians(rng.uniform(2.0, 4.2)) if turns else math.radians(rng.uniform(0.0, 0.9)),
        pedestal=float(rng.uniform(0.6, 1.0)) if rng.random() < 0.4 else 0.0,
        scalloping=float(rng.uniform(0.8, 2.2)) if rng.random() < 0.35 else 0.0,
        sclerosis=float(rng.uniform(0.6, 1.2)) if rng.random() < 0.7 else 0.0,
    )


@dataclass(frozen=True)
class _LooseCup:
    widths: dict[str, float]
    tilt: float
    migration: tuple[float, float]
    sclerosis: float


def _cup(rng: np.random.Generator, strength: float) -> _LooseCup:
    count = 3 if rng.random() < min(0.95, 0.55 * strength) else 2
    zones = [str(zone) for zone in rng.permutation(DELEE_CHARNLEY_ZONES)[:count]]
    mean = DEFINITE_MM + rng.gamma(1.6, 0.45 * strength)
    widths = {zone: _width(rng, mean) for zone in zones}
    wanders = rng.random() < min(0.9, 0.42 * strength)
    turns = rng.random() < min(0.9, 0.38 * strength)
    way = math.radians(rng.uniform(50.0, 110.0))
    length = float(rng.uniform(2.5, 4.0 + 6.0 * min(1.0, strength))) if wanders else float(rng.uniform(0.0, 1.0))
    turn = float(rng.uniform(7.0, 12.0 + 12.0 * min(1.0, strength))) * (1.0 if rng.random() < 0.75 else -0.7)
    return _LooseCup(
        widths,
        tilt=math.radians(turn) if turns else 0.0,
        migration=(-length * math.cos(way), -length * math.sin(way)),
        sclerosis=float(rng.uniform(0.6, 1.2)) if rng.random() < 0.7 else 0.0,
    )


def _width(rng: np.random.Generator, mean: float) -> float:
    return round(float(np.clip(mean * rng.uniform(0.85, 1.15), DEFINITE_MM, 4.0)), 2)
