"""The published study as an example comparison: its counts and AUCs, with the intervals that it lacked.

Twelve loose and twelve well-fixed hips. Of the pairing of CNN and surgeon only what the margins fix is known. Nothing
of it is in any study of the platform, and no study's figures are in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mlworker.experiments.comparison_result.figures import figure
from mlworker.statistics.intervals import clopper_pearson, hanley_mcneil
from mlworker.statistics.paired import attainable, mcnemar, tango
from mlworker.statistics.results import Estimate
from mlworker.statistics.two_by_two import TwoByTwo, from_counts

LOOSE, WELL_FIXED = 12, 12
CNN, SURGEON = "DenseNet-201", "Surgeon"
# Name, AUC as published, and the 2x2 table where it was published: TP, FP, FN, TN.
MODELS: Sequence[tuple[str, float, tuple[int, int, int, int] | None]] = (
    ("DenseNet-201", 0.84, (11, 3, 1, 9)),
    ("Inception-ResNet-V2", 0.80, None),
    ("Inception-V3", 0.77, None),
    ("Xception", 0.77, None),
    ("VGG-19", 0.62, None),
    ("ResNet-50", 0.62, None),
)
SURGEON_COUNTS = (10, 0, 2, 12)


def published_study() -> dict[str, Any]:
    """JSON values in the shape of `api.published.PublishedStudySerializer`."""
    cnn, surgeon = _table(MODELS[0][2] or (0, 0, 0, 0)), _table(SURGEON_COUNTS)
    pairs = [_pair("sensitivity", cnn.tp, surgeon.tp, LOOSE), _pair("specificity", cnn.tn, surgeon.tn, WELL_FIXED)]
    return {
        "loose": LOOSE,
        "well_fixed": WELL_FIXED,
        "raters": [
            *(_rater(name, "model", counts, hanley_mcneil(auc, LOOSE, WELL_FIXED)) for name, auc, counts in MODELS),
            _rater(SURGEON, "reader", SURGEON_COUNTS, None),
        ],
        "pairs": pairs,
        "remarks": _remarks(pairs),
    }


def _table(counts: tuple[int, int, int, int]) -> TwoByTwo:
    tp, fp, fn, tn = counts
    return from_counts(tp=tp, fp=fp, fn=fn, tn=tn)


def _rater(name: str, kind: str, counts: tuple[int, int, int, int] | None, auc: Estimate | None) -> dict[str, Any]:
    table = _table(counts) if counts else None
    none = Estimate.no("the counts were not published")
    why = "one point has no area under a curve, and no confidence was published"
    return {
        "name": name,
        "kind": kind,
        "counts": dict(zip(("tp", "fp", "fn", "tn"), counts, strict=True)) if counts else None,
        "sensitivity": figure(table.sensitivity if table else none),
        "specificity": figure(table.specificity if table else none),
        "sensitivity_exact": _exact(table.tp, LOOSE) if table else None,
        "specificity_exact": _exact(table.tn, WELL_FIXED) if table else None,
        "auc": figure(auc if auc is not None else Estimate.no(why)),
    }


def _exact(x: int, n: int) -> dict[str, float | None]:
    interval = clopper_pearson(x, n)
    return {"low": interval.lower, "high": interval.upper}


def _pair(quantity: str, first: int, second: int, n: int) -> dict[str, Any]:
    """Every pairing that both margins allow, from the one with the fewest discordant cases to that with the most."""
    gap = first - second
    fewest = max(gap, 0)
    most = min(first, n - second)
    found = [(b, b - gap, mcnemar(b, b - gap).p_exact) for b in range(fewest, most + 1)]
    ps = [p for _, _, p in found]
    allowed = attainable(first, second, n)
    return {
        "quantity": quantity,
        "first": CNN,
        "second": SURGEON,
        "n": n,
        "only_first": [b for b, _, _ in found],
        "only_second": [c for _, c, _ in found],
        "difference": figure(tango(*found[0][:2], n)) if len(found) == 1 else figure(_unpaired(first, second, n)),
        "p_low": min(ps),
        "p_high": max(ps),
        "statement": allowed.statement,
    }


def _unpaired(first: int, second: int, n: int) -> Estimate:
    note = "no interval: the pairing was not published and the margins leave more than one"
    return Estimate((first - second) / n, None, None, "", note=note)


def _remarks(pairs: Sequence[dict[str, Any]]) -> list[str]:
    told = [f"{pair['quantity'].capitalize()}: {pair['statement']}" for pair in pairs]
    fixed = [pair for pair in pairs if len(pair["only_first"]) == 1]
    for pair in fixed:
        told.append(
            f"The pairing of {pair['quantity']} is known from the margins alone: {pair['only_first'][0]} and "
            f"{pair['only_second'][0]} discordant cases, exact McNemar p = {pair['p_low']:.3g}."
        )
    told.append(
        "One surgeon read: what is inferred is limited to that surgeon. A surgeon's single point has no area under a "
        "curve that may be set beside a model's."
    )
    told.append(
        f"Half of the {LOOSE + WELL_FIXED} hips are loose by design. The AUCs' intervals come from the published "
        "figures by Hanley and McNeil's error on the logit scale; the scores themselves were not published."
    )
    return told
