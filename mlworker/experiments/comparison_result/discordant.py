"""The cases that somebody got wrong, worst first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from annotations.reads.models import Call
from mlworker.experiments.comparison_result.raters import Rater
from mlworker.experiments.tidy_table import TidyRow

MOST_SHOWN = 300


def discordant_body(raters: Sequence[Rater], rows: Sequence[TidyRow]) -> dict[str, Any]:
    """Cases with at least one wrong call, by how many are wrong and then by how sure they were.

    How sure: a reader's confidence over the surest that the form has; for a model how far its probability lies beyond
    its threshold, as a share of what is possible on that side. "Cannot assess" counts as wrong with no confidence.
    """
    cases = {row.case: row for row in rows}
    told = [_case(row, raters) for _, row in sorted(cases.items())]
    wrong = [case for case in told if case["wrong"]]
    wrong.sort(key=lambda case: (-case["wrong"], -case["sureness"], case["case"]))
    return {"total": len(wrong), "of": len(cases), "cases": wrong[:MOST_SHOWN]}


def _case(row: TidyRow, raters: Sequence[Rater]) -> dict[str, Any]:
    given = [_answer(rater, one) for rater in raters for one in rater.rows if one.case == row.case]
    mistakes = [answer for answer in given if answer["is_right"] is False]
    return {
        "case": row.case,
        "truth": "loose" if row.truth else "well_fixed",
        "site": row.site,
        "side": row.side,
        "sex": row.sex,
        "age_band": row.age_band,
        "component": row.component,
        "wrong": len(mistakes),
        "raters": len(given),
        "sureness": sum(answer["sureness"] for answer in mistakes),
        "answers": given,
    }


def _answer(rater: Rater, row: TidyRow) -> dict[str, Any]:
    assessed = row.answer != Call.CANNOT_ASSESS
    right = (row.answer == Call.LOOSE) == bool(row.truth) if assessed else None if row.call is None else False
    return {
        "key": rater.key,
        "name": rater.name,
        "kind": rater.kind,
        "answer": row.answer,
        "score": row.score,
        "is_right": right,
        "sureness": _sureness(rater, row) if right is False else 0.0,
    }


def _sureness(rater: Rater, row: TidyRow) -> float:
    if row.score is None:
        return 0.0
    if not rater.is_model:
        return abs(row.score) / rater.surest
    threshold = rater.threshold or 0.0
    if row.score >= threshold:
        return (row.score - threshold) / (1 - threshold) if threshold < 1 else 0.0
    return (threshold - row.score) / threshold
