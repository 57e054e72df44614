"""Arriving rows find what they refer to, or are refused; the others are compared with the registry and written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from annotations.cohorts.identifiers import LONGER_PSEUDONYM, PSEUDONYM_LENGTH
from annotations.cohorts.registry.checking import Warnings
from annotations.cohorts.registry.codes import LEFT_COMPLICATION, RIGHT_COMPLICATION
from annotations.cohorts.registry.staging import arriving
from annotations.cohorts.registry.targets import TARGETS, Target
from studies.models import Study

_SAMPLE = 8
_FEW = 1000


_NOTE_BEFORE_OPERATION = """
    SELECT r.file, min(r.line), count(*) FROM registry_ready r JOIN cohorts_procedure p ON p.id = r.procedure_id
    WHERE r.written_on < p.performed_on GROUP BY r.file"""
_OTHER_HIP = f"""
    SELECT r.file, min(r.line), count(*) FROM (
        SELECT file, line, patient_id, CASE WHEN icd10cm ~ '{RIGHT_COMPLICATION}' THEN 'R'
                                            WHEN icd10cm ~ '{LEFT_COMPLICATION}' THEN 'L' END AS side
        FROM registry_ready) r
    WHERE EXISTS (SELECT FROM cohorts_hip h WHERE h.patient_id = r.patient_id AND h.side <> r.side)
      AND NOT EXISTS (SELECT FROM cohorts_hip h WHERE h.patient_id = r.patient_id AND h.side = r.side)
    GROUP BY r.file"""  # noqa: S608
# By kind the column, what is odd about it, and the rows of which that is so.
_ODD = {
    "notes": ("written_on", "lies before the operation", _NOTE_BEFORE_OPERATION),
    "diagnoses": ("icd10cm", "names one hip, and only the other one was operated on", _OTHER_HIP),
}


@dataclass(slots=True)
class TableCounts:
    new: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(slots=True)
class Changes:
    """How many rows change in which column, and a few of them."""

    columns: dict[str, int] = field(default_factory=dict)
    cells: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Resolved:
    """What became of the rows of one kind, by file."""

    counts: dict[int, TableCounts] = field(default_factory=dict)
    changes: dict[int, Changes] = field(default_factory=dict)


class Resolver:
    """Works inside the import's transaction, kind after kind in the order of `TARGETS`."""

    def __init__(self, study: Study) -> None:
        self._values = {"study": study.pk, "short": PSEUDONYM_LENGTH, "long": LONGER_PSEUDONYM}
        with connection.cursor() as cursor:
            # Hash tables of a million keys; the default of 4 MB would sort them on disk.
            cursor.execute("SET LOCAL work_mem = '96MB'")
            cursor.execute("DROP TABLE IF EXISTS registry_refused")
            cursor.execute(
                "CREATE TEMP TABLE registry_refused (kind text, file int, line int, col text, value text, reason text, "
                "PRIMARY KEY (kind, file, line)) ON COMMIT DROP"
            )

    def resolve(self, kind: str, *, write: bool) -> Resolved:
        """With `write` false only what later kinds do not need is left out; a check is rolled back anyway."""
        target = TARGETS[kind]
        # A table that was empty when it was last counted would be read through for every row: while rows go in,
        # over all those that just went in. Few rows into a large registry are better looked up one by one.
        ((many,),) = self._all(f"SELECT count(*) > {_FEW} FROM {arriving(kind)}")  # noqa: S608
        self._run(f"SET LOCAL enable_nestloop = {'off' if many else 'on'}")
        self._refuse(kind, target)
        *first, ready = target.ready.split(";\n")
        for statement in first:
            self._run(statement)
        # Without knowing how many rows have just come, the planner compares each with each.
        self._run(f"ANALYZE {', '.join(['registry_refused', *target.needed])}")
        self._run("DROP TABLE IF EXISTS registry_ready")
        self._run(
            f"CREATE TEMP TABLE registry_ready ON COMMIT DROP AS {ready} WHERE NOT EXISTS (SELECT FROM registry_refused"
            f" x WHERE x.kind = '{kind}' AND x.file = a.file AND x.line = a.line)"
        )
        for statement in target.before:
            self._run(statement)
        self._run("SET LOCAL default_statistics_target = 10; ANALYZE registry_ready")
        self._run("SET LOCAL default_statistics_target TO DEFAULT")
        resolved = Resolved(self._counts(target))
        if any(counts.changed for counts in resolved.counts.values()):
            resolved.changes = self._changes(target, resolved.counts)
        if write:
            self._write(target, list(resolved.counts.values()))
        return resolved

    def refused(self) -> Iterator[tuple[int, int, str, str, str, str]]:
        """File, line, kind, column, value and reason, in the order of the files."""
        connection.ensure_connection()
        assert connection.connection is not None
        with connection.connection.cursor(name="registry_refused") as cursor:
            cursor.itersize = 5000
            cursor.execute("SELECT file, line, kind, col, value, reason FROM registry_refused ORDER BY 1, 2, 3")
            yield from cursor

    def warn(self, kind: str, by_file: dict[int, Warnings]) -> None:
        """Odd in view of the registry, but taken."""
        if kind not in _ODD:
            return
        column, reason, query = _ODD[kind]
        for file, line, number in self._all(query):
            by_file[file].add(kind, column, "", reason, line=line, rows=number)

    def _refuse(self, kind: str, target: Target) -> None:
        insert = (
            "INSERT INTO registry_refused (kind, file, line, col, value, reason) "  # noqa: S608
            f"SELECT '{kind}', refusal.* FROM ({{}}) AS refusal ON CONFLICT DO NOTHING"
        )
        self._run(insert.format(_second_times(kind, target)))
        for refusal in target.refusals:
            self._run(insert.format(refusal))

    def _counts(self, target: Target) -> dict[int, TableCounts]:
        rows = self._all(
            f"SELECT r.file, count(*) FILTER (WHERE t.id IS NULL), "  # noqa: S608
            f"count(*) FILTER (WHERE t.id IS NOT NULL AND {_differs(target)}), count(*) "
            f"FROM registry_ready r LEFT JOIN {target.table} t ON {target.match} GROUP BY r.file"
        )
        return {file: TableCounts(new, changed, total - new - changed) for file, new, changed, total in rows}

    def _changes(self, target: Target, counts: dict[int, TableCounts]) -> dict[int, Changes]:
        changed = (
            f"FROM registry_ready r JOIN {target.table} t ON {target.match} {target.joins} WHERE {_differs(target)}"
        )
        columns = ", ".join(f"count(*) FILTER (WHERE {shown.differs})" for shown in target.shown)
        found = {
            row[0]: Changes({s.name: n for s, n in zip(target.shown, row[1:], strict=True) if n})
            for row in self._all(f"SELECT r.file, {columns} {changed} GROUP BY r.file")
        }
        cells = ", ".join(f"({shown.differs}), {shown.old}, {shown.new}" for shown in target.shown)
        for file, changes in found.items():
            rows = self._all(
                f"SELECT r.line, {target.pseudonym}, {cells} {changed} AND r.file = {int(file)} "
                f"ORDER BY r.line LIMIT {_SAMPLE}"
            )
            changes.cells = [cell for row in rows for cell in _changed_cells(target, row)]
        return found

    def _write(self, target: Target, counts: list[TableCounts]) -> None:
        if any(count.changed for count in counts):
            assigned = ", ".join(f"{name} = {_value(name, default)}" for name, default in target.columns.items())
            self._run(
                f"UPDATE {target.table} t SET {assigned} FROM registry_ready r "  # noqa: S608
                f"WHERE {target.match} AND {_differs(target)}"
            )
        if any(count.new for count in counts):
            names = ", ".join(["study_id", *target.columns, *target.fixed])
            values = [f"COALESCE(r.{name}, {default})" if default else f"r.{name}"
                      for name, default in target.columns.items()]  # fmt: skip
            self._run(
                f"INSERT INTO {target.table} ({names}) "  # noqa: S608
                f"SELECT %(study)s, {', '.join([*values, *target.fixed.values()])} FROM registry_ready r "
                f"WHERE NOT EXISTS (SELECT FROM {target.table} t WHERE {target.match})"
            )
        for statement in target.after:
            self._run(statement)
        self._run(f"ANALYZE {', '.join([target.table, *target.made])}")

    def _run(self, statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, self._values)

    def _all(self, query: str) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(query, self._values)
            return list(cursor.fetchall())


def _second_times(kind: str, target: Target) -> str:
    """The second and further rows of one key; sorted are only the keys that come more than once."""
    return f"""
        SELECT file, line, '{target.key}', '', CASE
            WHEN first_file <> file THEN 'appears in another file of this import too'
            WHEN first_value <> value THEN 'appears a second time in this file, at another site'
            ELSE 'appears a second time in this file' END
        FROM (
            SELECT a.file, a.line, {target.repeated} AS value, row_number() OVER same AS place,
                   first_value(a.file) OVER same AS first_file, first_value({target.repeated}) OVER same AS first_value
            FROM {arriving(kind)} a
            WHERE a.key IN (SELECT key FROM {arriving(kind)} GROUP BY key HAVING count(*) > 1)
            WINDOW same AS (PARTITION BY a.key ORDER BY a.file, a.line)
        ) placed WHERE place > 1"""  # noqa: S608


def _value(name: str, default: str) -> str:
    return f"COALESCE(r.{name}, t.{name})" if default else f"r.{name}"


def _differs(target: Target) -> str:
    # An encryption is no part of the comparison: it is another each time.
    names = {name: default for name, default in target.columns.items() if name != "text_encrypted"}
    old = ", ".join(f"t.{name}" for name in names)
    new = ", ".join(_value(name, default) for name, default in names.items())
    return f"({old}) IS DISTINCT FROM ({new})"


def _changed_cells(target: Target, row: Any) -> Iterator[dict[str, Any]]:
    line, pseudonym, *cells = row
    for shown, differs, old, new in zip(target.shown, cells[::3], cells[1::3], cells[2::3], strict=True):
        if differs:
            yield {"line": line, "patient": pseudonym, "column": shown.name, "old": old or "", "new": new or ""}
