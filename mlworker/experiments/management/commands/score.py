"""Scores a part with a finished run: the same act, with the same reason and count, as from the page."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotations.datasets.models import Part
from common.errors import DomainError
from common.models import JobStatus
from mlworker.experiments.models import Scoring, TrainingRun
from mlworker.experiments.selectors import scored_cases, test_part_touches
from mlworker.experiments.services import score_part

POLL_SECONDS = 0.5
ENDED = (JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELLED)


class Command(BaseCommand):
    help = "Scores a part of a run's dataset version. The test part is sealed: the touch is counted and printed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", type=int, help="number of the training run")
        parser.add_argument("--part", required=True, choices=[Part.TEST.value, Part.VALIDATION.value])
        parser.add_argument("--reason", required=True, help="why; printed on every comparison and report")
        parser.add_argument("--wait", action="store_true", help="stay until the scores are there")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, run: int, part: str, reason: str, wait: bool, as_json: bool, **options: object) -> None:
        chosen = TrainingRun.objects.select_related("dataset_version", "study").filter(pk=run).first()
        if chosen is None:
            raise CommandError(f"There is no training run {run}.")
        try:
            scoring = score_part(run=chosen, part=part, reason=reason, actor=None)
        except DomainError as error:
            raise CommandError(error.message) from error
        while wait and scoring.status not in ENDED:
            time.sleep(POLL_SECONDS)
            scoring.refresh_from_db()
        touches = len(test_part_touches(chosen.dataset_version))
        if as_json:
            self.stdout.write(json.dumps(_as_json(scoring, touches), allow_nan=False))
        else:
            self.stdout.write(f"run {run}, {part} part: {scoring.status}. Touches of the test part so far: {touches}.")
        if scoring.status in (JobStatus.FAILED, JobStatus.CANCELLED):
            raise CommandError(f"{scoring.failure_reason} {scoring.failure_advice}".strip() or "It was cancelled.")


def _as_json(scoring: Scoring, touches: int) -> dict[str, Any]:
    rows = scored_cases(scoring) if scoring.status == JobStatus.SUCCEEDED else []
    return {
        "run": scoring.run_id,
        "part": scoring.part,
        "status": scoring.status,
        # The first touch's: scoring again returns what was stored.
        "reason": scoring.reason,
        "model_sha256": scoring.model_sha256,
        "threshold": scoring.run.threshold,
        "runtime": scoring.runtime,
        "touches_of_the_test_part": touches,
        "scores": [
            {"case": row.case, "label": row.label, "logit": row.logit, "probability": row.probability} for row in rows
        ],
    }
