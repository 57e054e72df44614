"""Brings back an uploaded file as it came, where originals are kept."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from annotations.imaging.models import IntakeFile
from annotations.imaging.originals import read_original
from common import audit
from common.errors import DomainError
from common.storage import write_chunks_atomically


class Command(BaseCommand):
    help = "Writes the original of an uploaded file, header and all, to OUT. It names its patient, and is on record."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("study", help="the study's slug")
        parser.add_argument("file", type=int, metavar="NUMBER", help="of the file, as its report names it")
        parser.add_argument("out", type=Path, metavar="OUT")

    def handle(self, *, study: str, file: int, out: Path, **options: object) -> None:
        row = IntakeFile.objects.filter(batch__study__slug=study, pk=file).first()
        if row is None:
            raise CommandError(f"The study “{study}” has no file {file}.")
        try:
            audit.record(actor=None, action="original_exported", subject=f"intake_file:{row.pk}", study_slug=study)
            write_chunks_atomically(out, read_original(row))
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{out}")
