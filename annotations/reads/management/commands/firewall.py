from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotations.reads.firewall_table import people_at_the_wall, table_rights
from studies.models import Study


class Command(BaseCommand):
    help = "Prints what readers' requests may do in the database, and who of a study is kept from what."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("study", nargs="?", help="slug of a study, for its people too")
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        tables = table_rights()
        people = people_at_the_wall(self._study(options["study"])) if options["study"] else []
        if options["json"]:
            body = {"tables": [asdict(row) for row in tables], "people": [asdict(row) for row in people]}
            self.stdout.write(json.dumps(body, indent=1))
            return
        width = max(len(row.table) for row in tables)
        self.stdout.write("Readers' requests in the database")
        for row in tables:
            self.stdout.write(f"  {row.table:{width}}  {row.rights or '-'}")
        for person in people:
            state = "reads blinded; no other role can be given" if person.reads_blinded else "does not read now"
            known = f"; recused from {person.recused_cases} cases" if person.recused_cases else ""
            self.stdout.write(f"  {person.name}: {', '.join(person.roles)}; {state}{known}")

    def _study(self, slug: str) -> Study:
        study = Study.objects.filter(slug=slug).first()
        if study is None:
            raise CommandError(f"There is no study “{slug}”.")
        return study
