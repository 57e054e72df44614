"""Files sent from the page wait, checked, for one decision about all of them."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from annotations.cohorts.import_models import RefusedRow, RegistryFile, RegistryImport
from annotations.cohorts.models import Hip, Patient, PatientLink, Procedure
from annotations.cohorts.registry.services import forget_what_is_over
from annotations.cohorts.registry.uploads import keep_upload, open_upload
from annotations.cohorts.tasks import forget_registry_uploads
from common import storage
from common.models import AuditEvent
from studies.models import Study
from tests.cohorts_tests.uploading import Page, stored
from tests.factories import make_study
from tests.messages import Messages
from tests.registries import Registry

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(db: None) -> Study:
    return make_study()


@pytest.fixture
def page(study: Study) -> Page:
    return Page(study)


@pytest.fixture
def registry(study: Study, tmp_path: Path) -> Registry:
    return Registry(study, tmp_path / "registry")


def _waiting_files() -> list[Path]:
    folder = storage.storage_root() / "waiting"
    return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []


def test_it_checks_first_and_changes_nothing(page: Page, registry: Registry, study: Study) -> None:
    registry.revised_patient("1001")
    body = page.send(*registry.write())
    assert (body["phase"], body["status"], body["can_apply"]) == ("checked", "succeeded", True)
    assert body["progress"]["done"] == body["progress"]["total"] > 0
    tables = {table["kind"]: table for file in body["files"] for table in file["tables"]}
    assert {kind: table["new"] for kind, table in tables.items()} == {
        "sites": 1, "patients": 1, "procedures": 2, "diagnoses": 1, "notes": 1
    }  # fmt: skip
    assert not Patient.objects.filter(study=study).exists()
    assert not Hip.objects.filter(patient__study=study).exists()
    assert not study.sites.exists()


def test_it_applies_as_a_whole_and_says_who_decided(page: Page, registry: Registry, study: Study) -> None:
    registry.revised_patient("1001")
    body = page.apply(page.send(*registry.write())["id"])
    assert (body["phase"], body["status"], body["decided_by"]) == ("applied", "succeeded", page.person.name)
    assert Procedure.objects.filter(study=study).count() == 2
    assert PatientLink.objects.filter(study=study).count() == 1
    event = AuditEvent.objects.get(action="registry_imported", study_slug=study.slug)
    assert event.actor_id == page.person.pk
    assert "1001" not in str(event.payload)


def test_it_wakes_a_worker_for_the_check_and_for_the_decision(
    page: Page, registry: Registry, messages: Messages,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:  # fmt: skip
    registry.patient("1001")
    with django_capture_on_commit_callbacks(execute=True):
        sent = page.send(*registry.write(), work=False)
    woken = ("cohorts.import_registry", {"import_id": sent["id"]})
    assert messages.in_queue("default") == [woken]
    messages.forget()
    page.work(sent["id"])
    with django_capture_on_commit_callbacks(execute=True):
        page.ask(sent["id"], "apply")
    assert messages.in_queue("default") == [woken]


def test_it_keeps_uploads_encrypted_and_only_until_the_decision(page: Page, registry: Registry) -> None:
    registry.revised_patient("MRN-4711")
    paths = registry.write()
    sent = page.send(*paths)
    waiting = _waiting_files()
    assert len(waiting) == len(paths)
    assert not any(b"4711" in path.read_bytes() or b"loose" in path.read_bytes() for path in waiting)
    kept = RegistryFile.objects.filter(registry_import=sent["id"]).order_by("number")
    assert [open_upload(file.waiting_name).read() for file in kept] == [path.read_bytes() for path in paths]
    page.apply(sent["id"])
    assert _waiting_files() == []


def test_it_forgets_everything_when_it_is_discarded(
    page: Page, registry: Registry, study: Study, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    registry.revised_patient("1001")
    sent = page.send(*registry.write())
    with django_capture_on_commit_callbacks(execute=True):
        answer = page.ask(sent["id"], "discard")
    assert answer.json()["phase"] == "discarded"
    assert _waiting_files() == []
    assert not Patient.objects.filter(study=study).exists()
    assert AuditEvent.objects.filter(action="registry_import_discarded", study_slug=study.slug).count() == 1
    assert page.ask(sent["id"], "apply").status_code == 409
    assert page.ask(sent["id"], "discard").json()["code"] == "already_decided"


def test_it_says_so_when_the_uploads_cannot_be_read_any_more(page: Page, registry: Registry, study: Study) -> None:
    registry.patient("1001")
    sent = page.send(*registry.write())
    for path in _waiting_files():
        path.write_bytes(path.read_bytes().replace(b"gAAA", b"gAAB"))
    page.ask(sent["id"], "apply")
    body = page.work(sent["id"])
    assert (body["phase"], body["status"]) == ("checked", "failed")
    assert "cannot be read with the configured key" in body["failure_reason"]
    assert not Patient.objects.filter(study=study).exists()
    assert page.ask(sent["id"], "discard").status_code == 200


def test_it_is_decided_once(page: Page, registry: Registry) -> None:
    registry.revised_patient("1001")
    sent = page.send(*registry.write())
    page.apply(sent["id"])
    assert page.ask(sent["id"], "apply").status_code == 409
    assert page.ask(sent["id"], "discard").status_code == 409
    assert page.ask(sent["id"], "check").status_code == 409


def test_it_cannot_be_applied_before_it_is_checked(page: Page, registry: Registry) -> None:
    registry.patient("1001")
    sent = page.send(*registry.write(), work=False)
    assert page.ask(sent["id"], "apply").json()["code"] == "not_checked"


def test_it_is_checked_again_when_another_one_was_applied_meanwhile(
    page: Page, registry: Registry, study: Study
) -> None:
    registry.patient("1001")
    sent = page.send(*registry.write())
    registry.load()
    answer = page.ask(sent["id"], "apply")
    assert (answer.status_code, answer.json()["code"]) == (409, "registry_changed")
    assert page.ask(sent["id"], "check").status_code == 200
    body = page.work(sent["id"])
    assert {table["unchanged"] for file in body["files"] for table in file["tables"]} == {1}
    assert page.apply(sent["id"])["phase"] == "applied"


def test_it_shows_what_would_change_without_naming_anybody(page: Page, registry: Registry, study: Study) -> None:
    patient = registry.patient("MRN-4711", birth_year=1950)
    registry.procedure(patient, cup="unknown")
    registry.note("procedure-1", "The first text.")
    registry.load()
    corrected = Registry(study, registry.folder / "corrected")
    corrected.patient("MRN-4711", birth_year=1951)
    corrected.procedure("MRN-4711", cup="cementless", side="L")
    corrected.note("procedure-1", "The second text.")
    answer = page.send(*corrected.write())
    changes = {change["kind"]: change for file in answer["files"] for change in file["changes"]}
    pseudonym = Patient.objects.get(study=study).pseudonym
    assert changes["patients"]["columns"] == [{"column": "birth_year", "rows": 1}]
    assert changes["patients"]["cells"] == [
        {"line": 2, "patient": pseudonym, "column": "birth_year", "old": "1950", "new": "1951"}
    ]
    cells = {cell["column"]: (cell["old"], cell["new"]) for cell in changes["procedures"]["cells"]}
    assert cells == {"cup_fixation": ("unknown", "cementless"), "side": ("R", "L")}
    assert changes["notes"]["cells"] == [{"line": 2, "patient": pseudonym, "column": "text", "old": "", "new": ""}]
    everything = page.client.get(f"{page.address}/{answer['id']}").content
    assert b"4711" not in everything
    assert b"second text" not in everything


def test_it_hands_refused_rows_out_to_be_corrected_and_takes_them_back(
    page: Page, registry: Registry, study: Study
) -> None:
    registry.patient("1001")
    registry.rows["patients"] += [
        ("1002", "A", "oops", "F"),
        ("=1+1", "A", "1950", "F"),
        ("1003", "NOWHERE", "1950", "M"),
    ]
    sent = page.send(*registry.write())
    number = next(file["number"] for file in sent["files"] if file["kind"] == "patients")
    assert sent["refused"] == 3
    listed = page.client.get(f"{page.address}/{sent['id']}/refused?limit=2").json()
    assert listed["count"] == 3
    assert [(row["line"], row["column"]) for row in listed["results"]] == [(3, "birth_year"), (4, "patient_id")]
    text = page.refused_csv(sent["id"], number).decode("utf-8-sig")
    assert text.splitlines() == [
        "patient_id,site,birth_year,sex,refused_file,refused_line,refused_column,refused_reason",
        "1002,A,oops,F,patients.csv,3,birth_year,is not a year of birth",
        "'=1+1,A,1950,F,patients.csv,4,patient_id,begins like a spreadsheet formula",
        "1003,NOWHERE,1950,M,patients.csv,5,site,is no site of this study; import the sites first",
    ]
    page.apply(sent["id"])
    corrected = text.replace("oops", "1952").replace("NOWHERE", "A")
    again = page.send(("corrected.csv", corrected.encode("utf-8-sig")))
    (table,) = again["files"][0]["tables"]
    assert (table["new"], table["refused"]) == (2, 1)
    assert again["files"][0]["ignored"] == []
    assert again["refused_rows"][0]["reason"] == "begins like a spreadsheet formula"
    page.apply(again["id"])
    assert Patient.objects.filter(study=study).count() == 3


def test_it_keeps_the_cells_of_refused_rows_encrypted_and_for_a_month(page: Page, registry: Registry) -> None:
    registry.patient("1001")
    registry.rows["patients"].append(("MRN-4711", "A", "oops", "F"))
    sent = page.send(*registry.write())
    page.apply(sent["id"])
    row = RefusedRow.objects.get(file__registry_import=sent["id"])
    assert row.cells_encrypted is not None
    assert b"4711" not in bytes(row.cells_encrypted)
    RegistryImport.objects.filter(pk=sent["id"]).update(finished_at=timezone.now() - timedelta(days=31))
    forget_registry_uploads()
    assert RefusedRow.objects.filter(pk=row.pk, cells_encrypted=None).exists()
    answer = page.client.get(f"{page.address}/{sent['id']}/files/{row.file.number}/refused.csv")
    assert (answer.status_code, answer.json()["code"]) == (404, "cells_forgotten")
    assert page.look(sent["id"])["refused"] == 1


def test_it_asks_for_columns_that_it_does_not_understand_and_remembers_them(
    page: Page, registry: Registry, study: Study
) -> None:
    registry.patient("1001")
    registry.load()
    text = "OP-Nr;PatNr;OP-Datum;Seite;CPT Code;Anmerkung\nP1;1001;2012-03-01;R;27130;Müller\n"
    sent = page.send(("ops.csv", text.encode("cp1252")))
    (file,) = sent["files"]
    assert (sent["phase"], sent["can_apply"], file["kind"]) == ("checked", False, "")
    assert "its header is none of the known ones" in file["problem"]
    assert file["header"] == ["OP-Nr", "PatNr", "OP-Datum", "Seite", "CPT Code", "Anmerkung"]
    assert file["sample"] == [["A9", "9999", "9999-99-99", "A", "99999", "AAAAAA"]]
    assert file["suggestion"] == {
        "kind": "procedures",
        "columns": {"procedure_id": "OP-Nr", "patient_id": "PatNr", "performed_on": "OP-Datum", "side": "Seite",
                    "cpt": "CPT Code"},
    }  # fmt: skip
    assert page.ask(sent["id"], "apply").json()["code"] == "file_problem"
    chosen = {"number": 1, **file["suggestion"]}
    assert page.ask(sent["id"], "check", {"files": [chosen]}).status_code == 200
    body = page.work(sent["id"])
    (file,) = body["files"]
    assert (file["kind"], file["problem"], file["tables"][0]["new"]) == ("procedures", "", 1)
    assert file["sample"] == [["A9", "9999", "2012-03-01", "R", "27130", "AAAAAA"]]
    assert file["ignored"] == [{"name": "Anmerkung", "rows": 0}]
    page.apply(sent["id"])
    assert Procedure.objects.get(study=study).cpt == "27130"
    later = page.send(("ops.csv", text.replace("P1", "P2").encode()))
    assert (later["can_apply"], later["files"][0]["kind"]) == (True, "procedures")


@pytest.mark.parametrize(
    ("kind", "columns", "words"),
    [
        ("operations", {}, "is not one of sites"),
        ("sites", {"site": "a"}, "needs a column"),
        ("sites", {"site": "a", "name": "c"}, "is not in the file's header"),
        ("sites", {"site": "a", "name": "a"}, "stands for two columns"),
        ("sites", {"site": "a", "name": "b", "colour": "b"}, "is no column of this kind"),
    ],
)
def test_it_refuses_columns_that_cannot_be_meant(page: Page, kind: str, columns: dict[str, str], words: str) -> None:
    sent = page.send(("x.csv", b"a,b\n1,2\n"))
    answer = page.ask(sent["id"], "check", {"files": [{"number": 1, "kind": kind, "columns": columns}]})
    assert answer.status_code == 400
    assert words in str(answer.json()["details"])


def test_it_names_the_file_that_cannot_be_read_and_checks_the_others(page: Page, registry: Registry) -> None:
    registry.patient("1001")
    sent = page.send(*registry.write(), ("scan.pdf", b"%PDF-1.7"))
    problems = {file["name"]: file["problem"] for file in sent["files"]}
    assert problems == {"sites.csv": "", "patients.csv": "", "scan.pdf": "is a PDF"}
    assert not sent["can_apply"]


def test_it_tells_two_files_of_one_name_apart_and_refuses_what_both_hold(page: Page) -> None:
    sites = b"site,name,country\nA,First,\n"
    sent = page.send(("sites.csv", sites), ("sites.csv", sites.replace(b"First", b"Second")))
    assert [file["name"] for file in sent["files"]] == ["sites.csv", "sites.csv (2)"]
    (refused,) = sent["refused_rows"]
    assert (refused["file"], refused["reason"]) == ("sites.csv (2)", "appears in another file of this import too")


def test_it_sweeps_what_nobody_has_decided_about(page: Page, registry: Registry) -> None:
    registry.patient("1001")
    sent = page.send(*registry.write())
    forget_what_is_over()
    assert _waiting_files() != []
    RegistryImport.objects.filter(pk=sent["id"]).update(kept_until=timezone.now() - timedelta(minutes=1))
    forget_what_is_over()
    assert _waiting_files() == []
    assert stored(sent["id"]).phase == "discarded"


def test_it_sweeps_uploads_of_requests_that_were_cut_off(page: Page, registry: Registry, study: Study) -> None:
    registry.patient("1001")
    page.send(*registry.write())
    known = _waiting_files()
    young, _ = keep_upload(f"registry-{study.pk}", [b"cut off"])
    old, _ = keep_upload(f"registry-{study.pk}", [b"cut off"])
    week_ago = (timezone.now() - timedelta(days=8)).timestamp()
    for path in (storage.resolve(old), *known):
        os.utime(path, (week_ago, week_ago))
    forget_registry_uploads()
    assert set(_waiting_files()) == {storage.resolve(young), *known}


def test_it_keeps_a_column_that_a_later_file_does_not_have(page: Page, registry: Registry, study: Study) -> None:
    registry.patient("1001")
    registry.procedure("1001", modifiers="RT")
    registry.load()
    text = b"procedure_id,patient_id,performed_on,side,cpt\nprocedure-1,1001,2012-03-01,R,27132\n"
    page.apply(page.send(("procedures.csv", text))["id"])
    procedure = Procedure.objects.get(study=study)
    assert (procedure.cpt, procedure.modifiers, procedure.cup_fixation) == ("27132", "RT", "cementless")


def test_it_gives_a_template_of_every_kind_that_imports_as_it_is(page: Page, study: Study) -> None:
    kinds = page.client.get(f"/api/v1/studies/{study.slug}/registry/kinds").json()
    files = []
    for kind in kinds:
        answer = page.client.get(f"/api/v1/studies/{study.slug}/registry/templates/{kind['name']}.csv")
        files.append((f"{kind['name']}.csv", answer.content))
    body = page.send(*files)
    assert [file["kind"] for file in body["files"]] == [kind["name"] for kind in kinds]
    assert body["refused_rows"] == []
    assert page.client.get(f"/api/v1/studies/{study.slug}/registry/templates/people.csv").status_code == 404
