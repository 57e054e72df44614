"""Everything that is drawn by lot for a phantom before a pixel is computed.

The patient, the implant, the exposure and every distractor come from streams that do not know the label; the signs
of loosening come from a stream of their own. The same seed with another label is the same patient.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from demo.phantom.case import PhantomCase
from demo.phantom.frame import Frame
from demo.phantom.machines import MACHINES, Machine
from demo.phantom.signs import Signs, draw_signs

PATIENT, EXPOSURE, SIGNS, NOISE, TEXTURE, HEADER = range(6)


def stream(case: PhantomCase, purpose: int) -> np.random.Generator:
    return np.random.default_rng([20_260, case.seed, purpose])


@dataclass(frozen=True)
class Patient:
    """Lengths in mm, angles in rad, densities relative to the mean."""

    size: float
    abduction: float
    bow: float
    offset: float
    shaft_radius: float
    cortex: float
    density: float
    lesser_trochanter: float
    pelvic_tilt: float
    depth: float
    fat: float
    outline_seed: int
    calcar_rounding: bool
    thick_cortex_at_tip: bool
    spot_welds: bool
    ossification: bool


@dataclass(frozen=True)
class Implant:
    """Lengths in mm, angles in rad; `steepness` is the cup's inclination when it was put in."""

    head_radius: float
    ceramic_head: bool
    cup_radius: float
    shell: float
    steepness: float
    anteversion: float
    screws: tuple[tuple[float, float, float], ...]
    stem_length: float
    stem_width: float
    alignment: float
    coating_end: float


@dataclass(frozen=True)
class Exposure:
    """How this radiograph was taken: `dose` relative to the machine's mean, margins as shares of the picture."""

    magnification: float
    rotation: float
    head_row: float
    head_column: float
    dose: float
    heel: float
    scatter: float
    window_shift: float
    window_width: float
    collimation: tuple[float, float, float, float]
    collimation_turn: float
    marker_place: tuple[float, float]
    marker_turn: float
    initials: str
    gas: tuple[tuple[float, float, float, float, float], ...]
    skin_fold: tuple[float, float, float] | None


@dataclass(frozen=True)
class Scene:
    case: PhantomCase
    machine: Machine
    patient: Patient
    implant: Implant
    exposure: Exposure
    signs: Signs

    def frame(self, reduction: int = 1) -> Frame:
        """The view with pixels `reduction` times as large as the machine's."""
        rows, columns = self.machine.rows // reduction, self.machine.columns // reduction
        pixel = self.machine.spacing_mm * reduction / self.exposure.magnification
        right = self.case.side == "R"
        share = self.exposure.head_column if not right else 1.0 - self.exposure.head_column
        return Frame(
            rows, columns, pixel, right, self.exposure.head_row * rows, share * columns, self.exposure.rotation
        )


def build_scene(case: PhantomCase) -> Scene:
    patient = _patient(stream(case, PATIENT))
    implant = _implant(stream(case, PATIENT + 100), patient)
    exposure = _exposure(stream(case, EXPOSURE), case.difficulty)
    signs = draw_signs(stream(case, SIGNS), case)
    return Scene(case, MACHINES[case.site], patient, implant, exposure, signs)


def _between(rng: np.random.Generator, mean: float, sigma: float, low: float, high: float) -> float:
    return float(min(high, max(low, rng.normal(mean, sigma))))


def _patient(rng: np.random.Generator) -> Patient:
    size = _between(rng, 1.0, 0.045, 0.90, 1.10)
    return Patient(
        size=size,
        abduction=_between(rng, 0.02, 0.035, -0.06, 0.10),
        bow=_between(rng, 1.5, 1.5, -1.5, 5.0),
        offset=_between(rng, 40.0, 2.5, 35.0, 46.0) * size,
        shaft_radius=_between(rng, 15.3, 0.8, 14.0, 17.0),
        cortex=_between(rng, 6.6, 0.8, 5.0, 8.0),
        density=_between(rng, 1.0, 0.12, 0.72, 1.25),
        lesser_trochanter=_between(rng, 1.0, 0.35, 0.25, 1.6),
        pelvic_tilt=_between(rng, 1.0, 0.12, 0.75, 1.25),
        depth=_between(rng, 198.0, 18.0, 160.0, 245.0),
        fat=_between(rng, 24.0, 8.0, 10.0, 46.0),
        outline_seed=int(rng.integers(1 << 31)),
        calcar_rounding=bool(rng.random() < 0.35),
        thick_cortex_at_tip=bool(rng.random() < 0.25),
        spot_welds=bool(rng.random() < 0.35),
        ossification=bool(rng.random() < 0.15),
    )


def _implant(rng: np.random.Generator, patient: Patient) -> Implant:
    head = float(rng.choice((14.0, 16.0, 16.0, 18.0)))
    cup = float(np.clip(round((26.0 * patient.size + rng.normal(0.0, 1.0)) * 1.0), 23, 30))
    cup = max(cup, head + 7.0)
    steepness = math.radians(_between(rng, 43.0, 4.5, 34.0, 53.0))
    count = int(rng.choice((0, 0, 1, 2, 2, 3)))
    turns = rng.permutation([-0.35, -0.02, 0.30])[:count] + rng.normal(0.0, 0.07, count)
    screws = tuple((float(turn), float(rng.uniform(18.0, 34.0)), float(rng.uniform(-0.12, 0.12))) for turn in turns)
    return Implant(
        head_radius=head,
        ceramic_head=bool(rng.random() < 0.4),
        cup_radius=cup,
        shell=float(rng.uniform(3.0, 4.0)),
        steepness=steepness,
        anteversion=math.radians(_between(rng, 15.0, 5.0, 3.0, 26.0)),
        screws=screws,
        stem_length=_between(rng, 134.0, 9.0, 112.0, 156.0) * patient.size,
        stem_width=_between(rng, 1.0, 0.05, 0.9, 1.1),
        alignment=math.radians(_between(rng, 0.0, 0.6, -1.2, 1.2)),
        coating_end=float(rng.uniform(0.35, 0.55)),
    )


def _exposure(rng: np.random.Generator, difficulty: float) -> Exposure:
    letters = "ABCDEFGHJKLMNPRSTVW"
    gas = tuple(
        (float(rng.uniform(-105, -35)), float(rng.uniform(-125, -45)), float(rng.uniform(7, 20)),
         float(rng.uniform(5, 13)), float(rng.uniform(14, 34)))
        for _ in range(int(rng.poisson(1.0 + 0.8 * difficulty)))
    )  # fmt: skip
    fold = None
    if rng.random() < 0.35:
        fold = (float(rng.uniform(-70, 25)), float(rng.uniform(-0.35, 0.15)), float(rng.uniform(5, 16)))
    top, bottom, left, right = (float(value) for value in rng.uniform(0.012, 0.07, 4))
    return Exposure(
        magnification=_between(rng, 1.15, 0.02, 1.10, 1.20),
        rotation=_between(rng, 0.0, 0.025, -0.06, 0.06),
        head_row=_between(rng, 0.335, 0.03, 0.26, 0.41),
        head_column=_between(rng, 0.50, 0.035, 0.42, 0.58),
        dose=_between(rng, 1.0, 0.2, 0.55, 1.6),
        heel=float(rng.uniform(-0.10, 0.10)),
        scatter=_between(rng, 0.42, 0.07, 0.25, 0.60),
        window_shift=_between(rng, 0.0, 0.05, -0.12, 0.12),
        window_width=_between(rng, 1.0, 0.08, 0.82, 1.2),
        collimation=(top, bottom, left, right),
        collimation_turn=_between(rng, 0.0, 0.008, -0.02, 0.02),
        marker_place=(float(rng.uniform(0.11, 0.20)), float(rng.uniform(0.76, 0.86))),
        marker_turn=_between(rng, 0.0, 7.0, -20.0, 20.0),
        initials="".join(rng.choice(list(letters), 2)),
        gas=gas,
        skin_fold=fold,
    )
