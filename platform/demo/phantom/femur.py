"""The proximal femur after a neck cut: trochanters, metaphysis, a tube of cortex with its canal.

The outline's points are millimetres in stem coordinates (see `stem`) for an offset of 40 mm.
"""

from __future__ import annotations

import numpy as np

from demo.phantom.bone import BonePaths, inside_distance, ridge, shelled
from demo.phantom.frame import Frame, Plane, Points, smooth_line, smooth_outline, smoothstep
from demo.phantom.scene import Scene
from demo.phantom.stem import StemPlace, stem_profile

_FAR_MM = 320.0


def femur_outline(scene: Scene) -> Points:
    """The closed outline from the saddle over the greater trochanter, down the shaft and up to the calcar."""
    patient = scene.patient
    shaft, lesser = patient.shaft_radius / 15.3, patient.lesser_trochanter
    bow = patient.bow
    lateral = [(5, 11), (7, 2), (11, -7), (17, -11), (23, -9), (27, -1), (29.5, 10), (29.5, 22), (27, 34), (23, 46),
               (20, 58), (18, 72), (16.8, 90)]  # fmt: skip
    medial = [(-16.4, 92), (-17.5, 80), (-18.6 - 1.5 * lesser, 72), (-20 - 5.0 * lesser, 64), (-21 - 6.0 * lesser, 57),
              (-21.5 - 3.5 * lesser, 50), (-21.5, 44), (-21.8, 40), (-21.0, 35.5)]  # fmt: skip
    if patient.calcar_rounding:
        medial[-1] = (-18.8, 38.5)
    down = [(15.6 + bow * s, y) for y, s in ((115, 0.5), (150, 0.9), (190, 1.0), (230, 0.8), (_FAR_MM, 0.0))]
    up = [(-15.3 + bow * s, y) for y, s in ((_FAR_MM, 0.0), (230, 0.8), (190, 1.0), (150, 0.9), (115, 0.5))]
    points = np.array([*lateral, *down, *up, *medial, (-16.5, 31.5), (-8, 25)], dtype=np.float64)
    points[:, 0] *= shaft
    points *= patient.size
    points[:, 0] += patient.offset
    return smooth_outline(points, steps=6)


def femur(frame: Frame, scene: Scene) -> tuple[BonePaths, tuple[int, int, int, int]]:
    """Paths in mm through the femur before the stem's bed is taken out, and the box of pixels that they fill."""
    place = StemPlace(scene)
    outline = place.image_of_femur(femur_outline(scene))
    distance = inside_distance(frame, (outline,))
    box = frame.box(outline, 3.0)
    top, left, bottom, right = box
    inside = distance[top:bottom, left:right]
    x, y = frame.grid(box)
    across, along = place.femur_of(x, y)
    radius = scene.patient.shaft_radius * scene.patient.size
    rounding = radius + 7.0 * (1.0 - smoothstep(along, 20.0, 100.0))
    depth = rounding - 3.0 * (1.0 - smoothstep(along, -15.0, 60.0))
    bone = shelled(inside, rounding=rounding, half_depth=depth, cortex=_cortex(scene, across, along))
    bone.trabecular *= _canal(scene, along)
    _details(frame, scene, place, bone, box)
    return bone, box


def _cortex(scene: Scene, across: Plane, along: Plane) -> Plane:
    """Thickness in mm: thin over the trochanters, thicker at the calcar and full along the shaft."""
    full = scene.patient.cortex
    lateral = 1.2 + (full - 1.2) * smoothstep(along, 25.0, 120.0)
    medial = 2.2 + (full - 2.2) * smoothstep(along, 30.0, 95.0)
    cortex = np.where(across > np.float32(scene.patient.offset), lateral, medial)
    if scene.patient.thick_cortex_at_tip:
        tip = scene.implant.stem_length
        cortex = cortex + 1.4 * np.exp(-(((along - tip) / 22.0) ** 2))
    return np.asarray(cortex, dtype=np.float32)


def _canal(scene: Scene, along: Plane) -> Plane:
    """Share of trabecular bone within: most in the metaphysis, condensed around the stem, little below."""
    tip = stem_profile(scene).length
    filled = 1.0 - 0.15 * smoothstep(along, 45.0, 110.0) - 0.65 * smoothstep(along, tip - 8.0, tip + 26.0)
    return np.asarray(filled * np.float32(scene.patient.density), dtype=np.float32)


def _details(frame: Frame, scene: Scene, place: StemPlace, bone: BonePaths, box: tuple[int, int, int, int]) -> None:
    """Trochanteric ridge, spot welds at the coating's end, a pedestal under the tip, ossification beside it all."""
    offset, size, signs = scene.patient.offset, scene.patient.size, scene.signs
    profile = stem_profile(scene)
    crest = np.array([(12, -6), (8, 10), (2, 26), (-8, 42), (-18, 54)], float) * size + [offset, 0.0]
    _dense(frame, place.image_of_femur(smooth_line(crest)), bone, box, width=1.6, path=3.0)
    if scene.patient.spot_welds:
        height = profile.length * scene.implant.coating_end
        for way in (-1.0, 1.0):
            start = offset + way * 9.0
            weld = np.array([(start, height - 3.0), (start + way * 3.0, height), (start + way * 5.5, height + 2.5)])
            _dense(frame, place.image_of_femur(weld), bone, box, width=1.8, path=6.0)
    if signs.pedestal:
        span = 8.5 * size * signs.pedestal
        below = profile.length + signs.widths["G4"] + 1.0 + signs.subsidence
        plate = np.array([(offset - span, below + 3.0), (offset, below + 5.0), (offset + span, below + 3.4)])
        _dense(frame, place.image_of_femur(smooth_line(plate)), bone, box, width=1.9, path=11.0 * signs.pedestal)
    if scene.patient.ossification:
        island = np.array([(offset + 8, -22), (offset + 3, -28), (offset - 3, -27)], float)
        _dense(frame, place.image_of_femur(smooth_line(island)), bone, box, width=2.6, path=4.0)


def _dense(
    frame: Frame, line: Points, bone: BonePaths, box: tuple[int, int, int, int], *, width: float, path: float
) -> None:
    plane, (top, left, bottom, right) = ridge(frame, line, width_mm=width, path_mm=path)
    first, start, end, stop = max(top, box[0]), max(left, box[1]), min(bottom, box[2]), min(right, box[3])
    if end <= first or stop <= start:
        return
    part = plane[first - top : end - top, start - left : stop - left]
    bone.cortical[first - box[0] : end - box[0], start - box[1] : stop - box[1]] += part
