"""Bone as path lengths: outlines with a depth, a cortex at their surface and trabecular bone within.

A bone is a body that is round at its border. With d the distance from its outline, rho the radius of the rounding and
h the half depth, a ray meets 2 h sqrt(1 - (1 - min(d / rho, 1))^2) of it; the same body, smaller by the cortex, is
its trabecular or marrow inside. For rho = h = radius this is the exact chord through a tube.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from demo.phantom.frame import Frame, Plane, Points

_SUBPIXEL_BITS = 4
_BAND_PIXELS = 3.0
_SAMPLE_PIXELS = 0.5


@dataclass
class BonePaths:
    """Attributes: path lengths in mm, (rows, columns), of cortical and of trabecular bone."""

    cortical: Plane
    trabecular: Plane

    def add(self, other: BonePaths, box: tuple[int, int, int, int] | None = None) -> None:
        top, left, bottom, right = box or (0, 0, *self.cortical.shape)
        self.cortical[top:bottom, left:right] += other.cortical
        self.trabecular[top:bottom, left:right] += other.trabecular


def empty_bone(frame: Frame) -> BonePaths:
    return BonePaths(
        np.zeros((frame.rows, frame.columns), np.float32), np.zeros((frame.rows, frame.columns), np.float32)
    )


def inside_distance(frame: Frame, outlines: Sequence[Points], holes: Sequence[Points] = ()) -> Plane:
    """Distance in mm from the outline for pixels inside, 0 outside. (rows, columns)."""
    mask = np.zeros((frame.rows, frame.columns), np.uint8)
    for polygon in outlines:
        cv2.fillPoly(mask, [_fixed(frame, polygon)], 1, lineType=cv2.LINE_8, shift=_SUBPIXEL_BITS)
    for polygon in holes:
        cv2.fillPoly(mask, [_fixed(frame, polygon)], 0, lineType=cv2.LINE_8, shift=_SUBPIXEL_BITS)
    # Not DIST_MASK_PRECISE: in OpenCV 5.0 it gives other last bits from call to call.
    distance = cv2.distanceTransform(mask, cv2.DIST_L2, cv2.DIST_MASK_5)
    inside = np.asarray(np.maximum(distance - 0.5, 0.0), dtype=np.float32)
    _refine_near_outline(frame, inside, mask, (*outlines, *holes))
    softened = cv2.GaussianBlur(inside, (0, 0), 0.7)
    return np.asarray(softened * np.float32(frame.pixel_mm), dtype=np.float32)


def _refine_near_outline(frame: Frame, distance: Plane, mask: NDArray[np.uint8], outlines: Sequence[Points]) -> None:
    """Where an outline is near, measure to the outline itself: whole pixels would show as steps along the bone."""
    samples, ways = [], []
    for polygon in outlines:
        at = frame.pixels(polygon)
        step = np.roll(at, -1, 0) - at
        length = np.linalg.norm(step, axis=1, keepdims=True)
        count = [max(1, math.ceil(float(one[0]) / _SAMPLE_PIXELS)) for one in length]
        share = np.concatenate([np.arange(parts) / parts for parts in count])
        samples.append(np.repeat(at, count, 0) + share[:, None] * np.repeat(step, count, 0))
        ways.append(np.repeat(step / np.maximum(length, 1e-9), count, 0))
    points, along = np.vstack(samples), np.vstack(ways)
    # A pixel that is nearer than this to the border of the mask, on either side of it.
    wide = cv2.dilate(mask, np.ones((3, 3), np.uint8))
    band = np.argwhere((wide > 0) & (distance < _BAND_PIXELS))
    query = cKDTree(points).query(band, distance_upper_bound=_BAND_PIXELS + 2.0)
    away, nearest = (np.asarray(part) for part in query)
    found = np.isfinite(away)
    band, nearest = band[found], nearest[found]
    apart = band - points[nearest]
    across = np.abs(apart[:, 0] * along[nearest, 1] - apart[:, 1] * along[nearest, 0])
    inside = mask[band[:, 0], band[:, 1]] > 0
    distance[band[:, 0], band[:, 1]] = np.where(inside, across, 0.0)


def _fixed(frame: Frame, polygon: Points) -> NDArray[np.int32]:
    at = frame.pixels(polygon)[:, ::-1]
    return np.rint(at * (1 << _SUBPIXEL_BITS)).astype(np.int32)


def chord(distance: Plane, rounding: Plane | float, half_depth: Plane | float) -> Plane:
    """The path in mm through a rounded body at a distance in mm from its outline; 0 outside."""
    t = np.clip(distance / rounding, 0.0, 1.0)
    return np.asarray(2.0 * half_depth * np.sqrt(t * (2.0 - t)), dtype=np.float32)


def shelled(distance: Plane, *, rounding: Plane | float, half_depth: Plane | float, cortex: Plane | float) -> BonePaths:
    """Cortical and inner path of a body with a cortex of a thickness in mm; `chord` explains the rest."""
    outer = chord(distance, rounding, half_depth)
    inner = chord(distance - cortex, np.maximum(rounding - cortex, 1.0), np.maximum(half_depth - cortex, 0.3))
    inner = np.minimum(inner, outer)
    return BonePaths(outer - inner, inner)


def ridge(frame: Frame, line: Points, *, width_mm: float, path_mm: float) -> tuple[Plane, tuple[int, int, int, int]]:
    """A thin plate seen on edge: path in mm along an open line, and the box that it fills."""
    box = frame.box(line, 4 * width_mm)
    top, left, bottom, right = box
    if bottom <= top or right <= left:
        return np.zeros((0, 0), np.float32), (0, 0, 0, 0)
    mask = np.full((bottom - top, right - left), 255, np.uint8)
    at = frame.pixels(line)[:, ::-1] - np.array([left, top])
    fixed = np.rint(at * (1 << _SUBPIXEL_BITS)).astype(np.int32)
    cv2.polylines(mask, [fixed], isClosed=False, color=0, thickness=1, shift=_SUBPIXEL_BITS)
    away = np.minimum(cv2.distanceTransform(mask, cv2.DIST_L2, cv2.DIST_MASK_5), 1e4) * np.float32(frame.pixel_mm)
    return np.asarray(path_mm * np.exp(-((away / width_mm) ** 2)), dtype=np.float32), box
