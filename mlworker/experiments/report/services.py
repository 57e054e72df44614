"""Asking for a report and ending it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction

from accounts.models import Person
from common import audit, jobs, storage
from common.enqueue import enqueue
from mlworker.experiments.models import Comparison, ComparisonReport

if TYPE_CHECKING:
    from mlworker.experiments.report.archive import Archive

# Of the building of an archive, as its progress counts them.
STEPS = 6


@transaction.atomic
def request_report(*, comparison: Comparison, actor: Person | None) -> ComparisonReport:
    """A new archive of a finished comparison; an earlier one stays as it was made."""
    report = ComparisonReport.objects.create(comparison=comparison, requested_by=actor, progress_total=STEPS)
    audit.record(
        actor=actor,
        action="report_requested",
        subject=f"comparison:{comparison.pk}",
        study_slug=comparison.study.slug,
        payload={"report": report.pk, "result": comparison.result_sha256},
    )
    enqueue("experiments.report", report_id=report.pk)
    return report


def finish_report(report: ComparisonReport, archive: Archive) -> None:
    name, digest = storage.store("reports", archive.data, ".zip")
    files: Sequence[dict[str, Any]] = archive.files
    with transaction.atomic():
        ComparisonReport.objects.filter(pk=report.pk, lease_token=report.lease_token).update(
            name=name, sha256=digest, size=len(archive.data), files=files
        )
        jobs.succeed(report)
