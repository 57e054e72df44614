"""Importing a registry: checked rows become pseudonymous rows, all of them in one transaction or none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from accounts.models import Person
from annotations.cohorts.import_models import ImportPhase, RegistryFile, RegistryImport
from annotations.cohorts.registry import mapping, services
from annotations.cohorts.registry.opening import OpenedFile, open_file
from annotations.cohorts.registry.progress import UNITS, ImportProgress, Tell, told_to_the_row
from annotations.cohorts.registry.running import Running, Stopped, run_import
from annotations.cohorts.registry.sources import Upload
from annotations.cohorts.registry.uploads import open_upload
from common import audit, jobs
from common.errors import DomainError, Invalid
from common.jobs import LeaseLost
from common.models import JobStatus
from studies.models import Study

OnProgress = Callable[[str, int, int], None]
# An import that was claimed this often without an end takes its workers with it.
_ATTEMPTS = 5


class _ChangedFile(Exception):
    """A file is no longer what was checked."""


def import_registry(
    *,
    study: Study,
    paths: Sequence[Path],
    actor: Person | None,
    dry_run: bool = False,
    mappings: Mapping[str, Mapping[str, str]] | None = None,
    encoding: str = "",
    on_progress: OnProgress = lambda kind, done, total: None,
    tell: Tell | None = None,
) -> RegistryImport:
    """Import files of any kinds together. The good rows are applied; each refused row is listed with its reason.

    Args:
        mappings: by kind our columns and the files' own names for them; remembered unless this is a dry run.
        encoding: of text files, where it is known; else it is found out.

    Raises:
        Invalid: a file cannot be read at all. Nothing is changed then.
    """
    if not paths:
        raise Invalid("Name at least one file.", details=[{"field": "files", "message": "none given"}])
    files = [_opened(study, number, path, mappings or {}, encoding) for number, path in enumerate(paths, start=1)]
    _refuse_unreadable(files)

    def tell_kind(progress: ImportProgress) -> None:
        on_progress(progress.note, progress.rows, progress.rows)

    with transaction.atomic():
        record = _record_of(study, files, actor, dry_run=dry_run)
        run_import(record, Running(study, files, tell or tell_kind), apply=not dry_run)
        _refuse_unreadable(files)
        if not dry_run:
            _remember(study, files, mappings or {}, actor)
            _put_on_record(record, actor)
    record.refresh_from_db()
    return record


def _opened(
    study: Study, number: int, path: Path, mappings: Mapping[str, Mapping[str, str]], encoding: str
) -> OpenedFile:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise _unreadable(path.name, error.strerror or "cannot be read") from error
    upload = Upload(path.name, size, lambda: path.open("rb"), encoding)
    opened = open_file(study, number, upload)
    header = opened.source.header if opened.source else []
    for kind, columns in mappings.items():
        if set(columns.values()) & set(header):
            # Only what is called otherwise needs to be said.
            whole = mapping.same_names(kind, header) | dict(columns)
            checked = mapping.checked_columns(kind, whole, header)
            return open_file(study, number, upload, kind=kind, columns=checked)
    return opened


def _refuse_unreadable(files: Sequence[OpenedFile]) -> None:
    for file in files:
        if file.problem:
            raise _unreadable(file.upload.name, file.problem, file.suggestion)


def _unreadable(name: str, reason: str, suggestion: Mapping[str, object] | None = None) -> Invalid:
    details = [{"field": name, "message": reason}]
    if suggestion:
        details.append({"field": name, "message": f"its columns may be those of {suggestion['kind']}"})
    return Invalid(f"{name} cannot be imported: {reason}.", code="file_unreadable", details=details)


def _record_of(study: Study, files: Sequence[OpenedFile], actor: Person | None, *, dry_run: bool) -> RegistryImport:
    now = timezone.now()
    record = RegistryImport.objects.create(
        study=study, requested_by=actor, dry_run=dry_run, status=JobStatus.SUCCEEDED, started_at=now, finished_at=now,
        phase=ImportPhase.DISCARDED if dry_run else ImportPhase.APPLIED, decided_by=actor, decided_at=now,
    )  # fmt: skip
    for file in files:
        RegistryFile.objects.create(
            registry_import=record, number=file.number, name=file.upload.name[:200], size=file.upload.size
        )
    return record


def _remember(
    study: Study, files: Sequence[OpenedFile], mappings: Mapping[str, Mapping[str, str]], actor: Person | None
) -> None:
    for file in files:
        if file.kind in mappings:
            mapping.remember(study=study, kind=file.kind, columns=file.columns, actor=actor)


def _put_on_record(record: RegistryImport, actor: Person | None) -> None:
    # File names stay out of the chain for good: somebody may have named one after a patient.
    tables = {str(file.number): file.tables for file in record.files.order_by("number")}
    refused = sum(counts["refused"] for file in tables.values() for counts in file.values())
    audit.record(
        actor=actor, action="registry_imported", subject=f"registry_import:{record.pk}",
        study_slug=record.study.slug, payload={"refused": refused, "files": tables},
    )  # fmt: skip


def run_registry_import(import_id: int, *, worker_name: str) -> RegistryImport | None:
    """Check or apply an import that was sent from the page, unless another worker does."""
    job = jobs.claim(RegistryImport, import_id, worker_name=worker_name)
    if job is None:
        return None
    try:
        with jobs.heartbeat(job) as stop, told_to_the_row(job) as tell:
            _run_claimed(job, tell, stop.is_set)
    except (LeaseLost, Stopped):
        return None
    services.forget_what_is_over()
    job.refresh_from_db()
    return job


def _run_claimed(job: RegistryImport, tell: Tell, stopped: Callable[[], bool]) -> None:
    applying = job.phase == ImportPhase.APPLYING
    if job.attempts > _ATTEMPTS:
        _fail(job, "This import has ended one worker after another.", "Discard it, and send smaller files.")
        return
    try:
        files = [_waiting(job.study, file) for file in job.files.order_by("number")]
        _run_as_a_whole(job, Running(job.study, files, tell, stopped), applying=applying)
    except _ChangedFile:
        _fail(job, "A file that could be read when it was checked cannot be read any more.", "Send the files again.")
    except DomainError as error:
        _fail(job, error.message, "Nothing was changed. Try again, or send the files again.")


def _run_as_a_whole(job: RegistryImport, running: Running, *, applying: bool) -> None:
    with transaction.atomic():
        run_import(job, running, apply=applying)
        if applying and any(file.problem for file in running.files):
            raise _ChangedFile
        if applying:
            _put_on_record(job, job.decided_by)
        RegistryImport.objects.filter(pk=job.pk).update(
            phase=ImportPhase.APPLIED if applying else ImportPhase.CHECKED,
            checked_after=services.last_applied(job.study),
            progress_rows=sum(counts["rows"] for file in job.files.all() for counts in file.tables.values()),
            progress_done=UNITS,
            progress_total=UNITS,
            progress_note="",
        )
        # Whoever lost the lease fails here, and everything above is undone.
        jobs.succeed(job)


def _waiting(study: Study, file: RegistryFile) -> OpenedFile:
    upload = Upload(file.name, file.size, partial(open_upload, file.waiting_name), file.encoding)
    return open_file(study, file.number, upload, kind=file.kind, columns=file.mapping)


def _fail(job: RegistryImport, reason: str, advice: str) -> None:
    with transaction.atomic():
        RegistryImport.objects.filter(pk=job.pk, phase=ImportPhase.APPLYING).update(phase=ImportPhase.CHECKED)
        jobs.fail(job, reason=reason, advice=advice)
