"""Renders one radiograph as a PNG."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from common.errors import DomainError
from common.storage import write_atomically


class Command(BaseCommand):
    help = (
        "Renders a DICOM file (or JPEG, PNG) in its default window as a PNG of 8 bit grey, exactly as the manufacturer "
        "means it. Text that is burned into the picture stays in it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", type=Path, metavar="IN")
        parser.add_argument("out", type=Path, metavar="OUT.png")

    def handle(self, *, source: Path, out: Path, **options: object) -> None:
        from annotations.imaging.sandbox import end_child, render_file

        if not source.is_file():
            raise CommandError(f"There is no file {source}.")
        if out.suffix.lower() != ".png":
            raise CommandError("OUT must end in .png.")
        outcome = render_file(source)
        end_child()
        if outcome.outcome != "rendered":
            raise CommandError(outcome.reason)
        try:
            write_atomically(out, outcome.renditions["png"])
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{out}")
