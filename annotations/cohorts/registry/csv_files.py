"""CSV as hospitals write it: any encoding of Excel, comma, semicolon, tab or bar, quoted line ends, any line end."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from annotations.cohorts.registry import text_encoding
from annotations.cohorts.registry.lines import Lines
from annotations.cohorts.registry.mapping import known_names
from annotations.cohorts.registry.sources import LONGEST_LINE, Record, UnreadableFile, Upload, beginning_of

_DELIMITERS = ",;\t|"
_MOST_COLUMNS = 500


class CsvFile:
    """A CSV file whose header has been read; see `sources.Source`."""

    format = "csv"

    def __init__(self, upload: Upload) -> None:
        head = beginning_of(upload)
        self._upload = upload
        with upload.open() as stream:
            self.encoding = upload.encoding or text_encoding.encoding_of(stream, head)
        self._mark = text_encoding.mark_length(head, self.encoding)
        self.kind = ""
        self.ignored: dict[str, int] = {}
        self._position = 0
        self._delimiter = self._delimiter_of_header()
        self.header = self._header()

    def header_of(self, kind: str) -> list[str]:
        return self.header

    def position(self) -> int:
        return self._position

    def records(self) -> Iterator[Record]:
        rows = self._rows(self._delimiter)
        names: list[str] = []
        for row in rows:
            cells = row.cells
            if row.problem:
                yield row
            elif not any(cells) or not any(cell.strip() for cell in cells):
                continue
            elif not names:
                names = [cell.strip().lower() for cell in cells]
            elif len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
                yield row._replace(problem=f"has {len(cells)} cells; the header has {len(names)}")
            elif cells[0].strip().lower() == names[0] and [cell.strip().lower() for cell in cells] == names:
                yield row._replace(problem="repeats the header")
            else:
                yield row

    def _rows(self, delimiter: str) -> Iterator[Record]:
        csv.field_size_limit(LONGEST_LINE)
        with self._upload.open() as stream:
            stream.seek(self._mark)
            # No byte is without a meaning in cp1252, except five.
            errors = "replace" if self.encoding in ("cp1252", "mac-roman") else "strict"
            text = io.TextIOWrapper(stream, encoding=self.encoding, errors=errors, newline="")
            lines = Lines(text)
            try:
                yield from self._rows_of(lines, delimiter, stream)
            except UnicodeError as error:
                words = f"line {lines.first + len(lines.taken)} or one soon after it is not {self.encoding}"
                raise UnreadableFile(words) from error

    def _rows_of(self, lines: Lines, delimiter: str, stream: BinaryIO) -> Iterator[Record]:
        kind, taken = self.kind, lines.taken
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        number = 0
        while True:
            lines.begin_row()
            try:
                cells = next(reader, None)
            except csv.Error as error:
                lines.give_back_all_but_the_first()
                yield Record(lines.first, kind, list(taken[:1]), _words(error))
                # At the end of the lines the reader is over, though some were given back.
                reader = csv.reader(lines, delimiter=delimiter, strict=True)
                continue
            if cells is None:
                return
            number += 1
            if not number & 1023:
                self._position = stream.tell()
            if lines.first == 1 and len(taken) == 1 and taken[0].lower().startswith("sep="):
                continue  # Excel's own hint about the delimiter
            yield Record(lines.first, kind, cells, lines.problem)

    def _delimiter_of_header(self) -> str:
        """The one under which the header holds most columns that mean something, or else most columns."""
        found = {delimiter: self._first_row(delimiter) for delimiter in _DELIMITERS}
        return max(_DELIMITERS, key=lambda delimiter: (known_names(found[delimiter]), len(found[delimiter])))

    def _first_row(self, delimiter: str) -> list[str]:
        """The first row that is not empty; no cells where it cannot be parted by this delimiter."""
        for row in self._rows(delimiter):
            if row.problem.startswith("is longer"):
                raise UnreadableFile(f"its first line {row.problem}")
            if row.problem or any(cell.strip() for cell in row.cells):
                return [] if row.problem else row.cells
        return []

    def _header(self) -> list[str]:
        names = [name.strip() for name in self._first_row(self._delimiter)]
        while names and not names[-1]:
            names.pop()
        if not names:
            raise UnreadableFile("has no header")
        if len(names) > _MOST_COLUMNS:
            raise UnreadableFile(f"has {len(names)} columns in its first line")
        _refuse_twice(names)
        return names


def _refuse_twice(names: Sequence[str]) -> None:
    lower = [name.lower() for name in names if name]
    twice = sorted({name for name in lower if lower.count(name) > 1})
    if twice:
        raise UnreadableFile(f"its header names “{twice[0][:60]}” twice")


def _words(error: csv.Error) -> str:
    if "field larger" in str(error):
        return f"has a cell longer than {LONGEST_LINE:,} characters, or a quotation mark that nothing closes"
    return "has a quotation mark that nothing closes, or one in the middle of a cell"
