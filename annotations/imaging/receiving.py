"""What arrives is kept as it is until a worker deals with it: from the page, a command, another machine."""

from __future__ import annotations

import hashlib
import io
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from accounts.models import Person
from annotations.cohorts.models import Hip
from annotations.imaging.content_type import HEAD_BYTES, content_type
from annotations.imaging.file_names import shown_name
from annotations.imaging.models import IntakeBatch, IntakeFile, IntakeOutcome
from common import audit, storage
from common.encryption import encrypt
from common.enqueue import enqueue
from common.errors import Invalid
from common.models import JobStatus
from studies.models import Study

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it arrives, read once. The name stays with the coordinators: it may identify a patient."""

    name: str
    content: bytes | BinaryIO | Iterator[bytes]

    def chunks(self) -> Iterator[bytes]:
        if isinstance(self.content, Iterator) and not hasattr(self.content, "read"):
            yield from self.content
            return
        stream = io.BytesIO(self.content) if isinstance(self.content, bytes) else self.content
        while chunk := stream.read(_CHUNK):
            yield chunk


class _TooLargeError(Exception):
    """More came than is taken in."""


class _Counted:
    """Chunks on their way to the disk: counted, hashed, and stopped at the limit for what they are."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chunks
        self._digest = hashlib.sha256()
        self.size = 0
        self.limit = settings.UPLOAD_LIMIT_BYTES

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            if self.size == 0:
                self.limit = limit_for(chunk[:HEAD_BYTES])
            self.size += len(chunk)
            if self.size > self.limit:
                raise _TooLargeError
            self._digest.update(chunk)
            yield chunk

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


def limit_for(head: bytes) -> int:
    """The most bytes of a file that begins like this: an archive holds many files."""
    is_archive = content_type(head) == "zip"
    limit: int = settings.ARCHIVE_LIMIT_BYTES if is_archive else settings.UPLOAD_LIMIT_BYTES
    return limit


def create_batch(*, study: Study, actor: Person | None) -> IntakeBatch:
    return IntakeBatch.objects.create(study=study, uploaded_by=actor)


def receive_files(*, study: Study, uploads: Iterable[Upload], actor: Person | None) -> IntakeBatch:
    """Keep the files until a worker has dealt with them; each becomes a row of its own."""
    batch = create_batch(study=study, actor=actor)
    try:
        for upload in uploads:
            receive_file(batch=batch, upload=upload)
    finally:
        empty = not batch.files.exists()
        if empty:
            batch.delete()
    if empty:
        raise Invalid("There is no file in this upload.", details=[{"field": "files", "message": "none received"}])
    return batch


def receive_file(
    *, batch: IntakeBatch, upload: Upload, wake_worker: bool = True, named_hip: Hip | None = None
) -> IntakeFile:
    """A row for the file; refused at once when it is too large, else it waits for a worker."""
    # A name of its own, even for equal content: the file that is dealt with first takes its original away.
    waiting_name = f"waiting/{batch.pk}/{secrets.token_hex(16)}.upload"
    counted = _Counted(upload.chunks())
    name = encrypt(shown_name(upload.name))
    try:
        storage.write_chunks_atomically(storage.resolve(waiting_name), counted)
    except _TooLargeError:
        return _refuse_too_large(batch, name, counted)
    file = IntakeFile(
        batch=batch, name_encrypted=name, size=counted.size, upload_hash=counted.sha256, waiting_name=waiting_name,
        named_hip=named_hip,
    )  # fmt: skip
    try:
        with transaction.atomic():
            file.save()
            if wake_worker:
                enqueue("imaging.process", file_id=file.pk)
    except BaseException:
        storage.resolve(waiting_name).unlink(missing_ok=True)
        raise
    return file


@transaction.atomic
def _refuse_too_large(batch: IntakeBatch, name: bytes, counted: _Counted) -> IntakeFile:
    file = IntakeFile.objects.create(
        batch=batch, name_encrypted=name, size=counted.size, status=JobStatus.SUCCEEDED, finished_at=Now(),
        outcome=IntakeOutcome.REFUSED, reason_code="too_large", reason=too_large(counted.limit),
    )  # fmt: skip
    audit.record(
        actor=batch.uploaded_by, action="file_refused", subject=f"intake_file:{file.pk}",
        study_slug=batch.study.slug, payload={"reason": "too_large", "duplicate": False},
    )  # fmt: skip
    return file


def too_large(limit: int) -> str:
    return f"The file is larger than {limit // 2**20} MB, which is the limit here."
