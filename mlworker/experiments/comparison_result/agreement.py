"""How far raters agree: readers with each other, a reader with themselves, and a model with a reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from annotations.reads.models import Call
from mlworker.experiments.comparison_result.figures import figure
from mlworker.experiments.comparison_result.raters import Rater
from mlworker.statistics.agreement import cohens_kappa, fleiss_kappa

_CALLS = (Call.LOOSE.value, Call.WELL_FIXED.value)


def agreement_body(raters: Sequence[Rater]) -> dict[str, Any]:
    """Cohen's kappa of each pair that is not of two models, and Fleiss' kappa where there are three readers or more.

    Calls are taken as they were given; a case that one of a pair could not assess is left out of that pair and counted.
    """
    pairs = [pair for pair in combinations(raters, 2) if not (pair[0].is_model and pair[1].is_model)]
    return {"pairs": [_pair(first, second) for first, second in pairs], "readers": _all_readers(raters)}


def _calls(rater: Rater) -> Mapping[int, str]:
    return {row.case: row.answer for row in rater.rows if row.answer in _CALLS}


def _between(first: Rater, second: Rater) -> str:
    if first.is_model or second.is_model:
        return "model_reader"
    return "intra" if first.rater == second.rater else "inter"


def _pair(first: Rater, second: Rater) -> dict[str, Any]:
    ours, theirs = _calls(first), _calls(second)
    both = sorted(ours.keys() & theirs.keys())
    found = cohens_kappa([ours[c] for c in both], [theirs[c] for c in both], categories=_CALLS)
    asked = {row.case for row in first.rows} | {row.case for row in second.rows}
    return {
        "between": _between(first, second),
        "first": first.key,
        "second": second.key,
        "first_name": first.name,
        "second_name": second.name,
        "n": found.n,
        "left_out": len(asked) - found.n,
        "both_loose": found.table[0][0],
        "both_well_fixed": found.table[1][1],
        "agreement": found.agreement,
        "kappa": figure(found.kappa),
        "pabak": figure(found.pabak),
    }


def _all_readers(raters: Sequence[Rater]) -> dict[str, Any] | None:
    """One session of each reader: the first, for a second one is no independent opinion."""
    firsts: dict[str, Rater] = {}
    for rater in raters:
        if not rater.is_model:
            firsts.setdefault(rater.rater, rater)
    if len(firsts) < 3:
        return None
    calls = [_calls(rater) for rater in firsts.values()]
    both = sorted(set.intersection(*(set(one) for one in calls)))
    table = [[one[case] for one in calls] for case in both]
    return {
        "names": [rater.name for rater in firsts.values()],
        "n": len(both),
        "fleiss": figure(fleiss_kappa(table, categories=_CALLS)),
    }
