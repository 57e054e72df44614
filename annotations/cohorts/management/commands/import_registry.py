"""Imports registry files into a study."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from annotations.cohorts.registry_import import import_registry
from common.errors import DomainError
from studies.models import Study


class Command(BaseCommand):
    help = "Imports registry files (CSV) into a study; each refused row is listed with its reason."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("study", help="the study's slug")
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would change, change nothing")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, study: str, files: list[Path], dry_run: bool, as_json: bool, **options: object) -> None:
        chosen = Study.objects.filter(slug=study).first()
        if chosen is None:
            raise CommandError(f"There is no study “{study}”.")
        try:
            record = import_registry(study=chosen, paths=files, actor=None, dry_run=dry_run)
        except DomainError as error:
            raise CommandError(error.message) from error
        if as_json:
            self.stdout.write(
                json.dumps({"dry_run": dry_run, "files": record.summary, "refused_rows": record.refused_rows})
            )
            return
        for name, counts in record.summary.items():
            self.stdout.write(f"{name}: " + ", ".join(f"{value} {key}" for key, value in counts.items()))
        for row in record.refused_rows:
            self.stdout.write(f"{row['file']}, line {row['line']}, {row['column'] or 'row'}: {row['reason']}")
        if dry_run:
            self.stdout.write("Dry run: nothing was changed.")
