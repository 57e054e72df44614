"""From bytes to a source: which format a file has, and which of its columns mean ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice

from annotations.cohorts.registry.checking import RowChecker, Warnings
from annotations.cohorts.registry.csv_files import CsvFile
from annotations.cohorts.registry.fhir_files import FhirFile
from annotations.cohorts.registry.kinds import KINDS
from annotations.cohorts.registry.mapping import read_header
from annotations.cohorts.registry.parquet_files import ParquetFile
from annotations.cohorts.registry.sources import ADDED_COLUMNS, UnreadableFile, Upload, beginning_of
from studies.models import Study

_SAMPLE = 5
_SHOWN = 60
_LOOKS_LIKE_DATA = re.compile(r"[\d.,:/ -]*\d[\d.,:/ -]*")
AnySource = CsvFile | FhirFile | ParquetFile


@dataclass(slots=True)
class OpenedFile:
    """One file of an import with what is known of it so far."""

    number: int
    upload: Upload
    source: AnySource | None = None
    problem: str = ""
    kind: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    suggestion: dict[str, object] = field(default_factory=dict)
    sample: list[list[str]] = field(default_factory=list)
    warnings: Warnings = field(default_factory=Warnings)

    @property
    def readable(self) -> AnySource:
        if self.source is None or self.problem:
            raise UnreadableFile(self.problem)
        return self.source

    def checker(self, kind: str) -> RowChecker:
        source = self.readable
        columns = self.columns if self.kind else {name: name for name in source.header_of(kind)}
        return RowChecker(KINDS[kind], source.header_of(kind), columns, self.warnings)

    @property
    def ignored(self) -> dict[str, int]:
        if self.source is None:
            return {}
        meant = {*self.columns.values(), *ADDED_COLUMNS}
        passed_over = {name: 0 for name in self.source.header if name and name not in meant} if self.kind else {}
        return passed_over | self.source.ignored


def open_file(
    study: Study, number: int, upload: Upload, *, kind: str = "", columns: Mapping[str, str] | None = None
) -> OpenedFile:
    """Open a file and find out how its columns are read. What stands in the way is in `problem`."""
    opened = OpenedFile(number, upload)
    try:
        opened.source = _source(upload)
        if not isinstance(opened.source, FhirFile):
            _read_columns(study, opened, opened.source, kind, dict(columns or {}))
    except UnreadableFile as error:
        opened.problem = str(error)
    return opened


def _source(upload: Upload) -> AnySource:
    head = beginning_of(upload)
    if head.startswith(b"PAR1"):
        return ParquetFile(upload)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return FhirFile(upload)
    return CsvFile(upload)


def _read_columns(
    study: Study, opened: OpenedFile, source: CsvFile | ParquetFile, kind: str, columns: dict[str, str]
) -> None:
    if not read_header(study, source.header).kind and any(_LOOKS_LIKE_DATA.fullmatch(name) for name in source.header):
        # It would be shown as names of columns, and may hold somebody's number.
        source.header = []
        raise UnreadableFile("has no header: its first line looks like a row")
    if kind and set(columns.values()) <= set(source.header) and KINDS[kind].required <= columns.keys():
        opened.kind, opened.columns = kind, columns
    else:
        reading = read_header(study, source.header)
        opened.kind, opened.columns = reading.kind.name if reading.kind else "", reading.columns
        if reading.suggested_kind:
            opened.suggestion = {"kind": reading.suggested_kind, "columns": reading.suggested_columns}
    source.kind = opened.kind
    opened.sample = _sample(opened, source)
    if not opened.kind:
        needed = "; ".join(f"{kind.name}: {', '.join(sorted(kind.required))}" for kind in KINDS.values())
        raise UnreadableFile(f"its header is none of the known ones ({needed})")


def _sample(opened: OpenedFile, source: CsvFile | ParquetFile) -> list[list[str]]:
    """The first rows. A cell is shown if its column is one that may be; of the others only their shape is."""
    shown = {theirs for ours, theirs in opened.columns.items() if KINDS[opened.kind].column(ours).may_be_shown}
    rows = islice((record.cells for record in source.records() if not record.problem), _SAMPLE)

    def as_shown(name: str, cell: str) -> str:
        return cell[:_SHOWN] if name in shown else shape_of(cell[:_SHOWN])

    return [[as_shown(name, cell) for name, cell in zip(source.header, row, strict=False)] for row in rows]


def shape_of(cell: str) -> str:
    """A for a letter, 9 for a digit: enough to tell a date from a number, and nobody's name."""
    return re.sub(r"[^\W\d_]", "A", re.sub(r"\d", "9", cell))
