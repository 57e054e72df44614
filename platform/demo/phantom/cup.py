"""Cup, liner, head, neck and screws, and the reamed bed of the cup: exact chords through spheres and cylinders."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo.phantom.case import DELEE_CHARNLEY_ZONES, GRUEN_ZONES
from demo.phantom.frame import Frame, Plane, Points
from demo.phantom.scene import Scene
from demo.phantom.stem import StemPlace

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class CupPaths:
    """In the box of pixels `box`: paths in mm.

    Attributes:
        shell: of the cup's titanium.
        screws: of its titanium screws.
        liner: of polyethylene.
        head: of the head's cobalt-chrome or ceramic.
        neck: of the stem's neck and taper.
        bed: of the space without bone, from the reamed sphere with its lucent layer.
        rim: of dense bone beyond the layer.
        zone: the place of a DeLee-Charnley zone in `ZONES`, counted from 1, else 0.
    """

    box: Box
    shell: Plane
    screws: Plane
    liner: Plane
    head: Plane
    neck: Plane
    bed: Plane
    rim: Plane
    zone: NDArray[np.uint8]


def sphere_half_chord(squared_radius: Plane, radius: Plane | float) -> Plane:
    """Half the path in mm through a sphere at a squared distance in mm^2 from its centre."""
    return np.sqrt(np.maximum(np.square(radius) - squared_radius, 0.0)).astype(np.float32)


def steepness(scene: Scene) -> float:
    """The cup's inclination now, rad."""
    return scene.implant.steepness + scene.signs.cup_tilt


def opening(scene: Scene) -> tuple[float, float, float]:
    """The unit vector out of the cup's mouth: x lateral, y to the feet, z to the front."""
    tilt, forward = steepness(scene), scene.implant.anteversion
    return math.sin(tilt) * math.cos(forward), math.cos(tilt) * math.cos(forward), math.sin(forward)


def cup_paths(frame: Frame, scene: Scene) -> CupPaths:
    implant = scene.implant
    reach = implant.cup_radius + 44.0
    corners = np.array([(-reach, -reach), (reach, -reach), (-reach, reach), (reach, reach)])
    box = frame.box(corners, 0.0)
    x, y = frame.grid(box)
    squared = x * x + y * y
    outer, inner = implant.cup_radius, implant.cup_radius - implant.shell
    normal = opening(scene)
    shell = _behind(squared, outer, normal, x, y) - _behind(squared, inner, normal, x, y)
    liner = _behind(squared, inner, normal, x, y) - _behind(squared, implant.head_radius, normal, x, y)
    width, zone = _layer(scene, x, y, squared)
    bed = _behind(squared, outer + width, normal, x, y)
    if any(scene.signs.migration):
        dx, dy = (np.float32(value) for value in scene.signs.migration)
        bed = np.maximum(bed, _behind(np.square(x + dx) + np.square(y + dy), outer, normal, x + dx, y + dy))
    rim = _behind(squared, outer + width + 0.8, normal, x, y) - _behind(squared, outer + width, normal, x, y)
    rim = rim * np.minimum(width / 0.8, 1.0) * np.float32(0.55 * scene.signs.cup_sclerosis)
    return CupPaths(
        box, np.maximum(shell, 0.0), _screws(scene, x, y), np.maximum(liner, 0.0),
        2.0 * sphere_half_chord(squared, implant.head_radius), _neck(scene, x, y), bed, rim, zone,
    )  # fmt: skip


def _behind(squared: Plane, radius: Plane | float, normal: tuple[float, float, float], x: Plane, y: Plane) -> Plane:
    """Path through the half of a sphere that lies behind the plane of the mouth (normal * point <= 0)."""
    half = sphere_half_chord(squared, radius)
    front = -(x * np.float32(normal[0]) + y * np.float32(normal[1])) / np.float32(max(normal[2], 1e-3))
    return np.asarray(np.clip(front, -half, half) + half, dtype=np.float32)


def _layer(scene: Scene, x: Plane, y: Plane, squared: Plane) -> tuple[Plane, NDArray[np.uint8]]:
    """Width in mm of the lucent layer by direction, and the zone's band.

    The dome's half circle, from its lateral to its medial end, is cut into thirds: zones I, II and III.
    """
    tilt = steepness(scene)
    # 0 at the lateral end of the mouth, pi at its medial lower end, over the dome.
    angle = np.mod(np.arctan2(-y, x) - np.float32(tilt), 2 * math.pi)
    share = (angle / np.float32(math.pi)).astype(np.float32)
    first, second, third = (scene.signs.widths[zone] for zone in DELEE_CHARNLEY_ZONES)
    knots = [-0.02, 0.03, 0.29, 0.38, 0.62, 0.71, 0.97, 1.02, 2.0]
    rng = np.random.default_rng(scene.signs.ripple_seed + 1)
    ripple = 1.0 + 0.10 * np.sin(angle * np.float32(rng.uniform(5, 11)) + np.float32(rng.uniform(0, 6.28)))
    line = np.interp(share, knots, [0.0, first, first, second, second, third, third, 0.0, 0.0])
    width = (line * ripple).astype(np.float32)
    radius = scene.implant.cup_radius
    band = (squared > radius**2) & (squared < np.square(radius + np.maximum(width, 3.0))) & (share < 1.0)
    place = np.clip((share * 3.0).astype(np.int16), 0, 2) + len(GRUEN_ZONES) + 1
    return width, np.where(band, place, 0).astype(np.uint8)


def _screws(scene: Scene, x: Plane, y: Plane) -> Plane:
    """Cancellous screws of 6.5 mm thread and 4 mm core from the dome into the ilium."""
    path = np.zeros_like(x)
    for start, end in screw_axes(scene):
        along = (end - start) / np.linalg.norm(end - start)
        length = float(np.linalg.norm(end - start))
        u = (x - np.float32(start[0])) * np.float32(along[0]) + (y - np.float32(start[1])) * np.float32(along[1])
        v = (x - np.float32(start[0])) * np.float32(-along[1]) + (y - np.float32(start[1])) * np.float32(along[0])
        thread = 2.3 + 0.6 * np.clip(1.2 * np.cos(u * np.float32(2 * math.pi / 2.75)), -1.0, 1.0)
        radius = np.where(u < 2.5, 3.9, thread * np.clip((length - u) / 3.0, 0.15, 1.0))
        screw = 2.0 * np.sqrt(np.maximum(np.square(radius) - v * v, 0.0))
        path += np.where((u > 0.0) & (u < length), screw, 0.0).astype(np.float32)
    return path


def screw_axes(scene: Scene) -> list[tuple[Points, Points]]:
    """Start and end of each screw in mm around the head's centre."""
    axes = []
    for turn, length, bend in scene.implant.screws:
        # A little lateral of the dome's pole, into the ilium towards the sacroiliac joint: the safe quadrant.
        direction = math.pi / 2 + steepness(scene) - 0.50 + turn
        start = (scene.implant.cup_radius - 4.0) * np.array([math.cos(direction), -math.sin(direction)])
        aim = direction + bend
        axes.append((start, start + length * np.array([math.cos(aim), -math.sin(aim)])))
    return axes


def _neck(scene: Scene, x: Plane, y: Plane) -> Plane:
    """A cone from the stem's shoulder to the taper within the head."""
    base = StemPlace(scene).image_of_stem(np.array([(scene.patient.offset - 6.0, 25.0)]))[0]
    length = float(np.hypot(*base))
    along = base / length
    u = x * np.float32(along[0]) + y * np.float32(along[1])
    v = x * np.float32(-along[1]) + y * np.float32(along[0])
    radius = 5.8 + 3.2 * np.square(np.clip((u - 16.0) / (length - 16.0), 0.0, 1.0))
    path = 2.0 * np.sqrt(np.maximum(np.square(radius) - v * v, 0.0))
    return np.asarray(np.where((u > 2.0) & (u < length), path, 0.0), dtype=np.float32)
