"""Files, folders and archives of this machine into a study. Stopped anywhere, it goes on when it is run again."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection

from accounts.models import Person
from annotations.imaging.models import IntakeBatch, IntakeFile, IntakeOutcome
from annotations.imaging.receiving import Upload, create_batch, receive_file
from annotations.imaging.services import process_intake_file
from common.encryption import decrypt
from common.errors import Invalid
from common.jobs import ACTIVE
from common.models import JobStatus
from studies.models import Study

OnFile = Callable[["IngestedFile", int, int], None]
_WORKER = "ingest"


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file on this machine, and the name that coordinators see: from the folder on that was given."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class IngestedFile:
    """What became of one file. `is_known`: an earlier run or upload had dealt with the same bytes."""

    name: str
    sha256: str
    outcome: str
    reason_code: str
    reason: str
    is_known: bool
    is_duplicate: bool
    radiograph: int | None
    quarantined_image: int | None
    link_problem: str


@dataclass(slots=True)
class IngestReport:
    batch: int | None
    files: list[IngestedFile] = field(default_factory=list)

    def count(self, outcome: str) -> int:
        return sum(1 for file in self.files if file.outcome == outcome)


def found_files(paths: Sequence[Path]) -> list[FoundFile]:
    """All files named or under the folders named, in the order of their names; a link is followed to a file only."""
    found: list[FoundFile] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(each for each in path.rglob("*") if each.is_file())
            found += [FoundFile(each, str(Path(path.resolve().name) / each.relative_to(path))) for each in inside]
        elif path.is_file():
            found.append(FoundFile(path, path.name))
        else:
            raise Invalid(
                f"There is no file or folder {path}.", details=[{"field": "paths", "message": "is not there"}]
            )
    if not found:
        raise Invalid("There is no file in what was named.", details=[{"field": "paths", "message": "is empty"}])
    return found


def ingest(
    *, study: Study, files: Sequence[FoundFile], actor: Person | None, again: bool = False,
    workers: int = os.cpu_count() or 1, on_file: OnFile = lambda file, done, total: None,
) -> IngestReport:  # fmt: skip
    """Take the files in, and deal with each here and now; workers of the platform may help.

    Args:
        again: deal again with files that were refused before.
        on_file: told of each file of an archive too, so the total may grow.
    """
    run = _Ingest(study, create_batch(study=study, actor=actor), again)
    report = IngestReport(run.batch.pk)
    for rows in _in_threads(run.take, files, workers):
        for row in rows:
            report.files.append(row)
            on_file(row, len(report.files), max(len(files), len(report.files)))
    if not run.batch.files.exists():
        run.batch.delete()
        report.batch = None
    return report


def _in_threads(
    take: Callable[[FoundFile], list[IngestedFile]], files: Sequence[FoundFile], workers: int
) -> Iterator[list[IngestedFile]]:
    if workers == 1:
        yield from map(take, files)
        return

    def one(file: FoundFile) -> list[IngestedFile]:
        try:
            return take(file)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = [pool.submit(one, file) for file in files]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


class _Ingest:
    """One run of the command: a batch of its own, and what earlier runs have left."""

    def __init__(self, study: Study, batch: IntakeBatch, again: bool) -> None:
        self.batch = batch
        self._study = study
        self._again = again

    def take(self, found: FoundFile) -> list[IngestedFile]:
        """The file, and the files in it if it is an archive."""
        digest = file_sha256(found.path)
        row = self._earlier(digest)
        is_known = row is not None and row.status == JobStatus.SUCCEEDED
        if row is None:
            with found.path.open("rb") as stream:
                upload = Upload(found.name, stream)
                row = receive_file(batch=self.batch, upload=upload, wake_worker=False)
        rows = [(self._processed(row), found.name, is_known)]
        for entry in IntakeFile.objects.filter(archive=row).order_by("pk"):
            known = entry.status == JobStatus.SUCCEEDED and is_known
            rows.append((self._processed(entry), f"{found.name}/{decrypt(entry.name_encrypted)}", known))
        return [_ingested(row, name, is_known) for row, name, is_known in rows]

    def _earlier(self, digest: str) -> IntakeFile | None:
        """The row that the same bytes have in this study already, unless it is to be done again."""
        rows = IntakeFile.objects.filter(batch__study=self._study, upload_hash=digest, archive=None)
        rows = rows.exclude(status__in=(JobStatus.FAILED, JobStatus.CANCELLED))
        if self._again:
            rows = rows.exclude(outcome=IntakeOutcome.REFUSED)
        return rows.order_by("pk").first()

    def _processed(self, row: IntakeFile) -> IntakeFile:
        if row.status in ACTIVE:
            process_intake_file(row.pk, worker_name=_WORKER)
            row.refresh_from_db()
        return row


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _ingested(row: IntakeFile, name: str, is_known: bool) -> IngestedFile:
    waiting = row.progress_note or "Another worker deals with it."
    return IngestedFile(
        name=name,
        sha256=row.upload_hash,
        outcome=row.outcome or "waiting",
        reason_code=row.reason_code,
        reason=row.reason if row.outcome else waiting,
        is_known=is_known,
        is_duplicate=row.is_duplicate,
        radiograph=row.radiograph_id,
        quarantined_image=row.quarantined_image_id,
        link_problem=row.radiograph.link_problem if row.radiograph else "",
    )
