"""Each model against the panel of readers, readers and cases random: what may be said of other readers too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mlworker.experiments.comparison_result.figures import figure, finite_or_none
from mlworker.experiments.comparison_result.raters import Rater
from mlworker.experiments.tidy_table import TidyRow
from mlworker.statistics.covariance import Quantity
from mlworker.statistics.mrmc import model_against_panel
from mlworker.statistics.results import Estimate

_QUANTITIES: tuple[Quantity, ...] = ("auc", "sensitivity", "specificity")


def panel_body(raters: Sequence[Rater]) -> list[dict[str, Any]]:
    """One entry for each model and figure, over the cases that the model and every reader have; none without readers.

    A reader's first session stands for the reader. The AUC sets a model's probabilities beside the readers'
    confidence, which the page says.
    """
    panel: dict[str, Rater] = {}
    for rater in raters:
        if not rater.is_model:
            panel.setdefault(rater.rater, rater)
    models = [rater for rater in raters if rater.is_model]
    if not panel:
        return []
    return [_against(model, list(panel.values()), quantity) for model in models for quantity in _QUANTITIES]


def _against(model: Rater, readers: Sequence[Rater], quantity: Quantity) -> dict[str, Any]:
    tables = [_values(rater, quantity) for rater in (model, *readers)]
    if model.has_several_cases_a_patient:
        return _refused(model, readers, quantity)
    shared = sorted(set.intersection(*(set(table) for table in tables)))
    truth = {row.case: row.truth for row in model.rows}
    columns = [[table[case] for case in shared] for table in tables]
    found = model_against_panel(
        [truth[case] for case in shared], columns[0], columns[1:], quantity=quantity,
        names=[f"case {case}" for case in shared], raters=[reader.name for reader in readers],
    )  # fmt: skip
    return {
        "key": model.key,
        "name": model.name,
        "quantity": quantity,
        "readers": found.readers,
        "n": len(shared),
        "left_out": len(model.rows) - len(shared),
        "model": found.model,
        "panel_mean": found.panel_mean,
        "panel": [{"name": reader.name, "value": value} for reader, value in zip(readers, found.panel, strict=False)],
        "difference": figure(found.difference),
        "df": finite_or_none(found.df),
        "p_value": found.p_value,
        "method": found.method,
        "remark": found.remark,
        "undefined": found.undefined,
    }


def _refused(model: Rater, readers: Sequence[Rater], quantity: Quantity) -> dict[str, Any]:
    why = "patients have several cases each, and the method takes cases as independent: it is refused"
    return {
        "key": model.key, "name": model.name, "quantity": quantity, "readers": len(readers), "n": len(model.rows),
        "left_out": 0, "model": None, "panel_mean": None, "panel": [], "difference": figure(Estimate.no(why)),
        "df": None, "p_value": None, "method": "", "remark": why[0].upper() + why[1:] + ".", "undefined": why,
    }  # fmt: skip


def _values(rater: Rater, quantity: Quantity) -> dict[int, float]:
    def value(row: TidyRow) -> float | None:
        return row.score if quantity == "auc" else row.call

    return {row.case: given for row in rater.rows if (given := value(row)) is not None}
