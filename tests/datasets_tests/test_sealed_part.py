"""Until a model has scored it, the sealed part is a number and a hash to whoever may act as a researcher."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from annotations.datasets.folds import KFoldSplit
from annotations.datasets.manifest import check_manifest
from annotations.datasets.models import DatasetCase, DatasetVersion, Part
from annotations.datasets.selectors import open_cases
from annotations.datasets.services import freeze_dataset_version
from annotations.datasets.split import RatioSplit
from common.errors import Invalid
from common.models import AuditEvent, JobStatus
from mlworker.experiments.models import Score, Scoring, TrainingRun
from mlworker.experiments.selectors import mappable_cases
from studies.models import Role
from tests.factories import SmallStudy, client_of, make_frozen_study, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(db: None, tmp_path: Path) -> SmallStudy:
    return make_frozen_study(tmp_path)


def _get(made: SmallStudy, *roles: str, address: str = "1/manifest") -> Any:
    client = client_of(make_member(made.study, *roles))
    answer = client.get(f"/api/v1/studies/{made.study.slug}/datasets/{address}")
    assert answer.status_code == 200, answer.content
    return answer


def _score_test_part(version: DatasetVersion) -> None:
    run = TrainingRun.objects.create(
        study=version.study, dataset_version=version, name="A run", backbone="compact_cnn", preset="modern",
        configuration={}, configuration_sha256="0" * 64, status=JobStatus.SUCCEEDED,
    )  # fmt: skip
    scoring = Scoring.objects.create(run=run, part=Part.TEST, reason="Once.", model_sha256="0" * 64)
    for case in DatasetCase.objects.filter(version=version, part=Part.TEST):
        Score.objects.create(scoring=scoring, case=case, logit=0.0, probability=0.5)
    Scoring.objects.filter(pk=scoring.pk).update(status=JobStatus.SUCCEEDED)


def _sealed(version: DatasetVersion) -> list[DatasetCase]:
    cases = DatasetCase.objects.filter(version=version, part=Part.TEST)
    return list(cases.select_related("patient", "radiograph"))


def _assert_untold(text: str, cases: list[DatasetCase]) -> None:
    assert cases
    for case in cases:
        assert case.patient.pseudonym not in text
        assert case.radiograph.pixel_sha256 not in text


@pytest.mark.parametrize(
    "roles", [(Role.RESEARCHER,), (Role.ADMINISTRATOR,), (Role.RESEARCHER, Role.COORDINATOR)], ids=str
)
@pytest.mark.parametrize("address", ["1", "1/manifest", "1/manifest.csv", "1/differences/1"])
def test_it_withholds_sealed_rows_from_whoever_may_be_a_researcher(
    made: SmallStudy, roles: tuple[str, ...], address: str
) -> None:
    assert made.version is not None
    _assert_untold(_get(made, *roles, address=address).content.decode(), _sealed(made.version))


def test_it_gives_a_sealed_row_as_a_number_and_a_hash_by_which_the_whole_can_be_checked(made: SmallStudy) -> None:
    manifest = _get(made, Role.RESEARCHER).json()
    assert made.version is not None
    sealed = {case.number for case in _sealed(made.version)}
    withheld = [row for row in manifest["cases"] if row.get("withheld")]
    assert {row["case"] for row in withheld} == sealed
    assert all(set(row) == {"case", "withheld", "row_sha256"} for row in withheld)
    assert manifest["sealed"] == {"part": "test", "cases": len(sealed)}
    assert check_manifest(manifest) == {"open": 12 - len(sealed), "withheld": len(sealed)}
    assert manifest["sha256"] == made.version.sha256


@pytest.mark.parametrize("change", ["label", "part", "row_sha256", "name", "missing"])
def test_it_finds_any_change_in_a_downloaded_manifest(made: SmallStudy, change: str) -> None:
    manifest = _get(made, Role.RESEARCHER).json()
    opened = next(row for row in manifest["cases"] if not row.get("withheld"))
    hidden = next(row for row in manifest["cases"] if row.get("withheld"))
    if change == "missing":
        manifest["cases"].remove(hidden)
    elif change == "name":
        manifest["name"] = "another"
    elif change == "row_sha256":
        hidden["row_sha256"] = "0" * 64
    else:
        opened[change] = "well_fixed" if opened[change] != "well_fixed" else "loose"
    with pytest.raises(Invalid, match="was changed"):
        check_manifest(manifest)


def test_it_checks_a_downloaded_file_from_the_command_line(made: SmallStudy, tmp_path: Path) -> None:
    manifest = _get(made, Role.RESEARCHER).json()
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(manifest, indent=2))
    out = io.StringIO()
    call_command("check_manifest", str(path), "--json", stdout=out)
    found = json.loads(out.getvalue())
    assert (found["sha256"], found["open"] + found["withheld"]) == (manifest["sha256"], 12)
    path.write_text(json.dumps(manifest | {"name": "another"}))
    with pytest.raises(CommandError, match="was changed"):
        call_command("check_manifest", str(path))
    for text in ("[]", "{}", "no JSON"):
        path.write_text(text)
        with pytest.raises(CommandError):
            call_command("check_manifest", str(path))


def test_it_refuses_to_check_what_is_no_manifest() -> None:
    with pytest.raises(Invalid, match="not a manifest"):
        check_manifest({"format": 2, "sha256": "0" * 64, "cases": [1]})


def test_it_gives_coordinators_the_whole_and_puts_that_on_record(made: SmallStudy) -> None:
    assert made.version is not None
    for address in ("1/manifest", "1/manifest.csv"):
        text = _get(made, Role.COORDINATOR, address=address).content.decode()
        assert all(case.patient.pseudonym in text for case in _sealed(made.version))
    events = AuditEvent.objects.filter(action="sealed_rows_given", subject=f"dataset_version:{made.version.pk}")
    assert [event.payload["cases"] for event in events] == [len(_sealed(made.version))] * 2
    manifest = _get(made, Role.COORDINATOR).json()
    assert check_manifest(manifest) == {"open": 12, "withheld": 0}
    assert manifest["sha256"] == made.version.sha256


def test_it_opens_the_part_with_its_first_scoring(made: SmallStudy) -> None:
    assert made.version is not None
    _score_test_part(made.version)
    manifest = _get(made, Role.RESEARCHER).json()
    assert check_manifest(manifest) == {"open": 12, "withheld": 0}
    assert manifest["sealed"]["cases"] == 0


def test_it_keeps_what_one_version_seals_out_of_every_other(made: SmallStudy) -> None:
    """Another seed would otherwise tell the labels of the first version's test part."""
    assert made.version is not None
    other = freeze_dataset_version(
        study=made.study, name="Other", split=RatioSplit(seed=5, validation=0.2, test=0.2), actor=None
    )
    sealed = _sealed(made.version)
    assert any(c.part != Part.TEST for c in DatasetCase.objects.filter(version=other, hip__in=[s.hip for s in sealed]))
    for address in ("2", "2/manifest", "2/manifest.csv", "2/differences/1", "1/differences/2"):
        _assert_untold(_get(made, Role.RESEARCHER, address=address).content.decode(), sealed)
    assert not open_cases(other).filter(hip__in=[case.hip for case in sealed]).exists()
    run = TrainingRun.objects.create(
        study=made.study, dataset_version=other, name="A run", backbone="compact_cnn", preset="modern",
        configuration={}, configuration_sha256="0" * 64,
    )  # fmt: skip
    assert not mappable_cases(run).filter(hip__in=[case.hip for case in sealed]).exists()
    _score_test_part(made.version)
    own = {case.number for case in _sealed(other)}
    withheld = {row["case"] for row in _get(made, Role.RESEARCHER, address="2/manifest").json()["cases"]
                if row.get("withheld")}  # fmt: skip
    assert withheld == own


def test_it_says_how_many_test_cases_an_earlier_version_had_shown(made: SmallStudy) -> None:
    other = freeze_dataset_version(
        study=made.study, name="Other", split=RatioSplit(seed=5, validation=0.2, test=0.2), actor=None
    )
    assert made.version is not None
    shown = set(DatasetCase.objects.filter(version=made.version).exclude(part=Part.TEST).values_list("hip", flat=True))
    tested = set(DatasetCase.objects.filter(version=other, part=Part.TEST).values_list("hip", flat=True))
    assert len(shown & tested) > 0
    assert _get(made, Role.RESEARCHER, address="2").json()["open_before"] == len(shown & tested)
    assert _get(made, Role.RESEARCHER, address="1").json()["open_before"] == 0


def test_it_seals_every_label_of_a_version_of_folds_until_it_is_scored(made: SmallStudy) -> None:
    version = freeze_dataset_version(study=made.study, name="Folds", split=KFoldSplit(seed=1, folds=3), actor=None)
    manifest = _get(made, Role.RESEARCHER, address="2/manifest").json()
    assert check_manifest(manifest) == {"open": 0, "withheld": 12}
    body = _get(made, Role.RESEARCHER, address="2").json()
    assert (body["sealed_count"], body["sees_sealed"]) == (12, False)
    assert len(json.dumps(body["folds"])) > 2
    first = DatasetCase.objects.filter(version=version, part=Part.TEST).count()
    _score_test_part(version)
    _score_test_part(DatasetVersion.objects.get(study=made.study, number=1))
    assert _get(made, Role.RESEARCHER, address="2").json()["sealed_count"] == 12 - first


def test_it_exports_no_live_formula_and_one_row_a_case(made: SmallStudy) -> None:
    text = _get(made, Role.COORDINATOR, address="1/manifest.csv").content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 12
    assert {row["label"] for row in rows} == {"loose", "well_fixed"}
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    sealed = list(csv.DictReader(io.StringIO(_get(made, Role.RESEARCHER, address="1/manifest.csv").content.decode())))
    withheld = [row for row in sealed if row["withheld"] == "yes"]
    assert withheld
    assert all(row["row_sha256"] and not row["label"] for row in withheld)
