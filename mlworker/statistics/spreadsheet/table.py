"""The tidy table: rater x case x session, with call and score. Nothing is dropped: a gap is told or refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from mlworker.statistics.inputs import Bools, Floats, Ints
from mlworker.statistics.spreadsheet.cells import Problems, Row, Sheet, SpreadsheetError, number

NEEDED = ("case", "truth", "rater", "kind")
_OF_A_READING = frozenset({*NEEDED, "patient", "session", "call", "score", "name", "answer"})
_LISTED = 8
CannotAssess = Literal["leave-out", "wrong"]


@dataclass(frozen=True)
class Rater:
    """One model, or one reader in one session, over all cases in the table's order; None is an empty cell.

    `name`: of the column name, if it has a different one for each rater; else the rater itself.
    """

    rater: str
    name: str
    kind: str
    session: int
    calls: tuple[int | None, ...]
    scores: tuple[float | None, ...]

    @property
    def key(self) -> str:
        return self.name if self.session == 1 else f"{self.name}, session {self.session}"

    @property
    def has_calls(self) -> bool:
        return any(call is not None for call in self.calls)

    @property
    def has_scores(self) -> bool:
        return any(score is not None for score in self.scores)

    def assessed(self) -> Bools:
        """(n,): where there is a call; everywhere for a rater who gives scores alone."""
        return np.array([call is not None or not self.has_calls for call in self.calls], dtype=np.bool_)

    def calls_at(self, where: Bools) -> Ints:
        return np.array([self.calls[i] for i in np.flatnonzero(where)], dtype=np.int64)

    def scores_at(self, where: Bools) -> Floats:
        return np.array([self.scores[i] for i in np.flatnonzero(where)], dtype=np.float64)

    def without_score(self, where: Bools) -> list[int]:
        return [int(i) for i in np.flatnonzero(where) if self.scores[i] is None]


@dataclass(frozen=True)
class Table:
    """`truth` (n,); `facts`: columns that are the same for all rows of a case, for subgroups."""

    cases: tuple[str, ...]
    patients: tuple[str, ...]
    truth: Ints
    raters: tuple[Rater, ...]
    facts: Mapping[str, tuple[str, ...]]
    rows: int
    remarks: tuple[str, ...]

    def models(self) -> list[Rater]:
        return [r for r in self.raters if r.kind == "model" and r.session == self._first(r)]

    def readers(self) -> list[Rater]:
        """Each reader's first session."""
        return [r for r in self.raters if r.kind == "reader" and r.session == self._first(r)]

    def _first(self, rater: Rater) -> int:
        return min(r.session for r in self.raters if r.rater == rater.rater)


def listed(names: Sequence[str]) -> str:
    rest = len(names) - _LISTED
    return ", ".join(names[:_LISTED]) + (f" and {rest} more" if rest > 0 else "")


@dataclass(frozen=True)
class _Reading:
    row: int
    case: str
    patient: str
    truth: int
    rater: str
    name: str
    kind: str
    session: int
    call: int | None
    score: float | None


def table_of(sheet: Sheet, *, cannot_assess: CannotAssess = "leave-out") -> Table:
    """The checked table; SpreadsheetError with every row and column that is wrong.

    A row with an empty call is a case that the rater could not assess: left out of that rater's figures and told, or
    with `wrong` counted against him. A case without a row for a rater is a missing read, and refused.
    """
    problems = Problems()
    missing = [name for name in NEEDED if name not in sheet.columns]
    if missing:
        raise SpreadsheetError([f"row 1: the column {name} is missing." for name in missing])
    if "call" not in sheet.columns and "score" not in sheet.columns:
        raise SpreadsheetError(["row 1: there is neither a column call nor a column score."])
    if not sheet.rows:
        raise SpreadsheetError(["row 2: there are no rows under the header."])
    readings = [found for row in sheet.rows if (found := _reading(row, sheet, problems)) is not None]
    problems.stop()
    _check_agreement(readings, problems)
    problems.stop()
    table = _gathered(sheet, readings, problems)
    problems.stop()
    return _with_calls_for_blanks(table) if cannot_assess == "wrong" else table


def _reading(row: Row, sheet: Sheet, problems: Problems) -> _Reading | None:
    before, cells = len(problems.found), row.cells
    for column in ("case", "rater"):
        if not cells[column]:
            problems.add("the cell is empty.", row=row.number, column=column)
    truth = _binary(row, "truth", problems)
    if not cells["truth"]:
        problems.add("the cell is empty; truth must be 0 or 1.", row=row.number, column="truth")
    kind = cells["kind"].lower()
    if kind not in {"model", "reader"}:
        problems.add(f"“{cells['kind']}” is neither model nor reader.", row=row.number, column="kind")
    session = cells.get("session") or "1"
    if not (session.isascii() and session.isdigit() and int(session) > 0):
        problems.add(f"“{session}” is no whole number from 1.", row=row.number, column="session")
    call, score = _binary(row, "call", problems), cells.get("score", "")
    value = number(score, decimal_comma=sheet.decimal_comma) if score else None
    if score and value is None:
        problems.add(f"“{score}” is no finite number.", row=row.number, column="score")
    if truth is None or len(problems.found) > before:
        return None
    return _Reading(
        row.number, cells["case"], cells.get("patient", cells["case"]), truth, cells["rater"],
        cells.get("name") or cells["rater"], kind, int(session), call, value,
    )  # fmt: skip


def _binary(row: Row, column: str, problems: Problems) -> int | None:
    text = row.cells.get(column, "")
    if text in {"0", "1", "0.0", "1.0"}:
        return int(float(text))
    if text:
        problems.add(f"“{text}” is neither 0 nor 1.", row=row.number, column=column)
    return None


def _check_agreement(readings: Sequence[_Reading], problems: Problems) -> None:
    """One truth and patient a case, one kind a rater, one row for each rater, session and case."""
    of_case: dict[str, _Reading] = {}
    of_rater: dict[str, _Reading] = {}
    once: dict[tuple[str, int, str], int] = {}
    for found in readings:
        first = of_case.setdefault(found.case, found)
        for column in ("truth", "patient"):
            one, other = getattr(first, column), getattr(found, column)
            if one != other:
                told = f"case {found.case} has “{other}” here and “{one}” in row {first.row}."
                problems.add(told, row=found.row, column=column)
        rater = of_rater.setdefault(found.rater, found)
        if rater.kind != found.kind:
            told = f"{found.rater} is a {found.kind} here and a {rater.kind} in row {rater.row}."
            problems.add(told, row=found.row, column="kind")
        key = found.rater, found.session, found.case
        if key in once:
            told = f"{found.rater} has case {found.case} in session {found.session} in row {once[key]} already."
            problems.add(told, row=found.row, column="case")
        once.setdefault(key, found.row)
        if not found.patient:
            problems.add("the cell is empty.", row=found.row, column="patient")


def _gathered(sheet: Sheet, readings: Sequence[_Reading], problems: Problems) -> Table:
    of_case = {found.case: found for found in reversed(readings)}
    cases = tuple(dict.fromkeys(found.case for found in readings))
    by_rater: dict[tuple[str, int], dict[str, _Reading]] = {}
    for found in readings:
        by_rater.setdefault((found.rater, found.session), {})[found.case] = found
    raters, shown = [], _names(readings)
    for (rater, session), own in by_rater.items():
        absent = [case for case in cases if case not in own]
        if absent:
            problems.add(
                f"{rater}, session {session}, has no row for {len(absent)} of {len(cases)} cases: {listed(absent)}. "
                "Add the rows; leave call empty where the case could not be assessed."
            )
            continue
        rows = [own[case] for case in cases]
        raters.append(
            Rater(rater, shown[rater], rows[0].kind, session, tuple(r.call for r in rows), tuple(r.score for r in rows))
        )
    for one in raters:
        if not one.has_calls and not one.has_scores:
            problems.add(f"{one.key} has neither a call nor a score in any row.")
    remarks = _facts_remarks(sheet)
    return Table(
        cases, tuple(of_case[case].patient for case in cases),
        np.array([of_case[case].truth for case in cases], dtype=np.int64), tuple(raters),
        _facts(sheet, cases), len(readings), tuple(remarks),
    )  # fmt: skip


def _names(readings: Sequence[_Reading]) -> dict[str, str]:
    named = {found.rater: found.name for found in reversed(readings)}
    return named if len(set(named.values())) == len(named) else {rater: rater for rater in named}


def _varying(sheet: Sheet) -> dict[str, bool]:
    """Of each column beside the table's own: does it differ between rows of a case?"""
    extra = [column for column in sheet.columns if column and column not in _OF_A_READING]
    first: dict[str, Row] = {}
    varying = dict.fromkeys(extra, False)
    for row in sheet.rows:
        one = first.setdefault(row.cells["case"], row)
        for column in extra:
            varying[column] = varying[column] or one.cells[column] != row.cells[column]
    return varying


def _facts(sheet: Sheet, cases: Sequence[str]) -> dict[str, tuple[str, ...]]:
    first = {row.cells["case"]: row for row in reversed(sheet.rows)}
    steady = [column for column, varies in _varying(sheet).items() if not varies]
    return {column: tuple(first[case].cells[column] for case in cases) for column in steady}


def _facts_remarks(sheet: Sheet) -> list[str]:
    remarks = [
        f"The column {column} differs between rows of one case and makes no subgroups."
        for column, varies in _varying(sheet).items()
        if varies
    ]
    if "patient" not in sheet.columns:
        remarks.append("There is no column patient: every case is taken for another patient.")
    return remarks


def _with_calls_for_blanks(table: Table) -> Table:
    wrong = [1 - int(label) for label in table.truth]

    def filled(rater: Rater) -> Rater:
        if not rater.has_calls:
            return rater
        return replace(rater, calls=tuple(w if c is None else c for c, w in zip(rater.calls, wrong, strict=True)))

    return replace(table, raters=tuple(filled(rater) for rater in table.raters))


def with_thresholds(table: Table, thresholds: Mapping[str, float]) -> Table:
    """Calls of raters that have scores alone: 1 at or above the threshold, which was fixed on other cases."""
    problems, known = Problems(), {rater.rater: rater for rater in table.raters}
    for name in thresholds:
        if name not in known:
            problems.add(f"There is no rater {name} to have a threshold; there are {listed(list(known))}.")
        elif known[name].has_calls:
            problems.add(f"{name} has calls already; a threshold would contradict them.")
        elif any(score is None for score in known[name].scores):
            problems.add(f"{name} has cases without a score, to which no threshold applies.")
    problems.stop()

    def called(rater: Rater) -> Rater:
        cut = thresholds.get(rater.rater)
        if cut is None:
            return rater
        return replace(rater, calls=tuple(int(score is not None and score >= cut) for score in rater.scores))

    return replace(table, raters=tuple(called(rater) for rater in table.raters))
