"""Starts training runs from the command line: the same checks, rows and workers as from the page."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from annotations.datasets.models import DatasetVersion
from common.errors import DomainError
from common.models import JobStatus
from mlworker.engine.configuration import PRESETS
from mlworker.experiments.models import TrainingRun
from mlworker.experiments.services import start_training
from studies.models import Study

POLL_SECONDS = 1.0
# Longer than a sweep: a worker that is there has looked by then.
WORKER_IS_SILENT_SECONDS = 45.0
ENDED = (JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELLED)


class Command(BaseCommand):
    help = "Queues training runs of one or several backbones on a frozen dataset version."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("study", help="the study's slug")
        parser.add_argument("--dataset", required=True, type=int, metavar="V", help="number of the dataset version")
        parser.add_argument("--backbone", required=True, action="append", help="such as densenet201; may be repeated")
        parser.add_argument("--preset", default="published", choices=sorted(PRESETS))
        parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="change one value")
        parser.add_argument("--name", default="", help="of the run; otherwise backbone and preset")
        parser.add_argument("--wait", action="store_true", help="stay until the runs have ended")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, **options: Any) -> None:
        version = _version(options["study"], options["dataset"])
        try:
            runs = start_training(
                version=version, backbones=options["backbone"], preset=options["preset"],
                overrides=_overrides(options["set"]), name=options["name"], actor=None,
            )  # fmt: skip
        except DomainError as error:
            raise CommandError(_in_words(error)) from error
        console = Console(stderr=True, highlight=False)
        if options["wait"]:
            _wait(runs, console)
        runs = list(TrainingRun.objects.filter(pk__in=[run.pk for run in runs]).order_by("pk"))
        self._say(runs, as_json=options["as_json"])
        unfinished = [run.pk for run in runs if options["wait"] and run.status != JobStatus.SUCCEEDED]
        if unfinished:
            raise CommandError(f"{len(unfinished)} of {len(runs)} runs did not succeed.")

    def _say(self, runs: Sequence[TrainingRun], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"runs": [_as_json(run) for run in runs]}, allow_nan=False))
            return
        for run in runs:
            words = f"run {run.pk}, {run.name}: {run.status}"
            if run.failure_reason:
                words += f". {run.failure_reason} {run.failure_advice}"
            self.stdout.write(words)


def _version(slug: str, number: int) -> DatasetVersion:
    study = Study.objects.filter(slug=slug).first()
    if study is None:
        raise CommandError(f"There is no study “{slug}”.")
    version = DatasetVersion.objects.filter(study=study, number=number).select_related("study").first()
    if version is None:
        known = ", ".join(str(n) for n in study.dataset_versions.order_by("number").values_list("number", flat=True))
        raise CommandError(f"“{slug}” has no dataset version {number}; there is {known or 'none yet'}.")
    return version


def _overrides(settings: Sequence[str]) -> dict[str, str]:
    overrides: dict[str, str] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or not name.strip():
            raise CommandError(f"--set {setting}: write it as key=value.")
        if name.strip() in overrides:
            raise CommandError(f"--set {name.strip()} is given twice.")
        overrides[name.strip()] = value.strip()
    return overrides


def _in_words(error: DomainError) -> str:
    details = [f"{detail.get('field', '')}: {detail['message']}" for detail in error.details]
    return "\n  ".join([error.message, *(detail for detail in details if error.message not in detail)])


def _as_json(run: TrainingRun) -> dict[str, Any]:
    return {
        "id": run.pk,
        "name": run.name,
        "backbone": run.backbone,
        "preset": run.preset,
        "dataset_version": run.dataset_version.number,
        "dataset_sha256": run.dataset_version.sha256,
        "status": run.status,
        "failure": {"reason": run.failure_reason, "advice": run.failure_advice} if run.failure_reason else None,
        "configuration": run.configuration,
        "configuration_sha256": run.configuration_sha256,
        "model_sha256": run.model_sha256,
        "parameter_count": run.parameter_count,
        "threshold": run.threshold,
        "threshold_rule": run.threshold_rule,
        "validation_metrics": run.validation_metrics,
        "environment": run.environment,
        "epochs": [{"epoch": e.epoch, "seconds": e.seconds, **e.metrics} for e in run.epochs.order_by("epoch")],
    }


def _wait(runs: Sequence[TrainingRun], console: Console) -> None:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[note]}"),
    )
    asked = time.monotonic()
    said = False
    with Progress(*columns, console=console) as progress:
        bars = {run.pk: progress.add_task(run.name, total=run.progress_total, note="queued") for run in runs}
        while True:
            rows = list(TrainingRun.objects.filter(pk__in=bars))
            for row in rows:
                progress.update(bars[row.pk], completed=row.progress_done, note=row.progress_note or row.status)
            if all(row.status in ENDED for row in rows):
                return
            waited = time.monotonic() - asked
            if not said and waited > WORKER_IS_SILENT_SECONDS and all(row.started_at is None for row in rows):
                said = True
                progress.console.print("No worker has taken a run yet. They stay queued; `make up` starts workers.")
            time.sleep(POLL_SECONDS)
