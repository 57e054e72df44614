"""p-values of several models, adjusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from statsmodels.stats.multitest import multipletests

from mlworker.statistics.inputs import Floats, StatisticsInputError, refuse, scores
from mlworker.statistics.results import Result

Adjustment = Literal["holm", "bonferroni", "hochberg", "hommel", "bh", "by"]
_STATSMODELS_NAME = {
    "bonferroni": "bonferroni",
    "hochberg": "simes-hochberg",
    "hommel": "hommel",
    "bh": "fdr_bh",
    "by": "fdr_by",
}


@dataclass(frozen=True)
class Adjusted(Result):
    """`adjusted` in the order given, beside `raw`."""

    method: str
    raw: tuple[float, ...]
    adjusted: tuple[float, ...]


def adjust(p_values: Sequence[float], *, method: Adjustment = "holm") -> Adjusted:
    """Holm 1979 (Scand J Stat 6:65) by default, the others by statsmodels `multipletests`; no p-values give none.

    Raises StatisticsInputError for a p outside [0, 1], naming its position.
    """
    if method not in ("holm", *_STATSMODELS_NAME):
        raise StatisticsInputError(
            f"Unknown adjustment {method!r}; choose one of holm, {', '.join(_STATSMODELS_NAME)}."
        )
    raw = scores(p_values, "p-values")
    refuse("p-values must lie between 0 and 1", (raw < 0) | (raw > 1))
    if not len(raw):
        return Adjusted(method, (), ())
    adjusted = _holm(raw) if method == "holm" else multipletests(raw, method=_STATSMODELS_NAME[method])[1]
    return Adjusted(method, tuple(float(p) for p in raw), tuple(min(float(p), 1.0) for p in adjusted))


def _holm(raw: Floats) -> Floats:
    """Written out, because statsmodels' own collects garbage at each call: a tenth of a second in a large process."""
    order = np.argsort(raw, kind="stable")
    adjusted = np.empty_like(raw)
    adjusted[order] = np.maximum.accumulate(raw[order] * np.arange(len(raw), 0, -1))
    return np.minimum(adjusted, 1.0)
