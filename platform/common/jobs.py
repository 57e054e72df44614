"""Jobs as rows: claimed by a conditional UPDATE, kept by a lease and a heartbeat, resumed when the lease is lost.

PostgreSQL's clock decides about leases, so two hosts need not agree on the time.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import close_old_connections, connection
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Now

from common.errors import Conflict
from common.models import LEASE, Job, JobStatus

JobType = TypeVar("JobType", bound=Job)
ACTIVE = (JobStatus.QUEUED, JobStatus.RUNNING)


class LeaseLost(Exception):
    """Another worker holds the job, or it was ended from outside: stop at once and write nothing."""


def claim(model: type[JobType], job_id: int, *, worker_name: str) -> JobType | None:
    """Take the job if it is queued or its worker's lease has run out; None if it is not there to be taken."""
    token = uuid.uuid4()
    free = Q(status=JobStatus.QUEUED) | Q(status=JobStatus.RUNNING, lease_until__lt=Now())
    taken = model._default_manager.filter(free, pk=job_id).update(
        status=JobStatus.RUNNING,
        lease_token=token,
        lease_until=Now() + LEASE,
        started_at=Coalesce("started_at", Now()),
        attempts=F("attempts") + 1,
        worker_name=worker_name,
    )
    return model._default_manager.get(pk=job_id) if taken else None


def renew(job: Job) -> None:
    _require(job, _held(job).update(lease_until=Now() + LEASE))


def report_progress(job: Job, *, done: int, total: int, note: str = "") -> None:
    changed = _held(job).update(
        progress_done=done, progress_total=total, progress_note=note[:200], lease_until=Now() + LEASE
    )
    _require(job, changed)


def succeed(job: Job) -> None:
    _end(job, JobStatus.SUCCEEDED, reason="", advice="")


def fail(job: Job, *, reason: str, advice: str = "") -> None:
    _end(job, JobStatus.FAILED, reason=reason, advice=advice)


def give_back(job: Job, *, note: str) -> None:
    """Back into the queue through no fault of the job, such as a full disk: the attempt does not count."""
    changed = _held(job).update(
        status=JobStatus.QUEUED,
        lease_token=None,
        lease_until=None,
        attempts=F("attempts") - 1,
        progress_note=note[:200],
    )
    _require(job, changed)


def end_cancelled(job: Job) -> None:
    _end(job, JobStatus.CANCELLED, reason="", advice="")


def request_cancel(job: Job) -> None:
    """Ask for the end: a queued job ends now, a running one within a batch or two."""
    rows = type(job)._default_manager.filter(pk=job.pk)
    if rows.filter(status=JobStatus.QUEUED).update(
        status=JobStatus.CANCELLED, cancel_requested_at=Now(), finished_at=Now()
    ):
        return
    if not rows.filter(status=JobStatus.RUNNING).update(cancel_requested_at=Now()):
        raise Conflict("This job has already ended.", code="already_ended")


def requeue(job: Job) -> None:
    """Put an ended job back into the queue, for a retry."""
    ended = type(job)._default_manager.filter(pk=job.pk, status__in=(JobStatus.FAILED, JobStatus.CANCELLED))
    if not ended.update(
        status=JobStatus.QUEUED,
        cancel_requested_at=None,
        finished_at=None,
        failure_reason="",
        failure_advice="",
        lease_token=None,
        lease_until=None,
        queued_at=Now(),
        attempts=0,
    ):
        raise Conflict("Only a failed or cancelled job can be tried again.", code="not_ended")


def cancel_requested(job: Job) -> bool:
    return _held(job).filter(cancel_requested_at__isnull=False).exists()


def waiting(model: type[JobType]) -> list[int]:
    """Ids of jobs that nobody works on: queued, or running with a lease that ran out. For the sweeper."""
    forgotten = Q(status=JobStatus.QUEUED) | Q(status=JobStatus.RUNNING, lease_until__lt=Now())
    return list(model._default_manager.filter(forgotten).order_by("queued_at").values_list("pk", flat=True))


@contextmanager
def heartbeat(job: Job, *, every: float = 10.0) -> Iterator[threading.Event]:
    """Renew the lease from a thread of its own; the event is set when the lease is lost or a cancel was asked."""
    stop, ended = threading.Event(), threading.Event()

    def beat() -> None:
        while not ended.wait(every):
            close_old_connections()
            held = _held(job)
            if not held.update(lease_until=Now() + LEASE) or held.filter(cancel_requested_at__isnull=False).exists():
                stop.set()
        connection.close()

    thread = threading.Thread(target=beat, name=f"lease-{job.pk}", daemon=True)
    thread.start()
    try:
        yield stop
    finally:
        ended.set()
        thread.join()


def _held(job: JobType) -> QuerySet[JobType]:
    return type(job)._default_manager.filter(pk=job.pk, status=JobStatus.RUNNING, lease_token=job.lease_token)


def _end(job: Job, status: JobStatus, *, reason: str, advice: str) -> None:
    changed = _held(job).update(
        status=status,
        finished_at=Now(),
        failure_reason=reason,
        failure_advice=advice,
        lease_token=None,
        lease_until=None,
    )
    _require(job, changed)


def _require(job: Job, changed: int) -> None:
    if not changed:
        raise LeaseLost(f"{type(job).__name__} {job.pk} is no longer held by this worker")
