from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from annotations.cohorts.models import Patient
from annotations.datasets.models import DatasetCase, DatasetVersion
from annotations.datasets.planning import plan_version
from annotations.datasets.selection import Selection
from annotations.datasets.services import freeze_dataset_version
from annotations.datasets.split import RatioSplit
from annotations.imaging.models import Radiograph
from annotations.labels.models import Label, Rung
from annotations.labels.services import correct_label
from tests.factories import SmallStudy, make_member, make_study_with_cases
from tests.registries import REVISION_DAY

pytestmark = pytest.mark.django_db

SPLIT = RatioSplit(seed=1, validation=0.2, test=0.2)


@pytest.fixture
def made(db: None, tmp_path: Path) -> SmallStudy:
    return make_study_with_cases(tmp_path)


def _plan(made: SmallStudy, **filters: Any) -> tuple[set[str], dict[str, int]]:
    """Which patients pass, and why the other radiographs stay out."""
    plan = plan_version(made.study, SPLIT, Selection(**filters))
    return {row["patient"] for row in plan.rows}, plan.left_out


def _patients(made: SmallStudy, **filters: Any) -> set[str]:
    return set(Patient.objects.filter(study=made.study, **filters).values_list("pseudonym", flat=True))


def _twin(radiograph: Radiograph, **changes: Any) -> Radiograph:
    """Another exposure of the same hip."""
    values = {field.attname: getattr(radiograph, field.attname) for field in Radiograph._meta.concrete_fields}
    values |= {"id": None, "pixel_sha256": f"{radiograph.pk:064}", "perceptual_hash": f"{radiograph.pk:016x}"}
    return Radiograph.objects.create(**values | changes)


def test_it_takes_everything_when_nothing_is_chosen(made: SmallStudy) -> None:
    assert _plan(made) == (_patients(made), {})


def test_it_filters_by_site_sex_and_side_and_counts_each_first_reason_once(made: SmallStudy) -> None:
    first = Patient.objects.filter(study=made.study, site__code="S0").order_by("pk")[0]
    Patient.objects.filter(pk=first.pk).update(sex="M")
    Patient.objects.filter(study=made.study).exclude(pk=first.pk).update(sex="F")
    passed, left_out = _plan(made, sites=("S0",), sexes=("F",))
    assert passed == _patients(made, site__code="S0") - {first.pseudonym}
    assert left_out == {"site": 6, "sex": 1}
    sides = {row.hip.side for row in made.radiographs if row.hip}
    assert _plan(made, sides=tuple(sides))[1] == {}


def test_it_takes_ages_in_the_year_of_the_index_procedure_with_both_ends(made: SmallStudy) -> None:
    loose = Label.objects.filter(study=made.study, is_current=True, value="loose").values("hip__patient")
    revised = list(Patient.objects.filter(pk__in=loose).order_by("pk"))
    for age, patient in zip((59, 60, 65, 70, 71, 80), revised, strict=True):
        Patient.objects.filter(pk=patient.pk).update(birth_year=REVISION_DAY.year - age)
    others = _patients(made) - {patient.pseudonym for patient in revised}
    passed, _ = _plan(made, youngest=60, oldest=70)
    assert passed - others == {patient.pseudonym for patient in revised[1:4]}
    assert _plan(made, youngest=80)[0] - others == {revised[5].pseudonym}


def test_it_asks_loose_hips_for_a_rung_and_lets_follow_up_stand_or_not(made: SmallStudy) -> None:
    label = Label.objects.filter(study=made.study, is_current=True, value="loose").order_by("pk")[0]
    person = make_member(made.study)
    correct_label(label=label, value="well_fixed", reason="Read again.", actor=person)
    assert _plan(made, least_rung="note_confirmed") == (_patients(made), {})
    passed, left_out = _plan(made, least_rung="adjudicated")
    assert left_out == {"rung": 5}
    assert label.hip.patient.pseudonym in passed
    assert _plan(made, follow_up_derived=False)[1] == {"rung": 6}


def test_it_never_takes_a_hip_that_only_codes_call_loose(made: SmallStudy) -> None:
    label = Label.objects.filter(study=made.study, is_current=True, value="loose").order_by("pk")[0]
    Label.objects.filter(pk=label.pk).update(is_current=False)
    Label.objects.create(study=made.study, hip=label.hip, version=9, value="loose", rung=Rung.CODE_DERIVED, reason="x")
    for filters in ({}, {"least_rung": "note_confirmed"}):
        assert label.hip.patient.pseudonym not in _plan(made, **filters)[0]


@pytest.mark.parametrize(
    ("value", "days", "expected"),
    [
        ("loose", [-25, -3, -9], 1),
        ("loose", [None, -30, -31], 1),
        ("well_fixed", [300, 380, 500], 1),
        ("well_fixed", [366, 364, 365], 2),
        ("well_fixed", [None, None, None], 0),
    ],
)
def test_it_keeps_the_radiograph_nearest_to_the_day_that_the_study_wants(
    made: SmallStudy, value: str, days: list[int | None], expected: int
) -> None:
    hip = Label.objects.filter(study=made.study, is_current=True, value=value).order_by("pk")[0].hip
    first = Radiograph.objects.get(hip=hip)
    Radiograph.objects.filter(pk=first.pk).update(days_from_index_procedure=days[0])
    images = [first, *(_twin(first, days_from_index_procedure=day, pixel_sha256=f"{day}-{i}")
                       for i, day in enumerate(days[1:]))]  # fmt: skip
    plan = plan_version(made.study, SPLIT, Selection())
    assert [r.pk for r in plan.radiographs if r.hip_id == hip.pk] == [images[expected].pk]
    assert plan.left_out == {"another_radiograph_of_the_hip": 2}
    everything = plan_version(made.study, SPLIT, Selection(one_radiograph_a_hip=False))
    assert {r.pk for r in everything.radiographs if r.hip_id == hip.pk} == {image.pk for image in images}
    assert len({row["part"] for row in everything.rows if row["patient"] == hip.patient.pseudonym}) == 1


def test_it_writes_the_filters_under_the_hash(made: SmallStudy) -> None:
    chosen = Selection(sites=("S1", "S0"), youngest=20)
    version = freeze_dataset_version(study=made.study, name="Two", split=SPLIT, selection=chosen, actor=None)
    stored = DatasetVersion.objects.get(pk=version.pk)
    assert stored.selection == stored.manifest["selection"] == chosen.as_json()
    assert (stored.selection["sites"], stored.selection["unit"]) == (["S0", "S1"], "hip of a patient")
    other = freeze_dataset_version(study=made.study, name="Two", split=SPLIT, actor=None)
    assert DatasetCase.objects.filter(version=other).count() == DatasetCase.objects.filter(version=version).count()
    assert other.sha256 != stored.sha256
