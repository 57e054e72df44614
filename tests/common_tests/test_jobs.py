from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.db.models.functions import Now

from annotations.imaging.models import IntakeFile
from annotations.imaging.receiving import Upload, receive_files
from common import jobs
from common.errors import Conflict
from common.jobs import LeaseLost
from common.models import LEASE
from tests.factories import make_study

pytestmark = pytest.mark.django_db


def _queued() -> IntakeFile:
    """Any job will do; a waiting upload is the simplest."""
    batch = receive_files(study=make_study(), uploads=[Upload("a", b"x")], actor=None)
    return IntakeFile.objects.get(batch=batch)


def _claimed(worker: str = "first") -> IntakeFile:
    job = jobs.claim(IntakeFile, _queued().pk, worker_name=worker)
    assert job is not None
    return job


def _lose(job: IntakeFile) -> None:
    IntakeFile.objects.filter(pk=job.pk).update(lease_until=Now() - LEASE)


def test_it_is_claimed_once(db: None) -> None:
    job = _claimed()
    assert (job.status, job.attempts, job.worker_name) == ("running", 1, "first")
    assert job.lease_until is not None
    assert jobs.claim(IntakeFile, job.pk, worker_name="second") is None


@pytest.mark.django_db(transaction=True)
def test_it_is_claimed_by_one_of_many_workers_at_once() -> None:
    job, gate = _queued(), threading.Barrier(6)
    won: list[str] = []

    def work(name: str) -> None:
        gate.wait()
        if jobs.claim(IntakeFile, job.pk, worker_name=name) is not None:
            won.append(name)
        connection.close()

    threads = [threading.Thread(target=work, args=(f"worker-{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    job.refresh_from_db()
    assert won == [job.worker_name]
    assert job.attempts == 1


def test_it_goes_to_another_worker_when_the_lease_ran_out_and_the_first_may_write_no_more(db: None) -> None:
    first = _claimed()
    started = first.started_at
    _lose(first)
    second = jobs.claim(IntakeFile, first.pk, worker_name="second")
    assert second is not None
    assert (second.attempts, second.started_at) == (2, started)
    writes: list[Callable[[], None]] = [
        lambda: jobs.renew(first),
        lambda: jobs.report_progress(first, done=1, total=2),
        lambda: jobs.succeed(first),
        lambda: jobs.fail(first, reason="late"),
        lambda: jobs.end_cancelled(first),
    ]
    for write in writes:
        with pytest.raises(LeaseLost):
            write()
    jobs.succeed(second)
    second.refresh_from_db()
    assert (second.status, second.failure_reason) == ("succeeded", "")


def test_it_keeps_the_lease_while_progress_is_reported(db: None) -> None:
    job = _claimed()
    _lose(job)
    jobs.report_progress(job, done=3, total=9, note="x" * 300)
    assert jobs.claim(IntakeFile, job.pk, worker_name="second") is None
    job.refresh_from_db()
    assert (job.progress_done, job.progress_total, len(job.progress_note)) == (3, 9, 200)


def test_it_is_found_while_nobody_works_on_it(db: None) -> None:
    queued, running, lost, done = _queued(), _claimed(), _claimed(), _claimed()
    _lose(lost)
    jobs.succeed(done)
    assert set(jobs.waiting(IntakeFile)) == {queued.pk, lost.pk}
    assert running.pk not in jobs.waiting(IntakeFile)


def test_it_ends_a_queued_job_at_once_when_cancelled(db: None) -> None:
    job = _queued()
    jobs.request_cancel(job)
    job.refresh_from_db()
    assert job.status == "cancelled"
    assert jobs.claim(IntakeFile, job.pk, worker_name="late") is None


def test_it_asks_a_running_job_to_end(db: None) -> None:
    job = _claimed()
    assert not jobs.cancel_requested(job)
    jobs.request_cancel(job)
    assert jobs.cancel_requested(job)
    jobs.end_cancelled(job)
    job.refresh_from_db()
    assert job.status == "cancelled"
    with pytest.raises(Conflict) as refusal:
        jobs.request_cancel(job)
    assert refusal.value.error_code == "already_ended"


def test_it_is_tried_again_only_after_it_failed_or_was_cancelled(db: None) -> None:
    job = _claimed()
    with pytest.raises(Conflict):
        jobs.requeue(job)
    jobs.fail(job, reason="No space.", advice="Free some.")
    job.refresh_from_db()
    assert (job.status, job.failure_reason, job.failure_advice) == ("failed", "No space.", "Free some.")
    jobs.requeue(job)
    job.refresh_from_db()
    assert (job.status, job.failure_reason, job.finished_at) == ("queued", "", None)
    again = jobs.claim(IntakeFile, job.pk, worker_name="second")
    assert again is not None
    jobs.succeed(again)
    with pytest.raises(Conflict):
        jobs.requeue(again)


@pytest.mark.django_db(transaction=True)
def test_it_renews_the_lease_from_a_thread_and_says_when_it_is_lost_or_cancelled() -> None:
    job = _claimed()
    _lose(job)
    with jobs.heartbeat(job, every=0.02) as stop:
        while jobs.waiting(IntakeFile):
            stop.wait(0.01)
        assert not stop.is_set()
        jobs.request_cancel(job)
        stop.wait()
    lost = _claimed()
    with jobs.heartbeat(lost, every=0.02) as stop:
        IntakeFile.objects.filter(pk=lost.pk).update(lease_token=None)
        stop.wait()
