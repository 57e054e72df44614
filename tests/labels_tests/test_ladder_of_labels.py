"""A hip's way up the ladder with who, when and why, to the frozen version and all that a correction makes stale."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from annotations.datasets.models import Part
from annotations.labels.models import Label
from annotations.labels.services import correct_label
from common.models import JobStatus
from mlworker.experiments.models import Comparison, Scoring, TrainingRun
from studies.models import Role
from tests.factories import SmallStudy, client_of, make_frozen_study, make_member

pytestmark = pytest.mark.django_db


def _experiments(made: SmallStudy) -> None:
    assert made.version is not None
    done = {"status": JobStatus.SUCCEEDED}
    run = TrainingRun.objects.create(
        study=made.study, dataset_version=made.version, name="Run", backbone="compact", preset="published",
        configuration={}, configuration_sha256="0" * 64, threshold=0.5, **done,
    )  # fmt: skip
    scoring = Scoring.objects.create(run=run, part=Part.TEST, reason="x", model_sha256="1" * 64, **done)
    comparison = Comparison.objects.create(
        study=made.study, title="All", dataset_version=made.version, part=Part.TEST, result="{}", **done
    )
    comparison.scorings.add(scoring)


def _label(made: SmallStudy, value: str) -> Label:
    return Label.objects.filter(study=made.study, is_current=True, value=value).order_by("pk")[0]


def test_it_shows_each_step_and_that_the_label_is_frozen(tmp_path: Path) -> None:
    made = make_frozen_study(tmp_path)
    client = client_of(make_member(made.study, Role.COORDINATOR))
    address = f"/api/v1/studies/{made.study.slug}/labels"
    body = client.get(address).json()
    assert all(row["frozen_in"] == [1] for row in body["results"])
    assert {(row["value"], row["rung"], row["hips"], row["frozen"]) for row in body["counts"]} == {
        ("loose", "note_confirmed", 6, 6), ("well_fixed", "follow_up_derived", 6, 6)
    }  # fmt: skip
    assert client.get(address, {"rung": "frozen"}).json()["count"] == 12
    for value, rungs in (
        ("loose", ["code_derived", "note_confirmed", "frozen"]), ("well_fixed", ["follow_up_derived", "frozen"])
    ):  # fmt: skip
        ladder = client.get(f"{address}/{_label(made, value).pk}").json()["ladder"]
        assert [step["rung"] for step in ladder] == rungs
        assert all(step["why"] and step["at"] for step in ladder)
        assert (ladder[-1]["dataset_version"], ladder[-1]["why"]) == (1, "First")
        assert [step["at"] for step in ladder] == sorted(step["at"] for step in ladder)


def test_it_marks_the_whole_chain_stale_when_a_label_is_corrected(tmp_path: Path) -> None:
    made = make_frozen_study(tmp_path)
    _experiments(made)
    coordinator = make_member(made.study, Role.COORDINATOR, Role.RESEARCHER)
    client, study = client_of(coordinator), f"/api/v1/studies/{made.study.slug}"
    label = _label(made, "loose")

    def chain(label_id: int) -> dict[str, bool]:
        rows: list[dict[str, Any]] = client.get(f"{study}/labels/{label_id}").json()["dependents"]
        return {row["kind"]: row["is_stale"] for row in rows}

    kinds = ("dataset_version", "run", "scoring", "comparison")
    assert chain(label.pk) == dict.fromkeys(kinds, False)
    body = {"value": "not_confirmed", "reason": "A late culture was positive."}
    fresh = client.post(f"{study}/labels/{label.pk}/correct", body, format="json").json()
    assert (fresh["rung"], fresh["frozen_in"]) == ("adjudicated", [])
    assert {row["kind"]: row["is_stale"] for row in fresh["dependents"]} == dict.fromkeys(kinds, True)
    assert [step["rung"] for step in fresh["ladder"]] == ["code_derived", "note_confirmed", "frozen", "adjudicated"]
    # The pages of what is stale say so themselves, and the frozen version stays as it is.
    version = client.get(f"{study}/datasets/1").json()
    assert [row["reason"] for row in version["stale_reasons"]] == ["A late culture was positive."]
    run = TrainingRun.objects.get(study=made.study)
    assert client.get(f"{study}/runs/{run.pk}").json()["dataset_is_stale"] is True
    comparison = client.get(f"{study}/comparisons/{Comparison.objects.get(study=made.study).pk}").json()
    assert comparison["is_stale"] is True
    assert made.version is not None
    assert made.version.cases.get(hip=label.hip).label_value == "loose"


def test_it_leaves_what_another_hip_is_in_alone(tmp_path: Path) -> None:
    made = make_frozen_study(tmp_path)
    _experiments(made)
    label, other = _label(made, "loose"), _label(made, "well_fixed")
    correct_label(label=label, value="not_confirmed", reason="Late.", actor=make_member(made.study, Role.COORDINATOR))
    client = client_of(make_member(made.study, Role.COORDINATOR))
    rows = client.get(f"/api/v1/studies/{made.study.slug}/labels/{other.pk}").json()["dependents"]
    assert [row["is_stale"] for row in rows] == [False] * 4


def test_it_makes_a_frozen_label_stale_when_its_readers_come_to_differ(tmp_path: Path) -> None:
    from annotations.labels.models import NoteAssessment
    from annotations.labels.services import assess_note
    from tests.factories import NOT_LOOSE

    made = make_frozen_study(tmp_path)
    assert made.version is not None
    last = NoteAssessment.objects.filter(study=made.study).order_by("-pk")[0]
    assess_note(note=last.note, abstractor=last.abstractor, verdict=NOT_LOOSE)
    assert [reason.reason for reason in made.version.stale_reasons.all()] == ["readers_differ"]
