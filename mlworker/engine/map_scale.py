"""The scale on which maps are shown and compared. NumPy alone: the web process draws pictures without Keras."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

TOP_PERCENTILE = 99.5


def to_unit(values: NDArray[Any]) -> NDArray[np.float64]:
    """A map (H, W), not negative, as (H, W) from 0 to 1.

    Divided by its 99.5th percentile, so that one bright pixel does not hide the rest, or by its maximum where that
    percentile is 0. A map that is zero everywhere stays zero.
    """
    copy = values.astype(np.float64)
    top = float(np.percentile(copy, TOP_PERCENTILE)) or float(copy.max())
    return np.clip(copy / top, 0.0, 1.0) if top > 0 else np.zeros_like(copy)
