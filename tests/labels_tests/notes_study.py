"""A study whose cohort has operative notes to read."""

from __future__ import annotations

from pathlib import Path

from annotations.cohorts.models import Cohort, OperativeNote
from common.encryption import encrypt
from studies.models import Study
from tests.factories import make_cohort, make_study
from tests.registries import Registry


def make_notes_study(folder: Path, patients: int = 1) -> Study:
    study = make_study()
    registry = Registry(study, folder)
    for number in range(patients):
        registry.revised_patient(str(1000 + number))
    registry.load()
    make_cohort(study)
    return study


def cohort_of(study: Study) -> Cohort:
    return Cohort.objects.get(study=study, is_current=True)


def notes_of(study: Study) -> list[OperativeNote]:
    return list(OperativeNote.objects.filter(study=study).select_related("procedure__hip", "study").order_by("pk"))


def write_note(note: OperativeNote, text: str) -> OperativeNote:
    """Give the note another text, as a corrected import does."""
    note.text_encrypted = encrypt(text)
    note.text_hash = str(hash(text))
    note.save(update_fields=["text_encrypted", "text_hash"])
    return note
