"""Checks a downloaded manifest: whether its rows, open and withheld, give the hash that it states."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotations.datasets.manifest import check_manifest
from common.errors import DomainError


class Command(BaseCommand):
    help = "Checks a downloaded manifest (JSON) of a dataset version against the SHA-256 that it states."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", dest="as_json", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        manifest = _read(options["file"])
        try:
            found = check_manifest(manifest)
        except DomainError as error:
            details = "".join(f"\n  {detail.get('message', '')}" for detail in error.details)
            raise CommandError(f"{error.message}{details}") from error
        if options["as_json"]:
            self.stdout.write(json.dumps({"sha256": manifest["sha256"], **found}))
            return
        self.stdout.write(
            f"The manifest is whole: {found['open']} open rows and the hashes of {found['withheld']} withheld ones "
            f"give {manifest['sha256']}."
        )


def _read(path: Path) -> dict[str, Any]:
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"This file cannot be read as JSON: {error}") from error
    if not isinstance(manifest, dict):
        raise CommandError("This is not a manifest of a dataset version.")
    return manifest
