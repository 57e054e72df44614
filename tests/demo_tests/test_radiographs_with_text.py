"""The demo's files with a name burned in wait in quarantine; what is held back without need is released by two."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import pytest

from annotations.cohorts.services import register_teaching_hip
from annotations.imaging.models import IntakeFile, QuarantinedImage, Radiograph
from demo.phantom import PhantomCase, PhantomHeader
from demo.study.people import Cast, cast_of
from demo.study.radiographs import (
    PlannedRadiograph,
    plan_files_with_text,
    render_files,
    take_in,
    take_in_with_text,
)
from studies.models import Site, Study
from tests.factories import make_study

pytestmark = pytest.mark.django_db

HEADER = PhantomHeader("T-4471902", "Larch^Tove", date(1948, 3, 12), "F", date(2020, 5, 20), "A1", "Fir^Jon^^Dr")


@pytest.fixture
def study(db: None) -> Study:
    return make_study()


@pytest.fixture
def cast(study: Study) -> Cast:
    return cast_of(study)


def _planned(study: Study, cast: Cast, header: PhantomHeader) -> PlannedRadiograph:
    site = Site.objects.create(study=study, code="S01", name="A site", country="DE")
    hip = register_teaching_hip(
        study=study, identifier=header.patient_id, site=site, side="R", birth_year=1948, sex="F",
        actor=cast.coordinator,
    )  # fmt: skip
    return PlannedRadiograph(hip.pk, PhantomCase(3, "R", loose=False, component="", site="S01"), header)


def _tell(done: int, total: int) -> None:
    assert done <= total


def test_it_ends_in_quarantine_linked_to_its_hip(study: Study, cast: Cast, tmp_path: Path) -> None:
    plan = _planned(study, cast, HEADER)
    files = render_files(plan_files_with_text([plan] * 3, seed=1), tmp_path, _tell)
    for _ in range(2):
        take_in_with_text(study, cast, files[:1])
    image = QuarantinedImage.objects.get()
    assert (image.state, image.hip_id) == ("waiting", plan.hip_id)
    assert len(image.boxes) == 2
    assert not Radiograph.objects.exists()
    assert IntakeFile.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_it_takes_in_what_two_people_have_released(study: Study, cast: Cast, tmp_path: Path) -> None:
    plan = _planned(study, cast, dataclasses.replace(HEADER, burned_in="NOT A NAME"))
    take_in(study, cast, [plan], render_files([plan], tmp_path, _tell), _tell)
    image = QuarantinedImage.objects.get()
    assert (image.proposed_by, image.decided_by) == cast.abstractors
    assert Radiograph.objects.get().hip_id == plan.hip_id
