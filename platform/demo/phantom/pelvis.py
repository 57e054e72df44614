"""Half a pelvis, its mirror image and the sacrum in AP projection.

The outline's points are millimetres from the acetabulum's centre in a pelvis of middle size, taken in order: iliac
wing, anterior inferior spine, acetabular roof, posterior wall, ischial tuberosity, inferior ramus, symphysis,
superior ramus, pelvic brim, sacroiliac joint.
"""

from __future__ import annotations

import numpy as np

from demo.phantom.bone import BonePaths, empty_bone, inside_distance, ridge, shelled
from demo.phantom.frame import Frame, Plane, Points, smooth_line, smooth_outline, smoothstep
from demo.phantom.scene import Scene

MIDLINE_MM = -92.0

_HEMIPELVIS = np.array([
    (58, -170), (56, -140), (50, -116), (41, -97), (33, -82), (29, -68), (31, -56), (34, -47), (29, -39), (28, -32),
    (26.5, -24), (23, -13), (18, 0), (12, 12), (4, 24), (-4, 33), (-8, 42), (-12, 54), (-15, 66), (-20, 78), (-28, 87),
    (-38, 88), (-46, 82), (-54, 75), (-64, 68), (-74, 62), (-83, 56), (-88, 48), (-89.5, 36), (-89.5, 22), (-87, 12),
    (-78, 8), (-66, 7), (-54, 4), (-44, -3), (-38, -12), (-37, -24), (-40, -38), (-46, -51), (-53, -62), (-60, -72),
    (-66, -84), (-66, -102), (-62, -125), (-58, -150), (-54, -172),
], dtype=np.float64)  # fmt: skip
_FORAMEN = np.array([
    (-27, 34), (-33, 27), (-43, 24), (-55, 25), (-65, 30), (-70, 39), (-68, 49), (-60, 57), (-50, 63), (-40, 67),
    (-32, 66), (-27, 57), (-25, 45),
], dtype=np.float64)  # fmt: skip
_SACRUM = np.array([
    (-150, -175), (-34, -175), (-46, -150), (-54, -125), (-60, -100), (-64, -84), (-70, -66), (-76, -50), (-81, -38),
    (-84, -24), (-87, -12), (-90, -4), (-94, -4), (-97, -12), (-100, -24), (-103, -38), (-108, -50), (-114, -66),
    (-120, -84), (-124, -100), (-130, -125), (-138, -150),
], dtype=np.float64)  # fmt: skip
_BRIM = np.array([(-84, 11), (-66, 10), (-50, 4), (-40, -8), (-37, -24), (-42, -42), (-52, -60), (-62, -78)], float)
_ILIOISCHIAL = np.array([(-48, -50), (-38, -32), (-32, -12), (-30, 8), (-29, 26), (-28, 44), (-30, 62)], float)
_TEARDROP = np.array([(-26, 8), (-27, 18), (-29, 25), (-33, 27), (-36, 23), (-36, 12), (-34, 4)], float)
_SPINE = np.array([(-33, -6), (-41, -2), (-46, 4), (-40, 8), (-32, 12)], float)
_POSTERIOR_WALL = np.array([(26, -23), (22, -9), (15, 5), (6, 20), (-4, 33)], float)
_ANTERIOR_WALL = np.array([(26, -23), (17, -7), (6, 4), (-8, 9), (-24, 9)], float)


def landmarks() -> dict[str, tuple[float, float]]:
    """Points of the middle pelvis, in mm from the acetabulum's centre."""
    return {
        "teardrop": (-31.0, 27.0), "ischial_tuberosity": (-33.0, 88.0), "acetabular_roof": (26.5, -24.0),
        "symphysis": (MIDLINE_MM, 20.0),
    }  # fmt: skip


class PelvisShape:
    """Where one patient's pelvis lies: sized, tilted, unlike any other, left behind by a cup that wanders."""

    def __init__(self, scene: Scene) -> None:
        self._size = scene.patient.size
        self._tilt = scene.patient.pelvic_tilt
        self._shift = -np.asarray(scene.signs.migration)
        rng = np.random.default_rng(scene.patient.outline_seed)
        self._waves = rng.normal(0.0, 0.9, (2, 3)), rng.uniform(0.0, 6.28, (2, 3))

    def placed(self, points: Points) -> Points:
        """Points of the middle pelvis to mm from the head's centre."""
        points = np.asarray(points, dtype=np.float64).copy()
        height, phase = self._waves
        for axis, other in ((0, 1), (1, 0)):
            for order in range(3):
                points[:, axis] += height[axis, order] * np.sin(
                    points[:, other] / (38 - 9 * order) + phase[axis, order]
                )
        below = np.clip(points[:, 1] - 8.0, 0.0, None)
        points[:, 1] += below * (self._tilt - 1.0) * 0.5
        return np.asarray(points * self._size + self._shift)

    @property
    def midline(self) -> float:
        return float(MIDLINE_MM * self._size + self._shift[0])

    def mirrored(self, points: Points) -> Points:
        return np.asarray(np.column_stack((2 * self.midline - points[:, 0], points[:, 1])))


def pelvis(frame: Frame, scene: Scene) -> BonePaths:
    """Paths through both halves and the sacrum, (rows, columns) in mm; the acetabulum is not yet reamed."""
    shape = PelvisShape(scene)
    half = shape.placed(smooth_outline(_HEMIPELVIS, steps=6))
    foramen = shape.placed(smooth_outline(_FORAMEN, steps=6))
    distance = inside_distance(frame, (half, shape.mirrored(half)), (foramen, shape.mirrored(foramen)))
    x, y = frame.grid()
    folded = np.where(x < shape.midline, 2 * shape.midline - x, x) - np.float32(scene.signs.migration[0] * -1)
    down = y + np.float32(scene.signs.migration[1])
    depth = _half_depth(folded / np.float32(scene.patient.size), down / np.float32(scene.patient.size))
    bone = shelled(distance, rounding=11.0, half_depth=depth, cortex=1.4)
    _iliac_wing(bone, folded, down)
    _lines(frame, bone, shape)
    _sacrum(frame, bone, shape)
    return bone


def _half_depth(x: Plane, y: Plane) -> Plane:
    """Half of the bone's depth from front to back, in mm: thin wing, thick roof, tuberosity and brim."""

    def mound(cx: float, cy: float, sx: float, sy: float) -> Plane:
        return np.asarray(np.exp(-(((x - cx) / sx) ** 2) - ((y - cy) / sy) ** 2), dtype=np.float32)

    depth = 6.0 + 12.5 * mound(4, -22, 30, 34) + 8.5 * mound(-32, 74, 20, 26) + 5.0 * mound(-12, 30, 20, 22)
    depth += 5.5 * mound(-52, -78, 20, 34) + 3.5 * mound(-80, 30, 16, 26) + 2.5 * mound(32, -62, 14, 26)
    return np.asarray(depth, dtype=np.float32)


def _iliac_wing(bone: BonePaths, x: Plane, y: Plane) -> None:
    """The thin middle of the iliac fossa, which is nearly transparent, and the denser roof above the cup."""
    fossa = np.exp(-(((x - 2) / 26) ** 2) - ((y + 128) / 36) ** 2)
    bone.trabecular *= 1.0 - 0.45 * fossa
    roof = np.exp(-(((x - 10) / 16) ** 2) - ((y + 38) / 12) ** 2)
    bone.trabecular *= 1.0 + 0.35 * roof


def _lines(frame: Frame, bone: BonePaths, shape: PelvisShape) -> None:
    lines = (
        (_BRIM, 1.0, 7.0), (_ILIOISCHIAL, 0.9, 6.0), (_TEARDROP, 0.8, 6.0), (_SPINE, 0.9, 4.0),
        (_POSTERIOR_WALL, 0.9, 5.0), (_ANTERIOR_WALL, 0.8, 3.0),
    )  # fmt: skip
    for points, width, path in lines:
        line = shape.placed(smooth_line(points))
        for one in (line, shape.mirrored(line)):
            plane, (top, left, bottom, right) = ridge(frame, one, width_mm=width, path_mm=path)
            bone.cortical[top:bottom, left:right] += plane


def _sacrum(frame: Frame, bone: BonePaths, shape: PelvisShape) -> None:
    outline = shape.placed(smooth_outline(_SACRUM, steps=6))
    distance = inside_distance(frame, (outline,))
    x, y = frame.grid()
    depth = 13.0 - 9.0 * smoothstep(y, -80.0, -20.0)
    sacral = shelled(distance, rounding=9.0, half_depth=depth, cortex=0.8)
    for level, height in enumerate((-128.0, -102.0, -78.0, -58.0)):
        for way in (-1.0, 1.0):
            centre = shape.midline + way * (25.0 - 3.0 * level)
            hole = np.exp(-(((x - centre) / 5.0) ** 2) - ((y - height) / 4.0) ** 2)
            sacral.trabecular *= 1.0 - 0.75 * hole
    bone.add(sacral)


def pelvic_bone(frame: Frame, scene: Scene) -> BonePaths:
    """`pelvis` with the patient's density."""
    bone = empty_bone(frame)
    bone.add(pelvis(frame, scene))
    bone.trabecular *= np.float32(scene.patient.density)
    return bone
