"""Django's own, one at a time: two first starts at once would make the same tables."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate

from common.one_at_a_time import MIGRATING, one_at_a_time


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        def waiting() -> None:
            self.stdout.write("waiting: another command is migrating this database")

        with one_at_a_time(MIGRATING, on_wait=waiting, database=options["database"]):
            super().handle(*args, **options)
