"""Parquet, read batch by batch; every value becomes the text that a CSV file would hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from annotations.cohorts.registry.sources import LONGEST_LINE, Record, UnreadableFile, Upload

_BATCH = 5_000
# What a small file may unpack to, so that it fills neither the memory nor a day.
_LARGEST_GROUP = 512 * 1024**2
_MOST_ROWS = 50_000_000


class ParquetFile:
    """A Parquet file; see `sources.Source`. Rows are counted from 1."""

    format = "parquet"
    encoding = ""

    def __init__(self, upload: Upload) -> None:
        self._upload = upload
        self.kind = ""
        self.ignored: dict[str, int] = {}
        self._read_rows = 0
        with upload.open() as stream:
            opened = _open(stream)
            self._rows = opened.metadata.num_rows
            self.header = [str(name) for name in opened.schema_arrow.names]
            sizes = [opened.metadata.row_group(i).total_byte_size for i in range(opened.metadata.num_row_groups)]
        if max(sizes, default=0) > _LARGEST_GROUP:
            raise UnreadableFile("has a row group of more than 512 MB; write it in smaller ones")
        if self._rows > _MOST_ROWS:
            raise UnreadableFile(f"has more than {_MOST_ROWS:,} rows; send it in parts")
        if len(set(self.header)) < len(self.header):
            raise UnreadableFile("its schema names a column twice")

    def header_of(self, kind: str) -> list[str]:
        return self.header

    def position(self) -> int:
        return int(self._upload.size * self._read_rows / max(1, self._rows))

    def records(self) -> Iterator[Record]:
        import pyarrow

        number = 0
        with self._upload.open() as stream:
            try:
                for batch in _open(stream).iter_batches(batch_size=_BATCH, use_threads=False):
                    for row in zip(*(_cells(column) for column in batch.columns), strict=True):
                        number += 1
                        yield _record(number, self.kind, list(row))
                    self._read_rows = number
            except (pyarrow.ArrowException, OSError, UnicodeError) as error:
                raise UnreadableFile(f"is damaged after row {number}") from error


def _record(number: int, kind: str, cells: list[str]) -> Record:
    if any("\x00" in cell for cell in cells):
        return Record(number, kind, [cell.replace("\x00", "") for cell in cells], "contains a zero byte")
    if any(len(cell) > LONGEST_LINE for cell in cells):
        return Record(number, kind, [], f"has a cell longer than {LONGEST_LINE:,} characters")
    return Record(number, kind, cells)


def _open(stream: Any) -> Any:
    import pyarrow
    from pyarrow import parquet

    try:
        names = parquet.read_schema(stream).names
        return parquet.ParquetFile(stream, pre_buffer=False, read_dictionary=names)
    except (pyarrow.ArrowException, OSError) as error:
        raise UnreadableFile("is no Parquet file, or a damaged one") from error


def _cells(column: Any) -> list[str]:
    """A value that a column's dictionary holds once is one text here too, however often it comes.

    A file of a few kilobytes could say a megabyte five thousand times otherwise.
    """
    import pyarrow

    if isinstance(column, pyarrow.DictionaryArray):
        places = column.indices.to_pylist()
        known = {place: _cell(column.dictionary[place].as_py()) for place in set(places) - {None}}
        return ["" if place is None else known[place] for place in places]
    return [_cell(value) for value in column.to_pylist()]


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # a column of whole numbers in which some are missing
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    return str(value)
