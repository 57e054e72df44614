"""Muscle and fat as path lengths: trunk and thighs, fat planes, a skin fold, gas in the bowel. Smooth, so coarse."""

from __future__ import annotations

import numpy as np

from demo.phantom.bone import ridge
from demo.phantom.frame import Frame, Plane, smooth_line, smoothstep
from demo.phantom.pelvis import PelvisShape
from demo.phantom.scene import Scene

_LATERAL_SKIN = np.array([(-190, 66), (-140, 66), (-100, 72), (-60, 82), (-20, 91), (20, 95), (60, 94), (110, 90),
                          (170, 85), (250, 79), (330, 74)], dtype=np.float64)  # fmt: skip
_FAT_PLANES = (
    ([(-22, -92), (-8, -50), (6, -14), (10, 20), (12, 48)], 1.4, 9.0),  # in front of iliopsoas
    ([(32, -92), (45, -62), (56, -34), (62, -10)], 1.2, 8.0),  # under gluteus minimus
    ([(46, -108), (64, -66), (74, -28), (78, 8)], 1.6, 10.0),  # between gluteus medius and fascia
    ([(-29, -20), (-26, 0), (-24, 18)], 1.0, 5.0),  # obturator internus
    ([(76, 40), (70, 90), (66, 150), (62, 220)], 1.8, 9.0),  # fascia lata
    ([(8, 70), (4, 120), (2, 180), (4, 240)], 2.2, 9.0),  # adductors
)


def soft_tissue(frame: Frame, scene: Scene) -> tuple[Plane, Plane]:
    """Paths in mm through muscle and through fat, (rows, columns), as if there were no bone and no implant."""
    x, y = frame.grid()
    midline = PelvisShape(scene).midline
    folded = np.where(x < midline, 2 * midline - x, x)
    patient = scene.patient
    skin = np.interp(y, *_LATERAL_SKIN.T).astype(np.float32) * np.float32(patient.size) + np.float32(patient.fat)
    depth = patient.depth * (1.0 - 0.22 * smoothstep(y, 10.0, 130.0))
    # Below the perineum the thigh has a medial side too.
    inner = np.float32(midline) - 130.0 + 134.0 * smoothstep(y, 78.0, 150.0)
    body = depth * _rounded(skin - folded, 85.0) * _rounded(folded - inner, 46.0)
    fat = np.float32(patient.fat)
    meat = (depth - 1.1 * fat) * _rounded(skin - folded - fat, 72.0) * _rounded(folded - inner - 0.5 * fat, 40.0)
    muscle = np.clip(meat, 0.0, body)
    _planes(frame, scene, muscle)
    muscle = _fold(scene, x, y, muscle)
    muscle = np.maximum(muscle - _gas(scene, x, y), 0.0)
    # Fat streaks between muscle bundles.
    grain = np.random.default_rng(patient.outline_seed + 7).standard_normal(x.shape, dtype=np.float32)
    streaks = frame.blurred(grain, 2.6)
    share = np.clip(1.0 + 0.012 * streaks / max(float(streaks.std()), 1e-6), 0.9, 1.1)
    return np.asarray(muscle * share, np.float32), np.asarray(np.maximum(body - meat, 0.0), np.float32)


def _rounded(distance: Plane, rounding: float) -> Plane:
    t = np.clip(distance / np.float32(rounding), 0.0, 1.0)
    return np.asarray(np.sqrt(t * (2.0 - t)), dtype=np.float32)


def _planes(frame: Frame, scene: Scene, muscle: Plane) -> None:
    layers = np.zeros_like(muscle)
    for points, width, path in _FAT_PLANES:
        line = smooth_line(np.array(points, dtype=np.float64) * scene.patient.size)
        plane, (top, left, bottom, right) = ridge(frame, line, width_mm=width * 1.6, path_mm=path)
        layers[top:bottom, left:right] = np.maximum(layers[top:bottom, left:right], plane)
    # No plane is seen on edge all along: it fades where it turns away from the beam.
    grain = np.random.default_rng(scene.patient.outline_seed + 8).standard_normal(muscle.shape, dtype=np.float32)
    fading = frame.blurred(grain, 14.0)
    muscle -= layers * np.clip(0.55 + 0.35 * fading / max(float(fading.std()), 1e-6), 0.0, 1.0)


def _fold(scene: Scene, x: Plane, y: Plane, muscle: Plane) -> Plane:
    """A fold of skin: thicker on one side, with a thin dark line of air where the skin meets."""
    if scene.exposure.skin_fold is None:
        return muscle
    height, slope, step = scene.exposure.skin_fold
    away = y - np.float32(height) - np.float32(slope) * x - 0.0016 * np.square(x)
    thicker = (
        np.float32(step)
        * (1.0 - smoothstep(np.asarray(away, np.float32), -1.2, 1.2))
        * smoothstep(np.asarray(away, np.float32), -130.0, 0.0)
    )
    gap = np.float32(0.9 * step) * np.exp(-np.square(away / 1.5))
    return np.asarray(np.where(muscle > 20.0, muscle + thicker - gap, muscle), dtype=np.float32)


def _gas(scene: Scene, x: Plane, y: Plane) -> Plane:
    """Gas in the bowel: path in mm that holds no tissue."""
    gas = np.zeros_like(x)
    for centre_x, centre_y, across, along, depth in scene.exposure.gas:
        turn = 0.02 * centre_x
        u = (x - centre_x) * np.cos(turn) + (y - centre_y) * np.sin(turn)
        v = (y - centre_y) * np.cos(turn) - (x - centre_x) * np.sin(turn)
        wobble = 1.0 + 0.22 * np.sin(u * 0.31 + centre_x) * np.cos(v * 0.37 + centre_y)
        gas = np.maximum(
            gas, depth * np.sqrt(np.maximum(1.0 - (np.square(u / across) + np.square(v / along)) * wobble, 0.0))
        )
    return np.asarray(gas, dtype=np.float32)
