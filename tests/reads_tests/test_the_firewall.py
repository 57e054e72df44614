"""What a reader must not know is kept from them by the database: by rows that it refuses, and by a role's rights."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from annotations.cohorts.models import OperativeNote, Procedure, SurgeonLink
from annotations.datasets.models import DatasetCase
from annotations.labels.models import Label, LabelValue, NoteAssessment, Rung
from annotations.reads.case_api import CaseImageView
from annotations.reads.firewall_table import table_rights
from annotations.reads.models import Read, ReadProtocol, ReadSession, Recusal
from annotations.reads.reader_role import RIGHTS, ReaderView, as_reader
from studies.models import Membership, Role
from tests.factories import make_member, make_session, make_study_to_read, plan_for
from tests.routes import all_routes

pytestmark = pytest.mark.django_db
CLOSED = (
    "labels_label", "labels_noteassessment", "cohorts_operativenote", "cohorts_patient", "cohorts_patientlink",
    "cohorts_procedure", "cohorts_hip", "datasets_datasetversion", "experiments_score", "experiments_trainingrun",
    "experiments_comparison", "experiments_saliencymap", "reads_unblinding", "imaging_intakefile",
)  # fmt: skip


def _as_reader(sql: str) -> object:
    with as_reader(), connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()


@pytest.mark.parametrize("table", CLOSED)
def test_it_gives_readers_requests_no_right_to_the_truth_and_the_scores(table: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        _as_reader(f"SELECT * FROM {table} LIMIT 1")


@pytest.mark.parametrize(
    "columns", ["label_value", "label_id", "hip_id"], ids=str
)  # the same row's number and picture are open
def test_it_opens_of_a_case_what_a_picture_needs_and_no_label(columns: str, session: ReadSession) -> None:
    assert _as_reader("SELECT id, radiograph_id FROM datasets_datasetcase LIMIT 1") is not None
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        _as_reader(f"SELECT {columns} FROM datasets_datasetcase LIMIT 1")


def test_it_tells_the_truth_of_practice_cases_alone(session: ReadSession) -> None:
    practice = set(Read.objects.filter(session=session, is_practice=True).values_list("case", flat=True))
    with as_reader(), connection.cursor() as cursor:
        cursor.execute("SELECT case_id FROM reads_practicetruth")
        assert {case for (case,) in cursor.fetchall()} == practice


def test_it_ends_the_role_with_the_request(session: ReadSession) -> None:
    with as_reader():
        pass
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, session_user")
        current, own = cursor.fetchone()
    assert current == own
    assert DatasetCase.objects.exists()


def test_it_puts_every_reading_route_under_the_role() -> None:
    routes = [route for route in all_routes() if route.pattern.startswith(("api/v1/reading/",))]
    assert CaseImageView in {route.api_view for route in routes}
    assert [route.name for route in routes if not issubclass(route.api_view or object, ReaderView)] == []


def test_it_has_the_rights_of_its_table_and_no_other() -> None:
    assert {row.table for row in table_rights() if row.rights} == set(RIGHTS)


@pytest.mark.parametrize("role", [r for r in Role.values if r != Role.SURGEON])
def test_it_refuses_a_role_beside_reading_in_the_database(session: ReadSession, role: str) -> None:
    with pytest.raises(IntegrityError, match="reads blinded"), transaction.atomic():
        Membership.objects.create(study=session.protocol.study, person=session.reader, role=role)


def test_it_refuses_reading_beside_a_role_in_the_database(session: ReadSession) -> None:
    both = make_member(session.protocol.study, Role.SURGEON, Role.RESEARCHER)
    with pytest.raises(IntegrityError, match="no other role"), transaction.atomic():
        ReadSession.objects.create(protocol=session.protocol, reader=both, number=1, seed=1)


def test_it_refuses_readers_as_abstractors_and_adjudicators_in_the_database(session: ReadSession) -> None:
    study = session.protocol.study
    note = OperativeNote.objects.filter(study=study)[0]
    with pytest.raises(IntegrityError, match="operative notes"), transaction.atomic():
        NoteAssessment.objects.create(
            study=study, note=note, abstractor=session.reader, cup="loose", stem="loose", infection="none",
            diagnoses_agree=True,
        )  # fmt: skip
    label = Label.objects.filter(study=study, is_current=True)[0]
    with pytest.raises(IntegrityError, match="reference standard"), transaction.atomic():
        Label.objects.create(
            study=study, hip=label.hip, version=label.version + 1, value=LabelValue.LOOSE, rung=Rung.ADJUDICATED,
            reason="x", decided_by=session.reader, is_current=False,
        )  # fmt: skip


def _withdrawn_abstractor(protocol: ReadProtocol) -> tuple[object, set[int]]:
    """Somebody who once read the notes of two cases of the part, and is a surgeon now."""
    cases = list(DatasetCase.objects.filter(version=protocol.dataset_version, part=protocol.part, label_value="loose"))
    person = make_member(protocol.study, Role.SURGEON)
    for case in cases[:2]:
        note = OperativeNote.objects.get(procedure__hip=case.hip, procedure__cpt__in=("27134", "27137", "27138"))
        NoteAssessment.objects.create(
            study=protocol.study, note=note, abstractor=person, cup="loose", stem="loose", infection="none",
            diagnoses_agree=True,
        )  # fmt: skip
    return person, {case.pk for case in cases[:2]}


def test_it_recuses_who_abstracted_a_case_and_gives_them_the_others(protocol: ReadProtocol) -> None:
    person, known = _withdrawn_abstractor(protocol)
    session = plan_for(protocol, person)  # type: ignore[arg-type]
    planned = set(Read.objects.filter(session=session, is_practice=False).values_list("case", flat=True))
    assert known
    assert not planned & known
    assert len(planned) == 4 - len(known)
    assert set(Recusal.objects.values_list("case", "reason")) == {(case, "abstracted") for case in known}
    with pytest.raises(IntegrityError, match="does not read it"), transaction.atomic():
        Read.objects.create(session=session, case_id=known.pop(), position=99, code="X")


def test_it_recuses_who_operated(tmp_path: Path) -> None:
    made = make_study_to_read(tmp_path, loose=5, well_fixed=5, practice=0)
    assert made.protocol is not None
    case = DatasetCase.objects.filter(version=made.version, part="test")[0]
    Procedure.objects.filter(hip=case.hip).update(surgeon="SURG-7")
    person = make_member(made.study, Role.SURGEON)
    SurgeonLink.objects.create(study=made.study, surgeon="SURG-7", person=person)
    session = plan_for(made.protocol, person)
    assert not Read.objects.filter(session=session, case=case).exists()
    assert Recusal.objects.get(reader=person, case=case).reason == "operated"
    # Another reader gets it.
    assert Read.objects.filter(session=make_session(made.protocol), case=case).exists()
