"""Which encoding a text file is in: told by its mark, by its zero bytes, or by trying UTF-8 on all of it."""

from __future__ import annotations

import codecs
from typing import BinaryIO

from annotations.cohorts.registry.sources import UnreadableFile

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1252", "mac-roman")
_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_PIECE = 1024 * 1024
_CONTROL = frozenset(range(32)) - frozenset(b"\t\n\r\f\0")


def mark_length(head: bytes, encoding: str) -> int:
    return next((len(mark) for mark, name in _MARKS.items() if name == encoding and head.startswith(mark)), 0)


def encoding_of(stream: BinaryIO, head: bytes) -> str:
    """One of `ENCODINGS`; cp1252, in which Excel writes on a Western European machine, is what is left.

    Raises:
        UnreadableFile: these bytes are no text.
    """
    for mark, name in _MARKS.items():
        if head.startswith(mark):
            return name
    zeros_at = [head[place::2].count(0) / max(1, len(head) // 2) for place in (0, 1)]
    if max(zeros_at) > 0.4 and min(zeros_at) < 0.1:
        return "utf-16-le" if zeros_at[1] > zeros_at[0] else "utf-16-be"
    odd = sum(1 for byte in head if byte in _CONTROL) + head.count(0)
    if odd > 4 + len(head) // 50:
        raise UnreadableFile("is no text file")
    return "utf-8" if _is_utf_8(stream) else "cp1252"


def _is_utf_8(stream: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := stream.read(_PIECE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
