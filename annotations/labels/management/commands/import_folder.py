"""Imports pictures that lie in two folders, one a class."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import Person
from annotations.labels.folder_import import SuppliedFile, find_class_folders, import_folder
from common.errors import DomainError
from studies.models import Role, Study
from studies.services import create_study, grant_role


class Command(BaseCommand):
    help = (
        "Imports JPEG and PNG files from a folder with one subfolder per class. Their labels are marked as "
        "supplied, not confirmed. Run again, it goes on where it was stopped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("study", help="the study's slug")
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--loose", default="", metavar="NAME", help="the subfolder of loose implants")
        parser.add_argument("--well-fixed", default="", metavar="NAME", help="the subfolder of well-fixed implants")
        parser.add_argument(
            "--administrator", default="", metavar="EMAIL", help="creates the study, if there is none, for this person"
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(
        self, *, study: str, folder: Path, loose: str, well_fixed: str, administrator: str, as_json: bool,
        **options: object,
    ) -> None:  # fmt: skip
        def on_file(file: SuppliedFile, done: int, total: int) -> None:
            if not as_json:
                self.stdout.write(f"{done}/{total}  {file.outcome:<12}{file.label:<12}{_line(file)}")

        try:
            folders = find_class_folders(folder, loose=loose, well_fixed=well_fixed)
            supplied = import_folder(study=_study(study, administrator), folders=folders, actor=None, on_file=on_file)
        except DomainError as error:
            raise CommandError(error.message) from error
        counts = Counter((file.label, file.outcome) for file in supplied)
        if as_json:
            told = [{"label": label, "outcome": outcome, "files": n} for (label, outcome), n in sorted(counts.items())]
            files = [asdict(file) for file in supplied]
            self.stdout.write(json.dumps({"counts": told, "left_out": folders.left_out, "files": files}))
            return
        for (label, outcome), number in sorted(counts.items()):
            self.stdout.write(f"{label}: {number} {outcome}")
        if folders.left_out:
            self.stdout.write(f"Left out, because they are in neither class: {', '.join(folders.left_out)}")
        self.stdout.write("All labels are as supplied, not confirmed.")


def _line(file: SuppliedFile) -> str:
    notes = [
        file.reason,
        "dealt with before" if file.is_known else "",
        "the same image is there already" if file.is_duplicate else "",
    ]
    told = "; ".join(note for note in notes if note)
    return f"{file.name}: {told}" if told else file.name


def _study(slug: str, administrator: str) -> Study:
    found = Study.objects.filter(slug=slug).first()
    if found is not None:
        return found
    if not administrator:
        raise CommandError(f"There is no study “{slug}”. With --administrator EMAIL it is created.")
    person = Person.objects.filter(email__iexact=administrator, is_active=True).first()
    if person is None:
        raise CommandError(f"Nobody with the e-mail address {administrator} has an account: run create_person.")
    with transaction.atomic():
        created = create_study(slug=slug, title=slug.replace("-", " ").capitalize())
        grant_role(study=created, person=person, role=Role.ADMINISTRATOR, actor=None)
    return created
