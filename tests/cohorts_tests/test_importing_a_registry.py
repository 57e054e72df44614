from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from annotations.cohorts.models import Diagnosis, FollowUp, Hip, OperativeNote, Patient, PatientLink, Procedure
from annotations.cohorts.registry_import import import_registry
from common.encryption import decrypt
from common.errors import Invalid
from common.models import AuditEvent
from studies.models import Study
from tests.factories import make_study
from tests.registries import REVISION_DAY, Registry

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(db: None) -> Study:
    return make_study()


@pytest.fixture
def registry(study: Study, tmp_path: Path) -> Registry:
    return Registry(study, tmp_path / "registry")


def _counts(summary: dict[str, dict[str, int]], key: str) -> dict[str, int]:
    return {name.removesuffix(".csv"): counts[key] for name, counts in summary.items()}


def test_it_imports_every_kind_of_row(registry: Registry, study: Study) -> None:
    patient = registry.revised_patient("1001")
    registry.follow_up(patient, date(2015, 1, 1))
    record = registry.load()
    assert record.refused_rows == []
    assert _counts(record.summary, "new") == {
        "sites": 1, "patients": 1, "procedures": 2, "diagnoses": 1, "followups": 1, "notes": 1
    }  # fmt: skip
    assert Patient.objects.get(study=study).site.code == "A"
    assert [h.side for h in Hip.objects.filter(patient__study=study)] == ["R"]
    assert Procedure.objects.filter(study=study, cpt="27134", performed_on=REVISION_DAY).count() == 1
    assert Diagnosis.objects.get(study=study).icd10cm == "T84.030A"
    assert FollowUp.objects.get(study=study).complication == "none"
    assert "grossly loose" in decrypt(OperativeNote.objects.get(study=study).text_encrypted)


def test_it_keeps_the_hospitals_number_only_encrypted_and_hashed(registry: Registry, study: Study) -> None:
    registry.revised_patient("MRN-4711")
    registry.load()
    patient, link = Patient.objects.get(study=study), PatientLink.objects.get(study=study)
    assert "4711" not in patient.pseudonym
    assert b"4711" not in bytes(link.identifier_encrypted)
    assert decrypt(link.identifier_encrypted) == "MRN-4711"
    assert "4711" not in link.identifier_hash
    assert not Procedure.objects.filter(registry_key__contains="procedure-1").exists()
    assert b"loose" not in bytes(OperativeNote.objects.get(study=study).text_encrypted)


def test_it_changes_nothing_when_the_same_files_come_again(registry: Registry, study: Study) -> None:
    registry.revised_patient("1001")
    registry.well_fixed_patient("2001")
    first = registry.load()
    again = registry.load()
    assert set(_counts(again.summary, "new").values()) == {0}
    assert set(_counts(again.summary, "changed").values()) == {0}
    assert _counts(again.summary, "unchanged") == _counts(first.summary, "new")
    assert Patient.pgh_event_model.objects.count() == 0  # type: ignore[attr-defined]


def test_it_applies_a_corrected_file_and_keeps_what_was_there_before(registry: Registry, study: Study) -> None:
    patient = registry.patient("1001", birth_year=1950)
    registry.procedure(patient, cup="unknown")
    revision = registry.procedure(patient, "27134", REVISION_DAY)
    registry.diagnosis(patient, "T84.030A")
    registry.note(revision, "The first text.")
    registry.load()
    corrected = Registry(study, registry.folder)
    corrected.patient("1001", birth_year=1951)
    corrected.procedure("1001", cup="cementless")
    corrected.procedure("1001", "27134", REVISION_DAY)
    corrected.diagnosis("1001", "T84.031A")
    corrected.note("procedure-2", "The second text.", date(2020, 6, 2))
    record = corrected.load()
    assert _counts(record.summary, "changed") == {
        "sites": 0, "patients": 1, "procedures": 1, "diagnoses": 1, "notes": 1
    }  # fmt: skip
    assert Patient.objects.get(study=study).birth_year == 1951
    assert Diagnosis.objects.get(study=study).icd10cm == "T84.031A"
    note = OperativeNote.objects.get(study=study)
    assert decrypt(note.text_encrypted) == "The second text."
    assert note.written_on == date(2020, 6, 2)
    before = {
        "birth_year": Patient.pgh_event_model.objects.get().birth_year,  # type: ignore[attr-defined]
        "cup": Procedure.pgh_event_model.objects.get().cup_fixation,  # type: ignore[attr-defined]
        "code": Diagnosis.pgh_event_model.objects.get().icd10cm,  # type: ignore[attr-defined]
        "note": decrypt(OperativeNote.pgh_event_model.objects.get().text_encrypted),  # type: ignore[attr-defined]
    }
    assert before == {"birth_year": 1950, "cup": "unknown", "code": "T84.030A", "note": "The first text."}


def test_it_applies_a_corrected_date_of_a_note_whose_text_is_the_same(registry: Registry, study: Study) -> None:
    registry.revised_patient("1001")
    registry.load()
    kind, procedure, _, text = registry.rows["notes"][0]
    registry.rows["notes"] = [(kind, procedure, "2020-07-01", text)]
    assert registry.load().summary["notes.csv"]["changed"] == 1
    assert OperativeNote.objects.get(study=study).written_on == date(2020, 7, 1)


def test_it_tries_without_changing_anything(registry: Registry, study: Study) -> None:
    registry.revised_patient("1001")
    record = registry.load(dry_run=True)
    assert record.dry_run
    assert _counts(record.summary, "new")["patients"] == 1
    assert not Patient.objects.filter(study=study).exists()
    assert not AuditEvent.objects.filter(action="registry_imported", study_slug=study.slug).exists()


def test_it_puts_each_import_on_record_without_names(registry: Registry, study: Study) -> None:
    registry.revised_patient("MRN-4711")
    registry.load()
    event = AuditEvent.objects.get(action="registry_imported", study_slug=study.slug)
    assert event.payload["refused"] == 0
    assert "4711" not in str(event.payload)


def test_it_refuses_rows_that_refer_to_nothing_and_takes_the_others(registry: Registry) -> None:
    registry.revised_patient("1001")
    registry._add("patients", "1002", "NOWHERE", 1950, "F")
    registry.procedure("9999")
    registry.diagnosis("9999")
    registry.follow_up("9999", date(2015, 1, 1))
    registry.note("no-such-procedure", "text")
    record = registry.load()
    refused = {(row["file"], row["line"], row["column"]): row["reason"] for row in record.refused_rows}
    assert refused == {
        ("patients.csv", 3, "site"): "is no site of this study; import the sites first",
        ("procedures.csv", 4, "patient_id"): "names a patient who is not in the registry",
        ("diagnoses.csv", 3, "patient_id"): "names a patient who is not in the registry",
        ("followups.csv", 2, "patient_id"): "names a patient who is not in the registry",
        ("notes.csv", 3, "procedure_id"): "names a procedure that is not in the registry",
    }
    assert _counts(record.summary, "new")["patients"] == 1
    assert "9999" not in str(record.refused_rows)


def test_it_refuses_a_second_note_of_one_procedure(registry: Registry, study: Study) -> None:
    registry.revised_patient("1001")
    registry._add("notes", "another-note", "procedure-2", "2020-06-01", "Another text.")
    record = registry.load()
    assert [(row["line"], row["reason"]) for row in record.refused_rows] == [
        (3, "names a procedure that has a note already")
    ]
    assert OperativeNote.objects.filter(study=study).count() == 1
    later = Registry(study, registry.folder / "later")
    later._add("notes", "a-third-note", "procedure-2", "2020-06-01", "A third text.")
    assert later.load().refused_rows[0]["reason"] == "names a procedure that has a note already"


def test_it_refuses_a_patient_who_has_moved_to_another_site(registry: Registry, study: Study) -> None:
    registry.patient("1001", site="A")
    registry.load()
    other = Registry(study, registry.folder / "other")
    other.patient("1001", site="B")
    (refused,) = other.load().refused_rows
    assert refused["reason"] == "this patient is already in the registry at another site"
    assert Patient.objects.get(study=study).site.code == "A"


def test_it_gives_the_same_identifier_another_pseudonym_in_another_study(tmp_path: Path) -> None:
    studies = [make_study(), make_study()]
    for study in studies:
        registry = Registry(study, tmp_path / study.slug)
        registry.patient("1001")
        registry.load()
    assert len(set(Patient.objects.filter(study__in=studies).values_list("pseudonym", flat=True))) == 2


def test_it_does_not_care_in_which_order_files_are_named(registry: Registry, study: Study) -> None:
    registry.revised_patient("1001")
    paths = registry.write()
    record = import_registry(study=study, paths=paths[::-1], actor=None)
    assert record.refused_rows == []


def test_it_needs_a_file(study: Study) -> None:
    with pytest.raises(Invalid):
        import_registry(study=study, paths=[], actor=None)
