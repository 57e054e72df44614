"""Imports registry files into a study."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotations.cohorts.import_models import RegistryImport
from annotations.cohorts.registry.kinds import KINDS
from annotations.cohorts.registry.progress import ImportProgress
from annotations.cohorts.registry.selectors import refused_rows
from annotations.cohorts.registry.text_encoding import ENCODINGS
from annotations.cohorts.registry_import import import_registry
from common.errors import DomainError
from studies.models import Study

_LISTED = 50
_BAR = 30


class Command(BaseCommand):
    help = (
        "Imports registry files (CSV, Parquet, FHIR NDJSON) into a study, all together or none; "
        "each refused row is listed with its reason."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("study", help="the study's slug")
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would change, change nothing")
        parser.add_argument("--json", action="store_true", dest="as_json", help="everything, for programs")
        parser.add_argument(
            "--mapping", action="append", default=[], metavar="KIND:OURS=THEIRS[,OURS=THEIRS…]",
            help="how a file's columns are called there, such as procedures:side=Laterality; remembered",
        )  # fmt: skip
        parser.add_argument("--encoding", default="", choices=["", *ENCODINGS], help="where it is not found out")

    def handle(
        self, *, study: str, files: list[Path], dry_run: bool, as_json: bool, mapping: list[str], encoding: str,
        **options: Any,
    ) -> None:  # fmt: skip
        chosen = Study.objects.filter(slug=study).first()
        if chosen is None:
            raise CommandError(f"There is no study “{study}”.")
        mappings = _mappings(mapping)
        bar = _Bar(shown=sys.stderr.isatty() and not as_json)
        try:
            record = import_registry(
                study=chosen, paths=files, actor=None, dry_run=dry_run, mappings=mappings, encoding=encoding,
                tell=bar.show,
            )  # fmt: skip
        except DomainError as error:
            bar.clear()
            hints = [f"\n  {detail['field']}: {detail['message']}" for detail in error.details[1:]]
            raise CommandError(error.message + "".join(hints)) from error
        bar.clear()
        if as_json:
            self.stdout.write(json.dumps(_report(record)))
        else:
            self._tell(record)

    def _tell(self, record: RegistryImport) -> None:
        for name, counts in record.summary.items():
            self.stdout.write(f"{name}: " + ", ".join(f"{counts[key]:,} {key}" for key in counts))
        for file in record.files.order_by("number"):
            for kind, changes in file.changes.items():
                columns = ", ".join(f"{column} in {rows:,}" for column, rows in changes["columns"].items())
                self.stdout.write(f"{file.name}, {kind}: changed rows: {columns}")
            for warning in file.warnings:
                where = f"{file.name}, line {warning['line']}, {warning['column']}"
                self.stdout.write(f"{where}: {warning['value']} {warning['reason']} ({warning['rows']:,} rows)")
            if file.ignored:
                self.stdout.write(f"{file.name}: passed over: {', '.join(file.ignored)}")
        refused = refused_rows(record)
        for row in refused[:_LISTED]:
            self.stdout.write(f"{row.file.name}, line {row.line}, {row.column or 'row'}: {row.reason}")
        if (more := refused.count() - _LISTED) > 0:
            self.stdout.write(f"and {more:,} more refused rows; --json lists them all")
        if record.dry_run:
            self.stdout.write("Dry run: nothing was changed.")


def _mappings(arguments: list[str]) -> dict[str, dict[str, str]]:
    """`procedures:side=Laterality,cpt=Code`, as often as wanted."""
    mappings: dict[str, dict[str, str]] = {}
    for argument in arguments:
        kind, _, pairs = argument.partition(":")
        if kind not in KINDS or not pairs:
            raise CommandError(f"“{argument}” is no mapping: write {next(iter(KINDS))}:OURS=THEIRS.")
        for pair in pairs.split(","):
            ours, equals, theirs = pair.partition("=")
            if not equals:
                raise CommandError(f"“{pair}” is no mapping: write OURS=THEIRS.")
            mappings.setdefault(kind, {})[ours.strip()] = theirs.strip()
    return mappings


def _report(record: RegistryImport) -> dict[str, Any]:
    files = record.files.order_by("number")
    return {
        "import": record.pk,
        "dry_run": record.dry_run,
        "files": record.summary,
        "changes": {file.name: file.changes for file in files if file.changes},
        "warnings": {file.name: file.warnings for file in files if file.warnings},
        "ignored": {file.name: file.ignored for file in files if file.ignored},
        "refused_rows": record.refused_rows,
    }


class _Bar:
    """One line on the terminal, written over."""

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown

    def show(self, progress: ImportProgress) -> None:
        if self._shown:
            done = int(_BAR * progress.share)
            bar = "█" * done + "░" * (_BAR - done)
            sys.stderr.write(f"\r{bar} {progress.share:4.0%}  {progress.note} {progress.rows:,}\x1b[K")
            sys.stderr.flush()

    def clear(self) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")
