"""Creates a study with its first administrator, who grants every further role on the page."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.core.validators import slug_re
from django.db import transaction

from accounts.models import Person
from common.errors import DomainError
from studies.models import Role
from studies.services import create_study, grant_role


class Command(BaseCommand):
    help = "Creates a study and makes an existing person its administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the study's name in addresses: letters, digits, hyphens")
        parser.add_argument("title")
        parser.add_argument("--administrator", required=True, metavar="EMAIL", help="of a person with an account")
        parser.add_argument("--description", default="")

    def handle(self, *, slug: str, title: str, administrator: str, description: str, **options: object) -> None:
        person = Person.objects.filter(email__iexact=administrator, is_active=True).first()
        if person is None:
            raise CommandError(f"Nobody with the e-mail address {administrator} has an account: run create_person.")
        if not slug_re.match(slug):
            raise CommandError(f"“{slug}” is no slug: letters, digits, hyphens and underscores only.")
        try:
            with transaction.atomic():
                study = create_study(slug=slug, title=title, description=description)
                grant_role(study=study, person=person, role=Role.ADMINISTRATOR, actor=None)
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"Study “{study.slug}” is there; {person.email} is its administrator.")
