"""Images that come, or move to another hip, after a version was frozen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from annotations.cohorts.models import Hip
from annotations.datasets.folds import KFoldSplit
from annotations.datasets.models import CaseFold, DatasetCase, DatasetVersion, StaleReason
from annotations.datasets.rechecking import recheck_disjointness
from annotations.datasets.services import freeze_dataset_version
from annotations.imaging.linking import Link
from annotations.imaging.models import Radiograph
from annotations.imaging.radiographs import ImageFacts, radiograph_changed, radiograph_of
from common.models import AuditEvent
from mlworker.experiments.models import TrainingRun
from studies.models import Role
from tests.factories import (
    DAY_AFTER_PRIMARY,
    DAY_BEFORE_REVISION,
    SmallStudy,
    client_of,
    make_frozen_study,
    make_member,
    take_in,
)
from tests.radiograph_files import dicom_file, pixels

pytestmark = pytest.mark.django_db

FAR = "5555aaaa5555aaaa"


@pytest.fixture
def made(db: None, tmp_path: Path) -> SmallStudy:
    return make_frozen_study(tmp_path)


def _take_in(made: SmallStudy, number: int, perceptual_hash: str, hip: Hip | None) -> Radiograph:
    """A radiograph as intake leaves it."""
    fields = {"rows": 64, "columns": 64, "bits_stored": 12, "laterality": hip.side if hip else ""}
    facts = ImageFacts(fields, {}, "a profile", f"{number:064}", perceptual_hash)
    link = Link(hip, -3 if hip else None, "" if hip else "The file names no patient.")
    return radiograph_of(made.study, facts, link, {})[0]


def _reasons(made: SmallStudy) -> list[str]:
    return list(StaleReason.objects.filter(version=made.version).order_by("pk").values_list("reason", flat=True))


def _cases(made: SmallStudy) -> tuple[DatasetCase, DatasetCase]:
    """A case of the training part and one of the test part."""
    cases = DatasetCase.objects.filter(version=made.version).select_related("hip", "radiograph").order_by("number")
    return cases.filter(part="training")[0], cases.filter(part="test")[0]


def test_it_says_nothing_of_an_image_that_looks_like_none(made: SmallStudy) -> None:
    training, _ = _cases(made)
    _take_in(made, 1, FAR, training.hip)
    _take_in(made, 2, FAR, None)
    assert _reasons(made) == []
    assert not AuditEvent.objects.filter(action="disjointness_rechecked").exists()


def test_it_marks_the_version_when_a_new_image_looks_like_a_case_of_another_part(made: SmallStudy) -> None:
    training, test = _cases(made)
    near = f"{int(test.radiograph.perceptual_hash, 16) ^ 0b11:016x}"
    _take_in(made, 1, near, training.hip)
    assert _reasons(made) == [
        f"A radiograph taken in since looks like case {test.number}, and its patient is in another part."
    ]
    client = client_of(make_member(made.study, Role.RESEARCHER))
    body = client.get(f"/api/v1/studies/{made.study.slug}/datasets/1").json()
    assert [reason["kind"] for reason in body["stale_reasons"]] == ["image"]
    assert body["stale_count"] == 1


def test_it_knows_one_exposure_again_by_its_picture_and_no_other_by_its_hash(made: SmallStudy) -> None:
    """A hash alone would take two of these for one, and would not know a copy with another window again."""
    training, test = _cases(made)
    exposure = pixels(1000 + made.radiographs.index(test.radiograph))
    copy = np.clip(exposure * 0.7 + 90, 0, 4095).astype(np.uint16)
    again = _take_in_for(made, training, copy)
    assert _reasons(made) == [
        f"A radiograph taken in since looks like case {test.number}, and its patient is in another part."
    ]
    other = _take_in_for(made, training, pixels(77))
    Radiograph.objects.filter(pk=other.pk).update(perceptual_hash=again.perceptual_hash)
    assert recheck_disjointness(made.study) == 1


def _take_in_for(made: SmallStudy, case: DatasetCase, picture: NDArray[np.uint16]) -> Radiograph:
    """Through the whole intake, for the patient of this case."""
    place = made.radiographs.index(case.radiograph)
    identifier, day = (1000 + place, DAY_BEFORE_REVISION) if place < 6 else (2000 + place - 6, DAY_AFTER_PRIMARY)
    (file,) = take_in(made.study, dicom_file(picture, PatientID=str(identifier), AcquisitionDate=day))
    assert file.radiograph is not None, file.reason
    assert file.radiograph.hip == case.hip, file.radiograph.link_problem
    return file.radiograph


def test_it_takes_the_patients_own_part_for_no_overlap(made: SmallStudy) -> None:
    _, test = _cases(made)
    _take_in(made, 1, test.radiograph.perceptual_hash, test.hip)
    _take_in(made, 2, test.radiograph.perceptual_hash, None)
    assert _reasons(made) == []


def test_it_marks_the_version_when_an_image_of_nobody_looks_like_two_parts(made: SmallStudy) -> None:
    training, test = _cases(made)
    Radiograph.objects.filter(pk=training.radiograph_id).update(perceptual_hash=FAR)
    Radiograph.objects.filter(pk=test.radiograph_id).update(perceptual_hash=f"{int(FAR, 16) ^ 0b11:016x}")
    _take_in(made, 1, f"{int(FAR, 16) ^ 0b1:016x}", None)
    (reason,) = _reasons(made)
    assert "which are in different parts" in reason
    assert f"{min(training.number, test.number)}, {max(training.number, test.number)}" in reason


def test_it_marks_the_version_when_a_radiograph_is_linked_to_another_hip_and_takes_it_back(made: SmallStudy) -> None:
    training, test = _cases(made)
    Radiograph.objects.filter(pk=training.radiograph_id).update(hip=test.hip)
    radiograph = Radiograph.objects.get(pk=training.radiograph_id)
    radiograph_changed(radiograph)
    assert _reasons(made) == [f"The radiograph of case {training.number} is linked to another hip now."]
    Radiograph.objects.filter(pk=radiograph.pk).update(hip=None)
    radiograph_changed(Radiograph.objects.get(pk=radiograph.pk))
    assert _reasons(made) == [f"The radiograph of case {training.number} is linked to no hip now."]
    Radiograph.objects.filter(pk=radiograph.pk).update(hip=training.hip)
    assert recheck_disjointness(made.study) == 0
    assert _reasons(made) == []
    findings = AuditEvent.objects.filter(action="disjointness_rechecked").order_by("pk")
    assert [event.payload["findings"] for event in findings] == [1, 1, 0]


def test_it_keeps_reasons_of_labels_and_of_other_images_when_one_is_checked(made: SmallStudy) -> None:
    training, test = _cases(made)
    _take_in(made, 1, test.radiograph.perceptual_hash, training.hip)
    StaleReason.objects.create(version=training.version, label=training.label, reason="A late culture.")
    radiograph_changed(Radiograph.objects.get(pk=training.radiograph_id))
    assert len(_reasons(made)) == 2
    assert recheck_disjointness(made.study) == 1
    assert len(_reasons(made)) == 2


def test_it_compares_folds_where_a_version_has_folds(made: SmallStudy) -> None:
    version = freeze_dataset_version(study=made.study, name="Folds", split=KFoldSplit(seed=1, folds=3), actor=None)
    folds = dict(CaseFold.objects.filter(case__version=version).values_list("case_id", "fold"))
    cases = list(DatasetCase.objects.filter(version=version).select_related("hip", "radiograph"))
    first = cases[0]
    other = next(case for case in cases if folds[case.pk] != folds[first.pk])
    _take_in(made, 1, other.radiograph.perceptual_hash, first.hip)
    assert StaleReason.objects.filter(version=version).count() == 1


def test_it_checks_again_when_somebody_asks_and_runs_say_that_their_version_is_stale(made: SmallStudy) -> None:
    training, test = _cases(made)
    run = TrainingRun.objects.create(
        study=made.study, dataset_version=training.version, name="A run", backbone="compact_cnn", preset="modern",
        configuration={"epochs": 1}, configuration_sha256="0" * 64,
    )  # fmt: skip
    Radiograph.objects.filter(pk=training.radiograph_id).update(hip=test.hip)
    client = client_of(make_member(made.study, Role.RESEARCHER))
    base = f"/api/v1/studies/{made.study.slug}"
    assert client.get(f"{base}/runs").json()[0]["dataset_is_stale"] is False
    body = client.post(f"{base}/datasets/1/recheck").json()
    assert (body["stale_count"], len(body["stale_reasons"])) == (1, 1)
    assert client.get(f"{base}/runs").json()[0]["dataset_is_stale"] is True
    assert client.get(f"{base}/runs/{run.pk}/scorings").json()["dataset_is_stale"] is True
    assert DatasetVersion.objects.get(pk=training.version_id).sha256 == body["sha256"]
