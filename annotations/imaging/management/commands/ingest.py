"""Takes radiographs of this machine into a study."""

from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from annotations.imaging.ingest import IngestedFile, IngestReport, found_files, ingest
from common.errors import DomainError
from studies.models import Study

OUTCOMES = ("accepted", "quarantined", "refused", "unpacked", "waiting")


class Command(BaseCommand):
    help = "Takes files, folders and zip archives into a study. Run again, it goes on where it was stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("study", help="the study's slug")
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files, folders, zip archives")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object and no more")
        parser.add_argument("--again", action="store_true", help="deal again with files that were refused before")
        parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="files at a time")

    def handle(
        self, *, study: str, paths: list[Path], as_json: bool, again: bool, workers: int, **options: object
    ) -> None:
        chosen = Study.objects.filter(slug=study).first()
        if chosen is None:
            raise CommandError(f"There is no study “{study}”.")
        if workers < 1:
            raise CommandError("--workers takes a whole number from 1.")
        try:
            files = found_files(paths)
            with _bar(quiet=as_json) as progress:
                task = progress.add_task("files", total=len(files))

                def on_file(file: IngestedFile, done: int, total: int) -> None:
                    progress.update(task, completed=done, total=total)
                    if not as_json:
                        self.stdout.write(_line(file))

                report = ingest(study=chosen, files=files, actor=None, again=again, workers=workers, on_file=on_file)
        except DomainError as error:
            raise CommandError(error.message) from error
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be read: {error.strerror}. Run the command again.") from error
        self._tell(report, as_json)

    def _tell(self, report: IngestReport, as_json: bool) -> None:
        counts = {outcome: report.count(outcome) for outcome in OUTCOMES}
        if as_json:
            files = [asdict(file) for file in report.files]
            self.stdout.write(json.dumps({"batch": report.batch, "counts": counts, "files": files}))
        else:
            self.stdout.write(", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count) + ".")
        if counts["waiting"]:
            reasons = sorted({file.reason for file in report.files if file.outcome == "waiting"})
            raise CommandError(f"{counts['waiting']} files wait, nothing is lost: {' '.join(reasons)}", returncode=1)


def _line(file: IngestedFile) -> str:
    why = file.reason or ("not linked: " + file.link_problem if file.link_problem else "")
    if file.is_known:
        why = f"dealt with before. {why}".strip()
    elif file.is_duplicate:
        why = f"the same image is there already. {why}".strip()
    return f"{file.outcome:<12}{file.name}{': ' if why else ''}{why}"


def _bar(*, quiet: bool) -> Progress:
    """On the error stream, so that what is written can be kept apart from it."""
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=Console(stderr=True), disable=quiet or not sys.stderr.isatty(), transient=True,
    )  # fmt: skip
