"""A table as the archive holds it (full digits, one meaning a column) and as the report prints it (rounded)."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

Cell = str | int | float | None
# A spreadsheet takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Column:
    """Attributes: `key` in the file, `label` in print, `meaning` in the codebook; not `printed`: for the file alone."""

    key: str
    label: str
    meaning: str
    number: bool = False
    printed: bool = True
    digits: int = 3
    # Relative to the other columns of the printed table.
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    title: str
    note: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def printed(self) -> list[list[str]]:
        """Without the columns that are for the file alone, every cell as text."""
        kept = [i for i, column in enumerate(self.columns) if column.printed]
        head = [self.columns[i].label for i in kept]
        return [head, *([shown(row[i], self.columns[i].digits) for i in kept] for row in self.rows)]


def shown(value: Cell, digits: int = 3) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.{digits}f}".replace("-", "−")
    return (
        f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10_000 else str(value)
    )


def table_csv(table: Table) -> str:
    """Comma-separated, full digits, an absent value empty, no live formula."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(column.key for column in table.columns)
    for row in table.rows:
        writer.writerow(safe(value) for value in row)
    return buffer.getvalue()


def safe(value: Cell) -> Cell:
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def codebook_csv(tables: Sequence[Table], others: Sequence[tuple[str, str, str]]) -> str:
    """One line for each column of each file."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(("file", "column", "meaning"))
    for table in tables:
        for column in table.columns:
            writer.writerow((f"tables/{table.name}.csv", column.key, column.meaning))
    writer.writerows(others)
    return buffer.getvalue()
