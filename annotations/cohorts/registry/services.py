"""Imports from the page: files are received, checked by a worker, and then applied or discarded as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import Person
from annotations.cohorts.import_models import ImportPhase, RefusedRow, RegistryFile, RegistryImport
from annotations.cohorts.registry import mapping
from annotations.cohorts.registry.uploads import forget_upload, keep_upload
from common import audit, storage
from common.enqueue import enqueue
from common.errors import Conflict, Invalid
from common.models import JobStatus
from studies.models import Study

# How long uploads wait for a decision, and how long the cells of refused rows can be downloaded after it.
UPLOADS_WAIT = timedelta(days=7)
REFUSED_CELLS_STAY = timedelta(days=30)
_MOST_FILES = 40


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    size: int
    pieces: Iterable[bytes]


@dataclass(frozen=True, slots=True)
class ChosenColumns:
    """What a person says about one file: its kind, which of its columns mean ours, and how it is encoded."""

    number: int
    kind: str
    columns: dict[str, str] = field(default_factory=dict)
    encoding: str = ""


def receive_registry_files(*, study: Study, uploads: Sequence[Upload], actor: Person | None) -> RegistryImport:
    """Keep the files, encrypted, and let a worker check them."""
    if not uploads or len(uploads) > _MOST_FILES:
        message = f"send 1 to {_MOST_FILES} files"
        raise Invalid(f"{message.capitalize()}.", details=[{"field": "files", "message": message}])
    for upload in uploads:
        _check_size(upload)
    kept: list[tuple[str, int]] = []
    try:
        kept.extend(keep_upload(f"registry-{study.pk}", upload.pieces) for upload in uploads)
        with transaction.atomic():
            record = RegistryImport.objects.create(
                study=study, requested_by=actor, kept_until=timezone.now() + UPLOADS_WAIT
            )
            for number, (name, (waiting_name, size)) in enumerate(zip(_names(uploads), kept, strict=True), start=1):
                RegistryFile.objects.create(
                    registry_import=record, number=number, name=name, size=size, waiting_name=waiting_name
                )
            enqueue("cohorts.import_registry", import_id=record.pk)
    except Exception:
        for waiting_name, _ in kept:
            forget_upload(waiting_name)
        raise
    return record


def _check_size(upload: Upload) -> None:
    if upload.size > settings.UPLOAD_LIMIT_BYTES:
        limit = settings.UPLOAD_LIMIT_BYTES // 2**20
        message = f"is larger than {limit} MB"
        raise Invalid(f"A file {message}.", details=[{"field": Path(upload.name).name[:200], "message": message}])


def _names(uploads: Sequence[Upload]) -> list[str]:
    """Two files of one name are told apart by their number."""
    names: list[str] = []
    for upload in uploads:
        name = Path(upload.name).name[:180] or "file"
        same = sum(1 for other in uploads[: len(names)] if (Path(other.name).name[:180] or "file") == name)
        names.append(f"{name} ({same + 1})" if same else name)
    return names


@transaction.atomic
def check_registry_import(
    *, record: RegistryImport, chosen: Sequence[ChosenColumns] = (), actor: Person | None
) -> RegistryImport:
    """Check once more: with the columns that a person has chosen, or because the registry has changed since."""
    for choice in chosen:
        file = record.files.filter(number=choice.number).first()
        if file is None:
            message = f"there is no file {choice.number}"
            raise Invalid(f"{message.capitalize()}.", details=[{"field": "number", "message": message}])
        columns = mapping.checked_columns(choice.kind, choice.columns, file.header)
        RegistryFile.objects.filter(pk=file.pk).update(
            kind=choice.kind, mapping=columns, encoding=choice.encoding or file.encoding
        )
        mapping.remember(study=record.study, kind=choice.kind, columns=columns, actor=actor)
    _queue(record, ImportPhase.CHECKING, from_phases=(ImportPhase.CHECKED, ImportPhase.CHECKING))
    return record


@transaction.atomic
def apply_registry_import(*, record: RegistryImport, actor: Person | None) -> RegistryImport:
    """Decide for it: what the check has shown becomes the registry, as a whole."""
    problems = list(record.files.exclude(problem="").values_list("name", "problem"))
    if problems:
        details = [{"field": name, "message": problem} for name, problem in problems]
        message = "A file cannot be read: name its columns, or discard the import and send the file again."
        raise Conflict(message, code="file_problem", details=details)
    if record.phase == ImportPhase.CHECKED and record.checked_after != last_applied(record.study):
        message = "Another import has been applied since this one was checked. Check it again."
        raise Conflict(message, code="registry_changed")
    _queue(record, ImportPhase.APPLYING, from_phases=(ImportPhase.CHECKED,))
    RegistryImport.objects.filter(pk=record.pk).update(decided_by=actor, decided_at=timezone.now())
    record.refresh_from_db()
    return record


@transaction.atomic
def discard_registry_import(*, record: RegistryImport, actor: Person | None) -> RegistryImport:
    """Decide against it. A worker that is still checking is stopped; what it has found is forgotten."""
    undecided = RegistryImport.objects.filter(pk=record.pk, phase__in=(ImportPhase.CHECKING, ImportPhase.CHECKED))
    ended = undecided.update(
        phase=ImportPhase.DISCARDED, decided_by=actor, decided_at=timezone.now(), status=JobStatus.CANCELLED,
        lease_token=None, lease_until=None, finished_at=timezone.now(),
    )  # fmt: skip
    if not ended:
        raise Conflict("This import has been decided already.", code="already_decided")
    audit.record(
        actor=actor, action="registry_import_discarded", subject=f"registry_import:{record.pk}",
        study_slug=record.study.slug,
    )  # fmt: skip
    transaction.on_commit(forget_what_is_over)
    record.refresh_from_db()
    return record


def last_applied(study: Study) -> int | None:
    applied = RegistryImport.objects.filter(study=study, phase=ImportPhase.APPLIED).order_by("-finished_at", "-pk")
    return applied.values_list("pk", flat=True).first()


def forget_what_is_over() -> None:
    """Remove uploads that nobody will decide about any more, and the cells of refused rows after their time."""
    now = timezone.now()
    RegistryImport.objects.filter(phase__in=(ImportPhase.CHECKING, ImportPhase.CHECKED), kept_until__lt=now).exclude(
        status=JobStatus.RUNNING
    ).update(phase=ImportPhase.DISCARDED, status=JobStatus.CANCELLED, finished_at=now, decided_at=now)
    over = RegistryFile.objects.filter(registry_import__phase__in=(ImportPhase.APPLIED, ImportPhase.DISCARDED))
    for file in over.exclude(waiting_name="").only("waiting_name"):
        forget_upload(file.waiting_name)
        RegistryFile.objects.filter(pk=file.pk).update(waiting_name="")
    _forget_orphans(now - UPLOADS_WAIT)
    RefusedRow.objects.filter(
        cells_encrypted__isnull=False, file__registry_import__finished_at__lt=now - REFUSED_CELLS_STAY
    ).update(cells_encrypted=None)


def _forget_orphans(before: datetime) -> None:
    """Uploads of requests that were cut off before their rows were written."""
    for path in storage.storage_root().glob("waiting/registry-*/*.registry"):
        name = path.relative_to(storage.storage_root()).as_posix()
        if path.stat().st_mtime < before.timestamp() and not RegistryFile.objects.filter(waiting_name=name).exists():
            forget_upload(name)


def _queue(record: RegistryImport, phase: ImportPhase, *, from_phases: Sequence[ImportPhase]) -> None:
    ended = (JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELLED)
    queued = RegistryImport.objects.filter(pk=record.pk, phase__in=from_phases, status__in=ended).update(
        phase=phase, status=JobStatus.QUEUED, queued_at=timezone.now(), finished_at=None, attempts=0,
        failure_reason="", failure_advice="", lease_token=None, lease_until=None, cancel_requested_at=None,
        progress_done=0, progress_total=0, progress_note="", progress_rows=0,
    )  # fmt: skip
    if not queued:
        raise Conflict("This import is being worked on, or has been decided.", code="not_checked")
    enqueue("cohorts.import_registry", import_id=record.pk)
    record.refresh_from_db()
