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
# A loose hip's strength where it is subtle: two zones just over 2 mm, nothing moved, as early loosening looks.
_SUBTLE = 1.0


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
    strength = _strength(rng, case.difficulty)
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


def florid_share(difficulty: float) -> float:
    """Which share of the loose hips shows florid loosening; the others are subtle."""
    return float(np.clip(1.0 - 0.2 * difficulty, 0.0, 1.0))


def _strength(rng: np.random.Generator, difficulty: float) -> float:
    florid = rng.random() < florid_share(difficulty)
    return 3.05 - 0.15 * difficulty if florid else _SUBTLE


def _harmless(rng: np.random.Generator) -> dict[str, float]:
    """Thin lines as every radiograph may have them, most often in zone 1; always under 2 mm.

    In some hips a line runs through neighbouring zones of a well-fixed stem or cup, as around a smooth surface.
    """
    widths = dict.fromkeys(GRUEN_ZONES + DELEE_CHARNLEY_ZONES, 0.0)
    for zone in widths:
        chance = {"G1": 0.40, "G7": 0.15, "D1": 0.15, "D3": 0.12}.get(zone, 0.08)
        thin = rng.uniform(0.5, 1.0) if zone not in ("G1", "D1") else rng.uniform(0.5, 1.5)
        if rng.random() < chance:
            widths[zone] = round(float(thin), 2)
    for zones, longest in ((GRUEN_ZONES, 3), (DELEE_CHARNLEY_ZONES, 2)):
        runs, first, count = rng.random() < 0.15, int(rng.integers(len(zones))), int(rng.integers(2, longest + 1))
        mean = rng.uniform(1.0, 1.7)
        for place in range(first, first + count if runs else first):
            zone = zones[place % len(zones)]
            widths[zone] = max(widths[zone], _width(rng, mean, 0.5, 1.9))
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
    subtle = strength <= _SUBTLE
    count = 2 if subtle else int(np.clip(round(rng.normal(3.2 + 1.2 * strength, 1.2)), 4, 7))
    first = int(rng.integers(7))
    zones = [GRUEN_ZONES[(first + place) % 7] for place in range(count)]
    widths = _layer(rng, zones, strength)
    moves = rng.random() < min(0.95, 0.32 * strength) and not subtle
    turns = rng.random() < min(0.9, 0.2 * strength) and not subtle
    eaten = rng.random() < 0.35 and not subtle
    return _LooseStem(
        widths,
        moved=float(rng.uniform(4.0, 13.0)) if moves else float(1.2 * rng.uniform() ** 3),
        tilt=math.radians(rng.uniform(2.0, 4.2)) if turns else math.radians(0.8 * rng.uniform() ** 3),
        pedestal=float(rng.uniform(0.6, 1.0)) if rng.random() < (0.15 if subtle else 0.4) else 0.0,
        scalloping=float(rng.uniform(0.8, 2.2)) if eaten else 0.0,
        sclerosis=float(rng.uniform(0.6, 1.2)) if rng.random() < 0.7 else 0.0,
    )


@dataclass(frozen=True)
class _LooseCup:
    widths: dict[str, float]
    tilt: float
    migration: tuple[float, float]
    sclerosis: float


def _cup(rng: np.random.Generator, strength: float) -> _LooseCup:
    subtle = strength <= _SUBTLE
    count = 3 if rng.random() < min(0.95, 0.55 * strength) and not subtle else 2
    zones = [str(zone) for zone in rng.permutation(DELEE_CHARNLEY_ZONES)[:count]]
    widths = _layer(rng, zones, strength)
    wanders = rng.random() < min(0.9, 0.42 * strength) and not subtle
    turns = rng.random() < min(0.9, 0.38 * strength) and not subtle
    way = math.radians(rng.uniform(50.0, 110.0))
    length = float(rng.uniform(4.0, 11.0)) if wanders else 0.0
    turn = float(rng.uniform(7.0, 24.0)) * (1.0 if rng.random() < 0.75 else -0.7)
    return _LooseCup(
        widths,
        tilt=math.radians(turn) if turns else 0.0,
        migration=(-length * math.cos(way), -length * math.sin(way)),
        sclerosis=float(rng.uniform(0.6, 1.2)) if rng.random() < 0.7 else 0.0,
    )


def _layer(rng: np.random.Generator, zones: list[str], strength: float) -> dict[str, float]:
    """Widths of the zones that count as loosened, around one mean: 2 to 2.5 mm where it is subtle, else to 4 mm."""
    subtle = strength <= _SUBTLE
    mean = DEFINITE_MM + (rng.uniform(0.0, 0.3) if subtle else 0.5 * strength + rng.normal(0.0, 0.3))
    return {zone: _width(rng, mean, DEFINITE_MM, 2.5 if subtle else 4.0) for zone in zones}


def _width(rng: np.random.Generator, mean: float, low: float, high: float) -> float:
    return round(float(np.clip(mean * rng.uniform(0.85, 1.15), low, high)), 2)
