"""A zip archive taken apart into a folder, with limits against archives made to do harm. Child process only."""

from __future__ import annotations

import errno
import hashlib
import stat
import zipfile
import zlib
from dataclasses import dataclass
from lzma import LZMAError
from pathlib import Path, PurePosixPath
from typing import IO

from annotations.imaging.file_names import shown_name
from annotations.imaging.outcome import ArchiveEntry, RefusedError, UploadOutcome

MOST_ENTRIES = 20_000
# Deflate reaches 1,000; radiographs, even with much black around them, stay far below this.
MOST_RATIO = 250
# Below this a high ratio does no harm: a small file of one grey is refused for what it is.
_RATIO_FROM_BYTES = 1 << 20
_CHUNK = 1 << 20
_ENCRYPTED = 0x1
# Of archives that were damaged, by accident or on purpose.
_WHAT_ZIPFILE_RAISES = (
    zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, LZMAError, EOFError, ValueError, OverflowError,
    UnicodeDecodeError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """In bytes: one file, and all files together, unpacked."""

    one_file: int
    all_files: int


class _StorageFullError(OSError):
    """What is unpacked cannot be written: nothing of it is the archive's fault."""


def unpack(path: Path, folder: Path, limits: ArchiveLimits) -> UploadOutcome:
    """Write each file of the archive into `folder`, under a name of our own.

    Returns:
        "unpacked" with an entry for each file, whether it was written or refused with its reason; "refused" when
        the archive as a whole is; "unavailable" when there is no room for what is in it.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            _check_as_a_whole(infos, limits)
            folder.mkdir(parents=True, exist_ok=True)
            entries = [_taken_out(archive, info, folder, number, limits) for number, info in enumerate(infos, start=1)]
    except RefusedError as error:
        return UploadOutcome("refused", error.code, error.reason)
    except _StorageFullError as error:
        return UploadOutcome("unavailable", "storage", f"The storage cannot be written to: {error.strerror}.")
    except (*_WHAT_ZIPFILE_RAISES, OSError):
        return UploadOutcome("refused", "archive_damaged", "The zip archive is damaged and cannot be opened.")
    return UploadOutcome("unpacked", "", "", entries=entries)


def _check_as_a_whole(infos: list[zipfile.ZipInfo], limits: ArchiveLimits) -> None:
    if not infos:
        raise RefusedError("archive_empty", "There is no file in the zip archive.")
    if len(infos) > MOST_ENTRIES:
        raise RefusedError("archive_too_many", f"The zip archive holds more than {MOST_ENTRIES} files; divide it.")
    if sum(info.file_size for info in infos) > limits.all_files:
        megabytes = limits.all_files // 2**20
        raise RefusedError("archive_too_large", f"The zip archive unpacks to more than {megabytes} MB; divide it.")


def _taken_out(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, folder: Path, number: int, limits: ArchiveLimits
) -> ArchiveEntry:
    name, file = shown_name(info.filename), f"{number:05d}.upload"
    try:
        _check(info, limits)
        with archive.open(info) as source:
            size, digest = _written(source, folder / file, limits.one_file)
    except RefusedError as error:
        (folder / file).unlink(missing_ok=True)
        return ArchiveEntry(name, info.file_size, "", "", error.code, error.reason)
    except _WHAT_ZIPFILE_RAISES:
        (folder / file).unlink(missing_ok=True)
        reason = "The file is damaged inside the zip archive."
        return ArchiveEntry(name, info.file_size, "", "", "archive_damaged", reason)
    return ArchiveEntry(name, size, digest, file)


def _check(info: zipfile.ZipInfo, limits: ArchiveLimits) -> None:
    pure = PurePosixPath(info.filename.replace("\\", "/"))
    if pure.is_absolute() or ".." in pure.parts or ":" in (pure.parts or ("",))[0]:
        raise RefusedError("archive_name", "The file's name in the zip archive leads out of the archive.")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise RefusedError("archive_link", "In the zip archive this is a link to another file, and no file.")
    if info.flag_bits & _ENCRYPTED:
        raise RefusedError("archive_encrypted", "The file is encrypted in the zip archive; pack it without a password.")
    if info.file_size > limits.one_file:
        raise RefusedError("too_large", f"The file is larger than {limits.one_file // 2**20} MB.")
    if info.file_size > _RATIO_FROM_BYTES and info.file_size > MOST_RATIO * max(info.compress_size, 1):
        raise RefusedError("archive_ratio", "The file unpacks to far more than any radiograph does.")


def _written(source: IO[bytes], target: Path, most: int) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as out:
        while chunk := source.read(_CHUNK):
            size += len(chunk)
            if size > most:
                raise RefusedError("too_large", f"The file is larger than {most // 2**20} MB.")
            digest.update(chunk)
            _write(out, chunk)
        _write(out, b"")
    return size, digest.hexdigest()


def _write(out: IO[bytes], chunk: bytes) -> None:
    try:
        out.write(chunk)
        out.flush()
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise _StorageFullError(error.errno, error.strerror) from error
        raise
