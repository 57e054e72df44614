"""A file of an import, of whatever format: its header, and its rows one after the other.

Nothing holds a file whole: not the reading, and not what is said about it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple, Protocol

# One physical line, and one cell, in characters. A longer one is refused without being read to its end.
LONGEST_LINE = 1024 * 1024
# What a download of refused rows adds to the file's own columns; an import passes over them.
ADDED_COLUMNS = ("refused_file", "refused_line", "refused_column", "refused_reason")
_MAGIC = {
    b"PK\x03\x04": "is an Excel workbook or a ZIP archive; save the sheet as CSV, or unpack it",
    b"PK\x05\x06": "is an empty ZIP archive",
    b"\x1f\x8b": "is compressed (gzip); unpack it first",
    b"BZh": "is compressed (bzip2); unpack it first",
    b"\xfd7zXZ": "is compressed (xz); unpack it first",
    b"\x28\xb5\x2f\xfd": "is compressed (zstd); unpack it first",
    b"7z\xbc\xaf": "is a 7-Zip archive; unpack it first",
    b"\xd0\xcf\x11\xe0": "is an old Excel workbook; save the sheet as CSV",
    b"%PDF": "is a PDF",
}


class UnreadableFile(Exception):
    """The whole file cannot be taken; the message says why and goes on from the file's name."""


class Record(NamedTuple):
    """One row as it came: the line where it begins, its kind, its cells in the order of `Source.header_of(kind)`."""

    line: int
    kind: str
    cells: list[str]
    # What is wrong with the row as such, before its cells are looked at.
    problem: str = ""


class Source(Protocol):
    """An opened file. `kinds` is empty while its columns are not understood."""

    format: str
    encoding: str
    header: list[str]
    # Resources of types that mean nothing here, by name.
    ignored: dict[str, int]

    def header_of(self, kind: str) -> list[str]: ...

    def records(self) -> Iterator[Record]: ...

    def position(self) -> int:
        """How many bytes of the file have been read, for the bar."""


@dataclass(frozen=True, slots=True)
class Upload:
    """Where a file's bytes come from, as often as they are asked for."""

    name: str
    size: int
    open: Callable[[], BinaryIO]
    encoding: str = ""


def beginning_of(upload: Upload) -> bytes:
    try:
        with upload.open() as stream:
            head = stream.read(64 * 1024)
    except OSError as error:
        raise UnreadableFile(error.strerror or "cannot be read") from error
    if not head:
        raise UnreadableFile("is empty")
    for magic, words in _MAGIC.items():
        if head.startswith(magic):
            raise UnreadableFile(words)
    return head
