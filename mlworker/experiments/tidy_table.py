"""The tidy table that a comparison is made from: one row for each rater and case, and nothing that names a patient."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields

from annotations.datasets.models import DatasetCase
from annotations.reads.models import Call, ReadSession
from annotations.reads.selectors import AnalysedAnswer, answers_for_analysis
from common.errors import Conflict
from mlworker.experiments.case_facts import age_bands, loose_component
from mlworker.experiments.models import Comparison, Scoring

_ANSWERED = ("case_id", "call", "call_is_loose", "confidence", "roc_score")
# A spreadsheet takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class TidyRow:
    """What one rater said of one case.

    Attributes:
        case: its number in the dataset version.
        patient: a number within this table, the same for all cases of one patient.
        truth: 1 for loose in the reference standard.
        rater: key of the model or of the reader; with `session` it is unique. `name` is for people.
        kind: model or reader.
        session: the reader's passage through the cases; 1 for a model.
        answer: loose, well_fixed or cannot_assess, as it was given.
        call: as it is analysed: 1 for loose; None for a case that the protocol leaves out.
        score: a model's probability, or a reader's confidence, negative for well fixed; None without one.
        age_band: in the year of the index procedure.
        component: which one the reference standard calls loose; empty for a well-fixed hip.
    """

    case: int
    patient: int
    truth: int
    rater: str
    name: str
    kind: str
    session: int
    answer: str
    call: int | None
    score: float | None
    site: str
    side: str
    sex: str
    age_band: str
    component: str


@dataclass(frozen=True, slots=True)
class _Cases:
    """The part's cases by primary key, with what a row tells of each."""

    cases: Mapping[int, DatasetCase]
    patients: Mapping[int, int]
    age_bands: Mapping[int, str]


def tidy_rows(comparison: Comparison) -> list[TidyRow]:
    """Ordered by rater and case: models first, each by its key."""
    found = DatasetCase.objects.filter(version=comparison.dataset_version, part=comparison.part)
    cases = {case.pk: case for case in found.select_related("patient__site", "hip", "label").order_by("number")}
    patients: dict[int, int] = {}
    for case in cases.values():
        patients.setdefault(case.patient_id, len(patients) + 1)
    known = _Cases(cases, patients, age_bands(cases.values()))
    rows: list[TidyRow] = []
    for scoring in comparison.scorings.select_related("run").order_by("pk"):
        rows += _model_rows(scoring, known)
    sessions = list(comparison.sessions.select_related("protocol", "reader").order_by("pk"))
    numbers = session_numbers(sessions)
    for session in sessions:
        rows += _reader_rows(session, known, numbers[session.pk])
    return rows


def session_numbers(sessions: Sequence[ReadSession]) -> dict[int, int]:
    """The number of each session among its reader's own here: two protocols may both have a first session."""
    numbers: dict[int, int] = {}
    taken: set[tuple[int, int]] = set()
    for session in sessions:
        number = session.number
        while (session.reader_id, number) in taken:
            number += 1
        taken.add((session.reader_id, number))
        numbers[session.pk] = number
    return numbers


def _model_rows(scoring: Scoring, known: _Cases) -> list[TidyRow]:
    threshold = scoring.run.threshold
    if threshold is None:
        raise Conflict(f"“{scoring.run.name}” has no threshold.", code="no_threshold_yet")
    rows = []
    for score in scoring.scores.order_by("case__number"):
        call = int(score.probability >= threshold)
        rows.append(
            _row(
                known, score.case_id, rater=f"model-{scoring.pk}", name=scoring.run.name, kind="model", session=1,
                answer=Call.LOOSE if call else Call.WELL_FIXED, call=call, score=score.probability,
            )
        )  # fmt: skip
    return rows


def _reader_rows(session: ReadSession, known: _Cases, number: int) -> list[TidyRow]:
    counts_wrong = session.protocol.cannot_assess_counts_wrong
    return [
        _row(
            known, answer.case_id, rater=reader_key(session), name=session.reader.name, kind="reader",
            session=number, answer=answer.call,
            call=_analysed_call(answer, known.cases[answer.case_id], counts_wrong=counts_wrong),
            score=answer.roc_score,
        )
        for answer in answers_for_analysis(session)
    ]  # fmt: skip


def reader_key(session: ReadSession) -> str:
    return f"reader-{session.reader_id}"


def answers_sha256(session: ReadSession) -> str:
    """Hash of a session's answers as an analysis takes them now: of what was answered, and of nothing else."""
    plain = [{name: getattr(answer, name) for name in _ANSWERED} for answer in answers_for_analysis(session)]
    return hashlib.sha256(json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _analysed_call(answer: AnalysedAnswer, case: DatasetCase, *, counts_wrong: bool) -> int | None:
    if answer.call_is_loose is None and counts_wrong:
        return int(case.label_value != "loose")
    return answer.call_is_loose


def _row(
    known: _Cases, case_id: int, *, rater: str, name: str, kind: str, session: int, answer: str, call: int | None,
    score: float | None,
) -> TidyRow:  # fmt: skip
    case = known.cases[case_id]
    return TidyRow(
        case=case.number, patient=known.patients[case.patient_id], truth=int(case.label_value == "loose"),
        rater=rater, name=name, kind=kind, session=session, answer=str(answer), call=call, score=score,
        site=case.patient.site.code, side=case.hip.side, sex=case.patient.sex, age_band=known.age_bands[case.pk],
        component=loose_component(case),
    )  # fmt: skip


def truths(rows: Iterable[TidyRow]) -> list[int]:
    return [row.truth for row in rows]


def calls(rows: Iterable[TidyRow]) -> list[int]:
    """Of rows that have one; the statistics refuse arrays that are not equally long."""
    return [row.call for row in rows if row.call is not None]


def scores(rows: Iterable[TidyRow]) -> list[float]:
    """Of rows that have one, as `calls`."""
    return [row.score for row in rows if row.score is not None]


def case_names(rows: Iterable[TidyRow]) -> list[str]:
    return [f"case {row.case}" for row in rows]


def rows_as_json(rows: Sequence[TidyRow]) -> str:
    """Canonical: the same rows give the same text, and `rows_from_json` gives them back."""
    return json.dumps([asdict(row) for row in rows], sort_keys=True, separators=(",", ":"))


def rows_from_json(text: str) -> list[TidyRow]:
    return [TidyRow(**row) for row in json.loads(text)] if text else []


def rows_sha256(rows: Sequence[TidyRow]) -> str:
    return hashlib.sha256(rows_as_json(rows).encode()).hexdigest()


def table_as_csv(rows: Sequence[TidyRow]) -> str:
    """Comma-separated with a header line; an absent value is an empty cell."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(field.name for field in fields(TidyRow))
    for row in rows:
        writer.writerow(_cell(value) for value in asdict(row).values())
    return buffer.getvalue()


def _cell(value: str | float | None) -> str | float:
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
