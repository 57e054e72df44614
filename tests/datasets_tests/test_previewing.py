from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, transaction

from annotations.datasets.folds import KFoldSplit, LeaveOneSiteOut
from annotations.datasets.models import CaseFold, DatasetCase, DatasetVersion, Part
from annotations.datasets.selectors import fold_counts, parts_of_fold
from annotations.datasets.services import freeze_dataset_version
from annotations.labels.models import Label
from annotations.labels.services import correct_label
from common.errors import NotFound
from studies.models import Role
from tests.factories import SmallStudy, client_of, make_frozen_study, make_member, make_study_with_cases

pytestmark = pytest.mark.django_db

SPLITS: list[dict[str, Any]] = [
    {"seed": 1, "validation": 0.2, "test": 0.4},
    {"seed": 3, "validation": 0.2, "test_per_class": 2},
    {"seed": 2, "scheme": "k_fold", "folds": 3, "repeats": 2},
    {"seed": 2, "scheme": "leave_one_site_out", "validation": 0.3},
    {"seed": 2, "validation": 0.2, "test": 0.2, "selection": {"sides": ["R"], "sites": ["S0", "S1"]}},
]


@pytest.fixture
def made(db: None, tmp_path: Path) -> SmallStudy:
    return make_study_with_cases(tmp_path)


def _post(made: SmallStudy, path: str, body: dict[str, Any]) -> Any:
    client = client_of(make_member(made.study, Role.RESEARCHER))
    return client.post(f"/api/v1/studies/{made.study.slug}/datasets{path}", body, format="json")


@pytest.mark.parametrize("split", SPLITS, ids=lambda split: split.get("scheme", "ratio"))
def test_it_previews_twice_what_freezing_then_gives_and_saves_nothing(made: SmallStudy, split: dict[str, Any]) -> None:
    first = _post(made, "/preview", split).json()
    assert _post(made, "/preview", split).json() == first
    assert DatasetVersion.objects.filter(study=made.study).count() == 0
    frozen = _post(made, "", split | {"name": "By hand", "previewed_sha256": first["sha256"]})
    assert frozen.status_code == 201, frozen.content
    body = frozen.json()
    for key in ("counts", "folds", "disjointness", "remarks", "open_before"):
        assert body[key] == first[key], key
    assert body["case_count"] == first["cases"]


def test_it_freezes_nothing_else_than_what_was_looked_at(made: SmallStudy) -> None:
    preview = _post(made, "/preview", SPLITS[0]).json()
    label = Label.objects.filter(study=made.study, is_current=True, value="loose").order_by("pk")[0]
    correct_label(label=label, value="not_confirmed", reason="A late culture.", actor=make_member(made.study))
    refused = _post(made, "", SPLITS[0] | {"name": "Late", "previewed_sha256": preview["sha256"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "changed_since_preview")
    assert DatasetVersion.objects.filter(study=made.study).count() == 0


def test_it_says_in_the_preview_what_keeps_it_from_being_frozen(tmp_path: Path) -> None:
    few = make_study_with_cases(tmp_path, loose=2, well_fixed=4)
    body = _post(few, "/preview", {"seed": 1}).json()
    assert body["problems"] == [{"field": "loose", "message": "2 cases; at least 3 are needed"}]
    assert "The validation part holds no loose case." in body["remarks"]
    assert _post(few, "", {"seed": 1, "name": "Few"}).json()["code"] == "too_few_cases"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"seed": 1, "test": 0.95}, "test"),
        ({"seed": 1, "test_per_class": 0}, "test_per_class"),
        ({"seed": 1, "test_per_class": 7}, "test_per_class"),
        ({"seed": 1, "scheme": "k_fold", "folds": 2}, "folds"),
        ({"seed": 1, "scheme": "k_fold", "folds": 7}, "folds"),
        ({"seed": 1, "scheme": "k_fold", "repeats": 0}, "repeats"),
        ({"seed": 1, "scheme": "by_moon"}, "scheme"),
        ({"seed": 1, "selection": {"sites": ["S9"]}}, "selection.sites"),
        ({"seed": 1, "selection": {"sexes": ["X"]}}, "selection.sexes"),
        ({"seed": 1, "selection": {"sides": ["B"]}}, "selection.sides"),
        ({"seed": 1, "selection": {"youngest": -1}}, "selection.youngest"),
        ({"seed": 1, "selection": {"youngest": 70, "oldest": 60}}, "selection.oldest"),
        ({"seed": 1, "selection": {"least_rung": "teaching"}}, "selection.least_rung"),
    ],
)
def test_it_refuses_with_the_field_and_the_reason(made: SmallStudy, body: dict[str, Any], field: str) -> None:
    for path, extra in (("/preview", {}), ("", {"name": "Never"})):
        answer = _post(made, path, body | extra)
        assert answer.status_code == 400
        assert answer.json()["details"][0]["field"] == field
        assert answer.json()["details"][0]["message"]


def test_it_keeps_a_fold_of_every_case_for_every_repeat(made: SmallStudy) -> None:
    version = freeze_dataset_version(
        study=made.study, name="Folds", split=KFoldSplit(seed=1, folds=3, repeats=2), actor=None
    )
    assert CaseFold.objects.filter(case__version=version).count() == 24
    for repeat in (1, 2):
        tested: list[int] = []
        for fold in (1, 2, 3):
            parts = parts_of_fold(version, repeat=repeat, fold=fold)
            assert set(parts.values()) == {"training", "validation", "test"}
            tested += [case for case, part in parts.items() if part == "test"]
        assert sorted(tested) == sorted(DatasetCase.objects.filter(version=version).values_list("pk", flat=True))
    assert parts_of_fold(version) == dict(DatasetCase.objects.filter(version=version).values_list("pk", "part"))
    for repeat, fold in ((0, 1), (3, 1), (1, 4)):
        with pytest.raises(NotFound):
            parts_of_fold(version, repeat=repeat, fold=fold)


def test_it_leaves_each_site_out_once(made: SmallStudy) -> None:
    version = freeze_dataset_version(
        study=made.study, name="Sites", split=LeaveOneSiteOut(seed=1, validation=0.3), actor=None
    )
    assert [(count.fold, count.site, count.test) for count in fold_counts(version)] == [(1, "S0", 6), (2, "S1", 6)]
    for fold, site in ((1, "S0"), (2, "S1")):
        tested = [case for case, part in parts_of_fold(version, fold=fold).items() if part == "test"]
        sites = DatasetCase.objects.filter(pk__in=tested).values_list("patient__site__code", flat=True)
        assert set(sites) == {site}


def test_it_keeps_folds_as_they_were_frozen_and_patients_whole(made: SmallStudy) -> None:
    version = freeze_dataset_version(study=made.study, name="Folds", split=KFoldSplit(seed=1, folds=3), actor=None)
    folds = CaseFold.objects.filter(case__version=version)
    with pytest.raises(InternalError), transaction.atomic():
        folds.update(fold=9)
    with pytest.raises(InternalError), transaction.atomic():
        folds.delete()
    first, second = DatasetCase.objects.filter(version=version)[:2]
    twin = DatasetCase(
        version=DatasetVersion.objects.create(study=made.study, number=9, name="x", split={}, manifest={}, sha256="0"),
        number=1, patient=first.patient, hip=first.hip, radiograph=first.radiograph, label=first.label,
        label_value=first.label_value, part=Part.TRAINING,
    )  # fmt: skip
    twin.save()
    other = DatasetCase.objects.create(
        version=twin.version, number=2, patient=first.patient, hip=first.hip, radiograph=second.radiograph,
        label=first.label, label_value=first.label_value, part=Part.TRAINING,
    )  # fmt: skip
    CaseFold.objects.create(case=twin, repeat=1, fold=1)
    with pytest.raises(IntegrityError, match="two folds"), transaction.atomic():
        CaseFold.objects.create(case=other, repeat=1, fold=2)
    with pytest.raises(IntegrityError, match="two folds"), transaction.atomic():
        CaseFold.objects.create(case=other, repeat=1, fold=1, held_for_validation=True)
    CaseFold.objects.create(case=other, repeat=1, fold=1)


def test_it_offers_what_the_filters_can_be_set_to(made: SmallStudy) -> None:
    client = client_of(make_member(made.study, Role.COORDINATOR))
    body = client.get(f"/api/v1/studies/{made.study.slug}/datasets/choices").json()
    assert (body["sites"], body["radiographs"], body["hips"]) == (["S0", "S1"], 12, 12)
    assert {row["rung"]: row["radiographs"] for row in body["rungs"]} == {"note_confirmed": 6, "follow_up_derived": 6}


def test_it_tells_what_differs_from_an_earlier_version(tmp_path: Path) -> None:
    made = make_frozen_study(tmp_path)
    label = Label.objects.filter(study=made.study, is_current=True, value="loose").order_by("pk")[0]
    correct_label(label=label, value="not_confirmed", reason="A late culture.", actor=make_member(made.study))
    _post(made, "", {"seed": 1, "validation": 0.2, "test": 0.4, "name": "Second"})
    client = client_of(make_member(made.study, Role.COORDINATOR))
    body = client.get(f"/api/v1/studies/{made.study.slug}/datasets/2/differences/1").json()
    assert body["counts"]["removed"] == 1
    (gone,) = [change for change in body["shown"] if change["kind"] == "removed"]
    assert (gone["patient"], gone["case"], gone["before"]) == (label.hip.patient.pseudonym, None, "loose")
    assert body["withheld"] == 0
    touched = {(change["patient"], change["side"]) for change in body["shown"]}
    assert body["same"] == 12 - len(touched)
    same = client.get(f"/api/v1/studies/{made.study.slug}/datasets/2/differences/2").json()
    assert (same["counts"], same["shown"], same["same"]) == ({}, [], 11)
