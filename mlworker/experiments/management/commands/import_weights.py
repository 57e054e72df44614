"""Brings pretrained weights to a machine without internet."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from mlworker.engine.weights_import import WeightsRefused, import_weights


class Command(BaseCommand):
    help = "Checks files of ImageNet weights against the hashes that Keras publishes and puts them into Keras' cache."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")

    def handle(self, *, files: list[Path], **options: object) -> None:
        refused = 0
        for file in files:
            try:
                imported = import_weights(file)
            except WeightsRefused as error:
                refused += 1
                self.stderr.write(f"refused: {error}")
                continue
            except OSError as error:
                raise CommandError(f"{file.name} could not be copied: {error.strerror}.") from error
            done = "was there already" if imported.already_there else "imported"
            self.stdout.write(f"{file.name}: the ImageNet weights of {imported.entry.title}; {done}.")
        if refused:
            raise CommandError(f"{refused} of {len(files)} files were refused.")
