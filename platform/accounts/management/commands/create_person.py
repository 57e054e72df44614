"""Gives a person an account. Roles are granted study by study, with create_study and grant_role."""

from __future__ import annotations

import secrets
import sys
from argparse import ArgumentParser
from getpass import getpass

from django.core.management.base import BaseCommand, CommandError

from accounts.services import create_person
from common.errors import DomainError


class Command(BaseCommand):
    help = "Creates an account; asks for its password, or makes a random one and prints it once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")
        parser.add_argument("--random-password", action="store_true", help="make a password and print it once")

    def handle(self, *, email: str, name: str, random_password: bool, **options: object) -> None:
        password = secrets.token_urlsafe(15) if random_password else self._ask()
        try:
            person = create_person(email=email, name=name, password=password)
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{person.email} can sign in, and has no role yet.")
        if random_password:
            self.stdout.write(f"Password, shown this once: {password}")

    def _ask(self) -> str:
        """Typed twice where somebody types; one line where it is piped in, so that it is in no process list."""
        if not sys.stdin.isatty():
            return sys.stdin.readline().rstrip("\n")
        password = getpass("Password (at least 12 characters): ")
        if getpass("Again: ") != password:
            raise CommandError("The two passwords differ.")
        return password
