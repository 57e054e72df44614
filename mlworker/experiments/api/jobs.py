"""How the API tells the state of any job."""

from __future__ import annotations

from typing import Any

from django.db.models.functions import Now
from rest_framework import serializers

from common.models import Job, JobStatus


class JobSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=JobStatus.choices)
    # True while the row says "running" and its worker has stopped renewing the lease: it died, another will go on.
    worker_lost = serializers.BooleanField()
    cancel_requested = serializers.BooleanField()
    attempts = serializers.IntegerField()
    progress_done = serializers.IntegerField()
    progress_total = serializers.IntegerField()
    progress_note = serializers.CharField()
    failure_reason = serializers.CharField()
    failure_advice = serializers.CharField()
    queued_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)


def job_state(job: Job) -> dict[str, Any]:
    lost = (
        job.status == JobStatus.RUNNING
        and type(job)._default_manager.filter(pk=job.pk, status=JobStatus.RUNNING, lease_until__lt=Now()).exists()
    )
    return {
        "status": job.status,
        "worker_lost": lost,
        "cancel_requested": job.cancel_requested_at is not None and job.status == JobStatus.RUNNING,
        "attempts": job.attempts,
        "progress_done": job.progress_done,
        "progress_total": job.progress_total,
        "progress_note": job.progress_note,
        "failure_reason": job.failure_reason,
        "failure_advice": job.failure_advice,
        "queued_at": job.queued_at,
        "started_at": job.started_at,
        "finished_at": job.finished_at,
    }
