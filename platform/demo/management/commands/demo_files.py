"""Writes the demo's files into a folder, to try the platform with by hand: registry, dirty rows, radiographs, truth."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from demo.study.build import DEFAULT_SEED
from demo.study.sample_files import write_sample_files


class Command(BaseCommand):
    help = "Writes the demo's registry, dirty rows, some radiographs and their truth into a folder; changes no study."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="the seed of everything that is invented")
        parser.add_argument("--radiographs", type=int, default=12, help="how many radiographs to calculate")

    def handle(self, *, folder: Path, seed: int, radiographs: int, **options: object) -> None:
        if folder.exists() and any(folder.iterdir()):
            raise CommandError(f"{folder} is not empty; name a new folder.")
        if not 0 <= radiographs <= 2000:
            raise CommandError(f"--radiographs is {radiographs}; expected a number from 0 to 2000.")
        for line in write_sample_files(folder, seed=seed, radiographs=radiographs):
            self.stdout.write(line)
