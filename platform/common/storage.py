"""Files of the platform, beside the database: written whole or not at all, named by what they contain."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from django.conf import settings

from common.errors import NotFound, Unavailable


def storage_root() -> Path:
    return Path(settings.STORAGE_ROOT)


def resolve(name: str) -> Path:
    """The absolute path of a stored name; refuses names that leave the storage root."""
    pure = PurePosixPath(name)
    if pure.is_absolute() or ".." in pure.parts or not pure.parts:
        raise NotFound()
    return storage_root() / pure


def store(folder: str, data: bytes, suffix: str) -> tuple[str, str]:
    """Write `data` under its SHA-256 in `folder`; returns the stored name and the digest.

    The same content in the same folder is one file. The file appears under its name only when it is whole and
    on disk.
    """
    digest = hashlib.sha256(data).hexdigest()
    name = f"{folder}/{digest[:2]}/{digest}{suffix}"
    target = resolve(name)
    if not target.exists():
        write_atomically(target, data)
    return name, digest


def write_atomically(target: Path, data: bytes) -> None:
    write_chunks_atomically(target, [data])


def write_chunks_atomically(target: Path, chunks: Iterable[bytes]) -> None:
    """What the chunks hold together, of which only one is in memory at a time. An error of theirs leaves nothing."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".writing-")
    except OSError as error:
        raise Unavailable(f"The storage cannot be written to: {error.strerror}.") from error
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise Unavailable(f"The storage cannot be written to: {error.strerror}.") from error
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def open_to_read(name: str) -> BinaryIO:
    """The stored file, for whoever sends it on without looking into it."""
    try:
        return resolve(name).open("rb")
    except FileNotFoundError as error:
        raise NotFound("The stored file is missing.", code="file_missing") from error


def read(name: str) -> bytes:
    with open_to_read(name) as file:
        return file.read()
