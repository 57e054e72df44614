from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from annotations.cohorts.identifiers import identifier_hash, pseudonym
from annotations.cohorts.import_models import RegistryImport
from annotations.cohorts.models import Diagnosis, FollowUp, Hip, OperativeNote, Patient, PatientLink, Procedure
from annotations.cohorts.registry.progress import ImportProgress
from annotations.cohorts.registry_import import import_registry
from annotations.cohorts.services import register_teaching_hip
from common.encryption import decrypt
from common.errors import Invalid
from common.models import AuditEvent
from studies.models import Site, Study
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


def _reasons(record: RegistryImport) -> list[tuple[str, int, str, str]]:
    return [(row["file"], row["line"], row["column"], row["reason"]) for row in record.refused_rows]


def test_it_refuses_a_key_that_comes_twice(registry: Registry, study: Study) -> None:
    registry.patient("1001")
    registry.site("B")
    registry.rows["patients"] += [(" 1001 ", "A", "1951", "F"), ("1001", "B", "1951", "F"), ("1002", "A", "1950", "F")]
    record = registry.load()
    assert _reasons(record) == [
        ("patients.csv", 3, "patient_id", "appears a second time in this file"),
        ("patients.csv", 4, "patient_id", "appears a second time in this file, at another site"),
    ]
    assert Patient.objects.get(study=study, link__identifier_hash=identifier_hash(study, "1001")).birth_year == 1950


def test_it_refuses_a_teaching_case_as_a_patient_of_the_registry(registry: Registry, study: Study) -> None:
    site = Site.objects.create(study=study, code="A")
    register_teaching_hip(study=study, identifier="9001", site=site, side="R", birth_year=1950, sex="F", actor=None)
    registry.patient("9001")
    assert _reasons(registry.load()) == [
        ("patients.csv", 2, "patient_id", "names a patient who is no part of the registry")
    ]


def test_it_refuses_what_happened_before_the_birth(registry: Registry) -> None:
    registry.patient("1001", birth_year=1990)
    registry.procedure("1001", day=date(1989, 12, 31))
    registry.procedure("1001", day=date(1990, 1, 1))
    registry.diagnosis("1001", day=date(1980, 1, 1))
    registry.follow_up("1001", date(1985, 1, 1))
    reason = "lies before the patient's year of birth"
    assert _reasons(registry.load()) == [
        ("procedures.csv", 2, "performed_on", reason),
        ("diagnoses.csv", 2, "recorded_on", reason),
        ("followups.csv", 2, "seen_on", reason),
    ]


def test_it_warns_of_a_note_from_before_its_operation(registry: Registry) -> None:
    registry.patient("1001")
    registry.note(registry.procedure("1001"), "Findings: well fixed.", date(2012, 2, 28))
    record = registry.load()
    assert record.refused_rows == []
    assert record.files.get(name="notes.csv").warnings == [
        {"kind": "notes", "column": "written_on", "value": "", "reason": "lies before the operation", "line": 2,
         "rows": 1}
    ]  # fmt: skip


def test_it_warns_of_a_complication_of_the_hip_that_was_not_operated_on(registry: Registry) -> None:
    registry.patient("1001")
    registry.procedure("1001", side="R")
    for code in ("T84.030A", "T84.031A", "Z96.642", "T84.033A", "M97.02XA"):
        registry.diagnosis("1001", code)
    record = registry.load(dry_run=True)
    assert record.refused_rows == []
    (warning,) = record.files.get(name="diagnoses.csv").warnings
    assert (warning["column"], warning["line"], warning["rows"]) == ("icd10cm", 3, 2)
    assert warning["reason"] == "names one hip, and only the other one was operated on"


def test_it_gives_a_longer_pseudonym_where_two_would_be_alike(registry: Registry, study: Study) -> None:
    alike = pseudonym(study, "1001")
    site = Site.objects.create(study=study, code="A")
    Patient.objects.create(study=study, site=site, pseudonym=alike, birth_year=1950, sex="F")
    registry.patient("1001")
    registry.load()
    patient = Patient.objects.get(link__identifier_hash=identifier_hash(study, "1001"))
    assert patient.pseudonym.startswith(alike)
    assert len(patient.pseudonym) == 20
    assert registry.load().summary["patients.csv"]["unchanged"] == 1


def test_it_moves_a_note_and_a_procedure_with_their_history(registry: Registry, study: Study) -> None:
    registry.patient("1001")
    registry.patient("1002")
    registry.procedure("1001")
    registry.load()
    registry.rows["procedures"] = []
    registry.procedure("1002", side="L")
    record = registry.load()
    assert record.files.get(name="procedures.csv").changes["procedures"]["columns"] == {"patient": 1, "side": 1}
    procedure = Procedure.objects.get(study=study)
    assert procedure.hip.patient.pseudonym == pseudonym(study, "1002")
    assert Procedure.pgh_event_model.objects.get().hip_id != procedure.hip_id  # type: ignore[attr-defined]


def test_it_tells_its_progress_to_the_end(registry: Registry, study: Study) -> None:
    registry.revised_patient("1001")
    told: list[ImportProgress] = []
    import_registry(study=study, paths=registry.write(), actor=None, tell=told.append)
    shares = [progress.share for progress in told]
    assert shares == sorted(shares)
    assert {progress.note for progress in told} >= {"patients", "procedures", "references"}


def test_it_is_a_command_that_tells_everything_to_programs(registry: Registry, study: Study) -> None:
    registry.revised_patient("1001")
    registry.rows["patients"].append(("MRN-4711", "A", "oops", "F"))
    arguments = [study.slug, *map(str, registry.write())]
    out = io.StringIO()
    call_command("import_registry", *arguments, "--dry-run", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert told["dry_run"]
    assert told["files"]["patients.csv"] == {"rows": 2, "refused": 1, "new": 1, "changed": 0, "unchanged": 0}
    assert not Patient.objects.filter(study=study).exists()
    out = io.StringIO()
    call_command("import_registry", *arguments, stdout=out)
    assert "patients.csv, line 3, birth_year: is not a year of birth" in out.getvalue()
    assert "4711" not in out.getvalue()
    assert Patient.objects.filter(study=study).count() == 1


def test_it_takes_other_names_of_columns_from_the_command_line_and_remembers_them(study: Study, tmp_path: Path) -> None:
    path = tmp_path / "hospitals.csv"
    path.write_text("Code;Haus\nA;First\n")
    with pytest.raises(CommandError, match="its header is none of the known ones"):
        call_command("import_registry", study.slug, str(path))
    call_command(
        "import_registry", study.slug, str(path), "--mapping", "sites:site=Code,name=Haus", stdout=io.StringIO()
    )
    assert study.sites.get().name == "First"
    path.write_text("Code;Name\nA;First\n")
    call_command("import_registry", study.slug, str(path), "--mapping", "sites:site=Code", stdout=io.StringIO())
    path.write_text("Code;Haus\nA;Second\n")
    call_command("import_registry", study.slug, str(path), stdout=io.StringIO())
    assert study.sites.get().name == "Second"
    for wrong in ("sites", "houses:site=Code", "sites:site", "sites:site=Code,name=Nothing"):
        with pytest.raises(CommandError):
            call_command("import_registry", study.slug, str(path), "--mapping", wrong, stdout=io.StringIO())


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
