from __future__ import annotations

from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import InternalError

from annotations.datasets.manifest import manifest_sha256
from annotations.datasets.models import DatasetCase, DatasetVersion, Part, StaleReason
from annotations.datasets.services import freeze_dataset_version
from annotations.datasets.split import RatioSplit
from annotations.labels.models import Label
from annotations.labels.services import correct_label
from common.errors import Invalid
from common.models import AuditEvent
from studies.models import Role
from tests.factories import SmallStudy, client_of, make_frozen_study, make_member, make_study_with_cases

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(db: None, tmp_path: Path) -> SmallStudy:
    return make_frozen_study(tmp_path)


def _version(made: SmallStudy) -> DatasetVersion:
    assert made.version is not None
    return made.version


def test_it_freezes_all_cases_with_their_labels_under_one_hash(made: SmallStudy) -> None:
    version = _version(made)
    cases = DatasetCase.objects.filter(version=version)
    assert cases.count() == 12
    assert version.sha256 == manifest_sha256(version.manifest)
    rows = {row["case"]: (row["label"], row["part"]) for row in version.manifest["cases"]}
    assert rows == {case.number: (case.label_value, case.part) for case in cases}
    event = AuditEvent.objects.get(action="dataset_version_frozen", subject=f"dataset_version:{version.pk}")
    assert event.payload["sha256"] == version.sha256


def test_it_gives_the_same_cases_the_same_parts_for_the_same_seed(made: SmallStudy) -> None:
    split = RatioSplit(seed=1, validation=0.2, test=0.4)
    again = freeze_dataset_version(study=made.study, name="First", split=split, actor=None)
    assert again.number == 2
    assert again.manifest["cases"] == _version(made).manifest["cases"]
    assert again.manifest | {"version": 1} == _version(made).manifest
    other = freeze_dataset_version(study=made.study, name="First", split=RatioSplit(seed=2, test=0.4), actor=None)
    assert other.manifest["cases"] != again.manifest["cases"]


def test_it_stays_the_same_in_the_database(made: SmallStudy) -> None:
    version = _version(made)
    stored = DatasetVersion.objects.get(pk=version.pk)
    assert manifest_sha256(stored.manifest) == stored.sha256
    with pytest.raises(InternalError), transaction.atomic():
        DatasetVersion.objects.filter(pk=version.pk).update(name="another")
    with pytest.raises(InternalError), transaction.atomic():
        DatasetCase.objects.filter(version=version).update(part=Part.TRAINING)
    with pytest.raises(InternalError), transaction.atomic():
        DatasetCase.objects.filter(version=version).delete()


def test_it_refuses_a_patient_in_two_parts_in_the_database(made: SmallStudy) -> None:
    case = DatasetCase.objects.filter(version=_version(made), part=Part.TEST)[0]
    case.pk, case.number, case.part = None, 99, Part.TRAINING
    case.radiograph = next(r for r in made.radiographs if r.pk != case.radiograph_id)
    with pytest.raises(IntegrityError, match="two parts"), transaction.atomic():
        case.save(force_insert=True)


def test_it_refuses_a_case_without_a_truth_in_the_database(made: SmallStudy) -> None:
    empty = DatasetVersion.objects.create(
        study=made.study, number=9, name="Empty", split={}, manifest={}, sha256="0" * 64
    )
    case = DatasetCase.objects.filter(version=_version(made))[0]
    case.pk, case.version, case.label_value = None, empty, "not_confirmed"
    with pytest.raises(IntegrityError, match="case_has_a_truth"), transaction.atomic():
        case.save(force_insert=True)


def test_it_needs_cases_of_both_kinds(tmp_path: Path) -> None:
    few = make_study_with_cases(tmp_path, loose=2, well_fixed=3)
    with pytest.raises(Invalid) as refusal:
        freeze_dataset_version(study=few.study, name="Few", split=RatioSplit(seed=1), actor=None)
    assert refusal.value.error_code == "too_few_cases"
    assert [detail["field"] for detail in refusal.value.details] == ["loose"]


def _correct(made: SmallStudy, before: str, after: str) -> Label:
    label = Label.objects.filter(study=made.study, is_current=True, value=before).order_by("pk")[0]
    return correct_label(
        label=label, value=after, reason="A late positive culture.", actor=make_member(made.study, Role.COORDINATOR)
    )


def test_it_marks_a_version_whose_label_has_changed(made: SmallStudy) -> None:
    """Also when other cases of the version carry the new value already."""
    label = _correct(made, "loose", "well_fixed")
    stale = StaleReason.objects.get(version=_version(made))
    assert (stale.label, stale.reason) == (label, "A late positive culture.")
    client = client_of(make_member(made.study, Role.RESEARCHER))
    body = client.get(f"/api/v1/studies/{made.study.slug}/datasets/1").json()
    assert (body["stale_count"], body["stale_reasons"][0]["reason"]) == (1, "A late positive culture.")


def test_it_marks_a_version_whose_case_has_left_the_study(made: SmallStudy) -> None:
    _correct(made, "loose", "not_confirmed")
    assert StaleReason.objects.filter(version=_version(made)).count() == 1
    fresh = freeze_dataset_version(study=made.study, name="Second", split=RatioSplit(seed=1), actor=None)
    assert DatasetCase.objects.filter(version=fresh).count() == 11
    assert not StaleReason.objects.filter(version=fresh).exists()


@pytest.mark.parametrize("split", [{"seed": -1}, {"seed": 1, "test": 0.9}, {"seed": "x"}, {}])
def test_it_refuses_a_split_in_words(made: SmallStudy, split: dict[str, object]) -> None:
    client = client_of(make_member(made.study, Role.RESEARCHER))
    answer = client.post(f"/api/v1/studies/{made.study.slug}/datasets/preview", split, format="json")
    assert answer.status_code == 400
    assert answer.json()["details"]
