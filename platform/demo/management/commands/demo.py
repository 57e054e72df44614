"""Loads the demo study, once."""

from __future__ import annotations

from argparse import ArgumentParser
from functools import partial

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console

from common.errors import DomainError
from common.one_at_a_time import LOADING_THE_DEMO, one_at_a_time
from demo.study.build import DEFAULT_SEED, SLUG, load_demo, people_file, refuse_in_production
from demo.study.progress import StepReporter

_WAITING = "    another command is loading the demo study into this database: waiting for it"


class Command(BaseCommand):
    help = "Loads the synthetic demo study; what is there already stays. Stopped anywhere, it goes on from there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="the seed of everything that is invented")

    def handle(self, *, seed: int, **options: object) -> None:
        console = Console(highlight=False)
        try:
            refuse_in_production()
            call_command("migrate", verbosity=0)
            with one_at_a_time(LOADING_THE_DEMO, on_wait=partial(console.print, _WAITING)):
                built = load_demo(StepReporter(console), seed=seed)
        except DomainError as error:
            raise CommandError(error.message) from error
        word = "is ready" if built else "was ready"
        console.print(
            f"    the demo study “{SLUG}” {word}; its people and passwords are in {people_file()}", soft_wrap=True
        )
