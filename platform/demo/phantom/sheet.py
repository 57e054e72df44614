"""Many phantoms on one picture, each with what is true of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from demo.phantom.case import Component, PhantomCase, PhantomTruth
from demo.phantom.machines import MACHINES
from demo.phantom.render import render_phantom

_TILE = (440, 320)
_COLUMNS = 6
_COMPONENTS: tuple[Component, ...] = ("", "stem", "", "cup", "", "both")


def draw_sheet(out: Path, *, first_seed: int, count: int, difficulty: float) -> Iterator[str]:
    """Write the picture and give a line of truth for each phantom as it is done."""
    tiles = []
    for place in range(count):
        component = _COMPONENTS[place % len(_COMPONENTS)]
        side = "R" if place % 4 < 2 else "L"
        site = list(MACHINES)[place % len(MACHINES)]
        case = PhantomCase(first_seed + place, side, bool(component), component, site, difficulty)  # type: ignore[arg-type]
        rendered = render_phantom(case, reduction=2)
        tiles.append(_tile(rendered.unit(), f"{case.seed} {side} {component or 'well fixed'}"))
        yield f"{case.seed} {site} {side} {component or 'well fixed'}: {_words(rendered.truth)}"
    while len(tiles) % _COLUMNS:
        tiles.append(np.zeros(_TILE, np.uint8))
    rows = [np.hstack(tiles[start : start + _COLUMNS]) for start in range(0, len(tiles), _COLUMNS)]
    if not cv2.imwrite(str(out), np.vstack(rows)):
        raise OSError(f"{out} cannot be written.")


def _words(truth: PhantomTruth) -> str:
    lines = ", ".join(f"{zone} {width} mm" for zone, width in truth.zone_width_mm.items() if width)
    moved = f"subsidence {truth.subsidence_mm} mm, tilt {truth.tilt_degrees} degrees, cup {truth.migration_mm} mm"
    return f"{lines or 'no line'}; {moved}, cup tilt {truth.cup_tilt_degrees} degrees"


def _tile(unit: NDArray[np.float32], title: str) -> NDArray[np.uint8]:
    rows, columns = _TILE
    grey = (unit * 255.0).astype(np.uint8)
    scale = min((rows - 24) / grey.shape[0], (columns - 4) / grey.shape[1])
    size = (int(grey.shape[1] * scale), int(grey.shape[0] * scale))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    tile = np.full(_TILE, 40, np.uint8)
    left = (columns - size[0]) // 2
    tile[22 : 22 + size[1], left : left + size[0]] = small
    cv2.putText(tile, title, (4, 16), cv2.FONT_HERSHEY_SIMPLEX, 0.45, 230, 1, cv2.LINE_AA)
    return tile
