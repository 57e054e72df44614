"""Each row's cells checked on their own: passed in our columns' order, or refused with column and reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from annotations.cohorts.registry.cells import CellError
from annotations.cohorts.registry.kinds import Column, FileKind

# How many distinct values of a column are remembered.
_REMEMBERED = 20_000
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Refused:
    column: str
    value: str
    reason: str


class Warnings:
    """What is odd in the good rows of one file: for each oddity its first line and how many rows have it."""

    _MOST = 100

    def __init__(self) -> None:
        self.found: dict[tuple[str, str, str, str], list[int]] = {}

    def add(self, kind: str, column: str, value: str, reason: str, *, line: int, rows: int = 1) -> None:
        key = (kind, column, value, reason)
        if key in self.found:
            self.found[key][1] += rows
        elif len(self.found) < self._MOST:
            self.found[key] = [line, rows]

    def as_json(self) -> list[dict[str, object]]:
        names = ("kind", "column", "value", "reason")
        return [{**dict(zip(names, key, strict=True)), "line": line, "rows": rows}
                for key, (line, rows) in self.found.items()]  # fmt: skip


class RowChecker:
    """Checks rows of one kind whose columns stand where `columns` says in `header`."""

    def __init__(self, kind: FileKind, header: Sequence[str], columns: Mapping[str, str], warnings: Warnings) -> None:
        self.kind = kind
        self._warnings = warnings
        # Place among our columns, position in the file, what is known already, and how the rest is read.
        self._steps = [
            (kind.header.index(column.name), header.index(columns[column.name]), *_reader(column), column)
            for column in kind.columns
            if column.name in columns
        ]
        self._width = 1 + max(position for _, position, *_ in self._steps)
        self._nothing: list[str | None] = [None] * len(kind.columns)
        self._warning = [(kind.header.index(c.name), c.name, c.warn) for c in kind.columns if c.warn]
        self._odd: dict[str, str] = {}

    def check(self, line: int, cells: Sequence[str]) -> list[str | None] | Refused:
        """Values in our columns' order (None where the file has no such column), or why the row is refused."""
        if len(cells) < self._width:
            return Refused("", "", f"has {len(cells)} cells; {self._width} are needed")
        values = self._nothing.copy()
        for place, position, known, read, column in self._steps:
            cell = cells[position]
            value = known.get(cell)
            if value is None:
                try:
                    value = read(cell)
                except CellError as error:
                    shown = cell.strip()[:_SHOWN] if column.may_be_shown else ""
                    return Refused(column.name, shown, str(error))
            values[place] = value
        contradiction = self.kind.contradiction(values)
        if contradiction is not None:
            value = values[self.kind.header.index(contradiction.column)] or ""
            return Refused(contradiction.column, value[:_SHOWN], contradiction.reason)
        for place, name, warn in self._warning:
            value = values[place]
            if value is not None and self._odd.get(value) != "":
                self._warn(line, name, value, warn)
        return values

    def _warn(self, line: int, column: str, value: str, warn: Callable[[str], str]) -> None:
        reason = self._odd.get(value)
        if reason is None:
            reason = warn(value)
            if len(self._odd) < _REMEMBERED:
                self._odd[value] = reason
        if reason:
            self._warnings.add(self.kind.name, column, value, reason, line=line)


def _reader(column: Column) -> tuple[dict[str, str], Callable[[str], str]]:
    """What is known of a column's cells, and how another one is read: most values come again and again."""
    read = column.read
    known: dict[str, str] = {}
    if column.name == "text":  # a note keeps its line ends and blanks
        return known, read
    if not column.repeats:
        return known, lambda cell: read(cell.strip())

    def read_and_remember(cell: str) -> str:
        value = read(cell.strip())
        if len(known) < _REMEMBERED:
            known[cell] = value
        return value

    return known, read_and_remember
