"""The cementless stem and the bed that it lies in.

Stem coordinates in mm: y along the stem's axis from the level of the head's centre to the tip, x lateral from the
head's centre. The stem is collarless and tapered; its cross-section is a superellipse of the power 4, so that a ray
at a share t of the half width meets 2 h (1 - t^4)^(1/4) of metal.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo.phantom.frame import Frame, Plane, Points, turned
from demo.phantom.scene import Scene

SHOULDER_MM = 13.0
_STEP_MM = 0.25
Profile = NDArray[np.float32]


@dataclass(frozen=True)
class StemProfile:
    """The stem's edges by height, every 0.25 mm from `SHOULDER_MM` to `length`: x of both edges, half depth; all mm."""

    heights: Profile
    medial: Profile
    lateral: Profile
    depth: Profile
    axis: float
    length: float

    def zone_of(self, height: Plane, lateral_side: NDArray[np.bool_]) -> NDArray[np.uint8]:
        """Gruen zone 1 to 7 of points by their height and side."""
        share = (height - SHOULDER_MM) / (self.length - SHOULDER_MM)
        third = np.clip((share * 3.0 / 0.95).astype(np.int16), 0, 2)
        zone = np.where(lateral_side, third + 1, 7 - third)
        return np.where(share > 0.95, 4, zone).astype(np.uint8)


def stem_profile(scene: Scene) -> StemProfile:
    implant, axis = scene.implant, scene.patient.offset
    length, width = implant.stem_length + SHOULDER_MM, implant.stem_width * scene.patient.size
    heights = np.arange(SHOULDER_MM, length + _STEP_MM, _STEP_MM, dtype=np.float32)
    knots = np.array([0.0, 3.0, 7.0, 14.0, 22.0, 30.0, 42.0, 62.0, 90.0]) + SHOULDER_MM
    medial = [-0.5, -4.2, -8.6, -14.5, -18.2, -15.6, -12.2, -9.6, -8.0]
    lateral = [0.5, 5.8, 8.8, 10.3, 10.4, 10.2, 9.8, 9.0, 7.8]
    tip = 5.4
    ends = np.append(knots, [max(length - 6.0, knots[-1] + 4.0), length])
    inner = np.interp(heights, ends, [*medial, -tip, -tip]) * width
    outer = np.interp(heights, ends, [*lateral, tip, tip]) * width
    inner, outer = _rounded(inner), _rounded(outer)
    left = np.clip((length - heights) / (tip * width), 0.0, 1.0)
    end = np.sqrt(left * (2.0 - left))
    depth = np.interp(heights, [SHOULDER_MM, SHOULDER_MM + 30, length], [8.2, 7.4, 4.8]) * width
    return StemProfile(
        heights, (axis + inner * end).astype(np.float32), (axis + outer * end).astype(np.float32),
        (depth * np.maximum(end, 0.3)).astype(np.float32), axis, length,
    )  # fmt: skip


def _rounded(edge: NDArray[np.float64]) -> NDArray[np.float64]:
    """The edge without the corners of its knots."""
    reach = 14
    kernel = np.hanning(2 * reach + 1)
    padded = np.pad(edge, reach, mode="reflect", reflect_type="odd")
    return np.convolve(padded, kernel / kernel.sum(), mode="valid")


class StemPlace:
    """Where stem and femur lie: the stem hangs on the head, the femur around it, moved by what the stem did."""

    def __init__(self, scene: Scene) -> None:
        self.angle = scene.patient.abduction
        self._own = scene.implant.alignment + scene.signs.tilt
        self._pivot = (scene.patient.offset, 70.0)
        self._sunk = scene.signs.subsidence

    def image_of_stem(self, points: Points) -> Points:
        """Stem coordinates to mm around the head's centre."""
        return turned(turned(points, self._own, self._pivot) - self._head, self.angle)

    def image_of_femur(self, points: Points) -> Points:
        """Femur coordinates (the stem's when it was put in straight) to mm around the head's centre."""
        return turned(np.asarray(points) - np.array([0.0, self._sunk]) - self._head, self.angle)

    @property
    def _head(self) -> Points:
        # The head is the origin, wherever the stem's turn about its middle has taken it.
        return turned(np.zeros((1, 2)), self._own, self._pivot)

    def stem_of(self, x: Plane, y: Plane) -> tuple[Plane, Plane]:
        """Millimetres around the head's centre to stem coordinates."""
        x, y = _back(x, y, self.angle)
        head_x, head_y = (float(value) for value in self._head[0])
        px, py = self._pivot
        turned_x, turned_y = _back(x + np.float32(head_x - px), y + np.float32(head_y - py), self._own)
        return turned_x + np.float32(px), turned_y + np.float32(py)

    def femur_of(self, x: Plane, y: Plane) -> tuple[Plane, Plane]:
        """Millimetres around the head's centre to femur coordinates."""
        x, y = _back(x, y, self.angle)
        head_x, head_y = (float(value) for value in self._head[0])
        return x + np.float32(head_x), y + np.float32(head_y + self._sunk)


def _back(x: Plane, y: Plane, angle: float) -> tuple[Plane, Plane]:
    cosine, sine = np.float32(math.cos(angle)), np.float32(math.sin(angle))
    return x * cosine - y * sine, x * sine + y * cosine


@dataclass(frozen=True)
class StemPaths:
    """In the box of pixels `box`: paths in mm of metal, of the soft bed (metal included), of the dense rim beyond it.

    `zone` holds the Gruen zone (1 to 7) of the band beside the metal, else 0; `inside` is 1 within the metal.
    """

    box: tuple[int, int, int, int]
    metal: Plane
    rough: Plane
    bed: Plane
    rim: Plane
    zone: NDArray[np.uint8]


def stem_paths(frame: Frame, scene: Scene) -> StemPaths:
    """The stem and its bed in the picture's plane."""
    profile, place = stem_profile(scene), StemPlace(scene)
    reach = np.array([(profile.axis - 30, 5), (profile.axis + 26, 5), (profile.axis - 16, profile.length + 14),
                      (profile.axis + 16, profile.length + 14)])  # fmt: skip
    box = frame.box(place.image_of_stem(reach), 6.0)
    x, y = frame.grid(box)
    across, along = place.stem_of(x, y)
    rows = _rows(profile, along)
    metal = _body(profile, across, along, rows, 0.0, 0.0, frame.pixel_mm)
    widths = layer_widths(scene, profile)
    lateral, medial, tip = (widths[0][rows], widths[1][rows], widths[2])
    layer = _body(profile, across, along, rows, medial, lateral, frame.pixel_mm, tip)
    rim = 0.9
    wider = _body(profile, across, along, rows, medial + rim, lateral + rim, frame.pixel_mm, tip + rim)
    there = np.minimum((medial + lateral) / 1.6, 1.0) * np.float32(scene.signs.stem_sclerosis)
    bed = np.maximum(layer, _old_bed(profile, place, x, y, frame.pixel_mm))
    zone = _zone_band(profile, scene, across, along, rows, metal)
    coated = along < SHOULDER_MM + scene.implant.coating_end * (profile.length - SHOULDER_MM)
    return StemPaths(box, metal, np.asarray(coated & (metal > 0)), bed, np.maximum(wider - layer, 0.0) * there, zone)


def _rows(profile: StemProfile, along: Plane) -> NDArray[np.int32]:
    place = ((along - np.float32(SHOULDER_MM)) * np.float32(1.0 / _STEP_MM)).astype(np.int32)
    return np.clip(place, 0, len(profile.heights) - 1)


def _body(
    profile: StemProfile, across: Plane, along: Plane, rows: NDArray[np.int32], medial: Plane | float,
    lateral: Plane | float, pixel_mm: float, tip: float = 0.0,
) -> Plane:  # fmt: skip
    """Chords through the stem's body, grown on both sides and at the tip by lengths in mm."""
    if tip:
        shifted = along - np.float32(tip) * np.clip((along - profile.length + 25.0) / 25.0, 0.0, 1.0)
        rows = _rows(profile, shifted)
    left, right = profile.medial[rows] - medial, profile.lateral[rows] + lateral
    half = np.maximum((right - left) * 0.5, 1e-3)
    t = np.abs(across - (left + right) * 0.5) / half
    depth = profile.depth[rows] + (medial + lateral) * np.float32(0.5)
    squared = t * t
    body = 2.0 * depth * np.sqrt(np.sqrt(np.maximum(1.0 - squared * squared, 0.0)))
    edge = np.float32(1.0 / pixel_mm)
    top = np.clip((along - np.float32(SHOULDER_MM)) * edge + 0.5, 0.0, 1.0)
    bottom = np.clip((np.float32(profile.length + tip) - along) * edge + 0.5, 0.0, 1.0)
    return np.asarray(body * top * bottom, dtype=np.float32)


def layer_widths(scene: Scene, profile: StemProfile) -> tuple[Profile, Profile, float]:
    """Width of the lucent layer in mm by height, lateral and medial, and below the tip: smooth from zone to zone."""
    share = (profile.heights - SHOULDER_MM) / (profile.length - SHOULDER_MM)
    widths = scene.signs.widths
    knots = [0.0, 0.28, 0.36, 0.60, 0.68, 0.92, 1.0]
    sides = []
    rng = np.random.default_rng(scene.signs.ripple_seed)
    for zones in (("G1", "G2", "G3"), ("G7", "G6", "G5")):
        first, second, third = (widths[zone] for zone in zones)
        line = np.interp(share, knots, [first, first, second, second, third, third, max(third, widths["G4"]) * 0.8])
        wave = np.sin(profile.heights / rng.uniform(4.0, 9.0) + rng.uniform(0.0, 6.28))
        ripple = 1.0 + 0.12 * wave + scene.signs.scalloping * 0.12 * np.maximum(0.0, np.sin(profile.heights / 5.2))
        sides.append((line * ripple).astype(np.float32))
    return sides[0], sides[1], float(widths["G4"])


def _old_bed(profile: StemProfile, place: StemPlace, x: Plane, y: Plane, pixel_mm: float) -> Plane:
    """What the stem left empty when it sank or turned: its own shape where it was put in."""
    across, along = place.femur_of(x, y)
    return _body(profile, across, along, _rows(profile, along), 0.0, 0.0, pixel_mm) * np.float32(0.9)


def _zone_band(
    profile: StemProfile, scene: Scene, across: Plane, along: Plane, rows: NDArray[np.int32], metal: Plane
) -> NDArray[np.uint8]:
    lateral, medial, tip = layer_widths(scene, profile)
    right = profile.lateral[rows] + np.maximum(lateral[rows], 3.0)
    left = profile.medial[rows] - np.maximum(medial[rows], 3.0)
    low = profile.length + max(tip, 3.0)
    near = (across > left) & (across < right) & (along > SHOULDER_MM) & (along < low) & (metal <= 0.0)
    # Above the resection the medial side is the neck: no bone, no zone.
    near &= (across > profile.axis) | (along > SHOULDER_MM + 22.0)
    return np.where(near, profile.zone_of(along, across > profile.axis), 0).astype(np.uint8)
