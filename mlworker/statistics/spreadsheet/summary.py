"""The analysis as plain text: the table, the differences, the remarks."""

from __future__ import annotations

from collections.abc import Sequence

from mlworker.statistics.paired import one_way_needed
from mlworker.statistics.spreadsheet.analysis import Analysis
from mlworker.statistics.spreadsheet.pair_results import PairResult
from mlworker.statistics.spreadsheet.rater_results import RaterResult
from mlworker.statistics.spreadsheet.wording import MINUS, NONE, decimals, limits, p_value, with_limits


def columns_of_text(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows)


def summary(found: Analysis) -> str:
    parts = [
        f"{found.cases} cases of {found.patients} patients: {found.positives} positive, {found.negatives} negative. "
        f"Intervals at {found.level:.0%}.",
        columns_of_text(
            [["", "TP", "FP", "FN", "TN", "sensitivity", "specificity", "AUC"], *map(_rater, found.raters)]
        ),
    ]
    if found.pairs:
        header = ["first minus second", "sensitivity", "p", "specificity", "p", "AUC", "p"]
        parts.append(columns_of_text([header, *(_pair(found, pair) for pair in found.pairs)]))
    against = [
        [f"{one.model} {MINUS} panel", quantity, with_limits(one.result.difference), p_value(one.result.p_value)]
        for quantity, models in found.readers.models.items()
        for one in models
    ]
    if against:
        parts.append(columns_of_text([["readers and cases random", "", "difference", "p"], *against]))
    holm = [
        [family.name, what, p_value(raw), p_value(adjusted)]
        for family in found.multiplicity
        for what, raw, adjusted in zip(family.comparisons, family.raw, family.adjusted, strict=True)
    ]
    if holm:
        parts.append(columns_of_text([["several models", "", "p", "Holm"], *holm]))
    ruled_out = attainable_rows(found)
    if ruled_out:
        header = ["could not be significant", "", "right", "one-way at most", "smallest p"]
        parts += [columns_of_text([header, *ruled_out]), f"Note: {attainable_remark()}"]
    parts += [f"Note: {remark}" for remark in found.remarks]
    return "\n\n".join(parts) + "\n"


def _rater(one: RaterResult) -> list[str]:
    table, area = one.table, one.area
    counts = [str(n) for n in (table.tp, table.fp, table.fn, table.tn)] if table else [NONE] * 4
    sens = table.sensitivity if table else None
    spec = table.specificity if table else None
    auc = f"{decimals(area.auc)} ({limits(area.headline)})" if area and area.auc is not None else NONE
    sens, spec = one.clustered.get("sensitivity", sens), one.clustered.get("specificity", spec)
    if "auc" in one.clustered:
        auc = with_limits(one.clustered["auc"])
    return [one.key, *counts, with_limits(sens), with_limits(spec), auc]


def _pair(found: Analysis, pair: PairResult) -> list[str]:
    cells = [f"{pair.first} {MINUS} {pair.second}"]
    for quantity in ("sensitivity", "specificity", "auc"):
        result = pair.area if quantity == "auc" else getattr(pair, quantity)
        one = pair.clustered.get(quantity) if found.clustered else result
        cells += [with_limits(one.difference) if one else NONE, p_value(pair.p_value(quantity))]
    return cells


def attainable_rows(found: Analysis) -> list[list[str]]:
    """The differences that no pairing of their margins could have made significant."""
    return [
        [
            f"{pair.first} {MINUS} {pair.second}",
            paired.quantity,
            f"{limit.correct1} and {limit.correct2} of {limit.n}",
            str(limit.most_one_way),
            f"{limit.smallest_p:.3g}",
        ]
        for pair in ([] if found.clustered else found.pairs)
        for paired in (pair.sensitivity, pair.specificity)
        if paired and (limit := paired.attainable) and not limit.can_be_significant
    ]


def attainable_remark() -> str:
    return (
        f"At least {one_way_needed()} one-way discordant cases are needed for an exact p < 0.05. The margins of these "
        "differences do not allow them, whatever the pairing: not significant is all that they could be."
    )
