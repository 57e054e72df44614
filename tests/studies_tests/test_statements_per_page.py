"""A page of a large study takes as many SQL statements as the same page of a small one."""

from __future__ import annotations

from pathlib import Path

import pytest
from rest_framework.test import APIClient

from accounts.models import Person
from annotations.cohorts.models import OperativeNote
from annotations.labels.services import assess_note
from common.models import JobStatus
from mlworker.experiments.models import TrainingRun
from studies.models import Role
from studies.services import grant_role
from tests.factories import LOOSE, NOT_LOOSE, SmallStudy, client_of, make_frozen_study, make_member, make_study, take_in
from tests.radiograph_files import dicom_file, film
from tests.statements import statements_of

pytestmark = pytest.mark.django_db
PAGES = (
    "", "/notes", "/notes/agreement", "/labels", "/radiographs", "/intake", "/quarantine", "/datasets", "/runs",
    "/people", "/comparisons",
)  # fmt: skip


def _study(folder: Path, size: int) -> SmallStudy:
    """`size` loose hips, and as many disputes about notes, images in quarantine, uploads, runs and people more."""
    made = make_frozen_study(folder, loose=size, well_fixed=size)
    _make_disputes(made)
    assert made.version is not None
    for number in range(size):
        take_in(made.study, dicom_file(film(f"PATIENT {number}447190")))
        TrainingRun.objects.create(
            study=made.study, dataset_version=made.version, name=f"Run {number}", backbone="compact",
            preset="published", configuration={}, configuration_sha256="0" * 64, status=JobStatus.SUCCEEDED,
        )  # fmt: skip
    return made


def _make_disputes(made: SmallStudy) -> None:
    """Whoever read a note second changes their mind."""
    for note in OperativeNote.objects.filter(study=made.study):
        latest = note.assessments.order_by("-pk").select_related("abstractor").first()
        assert latest is not None
        assess_note(note=note, abstractor=latest.abstractor, verdict=NOT_LOOSE if latest.cup == LOOSE.cup else LOOSE)


def _everybody(made: SmallStudy) -> Person:
    person = make_member(made.study, Role.COORDINATOR)
    for role in (Role.ADMINISTRATOR, Role.RESEARCHER, Role.ABSTRACTOR, Role.ADJUDICATOR):
        grant_role(study=made.study, person=person, role=role, actor=None)
    return person


def _statements(client: APIClient, address: str) -> int:
    answer, sent = statements_of(lambda: client.get(address))
    assert answer.status_code == 200, address
    return len(sent)


def test_it_asks_a_large_study_as_little_as_a_small_one(tmp_path: Path) -> None:
    asked = []
    for size in (3, 6):
        made = _study(tmp_path, size)
        client, address = client_of(_everybody(made)), f"/api/v1/studies/{made.study.slug}"
        asked.append({page: _statements(client, f"{address}{page}") for page in PAGES})
        assert len(client.get(f"{address}/notes").json()["disputed"]) == size
    assert asked[0] == asked[1]


def test_it_lists_many_studies_in_three_statements() -> None:
    studies = [make_study() for _ in range(4)]
    person = make_member(studies[0], Role.COORDINATOR)
    for study in studies[1:]:
        grant_role(study=study, person=person, role=Role.SURGEON, actor=None)
    client = client_of(person)
    answer, sent = statements_of(lambda: client.get("/api/v1/studies"))
    roles = {study["slug"]: study["roles"] for study in answer.json()}
    assert roles == {studies[0].slug: ["coordinator"]} | {study.slug: ["surgeon"] for study in studies[1:]}
    assert len(sent) == 3
