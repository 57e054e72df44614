"""Uploaded files as they came: removed once they are dealt with, or kept apart, encrypted, where that is wanted."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from annotations.imaging.models import IntakeFile
from common import storage
from common.encryption import decrypt_bytes, encrypt_bytes
from common.errors import NotFound
from common.models import JobStatus

_CHUNK = 4 << 20
_LENGTH_BYTES = 8


def keep_original(file: IntakeFile) -> str:
    """Write the file encrypted under a name of its own, if originals are kept; returns that name, or ""."""
    waiting = storage.resolve(file.waiting_name) if file.waiting_name else None
    if not settings.KEEP_ORIGINALS or waiting is None or not waiting.exists():
        return ""
    token = secrets.token_hex(16)
    name = f"originals/{token[:2]}/{token}.encrypted"
    storage.write_chunks_atomically(storage.resolve(name), _encrypted(waiting))
    return name


def read_original(file: IntakeFile) -> Iterator[bytes]:
    """The original of a file, piece by piece."""
    if not file.original_name:
        raise NotFound("The original of this file was not kept.", code="not_kept")
    with storage.open_to_read(file.original_name) as stored:
        while length := stored.read(_LENGTH_BYTES):
            yield decrypt_bytes(stored.read(int.from_bytes(length, "big")))


def _encrypted(path: Path) -> Iterator[bytes]:
    with path.open("rb") as original:
        while chunk := original.read(_CHUNK):
            token = encrypt_bytes(chunk)
            yield len(token).to_bytes(_LENGTH_BYTES, "big") + token


def forget_originals() -> None:
    """Remove the uploads of all files that were dealt with, also those that a killed worker has left behind."""
    done = IntakeFile.objects.exclude(status__in=(JobStatus.QUEUED, JobStatus.RUNNING)).exclude(waiting_name="")
    for file in done.only("waiting_name"):
        storage.resolve(file.waiting_name).unlink(missing_ok=True)
        IntakeFile.objects.filter(pk=file.pk).update(waiting_name="")
