"""A multipart/related body (RFC 2387) taken apart while it comes: no part is ever in memory as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.http import parse_header_parameters

_CHUNK = 1 << 16
_MOST_HEADER_BYTES = 16 << 10
_MOST_BOUNDARY = 70


class BrokenBodyError(Exception):
    """The body is not what its header says, or has ended too early. What came whole before that is whole."""


@dataclass(slots=True)
class Part:
    """One part: its media type, and its content as it comes, to be read before the next part is asked for."""

    media_type: str
    chunks: Iterator[bytes]


def boundary_of(content_type: str) -> bytes:
    """The boundary of a body with this Content-Type; its parts must be DICOM files.

    Raises:
        BrokenBodyError: there is none, or the parts are of another type.
    """
    media_type, parameters = parse_header_parameters(content_type)
    boundary = parameters.get("boundary", "")
    if media_type.lower() != "multipart/related" or not 0 < len(boundary) <= _MOST_BOUNDARY:
        raise BrokenBodyError("The body must be multipart/related with a boundary.")
    if parameters.get("type", "application/dicom").lower() != "application/dicom":
        raise BrokenBodyError("The parts must be of the type application/dicom.")
    return boundary.encode("latin-1", "replace")


def related_parts(body: BinaryIO, boundary: bytes) -> Iterator[Part]:
    """The parts of the body in their order. A part that is not read to its end is skipped.

    Raises:
        BrokenBodyError: while the next part is looked for, or while a part's content comes.
    """
    reader = _Reader(body, b"\r\n--" + boundary)
    for _ in reader.until_delimiter():
        pass
    while reader.another_follows():
        part = Part(_media_type(reader.header()), reader.until_delimiter())
        yield part
        for _ in part.chunks:
            pass


def _media_type(header: bytes) -> str:
    for line in header.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-type":
            return parse_header_parameters(value.decode("latin-1").strip())[0].lower()
    return "application/dicom"


class _Reader:
    def __init__(self, body: BinaryIO, delimiter: bytes) -> None:
        self._body = body
        self._delimiter = delimiter
        # The first delimiter may stand at the very beginning, without the line end that belongs to all others.
        self._buffer = bytearray(b"\r\n")

    def until_delimiter(self) -> Iterator[bytes]:
        """What comes before the next delimiter, which is taken away."""
        keep = len(self._delimiter) - 1
        while (at := self._buffer.find(self._delimiter)) < 0:
            if len(self._buffer) > keep:
                given = bytes(self._buffer[: len(self._buffer) - keep])
                del self._buffer[: len(given)]
                yield given
            self._more()
        given = bytes(self._buffer[:at])
        del self._buffer[: at + len(self._delimiter)]
        if given:
            yield given

    def another_follows(self) -> bool:
        """Whether the delimiter was one before a part, and not the last."""
        while len(self._buffer) < 2:
            self._more()
        if self._buffer.startswith(b"--"):
            return False
        self._line_end()
        return True

    def header(self) -> bytes:
        if self._buffer_starts_with_line_end():
            del self._buffer[:2]
            return b""
        while (at := self._buffer.find(b"\r\n\r\n")) < 0:
            if len(self._buffer) > _MOST_HEADER_BYTES:
                raise BrokenBodyError("A part's header is too long.")
            self._more()
        header = bytes(self._buffer[:at])
        del self._buffer[: at + 4]
        return header

    def _buffer_starts_with_line_end(self) -> bool:
        while len(self._buffer) < 2:
            self._more()
        return self._buffer.startswith(b"\r\n")

    def _line_end(self) -> None:
        """White space may stand behind a delimiter."""
        while (at := self._buffer.find(b"\r\n")) < 0:
            if len(self._buffer) > _MOST_HEADER_BYTES:
                raise BrokenBodyError("A delimiter's line is too long.")
            self._more()
        if self._buffer[:at].strip(b" \t"):
            raise BrokenBodyError("Something stands behind a delimiter.")
        del self._buffer[: at + 2]

    def _more(self) -> None:
        chunk = self._body.read(_CHUNK)
        if not chunk:
            raise BrokenBodyError("The body ends before its last delimiter.")
        self._buffer += chunk
