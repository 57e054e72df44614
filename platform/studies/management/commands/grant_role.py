"""Grants a role in a study from the command line, for when no administrator can sign in."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Person
from studies.models import Role, Study
from studies.services import grant_role


class Command(BaseCommand):
    help = "Grants a person a role in a study."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("study", help="the study's slug")
        parser.add_argument("email")
        parser.add_argument("role", choices=Role.values)

    def handle(self, *, study: str, email: str, role: str, **options: object) -> None:
        chosen = Study.objects.filter(slug=study).first()
        if chosen is None:
            raise CommandError(f"There is no study “{study}”.")
        person = Person.objects.filter(email__iexact=email, is_active=True).first()
        if person is None:
            raise CommandError(f"Nobody with the e-mail address {email} has an account: run create_person.")
        grant_role(study=chosen, person=person, role=role, actor=None)
        self.stdout.write(f"{person.email} is {role} in “{chosen.slug}”.")
