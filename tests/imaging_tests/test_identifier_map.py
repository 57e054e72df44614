"""The map from files to patients: brought as CSV, encrypted, with a right of its own, and every look on record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from annotations.cohorts.models import Patient
from annotations.imaging.identifier_map import bring_map
from annotations.imaging.linking_queue import save_linking_rules
from annotations.imaging.models import IdentifierMapEntry, Radiograph
from annotations.imaging.receiving import Upload, receive_files
from annotations.imaging.services import process_intake_file
from common.errors import Invalid
from common.models import AuditEvent
from studies.models import Role, Study
from tests.factories import client_of, make_cohort, make_member, make_study, take_in_radiograph
from tests.radiograph_files import picture_file
from tests.registries import REVISION_DAY, Registry

pytestmark = pytest.mark.django_db
DAY = REVISION_DAY.isoformat()


@pytest.fixture
def study(db: None, tmp_path: Path) -> Study:
    study = make_study()
    registry = Registry(study, tmp_path / "registry")
    registry.revised_patient("1000")
    registry.load()
    make_cohort(study)
    return study


def _bring(study: Study, text: str) -> Any:
    client = client_of(make_member(study, Role.IDENTIFIER_KEEPER))
    body = {"file": SimpleUploadedFile("map.csv", text.encode())}
    return client.post(f"/api/v1/studies/{study.slug}/identifier-map", body, format="multipart")


def _take_in_picture(study: Study, name: str) -> Radiograph:
    batch = receive_files(study=study, uploads=[Upload(name, picture_file("PNG", 3))], actor=None)
    file = process_intake_file(batch.files.get().pk, worker_name="a test")
    assert file is not None
    assert file.radiograph is not None
    return file.radiograph


def test_it_links_pictures_by_their_names(study: Study) -> None:
    waiting = _take_in_picture(study, "export/IMG_0001.PNG")
    answer = _bring(study, f"file;patient_id;side;view;acquired_on\nimg_0001.png;1000;R;AP;{DAY}\n")
    assert answer.json() == {"new": 1, "changed": 0, "unchanged": 0, "refused": [], "linked": 1}
    waiting.refresh_from_db()
    assert (waiting.days_from_index_procedure, waiting.link_problem) == (0, "")


def test_it_links_files_by_an_accession_number(study: Study) -> None:
    day = REVISION_DAY.strftime("%Y%m%d")
    waiting = take_in_radiograph(study, PatientID="other number", AccessionNumber="ACC-7", AcquisitionDate=day)
    values = {"days_before_revision": 31, "days_after_primary_from": 275, "days_after_primary_to": 550}
    save_linking_rules(
        study=study, identifier_tag="accession_number", views=["AP"], links_unstated_view=False,
        actor=make_member(study, Role.COORDINATOR), **values,
    )  # fmt: skip
    waiting.refresh_from_db()
    assert waiting.link_problem == "The accession number of this file is in no identifier map."
    assert _bring(study, "identifier,patient_id\nACC-7,1000\n").json()["linked"] == 1


def test_it_links_what_comes_after_the_map(study: Study) -> None:
    _bring(study, f"file,patient_id,side,view,acquired_on\nlater.png,1000,R,AP,{DAY}\n")
    assert _take_in_picture(study, "later.png").days_from_index_procedure == 0


def test_it_names_line_and_column_of_what_it_refuses_and_takes_the_rest(study: Study) -> None:
    lines = [
        "identifier,file,patient_id,side,view,acquired_on", "SECRET-1,,1000,X,,", "SECRET-2,,1000,,,20.05.2020",
        ",,1000,,,", "SECRET-3,a.png,1000,,,", "SECRET-4,,,,,", "SECRET-5,,1000,,SIDEWAYS,", "SECRET-6,,1000,,,,more",
        "", "good,,1000,r,ap,2020-05-20",
    ]  # fmt: skip
    answer = _bring(study, "\n".join(lines))
    body = answer.json()
    assert [(row["line"], row["column"]) for row in body["refused"]] == [
        (2, "side"), (3, "acquired_on"), (4, "identifier"), (5, "identifier"), (6, "patient_id"), (7, "view"), (8, "")
    ]  # fmt: skip
    assert body["new"] == 1
    assert b"SECRET" not in answer.content


@pytest.mark.parametrize(
    "data",
    [b"", b"name,number\n1,2\n", b"\xff\xfe\x00", b"identifier,patient_id\n\"never closed,1\n", b"\x00,patient_id\n"],
)  # fmt: skip
def test_it_refuses_a_file_that_is_no_map(study: Study, data: bytes) -> None:
    with pytest.raises(Invalid):
        bring_map(study=study, data=data, actor=make_member(study, Role.IDENTIFIER_KEEPER))
    assert not IdentifierMapEntry.objects.exists()


def test_it_replaces_a_line_with_a_known_key(study: Study) -> None:
    _bring(study, "identifier,patient_id\nACC-7,1000\nACC-8,1000\n")
    again = _bring(study, "identifier,patient_id\nACC-7,1001\nACC-8,1000\nACC-9,1\nACC-9,2\n").json()
    assert (again["new"], again["changed"], again["unchanged"]) == (1, 1, 1)
    assert IdentifierMapEntry.objects.filter(study=study).count() == 3


def test_it_keeps_nothing_readable_in_the_database(study: Study) -> None:
    _bring(study, "identifier,patient_id\nACC-SECRET,HOSPITAL-SECRET\n")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(e)::text, convert_from(entry_encrypted, 'LATIN1') "
                       "FROM imaging_identifiermapentry e")  # fmt: skip
        assert "SECRET" not in str(cursor.fetchall())


def test_it_opens_to_its_keeper_alone_and_every_look_is_on_record(study: Study) -> None:
    _bring(study, "identifier,patient_id\nACC-7,1000\n")
    address = f"/api/v1/studies/{study.slug}/identifier-map"
    for role in Role.values:
        expected = {Role.IDENTIFIER_KEEPER: 200, Role.SURGEON: 404}.get(Role(role), 403)
        assert client_of(make_member(study, role)).get(address).status_code == expected, role
    keeper = make_member(study, Role.IDENTIFIER_KEEPER)
    body = client_of(keeper).get(address).json()
    assert (body["count"], body["results"][0]["patient_id"]) == (1, "1000")
    looks = AuditEvent.objects.filter(action="identifier_map_viewed", study_slug=study.slug)
    assert [event.actor_id for event in looks][-1] == keeper.pk
    assert looks.count() == 2


def test_it_reveals_an_identifier_with_a_reason_on_record(study: Study) -> None:
    pseudonym = Patient.objects.get(study=study).pseudonym
    address = f"/api/v1/studies/{study.slug}/identifier-map/reveal"
    coordinator = client_of(make_member(study, Role.COORDINATOR))
    asked = {"patient": pseudonym, "reason": "A missing image is to be asked for."}
    assert coordinator.post(address, asked, format="json").status_code == 403
    keeper = client_of(make_member(study, Role.IDENTIFIER_KEEPER))
    assert keeper.post(address, asked | {"reason": ""}, format="json").status_code == 400
    assert keeper.post(address, asked | {"patient": "P-NOBODY"}, format="json").status_code == 404
    assert not AuditEvent.objects.filter(action="identifier_revealed").exists()
    assert keeper.post(address, asked, format="json").json() == {"identifier": "1000"}
    event = AuditEvent.objects.get(action="identifier_revealed")
    assert event.payload == {"reason": "A missing image is to be asked for."}


def test_it_removes_the_map_and_keeps_what_it_has_linked(study: Study) -> None:
    waiting = _take_in_picture(study, "a.png")
    _bring(study, f"file,patient_id,side,view,acquired_on\na.png,1000,R,AP,{DAY}\n")
    keeper = client_of(make_member(study, Role.IDENTIFIER_KEEPER))
    assert keeper.delete(f"/api/v1/studies/{study.slug}/identifier-map").status_code == 204
    assert not IdentifierMapEntry.objects.exists()
    waiting.refresh_from_db()
    assert waiting.hip is not None
