"""Large files in pieces: what has come stays when the connection breaks, and the browser goes on from there."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from pathlib import Path

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import Person
from annotations.imaging.content_type import HEAD_BYTES
from annotations.imaging.file_names import shown_name
from annotations.imaging.models import IntakeBatch, IntakeFile, PartialUpload
from annotations.imaging.receiving import create_batch, limit_for, too_large
from common import storage
from common.encryption import encrypt
from common.enqueue import enqueue
from common.errors import Conflict, Invalid, NotFound, Unavailable
from studies.models import Study

MOST_PIECE_BYTES = 32 << 20
_KEPT_FOR = timedelta(days=7)
_FOLDER = "waiting/partial"


@transaction.atomic
def begin_upload(
    *, study: Study, batch: IntakeBatch | None, name: str, size: int, fingerprint: str, actor: Person
) -> PartialUpload:
    """The upload of this file, new or as far as it had come before: also under another batch of the same study."""
    forget_old_uploads()
    known = PartialUpload.objects.filter(batch__study=study, person=actor, fingerprint=fingerprint, size=size).first()
    if known is not None and storage.resolve(known.part_name).exists():
        return known
    part = f"{_FOLDER}/{secrets.token_hex(16)}"
    storage.write_atomically(storage.resolve(part), b"")
    values = {"size": size, "name_encrypted": encrypt(shown_name(name)), "part_name": part}
    upload, _ = PartialUpload.objects.update_or_create(
        batch=batch or create_batch(study=study, actor=actor), person=actor, fingerprint=fingerprint, defaults=values
    )
    return upload


def received_bytes(upload: PartialUpload) -> int:
    try:
        return storage.resolve(upload.part_name).stat().st_size
    except FileNotFoundError as error:
        raise NotFound("What had come of this file is gone; begin again.", code="upload_gone") from error


@transaction.atomic
def receive_piece(*, upload: PartialUpload, offset: int, chunks: Iterable[bytes]) -> IntakeFile | None:
    """Append a piece that begins where the last one ended; the row of the file once it is whole.

    A piece that breaks off leaves as much as came of it, and the next one begins there.

    Raises:
        Conflict: the piece begins elsewhere; ask how much has come.
        Invalid: there is more than the file was said to have, or than is taken in.
        Unavailable: the disk is full.
    """
    upload = PartialUpload.objects.select_for_update().select_related("batch__study").get(pk=upload.pk)
    received = received_bytes(upload)
    if offset != received:
        raise Conflict("This piece does not begin where the last one ended.", code="wrong_offset")
    path = storage.resolve(upload.part_name)
    received += _append(path, chunks, upload.size - received)
    if received < upload.size:
        return None
    return _whole(upload, path)


def _append(path: Path, chunks: Iterable[bytes], room: int) -> int:
    added = 0
    try:
        with path.open("ab") as file:
            for chunk in chunks:
                added += len(chunk)
                if added > room:
                    raise Invalid("More came than the file was said to have.", code="too_much")
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        raise Unavailable(f"The storage cannot be written to: {error.strerror}. What has come is kept.") from error
    return added


def _whole(upload: PartialUpload, path: Path) -> IntakeFile:
    with path.open("rb") as file:
        limit = limit_for(file.read(HEAD_BYTES))
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if upload.size > limit:
        path.unlink()
        raise Invalid(too_large(limit), details=[{"field": "files", "message": "too large"}])
    waiting_name = f"waiting/{upload.batch_id}/{secrets.token_hex(16)}.upload"
    target = storage.resolve(waiting_name)
    target.parent.mkdir(parents=True, exist_ok=True)
    # Under both names until the row is there for certain: stopped anywhere, one of them is looked for.
    os.link(path, target)
    row = IntakeFile.objects.create(
        batch=upload.batch, name_encrypted=upload.name_encrypted, size=upload.size, upload_hash=digest,
        waiting_name=waiting_name,
    )  # fmt: skip
    enqueue("imaging.process", file_id=row.pk)
    upload.delete()
    transaction.on_commit(partial(path.unlink, missing_ok=True))
    return row


def forget_old_uploads() -> None:
    """Remove what nobody has gone on with for a week."""
    for upload in PartialUpload.objects.filter(begun_at__lt=Now() - _KEPT_FOR):
        storage.resolve(upload.part_name).unlink(missing_ok=True)
        upload.delete()
