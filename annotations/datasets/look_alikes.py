"""Whether two radiographs are one exposure twice, exported, windowed or compressed anew.

A 64-bit hash of a radiograph of a hip is much like that of any other hip, so it only chooses which pairs are compared;
their pictures decide. Measured on 236 phantoms: of 27,730 pairs of different hips none had a correlation above 0.75,
although 148 had hashes within 2 bits; copies with another window, gamma, size or JPEG quality had 0.81 or more within
11 bits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from annotations.imaging.models import Rendition, RenditionKind
from common import storage
from common.errors import NotFound

# Of 64 bits: up to here the pictures of a pair are compared.
COMPARED_BITS = 12
# From here up two pictures are one exposure.
LEAST_CORRELATION = 0.8
# Where there is no picture to compare, the hash alone has to do, and is taken strictly.
HASH_ALONE_BITS = 2
_SIDE = 128
_KEPT = 2048
_BLOCK = 512  # details at once: 33 MB, twice

Detail = NDArray[np.int8]


def details_of(radiographs: Sequence[int]) -> dict[int, Detail]:
    """The fine structure of each radiograph, by its primary key; those without a readable thumbnail are missing."""
    names = Rendition.objects.filter(radiograph_id__in=radiographs, kind=RenditionKind.THUMBNAIL)
    found = {pk: _stored_detail(name) for pk, name in names.values_list("radiograph_id", "name")}
    return {pk: detail for pk, detail in found.items() if detail is not None}


def detail(grey: NDArray[np.uint8]) -> Detail:
    """(128 * 128,) int8: what is left of an (H, W) picture without its brightness, contrast and coarse shape."""
    square = cv2.resize(grey, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    level = cv2.equalizeHist(square).astype(np.float32)
    fine = level - cv2.GaussianBlur(level, (0, 0), 4)
    fine -= fine.mean()
    spread = float(fine.std()) or 1.0
    return np.asarray(np.clip(np.rint(fine / spread * 30), -127, 127), dtype=np.int8).ravel()


def correlations(first: Sequence[Detail], second: Sequence[Detail]) -> NDArray[np.float32]:
    """(N, M) float32: the correlation of each of N details with each of M, -1 to 1."""
    return np.asarray(_units(first) @ _units(second).T, dtype=np.float32)


def _units(details: Sequence[Detail]) -> NDArray[np.float32]:
    stacked = np.stack(details).astype(np.float32)
    return np.asarray(stacked / np.maximum(np.linalg.norm(stacked, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def compared(pairs: Sequence[tuple[int, int]], details: Mapping[int, Detail]) -> dict[tuple[int, int], float]:
    """The correlation of each pair of radiographs that both have a picture.

    By blocks of a product of matrices: most pairs of hips have near hashes, and one after another they take minutes.
    """
    keys = sorted({key for pair in pairs for key in pair if key in details})
    place = {key: number for number, key in enumerate(keys)}
    blocks: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for a, b in pairs:
        if a in place and b in place:
            blocks[place[a] // _BLOCK, place[b] // _BLOCK].append((a, b))
    found: dict[tuple[int, int], float] = {}
    for (rows, columns), inside in blocks.items():
        first, second = (keys[n * _BLOCK : (n + 1) * _BLOCK] for n in (rows, columns))
        values = correlations([details[key] for key in first], [details[key] for key in second])
        found |= {(a, b): float(values[place[a] % _BLOCK, place[b] % _BLOCK]) for a, b in inside}
    return found


def are_alike(bits: int, correlation: float | None) -> bool:
    return bits <= HASH_ALONE_BITS if correlation is None else correlation >= LEAST_CORRELATION


@lru_cache(maxsize=_KEPT)
def _stored_detail(name: str) -> Detail | None:
    """A rendition is named by its content, so what was read once stays true."""
    try:
        data = storage.read(name)
    except NotFound:
        return None
    grey = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), cv2.IMREAD_GRAYSCALE)
    return None if grey is None else detail(np.asarray(grey, dtype=np.uint8))
