"""The figures of a comparison, each drawn once from its stored result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mlworker.experiments.comparison_result.probabilities import decision_body
from mlworker.experiments.figures.curves import calibration_drawing, decision_drawing, roc_drawing
from mlworker.experiments.figures.drawing import Drawing, rater_colour
from mlworker.experiments.figures.forests import accuracy_drawing, differences_drawing, subgroups_drawing
from mlworker.experiments.tidy_table import TidyRow

FIGURES = ("roc", "accuracy", "differences", "calibration", "decision-curve", "subgroups")


def figure_names(result: Mapping[str, Any]) -> list[str]:
    """Those of FIGURES that this result has something to draw in."""
    lacking = set()
    if all(rater["kind"] != "model" for rater in result["raters"]):
        lacking |= {"calibration", "decision-curve"}
    if not result["pairs"]:
        lacking.add("differences")
    return [name for name in FIGURES if name not in lacking]


def drawing_of(
    name: str, result: Mapping[str, Any], rows: Sequence[TidyRow], *, prevalence: float | None = None
) -> Drawing | None:
    """The figure by its name, or None where this comparison has nothing to draw in it."""
    if name not in figure_names(result):
        return None
    if name == "decision-curve":
        models = [(i, rater) for i, rater in enumerate(result["raters"]) if rater["kind"] == "model"]
        return decision_drawing(decision_curves(result, rows, prevalence), [rater_colour(i) for i, _ in models])
    draw = {
        "roc": roc_drawing,
        "accuracy": accuracy_drawing,
        "differences": differences_drawing,
        "calibration": calibration_drawing,
        "subgroups": subgroups_drawing,
    }[name]
    return draw(result)


def decision_curves(
    result: Mapping[str, Any], rows: Sequence[TidyRow], prevalence: float | None
) -> list[dict[str, Any]]:
    models = [rater for rater in result["raters"] if rater["kind"] == "model"]
    own = {rater["key"]: [row for row in rows if row.rater == rater["key"]] for rater in models}
    return [{"key": rater["key"]} | decision_body(rater["name"], own[rater["key"]], prevalence) for rater in models]
