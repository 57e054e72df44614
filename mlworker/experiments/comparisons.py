"""Models beside readers: what a comparison may hold, and its beginning and end."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Person
from annotations.datasets.models import DatasetVersion, Part
from annotations.reads.models import ProtocolStatus, ReadSession, SessionState
from common import audit, jobs
from common.enqueue import enqueue
from common.errors import Conflict, Invalid
from common.models import JobStatus
from mlworker.experiments.models import Comparison, Endpoint, Scoring


@transaction.atomic
def start_comparison(
    *,
    version: DatasetVersion,
    part: str,
    title: str,
    scorings: Sequence[Scoring],
    sessions: Sequence[ReadSession],
    actor: Person | None,
    primary_endpoint: str = Endpoint.SENSITIVITY,
    endpoint_named_at: datetime | None = None,
) -> Comparison:
    _check_endpoint(primary_endpoint)
    _check_inputs(version, part, scorings, sessions)
    comparison = Comparison.objects.create(
        study=version.study, title=title, dataset_version=version, part=part, requested_by=actor,
        primary_endpoint=primary_endpoint, endpoint_named_at=endpoint_named_at or timezone.now(),
    )  # fmt: skip
    comparison.scorings.set(scorings)
    comparison.sessions.set(sessions)
    audit.record(
        actor=actor,
        action="comparison_requested",
        subject=f"comparison:{comparison.pk}",
        study_slug=version.study.slug,
        payload={
            "scorings": [s.pk for s in scorings],
            "sessions": [s.pk for s in sessions],
            "primary_endpoint": primary_endpoint,
        },
    )
    enqueue("experiments.compare", comparison_id=comparison.pk)
    return comparison


@transaction.atomic
def recompute_comparison(*, comparison: Comparison, actor: Person) -> Comparison:
    """The same inputs again, as a record of its own; equal inputs give equal bytes."""
    return start_comparison(
        version=comparison.dataset_version,
        part=comparison.part,
        title=comparison.title,
        scorings=list(comparison.scorings.order_by("pk")),
        sessions=list(comparison.sessions.order_by("pk")),
        actor=actor,
        primary_endpoint=comparison.primary_endpoint,
        endpoint_named_at=comparison.endpoint_named_at,
    )


def _check_inputs(
    version: DatasetVersion, part: str, scorings: Sequence[Scoring], sessions: Sequence[ReadSession]
) -> None:
    problems: list[dict[str, str]] = []
    if part not in Part.values or part in (Part.TRAINING, Part.PRACTICE):
        problems.append({"field": "part", "message": f"received {part!r}; choose test or validation"})
    if not scorings and not sessions:
        problems.append({"field": "scorings", "message": "choose at least one model or one reader"})
    for scoring in scorings:
        if scoring.run.dataset_version_id != version.pk or scoring.part != part:
            problems.append({"field": "scorings", "message": f"“{scoring.run.name}” scored other cases"})
        elif scoring.status != JobStatus.SUCCEEDED:
            problems.append({"field": "scorings", "message": f"“{scoring.run.name}” has no finished scores"})
    for session in sessions:
        protocol = session.protocol
        if protocol.dataset_version_id != version.pk or protocol.part != part:
            problems.append({"field": "sessions", "message": "a reader's session is over other cases"})
        elif session.state != SessionState.SIGNED or protocol.status != ProtocolStatus.UNBLINDED:
            raise Conflict(
                "Reads are compared after all sessions are signed and the protocol is unblinded.",
                code="still_blinded",
            )
    if problems:
        raise Invalid("This comparison is not possible.", code="comparison_invalid", details=problems)


def _check_endpoint(endpoint: str) -> None:
    if endpoint not in Endpoint.values:
        message = f"received {endpoint!r}; choose {', '.join(Endpoint.values)}"
        problem = {"field": "primary_endpoint", "message": message}
        raise Invalid("This comparison is not possible.", code="comparison_invalid", details=[problem])


def finish_comparison(
    comparison: Comparison, *, result: str, inputs: str, inputs_sha256: str, read_hashes: dict[str, str]
) -> None:
    digest = hashlib.sha256(result.encode()).hexdigest()
    with transaction.atomic():
        Comparison.objects.filter(pk=comparison.pk, lease_token=comparison.lease_token).update(
            result=result,
            result_sha256=digest,
            inputs=inputs,
            inputs_sha256=inputs_sha256,
            read_hashes=read_hashes,
        )
        jobs.succeed(comparison)
