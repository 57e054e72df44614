"""Between millimetres at the hip and pixels of the picture.

Millimetres: x to the patient's lateral side, y to the feet, the origin in the prosthetic head's centre, in the plane
of the hip that is parallel to the detector. A right hip has its lateral side on the picture's left.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Plane = NDArray[np.float32]


@dataclass(frozen=True)
class Frame:
    """Attributes: `pixel_mm` is the pixel's size at the hip; `rotation` of the patient against the detector, rad."""

    rows: int
    columns: int
    pixel_mm: float
    right: bool
    head_row: float
    head_column: float
    rotation: float

    def pixels(self, points: Points) -> Points:
        """(N, 2) of x, y in mm to (N, 2) of row, column."""
        points = np.atleast_2d(points)
        cosine, sine = math.cos(self.rotation), math.sin(self.rotation)
        across = points[:, 0] * cosine - points[:, 1] * sine
        down = points[:, 0] * sine + points[:, 1] * cosine
        sign = -1.0 if self.right else 1.0
        return np.column_stack((
            self.head_row + down / self.pixel_mm, self.head_column + sign * across / self.pixel_mm
        ))  # fmt: skip

    def millimetres(self, rows: NDArray[np.float32], columns: NDArray[np.float32]) -> tuple[Plane, Plane]:
        """Rows and columns (broadcast against each other) to x and y in mm."""
        sign = -1.0 if self.right else 1.0
        across = (columns - np.float32(self.head_column)) * np.float32(sign * self.pixel_mm)
        down = (rows - np.float32(self.head_row)) * np.float32(self.pixel_mm)
        cosine, sine = np.float32(math.cos(self.rotation)), np.float32(math.sin(self.rotation))
        return across * cosine + down * sine, down * cosine - across * sine

    def grid(self, box: tuple[int, int, int, int] | None = None) -> tuple[Plane, Plane]:
        """x and y in mm of the pixels in a box (first row, first column, end row, end column)."""
        top, left, bottom, right = box or (0, 0, self.rows, self.columns)
        rows = np.arange(top, bottom, dtype=np.float32)[:, None]
        columns = np.arange(left, right, dtype=np.float32)[None, :]
        return self.millimetres(rows, columns)

    def box(self, points: Points, margin_mm: float) -> tuple[int, int, int, int]:
        """The box of pixels around points, with a margin, cut to the picture."""
        at = self.pixels(points)
        margin = margin_mm / self.pixel_mm
        low, high = at.min(axis=0) - margin, at.max(axis=0) + margin
        top, left = (max(0, int(value)) for value in low)
        return top, left, min(self.rows, int(high[0]) + 2), min(self.columns, int(high[1]) + 2)

    def coarser(self, step: int) -> Frame:
        """The same view with pixels `step` times as large (the last row and column may lie half outside)."""
        if step == 1:
            return self
        shift = (step - 1) / 2.0
        return Frame(
            -(-self.rows // step), -(-self.columns // step), self.pixel_mm * step, self.right,
            (self.head_row - shift) / step, (self.head_column - shift) / step, self.rotation,
        )  # fmt: skip

    def refined(self, plane: Plane, step: int) -> Plane:
        """A plane on the grid of `coarser(step)`, interpolated to this grid."""
        if step == 1:
            return plane
        size = (plane.shape[1] * step, plane.shape[0] * step)
        large = cv2.resize(plane, size, interpolation=cv2.INTER_LINEAR)
        return np.asarray(large[: self.rows, : self.columns], dtype=np.float32)

    def blurred(self, plane: Plane, sigma_mm: float) -> Plane:
        """A Gaussian blur of a sigma in mm at the hip."""
        sigma = sigma_mm / self.pixel_mm
        if sigma < 0.15:
            return plane
        return np.asarray(cv2.GaussianBlur(plane, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE), dtype=np.float32)


def smooth_outline(points: Points, *, steps: int = 8) -> Points:
    """A closed Catmull-Rom curve through (N, 2) points: (N * steps, 2)."""
    before, after, further = np.roll(points, 1, 0), np.roll(points, -1, 0), np.roll(points, -2, 0)
    t = np.linspace(0.0, 1.0, steps, endpoint=False)[:, None, None]
    curve = 0.5 * (
        2 * points + (after - before) * t + (2 * before - 5 * points + 4 * after - further) * t**2
        + (3 * points - before - 3 * after + further) * t**3
    )  # fmt: skip
    return np.asarray(np.swapaxes(curve, 0, 1).reshape(-1, 2))


def smooth_line(points: Points, *, steps: int = 12) -> Points:
    """An open Catmull-Rom curve through (N, 2) points."""
    padded = np.vstack((2 * points[0] - points[1], points, 2 * points[-1] - points[-2]))
    t = np.linspace(0.0, 1.0, steps, endpoint=False)[:, None, None]
    before, here, after, further = padded[:-3], padded[1:-2], padded[2:-1], padded[3:]
    curve = 0.5 * (
        2 * here + (after - before) * t + (2 * before - 5 * here + 4 * after - further) * t**2
        + (3 * here - before - 3 * after + further) * t**3
    )  # fmt: skip
    return np.vstack((np.swapaxes(curve, 0, 1).reshape(-1, 2), points[-1]))


def turned(points: Points, angle: float, about: tuple[float, float] = (0.0, 0.0)) -> Points:
    """Points turned by an angle in rad, from the feet towards the lateral side where it is positive."""
    centre = np.asarray(about)
    cosine, sine = math.cos(angle), math.sin(angle)
    return np.asarray((points - centre) @ np.array([[cosine, -sine], [sine, cosine]]) + centre)


def smoothstep(x: Plane, low: float, high: float) -> Plane:
    """0 below `low`, 1 above `high`, a cubic in between."""
    t = np.clip((x - np.float32(low)) / np.float32(high - low), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t), dtype=np.float32)
