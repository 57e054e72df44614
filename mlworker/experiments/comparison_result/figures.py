"""Results of `mlworker.statistics` as the API tells them."""

from __future__ import annotations

import math
from typing import Any

from mlworker.statistics.delong import Auc
from mlworker.statistics.results import Estimate
from mlworker.statistics.roc import RocPoints
from mlworker.statistics.roc_band import RocBand


def figure(estimate: Estimate) -> dict[str, Any]:
    return {
        "value": estimate.value,
        "low": estimate.lower,
        "high": estimate.upper,
        "numerator": estimate.numerator,
        "denominator": estimate.denominator,
        "method": estimate.method,
        "undefined": estimate.undefined,
        "note": estimate.note,
    }


def area(auc: Auc, *, of: str, note: str | None) -> dict[str, Any]:
    """An AUC with its headline interval; an interval that does not exist says why in the note."""
    why = auc.headline.undefined if auc.undefined is None else None
    return {
        "of": of,
        "value": auc.auc,
        "low": auc.headline.lower,
        "high": auc.headline.upper,
        "method": auc.headline.method,
        "positives": auc.n_pos,
        "negatives": auc.n_neg,
        "undefined": auc.undefined,
        "note": "; ".join(text for text in (note, why) if text) or None,
    }


def curve(points: RocPoints) -> list[dict[str, float | None]]:
    rows = zip(points.false_positive_rate, points.true_positive_rate, points.thresholds, strict=True)
    return [
        {
            "false_positive_rate": false_positive,
            "true_positive_rate": true_positive,
            "threshold": finite_or_none(threshold),
        }
        for false_positive, true_positive, threshold in rows
    ]


def band(found: RocBand) -> list[dict[str, float]]:
    rows = zip(found.false_positive_rate, found.lower, found.upper, strict=True)
    return [{"false_positive_rate": x, "lower": lower, "upper": upper} for x, lower, upper in rows]


def finite_or_none(value: float | None) -> float | None:
    """JSON knows no infinity: a threshold that nothing reaches is absent."""
    return value if value is not None and math.isfinite(value) else None
