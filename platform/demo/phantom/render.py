"""A radiograph of a phantom, from scene to stored values, and its truth without a picture."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

import cv2
import numpy as np
from numpy.typing import NDArray

from demo.phantom import physics
from demo.phantom.bone import BonePaths
from demo.phantom.case import PhantomCase, PhantomTruth, RenderedPhantom
from demo.phantom.cup import CupPaths, cup_paths, opening, screw_axes
from demo.phantom.femur import femur
from demo.phantom.frame import Frame, Plane
from demo.phantom.marker import lead_letters
from demo.phantom.pelvis import PelvisShape, landmarks, pelvic_bone
from demo.phantom.scene import NOISE, TEXTURE, Scene, build_scene, stream
from demo.phantom.soft_tissue import soft_tissue
from demo.phantom.stem import SHOULDER_MM, StemPaths, StemPlace, stem_paths, stem_profile


def phantom_truth(case: PhantomCase) -> PhantomTruth:
    """What is known of a case, without rendering it."""
    scene = build_scene(case)
    return _truth(scene, scene.frame())


def render_phantom(case: PhantomCase, *, reduction: int = 1) -> RenderedPhantom:
    """The radiograph of a case.

    Args:
        case: which one; equal cases give equal bytes.
        reduction: pixels this many times as large as the machine's, for tuning and quick tests.
    """
    with _one_thread():
        return _rendered(build_scene(case), reduction)


@contextmanager
def _one_thread() -> Iterator[None]:
    """OpenCV cuts pictures by its number of threads, and the last bits follow the cuts."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)


def _rendered(scene: Scene, reduction: int) -> RenderedPhantom:
    frame = scene.frame(reduction)
    attenuation, zones = _attenuation(frame, scene, reduction)
    marker, (top, left, bottom, right) = lead_letters(frame, scene)
    attenuation[top:bottom, left:right] += marker
    field, inside = _open_field(frame, scene)
    mean = physics.intensity(attenuation, frame, scene, field)
    signal = physics.with_quanta(mean, frame, scene, stream(scene.case, NOISE))
    dense = physics.density(signal, frame, scene)
    pixels, window = physics.stored_values(dense, scene, inside)
    if scene.machine.blackened_collimation:
        pixels[~inside] = physics.LEVELS if scene.machine.inverted else 0
    photometric = "MONOCHROME1" if scene.machine.inverted else "MONOCHROME2"
    return RenderedPhantom(pixels, photometric, window, _truth(scene, frame), zones)


def _attenuation(frame: Frame, scene: Scene, reduction: int) -> tuple[Plane, NDArray[np.uint8]]:
    """The line integral of the attenuation, and the zones' bands."""
    fine, coarse = (1, 2) if reduction > 2 else (2, 6)
    soft_frame, bone_frame = frame.coarser(coarse), frame.coarser(fine)
    muscle, fat = soft_tissue(soft_frame, scene)
    total = frame.refined(np.asarray(muscle * physics.MUSCLE + fat * physics.FAT, np.float32), coarse)
    bone = _bone(bone_frame, scene)
    grain = frame.refined(_grain(bone_frame, scene), fine)
    cortical, trabecular = frame.refined(bone.cortical, fine), frame.refined(bone.trabecular, fine)
    stem, cup = stem_paths(frame, scene), cup_paths(frame, scene)
    bone = BonePaths(np.ascontiguousarray(cortical), np.ascontiguousarray(trabecular))
    _hollow(bone, stem.box, stem.bed, scene.signs.stem_filling, stem.rim, stem.metal)
    _hollow(bone, cup.box, cup.bed, scene.signs.cup_filling, cup.rim, cup.shell)
    total += bone.cortical * np.float32(physics.CORTICAL - physics.MUSCLE)
    total += bone.trabecular * grain * np.float32(physics.TRABECULAR - physics.MUSCLE)
    _add_implant(total, scene, stem, cup)
    return total, _zones(frame, stem, cup)


def _bone(frame: Frame, scene: Scene) -> BonePaths:
    """Pelvis and femur before anything was implanted."""
    bone = pelvic_bone(frame, scene)
    thigh, box = femur(frame, scene)
    bone.add(thigh, box)
    return bone


def _grain(frame: Frame, scene: Scene) -> Plane:
    """The grain of trabecular bone, a factor of mean 1."""
    grain = stream(scene.case, TEXTURE).standard_normal((frame.rows, frame.columns), dtype=np.float32)
    fine = frame.blurred(grain, 0.42) - frame.blurred(grain, 1.3)
    lines = cv2.filter2D(grain, -1, _streak(frame, 0.55)) + cv2.filter2D(grain, -1, _streak(frame, -0.75))
    texture = fine / np.float32(fine.std()) + 0.8 * lines / np.float32(lines.std())
    return np.asarray(np.maximum(1.0 + np.float32(0.085) * texture, 0.2), dtype=np.float32)


def _streak(frame: Frame, slope: float) -> Plane:
    """A kernel that draws noise out into trabeculae of about 4 mm along one direction."""
    half = max(1, round(2.2 / frame.pixel_mm))
    kernel = np.zeros((2 * half + 1, 2 * half + 1), np.float32)
    for step in np.linspace(-half, half, 8 * half + 1):
        kernel[round(half + step), round(half + slope * step * (-1.0 if frame.right else 1.0))] = 1.0
    return np.asarray(kernel / kernel.sum(), dtype=np.float32)


def _hollow(
    bone: BonePaths, box: tuple[int, int, int, int], bed: Plane, filling: float, rim: Plane, metal: Plane
) -> None:
    """Take the bed out of the bone, marrow first, and add the dense rim where there is bone to carry it."""
    top, left, bottom, right = box
    cortical, trabecular = bone.cortical[top:bottom, left:right], bone.trabecular[top:bottom, left:right]
    whole = cortical + trabecular
    # Behind metal nothing is left of the bone; beside it bridges of bone stay in the layer.
    taken = bed * np.where(metal > 0.0, np.float32(1.0), np.float32(filling))
    soft = np.minimum(trabecular, taken)
    trabecular -= soft
    cortical -= np.minimum(cortical, taken - soft)
    cortical += np.minimum(rim, whole * np.float32(0.6))


def _add_implant(total: Plane, scene: Scene, stem: StemPaths, cup: CupPaths) -> None:
    top, left, bottom, right = stem.box
    roughness = 1.0 + 0.05 * np.asarray(stem.rough, np.float32)
    total[top:bottom, left:right] += stem.metal * roughness * np.float32(physics.TITANIUM - physics.MUSCLE)
    top, left, bottom, right = cup.box
    part = total[top:bottom, left:right]
    head = physics.ALUMINA if scene.implant.ceramic_head else physics.COBALT_CHROME
    outside = cup.neck * (1.0 - np.minimum(cup.head / 8.0, 1.0) * (0.0 if scene.implant.ceramic_head else 1.0))
    part += (cup.shell + cup.screws + outside) * np.float32(physics.TITANIUM - physics.MUSCLE)
    part += cup.liner * np.float32(physics.POLYETHYLENE - physics.MUSCLE)
    part += cup.head * np.float32(head - physics.MUSCLE)


def _zones(frame: Frame, stem: StemPaths, cup: CupPaths) -> NDArray[np.uint8]:
    zones = np.zeros((frame.rows, frame.columns), np.uint8)
    for part in (stem, cup):
        top, left, bottom, right = part.box
        view = zones[top:bottom, left:right]
        np.copyto(view, part.zone, where=part.zone > 0)
    return zones


def _open_field(frame: Frame, scene: Scene) -> tuple[Plane, NDArray[np.bool_]]:
    """The beam without a patient, and the field that the collimator leaves open."""
    rows = np.linspace(0.0, 1.0, frame.rows, dtype=np.float32)[:, None]
    columns = np.linspace(0.0, 1.0, frame.columns, dtype=np.float32)[None, :]
    top, bottom, left, right = scene.exposure.collimation
    turn = np.float32(scene.exposure.collimation_turn)
    u, v = columns + turn * (rows - 0.5), rows - turn * (columns - 0.5)
    sharp = np.float32(1.0 / (0.9 / frame.pixel_mm / frame.columns))
    edge = np.minimum(np.minimum(u - left, 1.0 - right - u), np.minimum(v - top, 1.0 - bottom - v))
    shutter = np.clip(edge * sharp + 0.5, 0.0, 1.0)
    heel = 1.0 + np.float32(scene.exposure.heel) * (rows - 0.5)
    return np.asarray(shutter * heel, dtype=np.float32), np.asarray(edge * sharp > 2.0)


def _truth(scene: Scene, frame: Frame) -> PhantomTruth:
    signs = scene.signs
    box = frame.box(_implant_points(scene), 1.0)
    return PhantomTruth(
        zone_width_mm=dict(signs.widths),
        subsidence_mm=round(signs.subsidence, 2),
        tilt_degrees=round(math.degrees(signs.tilt), 2),
        migration_mm=round(math.hypot(*signs.migration), 2),
        cup_tilt_degrees=round(abs(math.degrees(signs.cup_tilt)), 2),
        pedestal=signs.pedestal > 0.0,
        scalloping=signs.scalloping > 0.0,
        sclerotic_line=max(signs.stem_sclerosis, signs.cup_sclerosis) > 0.0,
        landmarks={name: _place(frame, point) for name, point in _landmarks(scene).items()},
        implant_box=(box[0], box[1], box[2] - 1, box[3] - 1),
        rows=frame.rows,
        columns=frame.columns,
        pixel_spacing_mm=scene.machine.spacing_mm * (scene.machine.columns // frame.columns),
        magnification=round(scene.exposure.magnification, 4),
    )


def _place(frame: Frame, point: NDArray[np.float64]) -> tuple[float, float]:
    row, column = frame.pixels(point)[0]
    return round(float(row), 1), round(float(column), 1)


def _landmarks(scene: Scene) -> dict[str, NDArray[np.float64]]:
    profile, place, shape = stem_profile(scene), StemPlace(scene), PelvisShape(scene)
    offset, size = scene.patient.offset, scene.patient.size
    nx, ny, _ = opening(scene)
    rim = scene.implant.cup_radius * np.array([ny, -nx]) / math.hypot(nx, ny)
    points = {name: shape.placed(np.array([at], dtype=np.float64)) for name, at in landmarks().items()}
    return points | {
        "head_centre": np.zeros((1, 2)),
        "cup_rim_superior": rim[None, :],
        "cup_rim_inferior": -rim[None, :],
        "stem_shoulder": place.image_of_stem(np.array([(offset + 4.0, SHOULDER_MM)])),
        "stem_tip": place.image_of_stem(np.array([(offset, profile.length)])),
        "greater_trochanter": place.image_of_femur(np.array([(offset + 17.0 * size, -11.0 * size)])),
        "lesser_trochanter": place.image_of_femur(np.array([(offset - 25.0 * size, 59.0 * size)])),
    }


def _implant_points(scene: Scene) -> NDArray[np.float64]:
    profile, place, radius = stem_profile(scene), StemPlace(scene), scene.implant.cup_radius
    stem = place.image_of_stem(np.array([
        (profile.medial[0], profile.heights[0]), (profile.medial.min(), 36.0), (profile.lateral.max(), 26.0),
        (profile.axis - 5.0, profile.length), (profile.axis + 5.0, profile.length),
    ]))  # fmt: skip
    angles = np.linspace(0.0, 2 * math.pi, 36, endpoint=False)
    nx, ny, _ = opening(scene)
    ring = radius * np.column_stack((np.cos(angles), np.sin(angles)))
    behind = ring[ring @ np.array([nx, ny]) <= radius * 0.35]
    ends = [end[None, :] for _, end in screw_axes(scene)]
    return np.vstack((stem, behind, scene.implant.head_radius * ring / radius, *ends))
