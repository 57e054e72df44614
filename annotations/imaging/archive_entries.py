"""The files of an unpacked zip archive become rows of their own, each on its way through the intake."""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models.functions import Now

from annotations.imaging.models import IntakeFile, IntakeOutcome
from annotations.imaging.outcome import ArchiveEntry
from common import audit, storage
from common.encryption import encrypt
from common.enqueue import enqueue
from common.models import JobStatus

if TYPE_CHECKING:
    from annotations.imaging.sandbox import Unpacking

_SECONDS_UNTIL_LEFT = 24 * 3600.0


def unpacking_of(file: IntakeFile) -> Unpacking | None:
    """A fresh folder for the case that the file is an archive; None for what came out of one itself."""
    from annotations.imaging.sandbox import Unpacking

    if file.archive_id is not None:
        return None
    folder = storage.resolve(f"waiting/{file.batch_id}/{secrets.token_hex(16)}")
    return Unpacking(folder, settings.UPLOAD_LIMIT_BYTES, settings.ARCHIVE_LIMIT_BYTES)


def record_entries(archive: IntakeFile, entries: Sequence[ArchiveEntry], folder: Path) -> None:
    """Rows for all entries in the caller's transaction: a worker that is killed before has unpacked in vain."""
    rows = IntakeFile.objects.bulk_create(_row(archive, entry, folder) for entry in entries)
    for row in rows:
        if row.outcome:
            audit.record(
                actor=archive.batch.uploaded_by, action=f"file_{row.outcome}", subject=f"intake_file:{row.pk}",
                study_slug=archive.batch.study.slug, payload={"reason": row.reason_code, "duplicate": False},
            )  # fmt: skip
        else:
            enqueue("imaging.process", file_id=row.pk)
    remove_left_folders(folder.parent)


def _row(archive: IntakeFile, entry: ArchiveEntry, folder: Path) -> IntakeFile:
    row = IntakeFile(
        batch=archive.batch, archive=archive, name_encrypted=encrypt(entry.name), size=entry.size,
        upload_hash=entry.sha256,
    )  # fmt: skip
    if entry.file:
        row.waiting_name = f"waiting/{archive.batch_id}/{folder.name}/{entry.file}"
    else:
        row.status, row.finished_at = JobStatus.SUCCEEDED, Now()
        row.outcome, row.reason_code, row.reason = IntakeOutcome.REFUSED, entry.reason_code, entry.reason
    return row


def remove_left_folders(batch_folder: Path) -> None:
    """What a worker had unpacked when it was killed: a folder that no row names, of yesterday or older."""
    for folder in batch_folder.iterdir():
        if not folder.is_dir() or time.time() - folder.stat().st_mtime < _SECONDS_UNTIL_LEFT:
            continue
        prefix = f"waiting/{batch_folder.name}/{folder.name}/"
        if not IntakeFile.objects.filter(waiting_name__startswith=prefix).exists():
            shutil.rmtree(folder, ignore_errors=True)
