"""The elements that a clean file may hold, each with the check its value must pass. Whatever is not here is dropped.

PS3.15 (2026c) Table E.1-1 is the check on this list, not the mechanism: a table of things to remove misses what its
authors did not think of; a list of things to keep does not.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

PROFILE_VERSION = "lucency-1"
STANDARD = "PS3.15 2026c"

Check = Callable[[Any], Any]


class NotAllowedError(ValueError):
    """The value does not pass its check; it is dropped."""


def _one_of(*allowed: str) -> Check:
    def check(value: Any) -> str:
        text = str(value).strip().upper()
        if text not in allowed:
            raise NotAllowedError
        return text

    return check


def _numbers(minimum: float, maximum: float, count: int = 1) -> Check:
    def check(value: Any) -> Any:
        single = isinstance(value, str | int | float)
        values = [value] if single else list(value)
        if len(values) < count:
            raise NotAllowedError
        try:
            numbers = [float(item) for item in values[:count]]
        except (TypeError, ValueError) as error:
            raise NotAllowedError from error
        if not all(math.isfinite(number) and minimum <= number <= maximum for number in numbers):
            raise NotAllowedError
        rounded = [float(f"{number:.8g}") for number in numbers]
        return rounded[0] if count == 1 else rounded

    return check


def _age(value: Any) -> str:
    match = re.fullmatch(r"(\d{3})([DWMY])", str(value).strip())
    if match is None:
        raise NotAllowedError
    return "090Y" if match.group(2) == "Y" and int(match.group(1)) > 89 else match.group(0)


def _sign(value: Any) -> int:
    """1 or -1 as a whole number: the element's VR (SS) takes no other."""
    return int(float(_one_of("1", "-1", "1.0", "-1.0")(value)))


def _maker(value: Any) -> str:
    return known_maker(str(value)) or _refuse()


def _refuse() -> str:
    raise NotAllowedError


_MAKERS = {
    "AGFA": "Agfa", "CANON": "Canon", "CARESTREAM": "Carestream", "EASTMAN KODAK": "Kodak", "KODAK": "Kodak",
    "FUJI": "Fujifilm", "GE ": "GE", "GE HEALTHCARE": "GE", "GENERAL ELECTRIC": "GE", "HOLOGIC": "Hologic",
    "KONICA": "Konica Minolta", "PHILIPS": "Philips", "SAMSUNG": "Samsung", "SHIMADZU": "Shimadzu",
    "SIEMENS": "Siemens", "SWISSRAY": "Swissray", "TOSHIBA": "Toshiba", "VAREX": "Varex",
}  # fmt: skip


def known_maker(text: str) -> str:
    """The maker's plain name, or "" for one that is not on the list: free text may hold anything."""
    upper = text.strip().upper() + " "
    return next((name for start, name in _MAKERS.items() if upper.startswith(start)), "")


BODY_PARTS = ("HIP", "PELVIS", "FEMUR", "EXTREMITY", "LEG", "THIGH", "LOWER LIMB")
VIEWS = ("AP", "PA", "LL", "RL", "LLO", "RLO", "LATERAL", "LAT", "AXIAL")
SIDES = ("R", "L", "B", "U")

ALLOWED: dict[str, Check] = {
    "Modality": _one_of("CR", "DX", "DR", "RG", "RF", "XA", "PX", "MG", "OT"),
    "Manufacturer": _maker,
    "BodyPartExamined": _one_of(*BODY_PARTS),
    "ViewPosition": _one_of(*VIEWS),
    "Laterality": _one_of(*SIDES),
    "ImageLaterality": _one_of(*SIDES),
    "PatientSex": _one_of("M", "F", "O"),
    "PatientAge": _age,
    "PatientPosition": _one_of("HFS", "HFP", "FFS", "FFP", "HFDR", "HFDL", "FFDR", "FFDL"),
    "KVP": _numbers(10, 200),
    "ExposureTime": _numbers(0, 100_000),
    "XRayTubeCurrent": _numbers(0, 10_000),
    "Exposure": _numbers(0, 10_000),
    "DistanceSourceToDetector": _numbers(100, 10_000),
    "DistanceSourceToPatient": _numbers(100, 10_000),
    "EstimatedRadiographicMagnificationFactor": _numbers(1.0, 3.0),
    "PixelSpacing": _numbers(0.005, 5.0, count=2),
    "ImagerPixelSpacing": _numbers(0.005, 5.0, count=2),
    "PixelSpacingCalibrationType": _one_of("GEOMETRY", "FIDUCIAL"),
    "PixelIntensityRelationship": _one_of("LIN", "LOG", "DISP"),
    "PixelIntensityRelationshipSign": _sign,
    "PresentationIntentType": _one_of("FOR PRESENTATION", "FOR PROCESSING"),
    "LossyImageCompression": _one_of("00", "01"),
}
