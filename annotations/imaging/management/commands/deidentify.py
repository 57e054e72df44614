"""De-identifies radiographs outside a study."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from annotations.imaging.file_deidentification import CleanedFile, DeidentificationRun, deidentify_files
from annotations.imaging.ingest import found_files
from common.errors import DomainError
from common.storage import write_atomically
from studies.models import Study

REPORT = "deidentification.json"


class Command(BaseCommand):
    help = (
        "Builds clean files from DICOM, JPEG and PNG: a file, or all files under a folder. What is not proven clean "
        "is named and not written. Pseudonyms and UIDs are keyed by this installation, or with --study as in the study."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", type=Path, metavar="IN", help="a file or a folder")
        parser.add_argument("out", type=Path, metavar="OUT", help="a folder, or a file's name for one file")
        parser.add_argument("--study", default="", help="use this study's pseudonyms and UIDs")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object and no more")

    def handle(self, *, source: Path, out: Path, study: str, as_json: bool, **options: object) -> None:
        chosen = Study.objects.filter(slug=study).first() if study else None
        if study and chosen is None:
            raise CommandError(f"There is no study “{study}”.")

        def on_file(file: CleanedFile) -> None:
            if not as_json:
                self.stdout.write(f"{file.outcome:<12}{file.file}: {file.written or file.reason}")

        try:
            files = found_files([source])
            run = deidentify_files(files=files, out=out, study=chosen, on_file=on_file)
            self._write_report(run, out)
        except DomainError as error:
            raise CommandError(error.message) from error
        if as_json:
            self.stdout.write(json.dumps(run.as_json()))
        else:
            self.stdout.write(f"Pseudonyms and UIDs: {run.keyed}. Profile {run.as_json()['profile_version']}.")
        left_out = sum(1 for file in run.files if not file.written)
        if left_out:
            raise CommandError(f"{left_out} of {len(files)} files were not proven clean and not written.", returncode=1)

    def _write_report(self, run: DeidentificationRun, out: Path) -> None:
        """Beside the clean files, and without the names of the files as they came: these may name a patient."""
        if out.is_dir():
            text = json.dumps(run.as_json(with_names=False), indent=1, ensure_ascii=False)
            write_atomically(out / REPORT, text.encode())
