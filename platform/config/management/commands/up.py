"""Opens the house: servers, migrations, demo study, web server and workers, until Ctrl-C."""

from __future__ import annotations

import sys
from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand

from config.supervisor.house import open_house


class Command(BaseCommand):
    help = "Runs everything on this machine, bound to 127.0.0.1, until Ctrl-C."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--without-demo", action="store_true", help="do not load the demo study")
        parser.add_argument("--no-browser", action="store_true", help="do not open the page")

    def handle(self, *, without_demo: bool, no_browser: bool, **options: object) -> None:
        with_demo = settings.LUCENCY_DEMO_ALLOWED and not without_demo
        sys.exit(open_house(with_demo=with_demo, open_page=not no_browser))
