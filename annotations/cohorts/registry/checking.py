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
        self._readers = [
            (column, header.index(columns[column.name]), _reader(column))
            for column in kind.columns
            if column.name in columns
        ]
        self._places = [kind.header.index(column.name) for column, _, _ in self._readers]
        self._width = 1 + max(place for _, place, _ in self._readers)
        self._warning = [(kind.header.index(c.name), c.name, c.warn) for c in kind.columns if c.warn]
        self._odd: dict[str, str] = {}

    def check(self, line: int, cells: Sequence[str]) -> list[str | None] | Refused:
        """Values in our columns' order (None where the file has no such column), or why the row is refused."""
        if len(cells) < self._width:
            return Refused("", "", f"has {len(cells)} cells; {self._width} are needed")
        values: list[str | None] = [None] * len(self.kind.columns)
        for place, (column, position, read) in zip(self._places, self._readers, strict=True):
            try:
                values[place] = read(cells[position])
            except CellError as error:
                cell = cells[position].strip()
                return Refused(column.name, cell[:_SHOWN] if column.may_be_shown else "", str(error))
        contradiction = self.kind.contradiction(values)
        if contradiction is not None:
            value = values[self.kind.header.index(contradiction.column)] or ""
            return Refused(contradiction.column, value[:_SHOWN], contradiction.reason)
        for place, name, warn in self._warning:
            self._warn(line, name, values[place], warn)
        return values

    def _warn(self, line: int, column: str, value: str | None, warn: Callable[[str], str]) -> None:
        if value is None:
            return
        reason = self._odd.get(value)
        if reason is None:
            reason = warn(value)
            if len(self._odd) < _REMEMBERED:
                self._odd[value] = reason
        if reason:
            self._warnings.add(self.kind.name, column, value, reason, line=line)


def _reader(column: Column) -> Callable[[str], str]:
    """Reads a cell; a value that has come before is not looked at again."""
    read = column.read
    if column.name == "text":  # a note keeps its line ends and blanks
        return read
    if not column.repeats:
        return lambda cell: read(cell.strip())
    remembered: dict[str, str] = {}

    def read_again(cell: str) -> str:
        value = remembered.get(cell)
        if value is None:
            value = read(cell.strip())
            if len(remembered) < _REMEMBERED:
                remembered[cell] = value
        return value

    return read_again
