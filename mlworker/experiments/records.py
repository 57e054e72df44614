"""What workers write down. Every write needs the lease, so a worker that lost it cannot overwrite another's."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction
from django.utils import timezone

from annotations.datasets.models import DatasetCase
from common import jobs, storage
from common.errors import Conflict
from mlworker.experiments.failures import Failure
from mlworker.experiments.models import MapQuality, RunEpoch, RunEvent, SaliencyMap, Score, Scoring, TrainingRun

if TYPE_CHECKING:
    from mlworker.engine.saliency import SaliencyMaps
    from mlworker.engine.training import TrainingEvent, TrainingResult
    from mlworker.experiments.map_quality import Judgement

# Worth a line in the log; steps only move the bar.
_LOGGED = ("preparing", "prepared", "resumed", "epoch_finished")


class RunRecorder:
    """Turns the engine's events into rows."""

    def __init__(self, run: TrainingRun) -> None:
        self._run = run
        self._done = RunEpoch.objects.filter(run=run).count()
        self._ending = "Finished."
        attempt = f", attempt {run.attempts}" if run.attempts > 1 else ""
        self._log("started", f"A worker has taken the run{attempt}.")

    def tell(self, event: TrainingEvent) -> None:
        if event.epoch:
            self._done = event.epoch if event.kind in ("epoch_finished", "checkpointed") else event.epoch - 1
        note = event.message
        if event.kind == "finished":
            self._ending = event.message
        if event.kind == "step":
            note = f"epoch {event.epoch} of {event.epochs}, step {event.step} of {event.steps}"
        with transaction.atomic():
            jobs.report_progress(self._run, done=self._done, total=event.epochs or self._epochs, note=note)
            if event.kind == "epoch_finished":
                self._epoch(event)
            if event.kind in _LOGGED:
                self._log(event.kind, event.message)

    @property
    def _epochs(self) -> int:
        return int(self._run.configuration["epochs"])

    def _epoch(self, event: TrainingEvent) -> None:
        RunEpoch.objects.update_or_create(
            run=self._run,
            epoch=event.epoch,
            defaults={"metrics": _finite(event.metrics), "seconds": event.seconds or 0.0},
        )

    def finish(self, result: TrainingResult) -> None:
        name = str(result.model_path.resolve().relative_to(storage.storage_root().resolve()))
        with transaction.atomic():
            TrainingRun.objects.filter(pk=self._run.pk, lease_token=self._run.lease_token).update(
                model_name=name,
                model_sha256=result.model_sha256,
                parameter_count=result.parameter_count,
                threshold_rule=result.threshold.rule,
                threshold=result.threshold.value,
                threshold_fixed_at=timezone.now(),
                validation_metrics=_finite(result.validation_metrics),
                environment=result.environment
                | {"weights_origin": result.weights_origin, "weights_sha256": result.weights_sha256},
                progress_done=self._epochs,
                progress_note="",
            )
            for row in result.history:
                self._keep(row)
            self._log("succeeded", self._ending)
            jobs.succeed(self._run)

    def _keep(self, row: dict[str, float | None]) -> None:
        """Epochs that an earlier attempt finished but could not report."""
        metrics = {key: value for key, value in row.items() if key not in ("epoch", "seconds")}
        RunEpoch.objects.get_or_create(
            run=self._run,
            epoch=int(row["epoch"] or 0),
            defaults={"metrics": _finite(metrics), "seconds": row["seconds"] or 0.0},
        )

    def cancelled(self) -> None:
        with transaction.atomic():
            self._log("cancelled", "Cancelled. The last checkpoint stays; a retry goes on from it.")
            jobs.end_cancelled(self._run)

    def _log(self, kind: str, message: str) -> None:
        RunEvent.objects.create(run=self._run, kind=kind, message=message)


def fail_run(run: TrainingRun, failure: Failure) -> None:
    with transaction.atomic():
        RunEvent.objects.create(run=run, kind="failed", message=failure.reason)
        jobs.fail(run, reason=failure.reason, advice=failure.advice)


def _finite(metrics: dict[str, float | None]) -> dict[str, float | None]:
    """JSON knows no NaN; what is not a number is absent."""
    return {key: value if value is not None and math.isfinite(value) else None for key, value in metrics.items()}


def record_scores(
    scoring: Scoring, case_numbers: Sequence[str], logits: Sequence[float], probabilities: Sequence[float]
) -> None:
    """All scores of a part in one transaction with the end of the job, or none."""
    numbers = DatasetCase.objects.filter(version=scoring.run.dataset_version_id, part=scoring.part)
    cases = dict(numbers.values_list("number", "pk"))
    with transaction.atomic():
        Score.objects.bulk_create(
            Score(scoring=scoring, case_id=cases[int(number)], logit=logit, probability=probability)
            for number, logit, probability in zip(case_numbers, logits, probabilities, strict=True)
        )
        Scoring.objects.filter(pk=scoring.pk, lease_token=scoring.lease_token).update(runtime="keras")
        jobs.succeed(scoring)


def record_map(saliency_map: SaliencyMap, maps: SaliencyMaps) -> None:
    if not np.isfinite(maps.maps).all():
        raise Conflict("The map is not finite; the model cannot be explained on this image.")
    buffer = io.BytesIO()
    np.save(buffer, maps.maps[0].astype(np.float32), allow_pickle=False)
    name, _ = storage.store("maps", buffer.getvalue(), ".npy")
    with transaction.atomic():
        SaliencyMap.objects.filter(pk=saliency_map.pk, lease_token=saliency_map.lease_token).update(
            name=name, raw_maximum=float(maps.raw_maximum[0]), logit=float(maps.logit[0]), parameters=maps.parameters
        )
        jobs.succeed(saliency_map)


def record_quality(quality: MapQuality, judgement: Judgement) -> None:
    with transaction.atomic():
        MapQuality.objects.filter(pk=quality.pk, lease_token=quality.lease_token).update(
            cases=judgement.cases, findings=[finding.to_dict() for finding in judgement.findings]
        )
        jobs.succeed(quality)
