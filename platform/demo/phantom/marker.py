"""The side marker with the technologist's initials in lead letters, and text that somebody typed into the picture."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from demo.phantom.frame import Frame, Plane
from demo.phantom.scene import Scene

LEAD_PATH = 4.5  # attenuation, not mm: letters of lead alloy let a hundredth of the beam through.


def lead_letters(frame: Frame, scene: Scene) -> tuple[Plane, tuple[int, int, int, int]]:
    """Attenuation of the marker, and the box that it fills."""
    exposure = scene.exposure
    big, small = 15.0 / frame.pixel_mm, 6.0 / frame.pixel_mm
    side = int(big * 3.0)
    plate = np.zeros((side, side), np.uint8)
    middle = side // 2
    _text(plate, scene.case.side, middle, middle - int(0.10 * big), big)
    _text(plate, exposure.initials, middle, middle + int(0.95 * big), small)
    turn = cv2.getRotationMatrix2D((middle, middle), exposure.marker_turn, 1.0)
    plate = cv2.warpAffine(plate, turn, (side, side)).astype(np.uint8)
    across, down = exposure.marker_place
    # On the patient's lateral side, where it covers nothing.
    column = int((across if scene.case.side == "R" else 1.0 - across) * frame.columns)
    row = int(down * frame.rows)
    top, left = max(0, row - middle), max(0, column - middle)
    bottom, right = min(frame.rows, row - middle + side), min(frame.columns, column - middle + side)
    cut = plate[top - (row - middle) : bottom - (row - middle), left - (column - middle) : right - (column - middle)]
    return np.asarray(cut.astype(np.float32) * np.float32(LEAD_PATH / 255.0)), (top, left, bottom, right)


def _text(plate: NDArray[np.uint8], text: str, column: int, row: int, height: float) -> None:
    scale = height / 22.0
    thickness = max(1, round(scale * 3.2))
    (wide, high), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, thickness)
    at = (column - wide // 2, row + high // 2)
    cv2.putText(plate, text, at, cv2.FONT_HERSHEY_SIMPLEX, scale, 255, thickness, cv2.LINE_AA)


def typed_text(pixels: NDArray[np.uint16], text: str, *, white: int) -> None:
    """Draw text into stored values, lines apart by a line feed, as a workstation burns it in."""
    scale = pixels.shape[1] / 1500.0 * 1.4
    thickness = max(1, round(2.2 * scale))
    for place, line in enumerate(text.splitlines()):
        at = (round(0.06 * pixels.shape[1]), round((0.055 + 0.035 * place) * pixels.shape[0]))
        plate = np.zeros(pixels.shape, np.uint8)
        cv2.putText(plate, line, at, cv2.FONT_HERSHEY_SIMPLEX, scale, 255, thickness, cv2.LINE_AA)
        pixels[plate > 100] = white
