"""Bringing pretrained weights to a machine without internet: recognised by their published hash, or refused."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mlworker.engine.backbone_catalogue import BACKBONES, BackboneEntry, keras_home, unkeyed_md5
from mlworker.engine.checkpoint import synchronise_folder

_HDF5 = b"\x89HDF\r\n\x1a\n"


class WeightsRefused(ValueError):
    """A file that is not one of those that Keras publishes for a backbone here; the text says why."""


@dataclass(frozen=True)
class ImportedWeights:
    """A weights file that now lies where Keras looks for it.

    Attributes:
        entry: the backbone it belongs to.
        path: in Keras' cache.
        already_there: the same bytes lay there before; nothing was written.
    """

    entry: BackboneEntry
    path: Path
    already_there: bool


def import_weights(path: Path, *, entries: Mapping[str, BackboneEntry] = BACKBONES) -> ImportedWeights:
    """Check a weights file against the hashes Keras publishes, and copy it into Keras' cache.

    The file's name does not matter: its content decides what it is.

    Args:
        path: a file as `keras.applications` downloads it, without the top.
        entries: the backbones it may belong to.

    Raises:
        WeightsRefused: unreadable, no HDF5 file, or none of the published files; with the hash that was found.
        OSError: the cache cannot be written or the disk is full; a file that lay there before is untouched.
    """
    md5, sha256 = _hashes(path)
    entry = next((e for e in entries.values() if e.weights_hash in (md5, sha256)), None)
    if entry is None or entry.weights_file is None:
        raise WeightsRefused(_none_of_them(path, md5, entries))
    target = keras_home() / "models" / entry.weights_file
    if target.is_file() and _hashes(target) == (md5, sha256):
        return ImportedWeights(entry, target, already_there=True)
    _copy_whole(path, target)
    return ImportedWeights(entry, target, already_there=False)


def _hashes(path: Path) -> tuple[str, str]:
    """MD5 and SHA-256."""
    try:
        with path.open("rb") as stream:
            if stream.read(len(_HDF5)) != _HDF5:
                raise WeightsRefused(f"{path.name} is no HDF5 file (.h5), and pretrained weights come as one.")
            stream.seek(0)
            md5 = hashlib.file_digest(stream, unkeyed_md5).hexdigest()
            stream.seek(0)
            return md5, hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise WeightsRefused(f"{path.name} cannot be read: {error.strerror}.") from error


def _none_of_them(path: Path, md5: str, entries: Mapping[str, BackboneEntry]) -> str:
    namesake = next((e for e in entries.values() if e.weights_file == path.name), None)
    if namesake is not None:
        return (
            f"{path.name} has the name of the weights of {namesake.title}, but not their content: its MD5 is {md5}, "
            f"published is {namesake.weights_hash}. It was cut off, changed, or is of another release."
        )
    known = ", ".join(e.weights_file for e in entries.values() if e.weights_file)
    return f"{path.name} (MD5 {md5}) is none of the files that Keras publishes for the backbones here: {known}."


def _copy_whole(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    writing = target.with_name(f".{target.name}.{os.getpid()}.writing")
    try:
        with source.open("rb") as read, writing.open("wb") as written:
            shutil.copyfileobj(read, written, 1 << 20)
            written.flush()
            os.fsync(written.fileno())
        writing.replace(target)
    finally:
        writing.unlink(missing_ok=True)
    synchronise_folder(target.parent)
