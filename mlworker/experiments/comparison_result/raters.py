"""One model at its threshold, or one reader in one session, against the reference standard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from annotations.reads.models import Call, Form
from mlworker.experiments.comparison_result.figures import area, band, curve, figure
from mlworker.experiments.comparison_result.probabilities import calibration_body
from mlworker.experiments.models import Comparison
from mlworker.experiments.tidy_table import (
    TidyRow,
    calls,
    case_names,
    reader_key,
    scores,
    session_numbers,
    truths,
)
from mlworker.statistics.clustered import clustered_estimate
from mlworker.statistics.covariance import Quantity
from mlworker.statistics.delong import auc_delong
from mlworker.statistics.roc import roc_points
from mlworker.statistics.roc_band import roc_band
from mlworker.statistics.two_by_two import two_by_two

_TOGETHER = "all cases of a patient are drawn together, for they are not independent"


@dataclass(frozen=True, slots=True)
class Rater:
    """Who rated, by which rule, and the rows: all in one order, that of the cases."""

    key: str
    rater: str
    name: str
    kind: str
    rows: tuple[TidyRow, ...]
    session: int | None = None
    person: str = ""
    is_simulated: bool = False
    cannot_assess_counts_wrong: bool = True
    # The surest score there is: 100 in the quick form, 3 steps of the six-point scale in the full one.
    surest: int = 100
    threshold: float | None = None
    threshold_rule: str = ""
    threshold_fixed_at: datetime | None = None
    touched_at: datetime | None = None

    @property
    def is_model(self) -> bool:
        return self.kind == "model"

    @property
    def called(self) -> list[TidyRow]:
        """Rows with a call, as the protocol counts them."""
        return [row for row in self.rows if row.call is not None]

    @property
    def scored(self) -> list[TidyRow]:
        return [row for row in self.rows if row.score is not None]

    @property
    def cannot_assess(self) -> int:
        return sum(row.answer == Call.CANNOT_ASSESS for row in self.rows)

    @property
    def has_several_cases_a_patient(self) -> bool:
        return len({row.patient for row in self.rows}) < len(self.rows)


def raters_of(comparison: Comparison, rows: Sequence[TidyRow]) -> list[Rater]:
    """Models first, then readers, each kind in the order of its keys; names that would be equal are told apart."""

    def own(key: str, session: int = 1) -> tuple[TidyRow, ...]:
        found = (row for row in rows if (row.rater, row.session) == (key, session))
        return tuple(sorted(found, key=lambda row: row.case))

    sessions = list(comparison.sessions.select_related("reader", "protocol").order_by("pk"))
    numbers = session_numbers(sessions)

    models = [
        Rater(
            key=f"model-{scoring.pk}", rater=f"model-{scoring.pk}", name=scoring.run.name, kind="model",
            rows=own(f"model-{scoring.pk}"),
            threshold=scoring.run.threshold, threshold_rule=scoring.run.threshold_rule,
            threshold_fixed_at=scoring.run.threshold_fixed_at, touched_at=scoring.queued_at,
        )
        for scoring in comparison.scorings.select_related("run").order_by("pk")
    ]  # fmt: skip
    readers = [
        Rater(
            key=f"{reader_key(session)}-session-{numbers[session.pk]}", rater=reader_key(session),
            name=session.reader.name, kind="reader",
            rows=own(reader_key(session), numbers[session.pk]), session=numbers[session.pk],
            person=session.reader.name, is_simulated=session.reader.is_simulated,
            cannot_assess_counts_wrong=session.protocol.cannot_assess_counts_wrong,
            surest=3 if session.protocol.form == Form.FULL else 100,
        )
        for session in sessions
    ]  # fmt: skip
    return _told_apart([*models, *readers])


def _told_apart(raters: list[Rater]) -> list[Rater]:
    names = Counter(rater.name for rater in raters)
    return [rater if names[rater.name] == 1 else replace(rater, name=_longer_name(rater)) for rater in raters]


def _longer_name(rater: Rater) -> str:
    if rater.session is not None:
        return f"{rater.name}, session {rater.session}"
    return f"{rater.name} ({rater.key})"


def rater_body(rater: Rater, *, cases: int) -> dict[str, Any]:
    called = rater.called
    table = two_by_two(truths(called), calls(called), names=case_names(called))
    return {
        "key": rater.key,
        "name": rater.name,
        "kind": rater.kind,
        "session": rater.session,
        "is_simulated": rater.is_simulated,
        "cases": cases,
        "n": len(called),
        "cannot_assess": rater.cannot_assess,
        "tp": table.tp,
        "fp": table.fp,
        "fn": table.fn,
        "tn": table.tn,
        "sensitivity": over_patients(figure(table.sensitivity), rater, called, "sensitivity"),
        "specificity": over_patients(figure(table.specificity), rater, called, "specificity"),
        "ppv": figure(table.ppv),
        "npv": figure(table.npv),
        "accuracy": figure(table.accuracy),
        **_curve_body(rater),
        "calibration": calibration_body(rater.scored) if rater.is_model else None,
        "threshold": rater.threshold,
        "threshold_rule": rater.threshold_rule,
        "threshold_fixed_at": rater.threshold_fixed_at.isoformat() if rater.threshold_fixed_at else None,
    }


def over_patients(found: dict[str, Any], rater: Rater, rows: Sequence[TidyRow], quantity: Quantity) -> dict[str, Any]:
    """The figure as it is, or with an interval over patients where one patient has several cases."""
    if not rater.has_several_cases_a_patient or found["value"] is None:
        return found
    given = scores(rows) if quantity == "auc" else calls(rows)
    drawn = clustered_estimate(truths(rows), given, [row.patient for row in rows], quantity=quantity)
    told = [found["note"], drawn.note, None if drawn.lower is None else _TOGETHER]
    return found | {
        "low": drawn.lower,
        "high": drawn.upper,
        "method": drawn.method,
        "note": "; ".join(text for text in told if text) or None,
    }


def _curve_body(rater: Rater) -> dict[str, Any]:
    scored = rater.scored
    truth, given = truths(scored), scores(scored)
    left_out = len(rater.rows) - len(scored)
    note = f"{left_out} cases without a confidence are not in this curve" if left_out else None
    auc = area(
        auc_delong(truth, given, names=case_names(scored)),
        of="probability" if rater.is_model else "confidence",
        note=note,
    )
    return {
        "auc": over_patients(auc, rater, scored, "auc"),
        "roc": curve(roc_points(truth, given, names=case_names(scored))),
        "band": band(roc_band(truth, given, names=case_names(scored))),
    }
