"""Sensitivity and specificity by site, sex, age band, side and loose component."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mlworker.experiments.comparison_result.figures import figure
from mlworker.experiments.comparison_result.raters import Rater
from mlworker.experiments.tidy_table import TidyRow, calls, case_names, truths
from mlworker.statistics.two_by_two import two_by_two

VARIABLES = ("site", "sex", "age_band", "side", "component")
# Below this a figure says more about one patient than about the subgroup.
FEWEST_CASES = 10
_AGE_ORDER = ("under 60", "60 to 69", "70 to 79", "80 and over")


def subgroups_body(raters: Sequence[Rater], rows: Sequence[TidyRow]) -> list[dict[str, Any]]:
    """One entry for each value of each variable; with under ten cases its n alone.

    `component` divides the loose hips only: a well-fixed hip has no loose component, so there is no specificity.
    """
    cases = {row.case: row for row in rows}
    return [_subgroup(variable, value, cases, raters) for variable in VARIABLES for value in _values(variable, cases)]


def _values(variable: str, cases: dict[int, TidyRow]) -> list[str]:
    found = {getattr(row, variable) for row in cases.values()} - {""}
    if variable == "age_band":
        return sorted(found, key=lambda value: (_AGE_ORDER.index(value) if value in _AGE_ORDER else 9, value))
    return sorted(found)


def _subgroup(variable: str, value: str, cases: dict[int, TidyRow], raters: Sequence[Rater]) -> dict[str, Any]:
    members = {case for case, row in cases.items() if getattr(row, variable) == value}
    positives = sum(cases[case].truth for case in members)
    suppressed = len(members) < FEWEST_CASES
    return {
        "variable": variable,
        "value": value,
        "n": len(members),
        "positives": None if suppressed else positives,
        "negatives": None if suppressed else len(members) - positives,
        "suppressed": suppressed,
        "raters": [] if suppressed else [_of_rater(rater, members) for rater in raters],
    }


def _of_rater(rater: Rater, members: set[int]) -> dict[str, Any]:
    rows = [row for row in rater.called if row.case in members]
    table = two_by_two(truths(rows), calls(rows), names=case_names(rows))
    return {
        "key": rater.key,
        "name": rater.name,
        "n": len(rows),
        "sensitivity": figure(table.sensitivity),
        "specificity": figure(table.specificity),
    }
