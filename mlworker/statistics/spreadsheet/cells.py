"""A CSV file as cells with the number of their line; what is wrong with a cell is told by row and column."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mlworker.statistics.inputs import StatisticsInputError

_SHOWN = 20
_DELIMITERS = (",", ";", "\t")


class SpreadsheetError(StatisticsInputError):
    """What is wrong with a spreadsheet, each line naming its row and column. `problems` has all of them."""

    def __init__(self, problems: Sequence[str]) -> None:
        rest = len(problems) - _SHOWN
        super().__init__("\n".join([*problems[:_SHOWN], *([f"… and {rest} more."] if rest > 0 else [])]))
        self.problems = tuple(problems)


@dataclass
class Problems:
    """Gathers, so that one run tells everything that is wrong and not only the first."""

    found: list[str] = field(default_factory=list)

    def add(self, text: str, *, row: int | None = None, column: str | None = None) -> None:
        place = ", ".join(part for part in (f"row {row}" if row else "", f"column {column}" if column else "") if part)
        self.found.append(f"{place}: {text}" if place else text)

    def stop(self) -> None:
        """SpreadsheetError if there are any."""
        if self.found:
            raise SpreadsheetError(self.found)


@dataclass(frozen=True)
class Row:
    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Sheet:
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    decimal_comma: bool


def read_sheet(path: Path) -> Sheet:
    """UTF-8, with or without byte-order mark; comma, semicolon or tab, as the header has it. Header names lose case."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise SpreadsheetError([f"row {line}: the file is not UTF-8; save it as “CSV UTF-8”."]) from error
    return sheet_of_text(text)


def sheet_of_text(text: str) -> Sheet:
    header = text.split("\n", 1)[0]
    if not header.strip():
        raise SpreadsheetError(["row 1: the header with the columns' names is missing."])
    delimiter = max(_DELIMITERS, key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    columns = tuple(name.strip().lower() for name in next(reader))
    problems = Problems()
    for name in sorted({name for name in columns if columns.count(name) > 1}):
        problems.add(f"the column {name or '(without a name)'} is there {columns.count(name)} times.", row=1)
    problems.stop()
    rows = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(columns):
                problems.add(f"{len(cells)} cells, but the header has {len(columns)}.", row=reader.line_num)
                continue
            rows.append(Row(reader.line_num, dict(zip(columns, map(_bare, cells), strict=True))))
    except csv.Error as error:
        problems.add(f"this is not a CSV file: {error}.", row=reader.line_num)
    problems.stop()
    return Sheet(columns, tuple(rows), decimal_comma=delimiter == ";")


def _bare(cell: str) -> str:
    """Without the apostrophe that an export puts before what a spreadsheet would take for a formula."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:2] in {"=", "+", "-", "@"} else text


def number(text: str, *, decimal_comma: bool) -> float | None:
    """None for what is no finite number."""
    try:
        value = float(text.replace(",", ".") if decimal_comma else text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
