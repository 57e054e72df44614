"""How far an import is: the share of its work, and the rows read so far."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection

from annotations.cohorts.import_models import RegistryImport
from common import jobs
from common.jobs import LeaseLost

UNITS = 1000
# Reading takes about this share of the time, the database the rest.
_READING = 0.6


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """`share` of the work (0 to 1), what is being done (a kind, or a word for the end), rows of it read so far."""

    share: float
    note: str
    rows: int


Tell = Callable[[ImportProgress], None]


class Progress:
    """Turns bytes read and kinds written into one share."""

    def __init__(self, tell: Tell, *, total_bytes: int) -> None:
        self._tell = tell
        self._total = max(1, total_bytes)
        self._rows: dict[str, int] = {}

    def reading(self, kind: str, *, bytes_read: int, rows: int) -> None:
        self._rows[kind] = rows
        self._tell(ImportProgress(_READING * min(1.0, bytes_read / self._total), kind, rows))

    def waiting(self) -> None:
        """Another import into this study has its turn."""
        self._tell(ImportProgress(0.0, "waiting", 0))

    def writing(self, kind: str, *, place: int, kinds: int) -> None:
        share = _READING + (1 - _READING) * 0.8 * place / max(1, kinds)
        self._tell(ImportProgress(share, kind, self._rows.get(kind, 0)))

    def ending(self, note: str) -> None:
        self._tell(ImportProgress(_READING + (1 - _READING) * 0.8, note, sum(self._rows.values())))


@contextmanager
def told_to_the_row(job: RegistryImport, *, every: float = 1.0) -> Iterator[Tell]:
    """Write progress from a thread with a connection of its own: that of the import commits at its end only."""
    latest: list[ImportProgress] = []
    ended = threading.Event()

    def write() -> None:
        told: ImportProgress | None = None
        while not ended.wait(every):
            if latest and latest[-1] != told:
                told = latest[-1]
                try:
                    jobs.report_progress(job, done=int(told.share * UNITS), total=UNITS, note=told.note)
                except LeaseLost:
                    break  # the heartbeat tells the import
                RegistryImport.objects.filter(pk=job.pk).update(progress_rows=told.rows)
        connection.close()

    def tell(progress: ImportProgress) -> None:
        latest[:] = [progress]

    thread = threading.Thread(target=write, name=f"progress-{job.pk}", daemon=True)
    thread.start()
    try:
        yield tell
    finally:
        ended.set()
        thread.join()
