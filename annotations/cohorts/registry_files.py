"""The registry's files: which kind a file is, and each row checked, refused with its reason, or made ready."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from annotations.cohorts.models import Fixation, Side
from common.errors import Invalid

_EARLIEST = date(1950, 1, 1)
_LONGEST_CELL = 64 * 1024
# Digits are 0 to 9: Python's \d and isdigit() know many more, PostgreSQL does not.
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR = re.compile(r"[0-9]{4}")
_CPT = re.compile(r"[0-9]{5}")
_ICD10CM = re.compile(r"[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?")
_MODIFIERS = re.compile(r"([0-9A-Z]{2}(;[0-9A-Z]{2})*)?")


class CellError(ValueError):
    """What is wrong with one cell; never quotes a value that may identify a patient."""


@dataclass(frozen=True, slots=True)
class Refusal:
    file: str
    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    read: Callable[[str], str]
    # Whether the value may be shown in a refusal: identifiers and free text never are.
    may_be_shown: bool = True


@dataclass(frozen=True, slots=True)
class FileKind:
    name: str
    columns: tuple[Column, ...]

    @property
    def header(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


@dataclass(slots=True)
class CheckedFile:
    """Rows of one file that passed, in column order, with the line each came from; and those that did not."""

    kind: FileKind
    path: Path
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    def refuse(self, line: int, column: str, value: str, reason: str) -> None:
        self.refusals.append(Refusal(self.path.name, line, column, value, reason))


def _identifier(value: str) -> str:
    if not value:
        raise CellError("is empty")
    if len(value) > 64:
        raise CellError("is longer than 64 characters")
    if value[0] in "=+-@":
        raise CellError("begins like a spreadsheet formula")
    return value


def _day(value: str) -> str:
    try:
        day = date.fromisoformat(value if _DATE.fullmatch(value) else "")
    except ValueError as error:
        raise CellError("is not a date of the form 2024-12-31") from error
    if not _EARLIEST <= day <= date.today():  # noqa: DTZ011 (a registry's dates have no time zone)
        raise CellError("lies before 1950 or in the future")
    return value


def _pattern(pattern: re.Pattern[str], words: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if not pattern.fullmatch(value):
            raise CellError(words)
        return value

    return read


def _one_of(allowed: Sequence[str]) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in allowed:
            raise CellError(f"is not one of {', '.join(allowed)}")
        return value

    return read


def _year(value: str) -> str:
    if not (_YEAR.fullmatch(value) and 1880 <= int(value) <= date.today().year):  # noqa: DTZ011
        raise CellError("is not a year of birth")
    return value


def _short(value: str) -> str:
    if len(value) > 40:
        raise CellError("is longer than 40 characters")
    if value and value[0] in "=+-@":
        raise CellError("begins like a spreadsheet formula")
    return value


def _note(value: str) -> str:
    if not value.strip():
        raise CellError("is empty")
    return value


def _key(name: str) -> Column:
    return Column(name, _identifier, may_be_shown=False)


_FIXATION = _one_of(Fixation.values)
KINDS = {
    kind.name: kind
    for kind in (
        FileKind("sites", (Column("site", _identifier), Column("name", _short), Column("country", _short))),
        FileKind(
            "patients",
            (_key("patient_id"), Column("site", _identifier), Column("birth_year", _year, may_be_shown=False),
             Column("sex", _one_of(("F", "M", "O")))),
        ),
        FileKind(
            "procedures",
            (_key("procedure_id"), _key("patient_id"), Column("performed_on", _day),
             Column("side", _one_of(Side.values)), Column("cpt", _pattern(_CPT, "is not a CPT code of five digits")),
             Column("modifiers", _pattern(_MODIFIERS, "is not a list of CPT modifiers such as 52;LT")),
             Column("surgeon", _short), Column("cup_fixation", _FIXATION), Column("stem_fixation", _FIXATION)),
        ),
        FileKind(
            "diagnoses",
            (_key("diagnosis_id"), _key("patient_id"), Column("recorded_on", _day),
             Column("icd10cm", _pattern(_ICD10CM, "is not an ICD-10-CM code such as T84.030A"))),
        ),
        FileKind(
            "followups",
            (_key("followup_id"), _key("patient_id"), Column("side", _one_of(Side.values)), Column("seen_on", _day),
             Column("complication", _short)),
        ),
        FileKind(
            "notes",
            (_key("note_id"), _key("procedure_id"), Column("written_on", _day),
             Column("text", _note, may_be_shown=False)),
        ),
    )
}  # fmt: skip


def check_file(path: Path) -> CheckedFile:
    """Every row of a CSV file, passed or refused.

    Raises:
        Invalid: the file cannot be read at all, or its header is none of the known ones.
    """
    reader = csv.reader(_text_of(path), delimiter=_delimiter(path))
    try:
        header = next(reader, None)
        kind, order = _kind_of(path, header or [])
        checked = CheckedFile(kind, path)
        keys: set[str] = set()
        line = reader.line_num + 1
        for cells in reader:
            # A note goes over several lines; people look for the first.
            _check_row(checked, line, cells, order, keys)
            line = reader.line_num + 1
    except csv.Error as error:
        raise _unreadable(path, f"line {reader.line_num}: {error}") from error
    return checked


def _text_of(path: Path) -> Iterator[str]:
    csv.field_size_limit(_LONGEST_CELL)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error.strerror or "cannot be read") from error
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return io.StringIO(raw.decode(encoding), newline="")
    except UnicodeDecodeError:
        # What Excel writes on a Western European machine; every byte has a meaning there.
        return io.StringIO(raw.decode("cp1252", errors="replace"), newline="")


def _delimiter(path: Path) -> str:
    first = next(iter(_text_of(path)), "")
    return ";" if first.count(";") > first.count(",") else ","


def _kind_of(path: Path, header: Sequence[str]) -> tuple[FileKind, list[int]]:
    names = [name.strip().lower() for name in header]
    for kind in KINDS.values():
        if set(kind.header) <= set(names):
            return kind, [names.index(name) for name in kind.header]
    known = "; ".join(f"{kind.name}: {', '.join(kind.header)}" for kind in KINDS.values())
    raise _unreadable(path, f"its header is none of the known ones ({known})")


def _unreadable(path: Path, reason: str) -> Invalid:
    message = f"{path.name} cannot be imported: {reason}."
    return Invalid(message, code="file_unreadable", details=[{"field": path.name, "message": reason}])


def _check_row(checked: CheckedFile, line: int, cells: Sequence[str], order: Sequence[int], keys: set[str]) -> None:
    if not any(cell.strip() for cell in cells):
        return
    if len(cells) <= max(order):
        checked.refuse(line, "", "", f"has {len(cells)} cells; {max(order) + 1} are needed")
        return
    values = []
    for column, position in zip(checked.kind.columns, order, strict=True):
        cell = cells[position] if column.name == "text" else cells[position].strip()
        try:
            values.append(column.read(cell.replace("\x00", "")))
        except CellError as error:
            checked.refuse(line, column.name, cell[:40] if column.may_be_shown else "", str(error))
            return
    if values[0] in keys:
        checked.refuse(line, checked.kind.columns[0].name, "", "appears a second time in this file")
        return
    keys.add(values[0])
    checked.rows.append((line, values))
