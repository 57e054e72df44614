"""Intake: an uploaded file becomes a clean radiograph, waits in quarantine, or is refused with its reason."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import Person
from annotations.imaging.intake_process import ProcessedFile, process_file_content
from annotations.imaging.linking import Link, link_radiograph
from annotations.imaging.models import IntakeBatch, IntakeFile, IntakeOutcome
from annotations.imaging.quarantine import hold_back
from annotations.imaging.radiographs import ImageFacts, radiograph_of
from common import audit, jobs, storage
from common.encryption import encrypt
from common.enqueue import enqueue
from common.errors import Invalid
from common.models import JobStatus
from studies.models import Study

# A file that was claimed this often without an end takes its workers with it.
_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it arrived. The name stays with the coordinators: it may identify a patient."""

    name: str
    data: bytes


def receive_files(*, study: Study, uploads: Iterable[Upload], actor: Person | None) -> IntakeBatch:
    """Keep the files until a worker has dealt with them; each becomes a row of its own."""
    batch = IntakeBatch.objects.create(study=study, uploaded_by=actor)
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


def check_size(size: int) -> None:
    if size > settings.UPLOAD_LIMIT_BYTES:
        limit = settings.UPLOAD_LIMIT_BYTES // 2**20
        raise Invalid(f"A file is larger than {limit} MB.", details=[{"field": "files", "message": "too large"}])


@transaction.atomic
def receive_file(*, batch: IntakeBatch, upload: Upload, wake_worker: bool = True) -> IntakeFile:
    check_size(len(upload.data))
    # A name of its own, even for equal content: the file that is dealt with first takes its original away.
    waiting_name = f"waiting/{batch.pk}/{secrets.token_hex(16)}.upload"
    storage.write_atomically(storage.resolve(waiting_name), upload.data)
    file = IntakeFile.objects.create(
        batch=batch,
        name_encrypted=encrypt(Path(upload.name).name[:200]),
        size=len(upload.data),
        upload_hash=hashlib.sha256(upload.data).hexdigest(),
        waiting_name=waiting_name,
    )
    if wake_worker:
        enqueue("imaging.process", file_id=file.pk)
    return file


def process_intake_file(file_id: int, *, worker_name: str) -> IntakeFile | None:
    """Deal with one file, unless another worker does. A killed worker leaves the row to the next one."""
    file = jobs.claim(IntakeFile, file_id, worker_name=worker_name)
    if file is None:
        return None
    with jobs.heartbeat(file):
        processed = _processed(file)
    with transaction.atomic():
        _record(file, processed)
        jobs.succeed(file)
    forget_originals()
    file.refresh_from_db()
    return file


def _processed(file: IntakeFile) -> ProcessedFile:
    if file.attempts > _ATTEMPTS:
        return ProcessedFile("refused", "too_many_attempts", "Reading this file has ended one worker after another.")
    return process_file_content(storage.resolve(file.waiting_name), study=file.batch.study)


def forget_originals() -> None:
    """Remove the originals of all files that were dealt with, also those that a killed worker has left behind."""
    done = IntakeFile.objects.exclude(status__in=(JobStatus.QUEUED, JobStatus.RUNNING)).exclude(waiting_name="")
    for file in done.only("waiting_name"):
        storage.resolve(file.waiting_name).unlink(missing_ok=True)
        IntakeFile.objects.filter(pk=file.pk).update(waiting_name="")


def _record(file: IntakeFile, processed: ProcessedFile) -> None:
    study, outcome, reason_code, reason = file.batch.study, processed.outcome, processed.reason_code, processed.reason
    radiograph, quarantined, duplicate = None, None, False
    if outcome == IntakeOutcome.ACCEPTED:
        radiograph, duplicate = radiograph_of(study, _facts(processed), _link(study, processed), processed.renditions)
    elif outcome == IntakeOutcome.QUARANTINED:
        quarantined, duplicate = hold_back(study, _facts(processed), _link(study, processed), processed)
        radiograph = quarantined.radiograph
        if radiograph is not None:  # masked and released already: the same file again is the same image
            outcome, reason_code, reason = IntakeOutcome.ACCEPTED.value, "", ""
    IntakeFile.objects.filter(pk=file.pk).update(
        outcome=outcome,
        reason_code=reason_code,
        reason=reason,
        radiograph=radiograph,
        quarantined_image=quarantined,
        is_duplicate=duplicate,
    )
    audit.record(
        actor=file.batch.uploaded_by,
        action=f"file_{outcome}",
        subject=f"intake_file:{file.pk}",
        study_slug=study.slug,
        payload={"reason": reason_code, "duplicate": duplicate},
    )


def _facts(processed: ProcessedFile) -> ImageFacts:
    return ImageFacts(
        fields=processed.fields,
        report=processed.report,
        profile_version=processed.profile_version,
        pixel_sha256=processed.pixel_sha256,
        perceptual_hash=processed.perceptual_hash,
    )


def _link(study: Study, processed: ProcessedFile) -> Link:
    return link_radiograph(
        study,
        identifier=processed.identifier,
        laterality=processed.fields["laterality"],
        acquired_on=processed.acquired_on,
    )


def batch_summary(batch: IntakeBatch) -> dict[str, Any]:
    files = list(batch.files.all())
    return {
        "files": len(files),
        "waiting": sum(1 for file in files if not file.outcome),
        **{outcome: sum(1 for file in files if file.outcome == outcome) for outcome in IntakeOutcome.values},
        "duplicates": sum(1 for file in files if file.is_duplicate),
    }
