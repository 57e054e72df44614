"""From path lengths to stored values: attenuation, scatter, quanta, blur, logarithm, the machine's processing.

Attenuation coefficients are for an effective energy of about 55 keV behind a patient at 75 to 80 kVp, mass coefficients
from NIST XCOM times density; trabecular bone is a third bone by volume in marrow.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from demo.phantom.frame import Frame, Plane
from demo.phantom.scene import Scene

# Linear attenuation in 1/mm.
MUSCLE: Final = 0.0218
FAT: Final = 0.0186
CORTICAL: Final = 0.0690
TRABECULAR: Final = 0.0380
POLYETHYLENE: Final = 0.0195
TITANIUM: Final = 0.42
COBALT_CHROME: Final = 1.35
ALUMINA: Final = 0.115
LEVELS: Final = 4095.0
_FOCAL_BLUR_MM: Final = 0.09
_DETECTOR_BLUR_MM: Final = 0.11
_FOG: Final = 2e-4


def intensity(attenuation: Plane, frame: Frame, scene: Scene, open_field: Plane) -> Plane:
    """Mean intensity relative to the open beam: primary through a field, with scatter as a broad blur and a pedestal.

    Args:
        attenuation: (rows, columns), the line integral of the attenuation coefficient.
        open_field: (rows, columns), the beam without a patient: heel effect, 0 behind the collimator.
    """
    primary = np.exp(-attenuation)
    primary *= open_field
    primary = frame.blurred(primary, _FOCAL_BLUR_MM)
    # Air beside the body does not scatter: clip it to what a thin body lets through.
    step = max(1, round(4.0 / frame.pixel_mm))
    size = (max(2, frame.columns // step), max(2, frame.rows // step))
    small = np.minimum(cv2.resize(primary, size, interpolation=cv2.INTER_AREA), np.float32(0.06))
    broad = cv2.GaussianBlur(small, (0, 0), 28.0 / (frame.pixel_mm * step), borderType=cv2.BORDER_REFLECT)
    broad = broad + np.float32(0.15) * small.mean()
    scatter = cv2.resize(broad * np.float32(scene.exposure.scatter), (frame.columns, frame.rows))
    return np.asarray(primary + scatter * np.minimum(open_field * 1.0 + 0.03, 1.0), dtype=np.float32)


def with_quanta(mean: Plane, frame: Frame, scene: Scene, rng: np.random.Generator) -> Plane:
    """Poisson noise of the quanta in each pixel (by its normal limit), then the detector's blur."""
    machine, area = scene.machine, (frame.pixel_mm * scene.exposure.magnification / 0.15) ** 2
    harder = 0.4 + 0.3 * scene.case.difficulty
    quanta = machine.quanta * area * scene.exposure.dose / harder
    noise = rng.standard_normal(mean.shape, dtype=np.float32)
    noise *= np.sqrt(mean * np.float32(1.0 / quanta))
    return frame.blurred(np.maximum(mean + noise, 0.0), _DETECTOR_BLUR_MM)


def density(signal: Plane, frame: Frame, scene: Scene) -> Plane:
    """The negative logarithm, coarse differences taken down and edges up by the machine's processing; bone is high."""
    machine = scene.machine
    logarithm = -np.log(signal + np.float32(_FOG))
    step = max(1, round(3.0 / frame.pixel_mm))
    size = (max(2, frame.columns // step), max(2, frame.rows // step))
    small = np.clip(cv2.resize(logarithm, size, interpolation=cv2.INTER_AREA), 1.5, 5.5)
    coarse = cv2.GaussianBlur(small, (0, 0), 30.0 / (frame.pixel_mm * step), borderType=cv2.BORDER_REFLECT)
    coarse = cv2.resize(coarse, (frame.columns, frame.rows))
    result = logarithm - np.float32(machine.compression) * (coarse - np.float32(3.6))
    edges = logarithm - frame.blurred(logarithm, 1.1)
    result += np.float32(machine.sharpening) * np.clip(edges, -0.5, 0.5)
    return np.asarray(result, dtype=np.float32)


def stored_values(
    dense: Plane, scene: Scene, inside: NDArray[np.bool_]
) -> tuple[NDArray[np.uint16], tuple[float, float]]:
    """Density to 12 bits by a curve with a toe and a shoulder; the window that the machine proposes.

    Args:
        dense: (rows, columns) from `density`.
        inside: (rows, columns), the collimated field, from which the machine takes its range.

    Returns:
        (rows, columns) values from 0 to 4,095, already inverted for a MONOCHROME1 machine; centre and width.
    """
    sample = dense[::4, ::4][inside[::4, ::4]]
    middle, high = (float(value) for value in np.percentile(sample, (55.0, 99.6)))
    t = (dense - np.float32(middle)) * np.float32(0.47 / (high - middle)) + np.float32(0.42)
    curve = 0.5 + 0.5 * np.tanh(1.9 * (np.clip(t, -0.5, 1.5) - 0.5)) / np.tanh(0.95)
    values = np.clip(np.rint(curve * LEVELS), 0.0, LEVELS).astype(np.uint16)
    exposure = scene.exposure
    centre, width = LEVELS * (0.52 + 0.35 * exposure.window_shift), LEVELS * 0.96 * exposure.window_width
    if scene.machine.inverted:
        return (np.uint16(LEVELS) - values).astype(np.uint16), (round(LEVELS - centre, 1), round(width, 1))
    return values, (round(centre, 1), round(width, 1))
