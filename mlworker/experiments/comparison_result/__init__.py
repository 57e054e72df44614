"""What a comparison says, made from its tidy table alone: the same table gives the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from annotations.datasets.models import DatasetCase
from mlworker.experiments.comparison_result.agreement import agreement_body
from mlworker.experiments.comparison_result.discordant import discordant_body
from mlworker.experiments.comparison_result.multiplicity import adjust_for_models
from mlworker.experiments.comparison_result.pairs import pair_body
from mlworker.experiments.comparison_result.panel import panel_body
from mlworker.experiments.comparison_result.raters import rater_body, raters_of
from mlworker.experiments.comparison_result.remarks import remarks
from mlworker.experiments.comparison_result.subgroups import subgroups_body
from mlworker.experiments.models import Comparison
from mlworker.experiments.tidy_table import TidyRow
from mlworker.statistics.results import LEVEL

__all__ = ["FORMAT", "comparison_result"]
# Of the result's shape. A result of another one is kept as it is and is computed again to be shown.
FORMAT = 3


def comparison_result(comparison: Comparison, rows: Sequence[TidyRow]) -> dict[str, Any]:
    """JSON values only, in the shape of `api.results.ComparisonResultSerializer`.

    Every figure carries its interval, or in words why there is none. A case that a reader could not assess counts as
    the protocol says; nothing is dropped without a sentence in `notes`.
    """
    raters = raters_of(comparison, rows)
    cases = list(
        DatasetCase.objects.filter(version=comparison.dataset_version, part=comparison.part).values_list(
            "label_value", "patient_id"
        )
    )
    positives = sum(label == "loose" for label, _ in cases)
    pairs = [pair_body(first, second) for first, second in combinations(raters, 2)]
    families = adjust_for_models(pairs, {rater.key: rater.kind for rater in raters})
    counts = {
        "cases": len(cases),
        "patients": len({patient for _, patient in cases}),
        "positives": positives,
        "negatives": len(cases) - positives,
    }
    return {
        "format": FORMAT,
        "level": LEVEL,
        "dataset_sha256": comparison.dataset_version.sha256,
        "part": comparison.part,
        "primary_endpoint": comparison.primary_endpoint,
        **counts,
        "raters": [rater_body(rater, cases=len(cases)) for rater in raters],
        "pairs": pairs,
        "families": families,
        "panel": panel_body(raters),
        "agreement": agreement_body(raters),
        "subgroups": subgroups_body(raters, rows),
        "discordant": discordant_body(raters, rows),
        "notes": remarks(raters, pairs, part=comparison.part, counts=counts, families=families),
    }
