"""Text that somebody burned into a radiograph: read by OCR, compared with the header, judged. Child process only.

What was read stays in memory: only the boxes around it, and whether it may stay, leave this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from annotations.imaging.outcome import Box
from annotations.imaging.rendering import Presentable, render_8_bit

# Measured on phantoms, see docs/decisions: larger finds little more and costs much more.
_SIDE = 1024
_LEAST_CONFIDENCE = 0.6
_LEAST_CHARACTERS = 3
# A page of typed text needs no more than this to be found, and must not cost a minute.
_MOST_BOXES = 60
# A screw's thread and a stem's beads look like these; a patient's number made of them is still found by the header.
_THREAD = frozenset("0O1IL")
_HIGH_PASS_GAIN = 2.0
_MARKER = re.compile(r"[LR][A-Z]{0,2}")
_INITIALS = re.compile(r"[A-Z]{1,2}")
# What radiographers place or type that says nothing of the patient: sides, positions, views, the joint.
_POSITION_WORDS = frozenset({
    "RIGHT", "LEFT", "RECHTS", "LINKS", "RE", "LI", "DROITE", "GAUCHE", "DROIT", "DERECHA", "IZQUIERDA", "HOYRE",
    "VENSTRE", "HOGER", "VANSTER", "STANDING", "STEHEND", "ERECT", "UPRIGHT", "WEIGHT", "BEARING", "SUPINE", "PRONE",
    "LYING", "LIEGEND", "SITTING", "SITZEND", "DECUBITUS", "DEBOUT", "COUCHE", "STAENDE", "LIGGENDE", "AP", "PA",
    "LAT", "LATERAL", "AXIAL", "FROG", "LEG", "HIP", "HUEFTE", "HANCHE", "PELVIS", "BECKEN", "PORTABLE", "MOBILE",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Read:
    text: str
    confidence: float
    box: Box


def suspicious_boxes(image: Presentable, original: Dataset | None = None) -> list[Box]:
    """Boxes around text that a human must look at; none when nothing but markers and position words was found.

    Args:
        image: the radiograph; read in its default window, and across all its depth.
        original: the header as it arrived: its name, identifier and birth date are compared with what is read.
    """
    identity = _identity(original) if original is not None else frozenset()
    boxes = [read.box for read in _read_both(image) if not _may_stay(read, identity)]
    return _merged(boxes, image.pixels.shape)


def _read_both(image: Presentable) -> list[_Read]:
    """Read the picture as it is shown, and once more by its detail, which no window and no bright bone can hide."""
    shrink = min(1.0, _SIDE / max(image.pixels.shape))
    plain = np.asarray(_shrunk(render_8_bit(image), shrink), dtype=np.uint8)
    detail = _high_pass(np.asarray(_shrunk(image.pixels, shrink), dtype=np.float32))
    one, other = (
        [_Read(text, confidence, _box_of(quad, shrink)) for quad, text, confidence in _read(picture)]
        for picture in (plain, detail)
    )
    return _surer(one, other) + _surer(other, one)


def _surer(reads: list[_Read], others: list[_Read]) -> list[_Read]:
    """Without those that the other reading of the same place is surer of: a marker's HT read as HHT."""
    return [
        read
        for read in reads
        if not any(read.confidence < other.confidence and _same_place(read.box, other.box) for other in others)
    ]


def _shrunk(picture: NDArray[Any], shrink: float) -> NDArray[Any]:
    if shrink == 1.0:
        return picture
    return np.asarray(cv2.resize(picture, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA))


def _high_pass(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    """What a pixel differs from its neighbourhood, in units of the range that 98 of 100 pixels lie in."""
    window = max(3, max(values.shape) // 60 | 1)
    low, high = np.percentile(values, (1, 99))
    detail = (values - cv2.blur(values, (window, window))) * (255.0 * _HIGH_PASS_GAIN / max(float(high - low), 1.0))
    return np.asarray(np.clip(128.0 + detail, 0.0, 255.0), dtype=np.uint8)


def _may_stay(read: _Read, identity: frozenset[str]) -> bool:
    words = _words(read.text)
    if _names_patient(words, identity):
        return False
    if sum(len(word) for word in words) < _LEAST_CHARACTERS or read.confidence < _LEAST_CONFIDENCE:
        return True
    if _THREAD.issuperset("".join(words)):
        return True
    rest = [word for word in words if word not in _POSITION_WORDS]
    if not rest or (len(rest) == 1 and (_MARKER.fullmatch(rest[0]) or _INITIALS.fullmatch(rest[0]))):
        return True
    return len(rest) == 2 and rest[0] in ("L", "R") and _INITIALS.fullmatch(rest[1]) is not None


def _names_patient(words: list[str], identity: frozenset[str]) -> bool:
    """Whether the words hold a name, the identifier or the birth date, also with a letter misread."""
    joined = "".join(words)
    return any(
        secret in words
        or (len(secret) >= 4 and secret in joined)
        or (len(secret) >= 5 and any(SequenceMatcher(None, secret, word).ratio() >= 0.8 for word in [*words, joined]))
        for secret in identity
    )


def _identity(original: Dataset) -> frozenset[str]:
    """Parts of the name from three letters on, the identifier, and the birth date in the orders people write it."""
    secrets: set[str] = set()
    for keyword in ("PatientName", "PatientID"):
        words = _words(str(original.get(keyword, "") or ""))
        secrets.update(word for word in [*words, "".join(words)] if len(word) >= 3)
    birth = "".join(_words(str(original.get("PatientBirthDate", "") or "")))
    if len(birth) == 8 and birth.isdigit():
        year, month, day = birth[:4], birth[4:6], birth[6:]
        for two_or_four in (year, year[2:]):
            secrets.update({two_or_four + month + day, day + month + two_or_four, month + day + two_or_four})
    return frozenset(secrets)


def _words(text: str) -> list[str]:
    """Runs of letters and digits, in capitals."""
    return re.findall(r"[^\W_]+", text.upper())


def _box_of(quad: Any, shrink: float) -> Box:
    corners = np.asarray(quad, dtype=np.float64) / shrink
    left, top = np.floor(corners.min(axis=0))
    right, bottom = np.ceil(corners.max(axis=0))
    return int(top), int(left), int(bottom), int(right)


def _merged(boxes: Iterable[Box], shape: tuple[int, ...]) -> list[Box]:
    """Boxes cut to the picture; those that overlap, as the two readings of one text do, become one."""
    merged: list[Box] = []
    for top, left, bottom, right in boxes:
        box = max(0, top), max(0, left), min(shape[0], bottom), min(shape[1], right)
        while overlapping := next((other for other in merged if _overlap(box, other)), None):
            merged.remove(overlapping)
            box = (
                min(box[0], overlapping[0]), min(box[1], overlapping[1]),
                max(box[2], overlapping[2]), max(box[3], overlapping[3]),
            )  # fmt: skip
        merged.append(box)
    return sorted(merged)


def _same_place(one: Box, other: Box) -> bool:
    """Whether more than half of what either covers is covered by both."""
    if not _overlap(one, other):
        return False
    height, width = (min(one[i + 2], other[i + 2]) - max(one[i], other[i]) for i in (0, 1))
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return 2 * height * width > areas - height * width


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _read(picture: NDArray[np.uint8]) -> list[tuple[Any, str, float]]:
    """Quadrilateral (4 x (x, y)), text and confidence of each line of text."""
    found = _reader()(picture)
    if found.boxes is None:
        return []
    return list(zip(found.boxes, found.txts, map(float, found.scores), strict=True))


@cache
def _reader() -> Any:
    """The models of the wheel, loaded once a process."""
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.max_side_len": _SIDE,
            "Det.limit_side_len": _SIDE,
            "Det.limit_type": "max",
            "Det.max_candidates": _MOST_BOXES,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
