"""One import from its files to the registry, in one transaction: checked and rolled back, or applied."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import connection, transaction

from annotations.cohorts.import_models import RefusedRow, RegistryFile, RegistryImport
from annotations.cohorts.registry.checking import Refused, RowChecker
from annotations.cohorts.registry.kinds import KINDS
from annotations.cohorts.registry.opening import OpenedFile
from annotations.cohorts.registry.progress import Progress, Tell
from annotations.cohorts.registry.refusals import Refusals
from annotations.cohorts.registry.resolving import Resolved, Resolver
from annotations.cohorts.registry.sources import Record, UnreadableFile
from annotations.cohorts.registry.staging import Staging
from studies.models import Study

_TURNS = 0x4C555249  # any constant: with a study's key it serialises imports into that study
_TOLD_EVERY = 2_000
# Kinds whose rows are referred to by no other kind need not be written for a check.
_REFERRED_TO = {"sites": ("patients",), "patients": ("procedures", "diagnoses", "followups"), "procedures": ("notes",)}


class Stopped(Exception):
    """Somebody has asked for the end, or the lease is lost: nothing is written."""


@dataclass(slots=True)
class Running:
    """What an import works with, and what it finds, by the number of the file."""

    study: Study
    files: list[OpenedFile]
    tell: Tell
    stopped: Callable[[], bool] = field(default=lambda: False)
    rows: dict[tuple[int, str], int] = field(default_factory=dict)
    refusals: dict[int, Refusals] = field(default_factory=dict)
    resolved: dict[str, Resolved] = field(default_factory=dict)


def run_import(record: RegistryImport, running: Running, *, apply: bool) -> None:
    """Read, refuse, compare and, with `apply`, write. Inside the caller's transaction.

    Without `apply` the registry is afterwards as before; the files' rows tell what would have changed.
    """
    assert connection.in_atomic_block
    ids = dict(record.files.values_list("number", "pk"))
    running.refusals = {file.number: Refusals(ids[file.number]) for file in running.files}
    progress = Progress(running.tell, total_bytes=sum(file.upload.size for file in running.files))
    try:
        with transaction.atomic():
            _take_turn(running, progress)
            _work(running, progress, write_all=apply)
            if not apply:
                transaction.set_rollback(True)
        if apply:
            # References are looked up now rather than at the commit: while the lease is still renewed.
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        _store(record, running)
    finally:
        for refusals in running.refusals.values():
            refusals.forget()


def _take_turn(running: Running, progress: Progress) -> None:
    """Two imports into one study take turns. Asked again and again, so that a waiting one can be stopped."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_TURNS, running.study.pk])
            if cursor.fetchone()[0]:
                return
        if running.stopped():
            raise Stopped
        progress.waiting()
        time.sleep(0.5)


def _work(running: Running, progress: Progress, *, write_all: bool) -> None:
    staging, resolver = Staging(running.study), Resolver(running.study)
    before = 0
    for file in running.files:
        try:
            _read(running, staging, file, progress, before)
        except UnreadableFile as error:
            file.problem = str(error)
            staging.forget_file(file.number)
        before += file.upload.size
    staging.finish()
    for place, kind in enumerate(staging.kinds):
        if running.stopped():
            raise Stopped
        progress.writing(kind, place=place, kinds=len(staging.kinds))
        needed = any(other in staging.kinds for other in _REFERRED_TO.get(kind, ()))
        running.resolved[kind] = resolver.resolve(kind, write=write_all or needed)
        resolver.warn(kind, {file.number: file.warnings for file in running.files})
    _take_refused(running, resolver)
    progress.ending("references")


def _read(running: Running, staging: Staging, file: OpenedFile, progress: Progress, before: int) -> None:
    source, refusals = file.readable, running.refusals[file.number]
    checkers: dict[str, RowChecker] = {}
    rows = dict.fromkeys([file.kind], 0) if file.kind else {}
    for count, record in enumerate(source.records()):
        kind = record.kind
        rows[kind] = rows.get(kind, 0) + 1
        if kind not in checkers and kind in KINDS:
            checkers[kind] = file.checker(kind)
        found = _checked(record, checkers)
        if isinstance(found, Refused):
            refusals.add(kind=kind, line=record.line, column=found.column, value=found.value, reason=found.reason,
                         cells=record.cells)  # fmt: skip
        else:
            staging.add(kind, file.number, record.line, found)
        if not count % _TOLD_EVERY:
            progress.reading(kind, bytes_read=before + source.position(), rows=rows[kind])
            if running.stopped():
                raise Stopped
    for kind, number in rows.items():
        running.rows[file.number, kind] = number
        progress.reading(kind, bytes_read=before + file.upload.size, rows=number)


def _checked(record: Record, checkers: dict[str, RowChecker]) -> list[str | None] | Refused:
    if record.problem:
        return Refused("", "", record.problem)
    return checkers[record.kind].check(record.line, record.cells)


def _take_refused(running: Running, resolver: Resolver) -> None:
    """Rows that the database refused: their cells are taken from the files once more, in the same order."""
    files = {file.number: file for file in running.files}
    reading: tuple[int, Iterator[Record]] = (0, iter(()))
    for number, line, kind, column, value, reason in resolver.refused():
        if files[number].problem:
            continue
        if reading[0] != number:
            reading = number, files[number].readable.records()
        cells = next((r.cells for r in reading[1] if (r.line, r.kind) == (line, kind)), [])
        running.refusals[number].add(kind=kind, line=line, column=column, value=value, reason=reason, cells=cells)


def _store(record: RegistryImport, running: Running) -> None:
    RefusedRow.objects.filter(file__registry_import=record).delete()
    for file in running.files:
        source, readable = file.source, not file.problem
        RegistryFile.objects.filter(registry_import=record, number=file.number).update(
            format=source.format if source else "",
            encoding=source.encoding if source else "",
            header=source.header if source else [],
            kind=file.kind,
            mapping=file.columns,
            suggestion=file.suggestion,
            sample=file.sample,
            problem=file.problem,
            tables=_tables(running, file) if readable else {},
            changes=_changes(running, file) if readable else {},
            warnings=file.warnings.as_json() if readable else [],
            ignored=file.ignored,
        )
        if readable:
            running.refusals[file.number].store()


def _tables(running: Running, file: OpenedFile) -> dict[str, dict[str, int]]:
    tables = {}
    for kind in [kind for number, kind in running.rows if number == file.number]:
        resolved = running.resolved.get(kind)
        counts = resolved.counts.get(file.number) if resolved else None
        refused = running.refusals[file.number].by_kind[kind]
        tables[kind] = {
            "rows": running.rows[file.number, kind], "refused": refused, "new": counts.new if counts else 0,
            "changed": counts.changed if counts else 0, "unchanged": counts.unchanged if counts else 0,
        }  # fmt: skip
    return tables


def _changes(running: Running, file: OpenedFile) -> dict[str, dict[str, Any]]:
    return {
        kind: asdict(resolved.changes[file.number])
        for kind, resolved in running.resolved.items()
        if file.number in resolved.changes
    }
