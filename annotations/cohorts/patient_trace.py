"""Everything the registry says of one patient, and how the rules came to their decision, in days instead of dates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from annotations.cohorts.judgement import Finding, Judged, Judgement, Operation, Outcome, PatientRows, Visit, judge
from annotations.cohorts.models import Cohort, CohortDecision, Diagnosis, FollowUp, Patient, Procedure
from annotations.cohorts.rules import read_rules

_Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class _Row:
    kind: str
    key: int
    day: date
    side: str
    code: str
    detail: str


def patient_trace(patient: Patient) -> list[dict[str, Any]]:
    """Every row about a patient, numbered in the order of time, by days since the first one."""
    return _numbered(_rows_in_order(_registry_rows(patient)))


def decision_trace(patient: Patient, cohort: Cohort) -> dict[str, Any] | None:
    """What the cohort decided, and every test behind it with the numbers of the rows that decided.

    The tests are put to the registry as it stands now: if it has changed since, `is_up_to_date` is false where the
    outcome is another one today.
    """
    decision = CohortDecision.objects.filter(cohort=cohort, patient=patient).first()
    if decision is None:
        return None
    rows = _registry_rows(patient)
    judgement = judge(rows, read_rules(cohort.rules.rules))
    numbers = {(row.kind, row.key): number for number, row in enumerate(_rows_in_order(rows), start=1)}
    # Written by an older version, a decision says nothing of the comparison group.
    said = decision.comparison_reason if decision.operated_sides else judgement.comparison_reason
    today = (judgement.excluded_at_step, judgement.reason, judgement.comparison_reason)
    return {
        "rules_version": cohort.rules.version,
        "excluded_at_step": decision.excluded_at_step,
        "reason": decision.reason,
        "comparison_reason": said,
        "is_up_to_date": today == (decision.excluded_at_step, decision.reason, said),
        "judged": _judged(judgement, numbers),
    }


def _registry_rows(patient: Patient) -> PatientRows:
    procedures = Procedure.objects.filter(hip__patient=patient).select_related("hip")
    visits = FollowUp.objects.filter(hip__patient=patient).select_related("hip")
    return PatientRows(
        [
            Operation(p.pk, p.performed_on, p.hip.side, p.cpt, p.modifiers, p.cup_fixation, p.stem_fixation)
            for p in procedures
        ],
        [Finding(d.pk, d.recorded_on, d.icd10cm) for d in Diagnosis.objects.filter(patient=patient)],
        [Visit(f.pk, f.seen_on, f.hip.side, f.complication) for f in visits],
    )


def _rows_in_order(rows: PatientRows) -> list[_Row]:
    kept = [
        *(_Row("procedure", o.row, o.day, o.side, o.cpt, f"{o.cup} / {o.stem} {o.modifiers}") for o in rows.operations),
        *(_Row("diagnosis", f.row, f.day, "", f.code, "") for f in rows.findings),
        *(_Row("follow_up", v.row, v.day, v.side, v.complication, "") for v in rows.visits),
    ]
    return sorted(kept, key=lambda row: (row.day, row.kind, row.side, row.code, row.key))


def _numbered(rows: list[_Row]) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "day": (row.day - rows[0].day).days,
            "kind": row.kind,
            "side": row.side,
            "code": row.code,
            "detail": row.detail.strip(),
        }
        for number, row in enumerate(rows, start=1)
    ]


def _judged(judgement: Judgement, numbers: dict[_Key, int]) -> list[dict[str, Any]]:
    operations = judgement.revisions or judgement.primaries
    return [
        {
            "row": numbers["procedure", judged.operation.row],
            "side": judged.operation.side,
            "cpt": judged.operation.cpt,
            "is_index": judged.operation is judgement.index,
            "fails": judged.fails,
            "tests": [_test(test, numbers) for test in judged.tests],
        }
        for judged in sorted(operations, key=_by_day)
    ]


def _by_day(judged: Judged) -> tuple[date, int]:
    return judged.operation.day, judged.operation.row


def _test(test: Outcome, numbers: dict[_Key, int]) -> dict[str, Any]:
    of: Callable[[str, tuple[int, ...]], list[int]] = lambda kind, keys: [numbers[kind, key] for key in keys]  # noqa: E731
    rows = [*of("procedure", test.operations), *of("diagnosis", test.findings), *of("follow_up", test.visits)]
    return {"key": test.key, "passed": test.passed, "rows": sorted(rows)}
