"""One file that holds everything a killed run needs to go on bit for bit.

Layout: a line of JSON (facts, and name, type and shape of every array), the arrays' bytes in that order, and the
SHA-256 of all of it as the last 32 bytes. Written to a temporary file, synchronised, moved into place, and the folder
synchronised: at every moment the file is either the old or the new one, whole.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlworker.engine.errors import CheckpointUnusable

FILE_NAME = "checkpoint.bin"
_FORMAT = "lucency-checkpoint-1"
_ADVICE = "Delete the run's checkpoint and start again, or restore the file from a backup."


@dataclass(frozen=True)
class Checkpoint:
    """Facts as JSON values, and the arrays in the order in which they were given."""

    facts: dict[str, Any]
    arrays: tuple[NDArray[Any], ...]


def write_checkpoint(folder: Path, facts: dict[str, Any], arrays: Sequence[NDArray[Any]]) -> None:
    """Replace the folder's checkpoint atomically.

    Raises:
        OSError: the disk is full or the folder cannot be written; the old checkpoint is untouched.
    """
    temporary = folder / f"{FILE_NAME}.writing"
    described = [[array.dtype.str, list(array.shape)] for array in arrays]
    header = json.dumps({"format": _FORMAT, "facts": facts, "arrays": described}).encode() + b"\n"
    digest = hashlib.sha256(header)
    with temporary.open("wb") as stream:
        stream.write(header)
        for array in arrays:
            content = np.ascontiguousarray(array).tobytes()
            digest.update(content)
            stream.write(content)
        stream.write(digest.digest())
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(folder / FILE_NAME)
    synchronise_folder(folder)


def synchronise_folder(folder: Path) -> None:
    """Make a rename in this folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_checkpoint(folder: Path) -> Checkpoint | None:
    """The folder's checkpoint, or None if there is none.

    Raises:
        CheckpointUnusable: its bytes are not those that were written.
    """
    path = folder / FILE_NAME
    if not path.exists():
        return None
    content = path.read_bytes()
    if len(content) < 32 or hashlib.sha256(content[:-32]).digest() != content[-32:]:
        raise CheckpointUnusable("The checkpoint is damaged: its hash does not match its content.", _ADVICE)
    end = content.index(b"\n")
    header = json.loads(content[:end])
    if header.get("format") != _FORMAT:
        raise CheckpointUnusable("The checkpoint was written by another version of the engine.", _ADVICE)
    return Checkpoint(header["facts"], _arrays(content, end + 1, header["arrays"]))


def _arrays(content: bytes, offset: int, described: Sequence[Any]) -> tuple[NDArray[Any], ...]:
    arrays: list[NDArray[Any]] = []
    for kind, shape in described:
        dtype = np.dtype(kind)
        count = int(np.prod(shape, dtype=np.int64))
        arrays.append(np.frombuffer(content, dtype=dtype, count=count, offset=offset).reshape(shape))
        offset += count * dtype.itemsize
    return tuple(arrays)
