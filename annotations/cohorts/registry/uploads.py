"""Uploaded registry files while they wait for a decision: encrypted in pieces, never read back whole."""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from common import storage
from common.encryption import decrypt_bytes, encrypt_bytes
from common.errors import Unavailable

_PIECE = 1024 * 1024


def keep_upload(folder: str, pieces: Iterable[bytes]) -> tuple[str, int]:
    """Write an encrypted file under a name of its own; returns the stored name and the size of what it holds."""
    name = f"waiting/{folder}/{secrets.token_hex(16)}.registry"
    target = storage.resolve(name)
    size = 0
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            for piece in _in_equal_pieces(pieces):
                token = encrypt_bytes(piece)
                file.write(len(token).to_bytes(4, "big") + token)
                size += len(piece)
    except OSError as error:
        target.unlink(missing_ok=True)
        raise Unavailable(f"The storage cannot be written to: {error.strerror}.") from error
    return name, size


def open_upload(name: str) -> BinaryIO:
    """What was uploaded, readable and seekable, one piece in memory at a time."""
    return io.BufferedReader(_DecryptedUpload(storage.resolve(name)), buffer_size=256 * 1024)


def forget_upload(name: str) -> None:
    storage.resolve(name).unlink(missing_ok=True)


def _in_equal_pieces(pieces: Iterable[bytes]) -> Iterable[bytes]:
    """Every piece but the last has one size, so that each is found without reading the others."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        while len(waiting) >= _PIECE:
            yield bytes(waiting[:_PIECE])
            del waiting[:_PIECE]
    if waiting:
        yield bytes(waiting)


class _DecryptedUpload(io.RawIOBase):
    """Pieces of `_PIECE` bytes, each as its length in four bytes and its token."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._file = path.open("rb")
        # Tokens of pieces of one size have one size: where a piece begins follows from its number.
        self._stride = self._frame() + 4
        self._end = self._file.seek(0, io.SEEK_END)
        self._pieces = -(-self._end // self._stride) if self._end else 0
        self._number, self._piece = -1, b""
        self._position = 0
        self._size = max(0, self._pieces - 1) * _PIECE + len(self._load(self._pieces - 1)) if self._pieces else 0

    def _frame(self) -> int:
        return int.from_bytes(self._file.read(4), "big")

    def _load(self, number: int) -> bytes:
        if number != self._number:
            self._file.seek(number * self._stride)
            self._piece = decrypt_bytes(self._file.read(self._frame()))
            self._number = number
        return self._piece

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, start + offset)
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._position >= self._size:
            return 0
        piece = self._load(self._position // _PIECE)
        begin = self._position % _PIECE
        taken = piece[begin : begin + len(buffer)]
        buffer[: len(taken)] = taken
        self._position += len(taken)
        return len(taken)

    def close(self) -> None:
        self._file.close()
        super().close()
