"""The flow on the page: patients, hips and radiographs at every step, expectations, and who stands behind a box."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from annotations.cohorts.models import Cohort
from annotations.cohorts.rules import PUBLISHED_RULES
from annotations.cohorts.services import build_cohort, save_rules
from annotations.imaging.models import Radiograph
from studies.models import Role
from tests.factories import SmallStudy, client_of, make_frozen_study, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(db: None, tmp_path: Path) -> SmallStudy:
    return make_frozen_study(tmp_path, loose=4, well_fixed=5)


def _client(made: SmallStudy, role: str = Role.COORDINATOR) -> APIClient:
    return client_of(make_member(made.study, role))


def _flow(made: SmallStudy) -> Any:
    return _client(made).get(f"/api/v1/studies/{made.study.slug}/cohort").json()["flow"]


def _patients(made: SmallStudy, **query: Any) -> Any:
    return _client(made).get(f"/api/v1/studies/{made.study.slug}/cohort/patients", query).json()


def test_what_comes_in_is_what_goes_on_and_what_leaves(made: SmallStudy) -> None:
    flow = _flow(made)
    for step in flow["steps"]:
        for unit in ("patients", "hips", "radiographs"):
            left = sum(row[unit] for row in step["excluded"])
            assert step[f"{unit}_in"] == step[f"{unit}_out"] + left, (step["key"], unit)
    first, last = flow["steps"][0], flow["steps"][-1]
    assert (
        first["radiographs_in"]
        == Radiograph.objects.filter(study=made.study, hip__isnull=False)
        .exclude(hip__patient__origin="teaching")
        .count()
    )
    assert (last["patients_out"], last["radiographs_out"]) == (4, 4)
    comparison = flow["comparison"]
    assert comparison["pool"] == comparison["eligible"] + sum(row["patients"] for row in comparison["excluded"])
    assert comparison["draw"]["drawn"] == comparison["draw"]["radiographs"] == 5


def test_it_says_which_expected_counts_are_met(made: SmallStudy) -> None:
    stated = PUBLISHED_RULES | {"expected": {"registry": 9, "coded": 4, "confirmed": 3, "eligible": 6, "drawn": 5}}
    rules = save_rules(study=made.study, rules=stated, actor=None)
    build_cohort(study=made.study, rules=rules, actor=None, comparison="keep")
    flow = _flow(made)
    assert [step["is_met"] for step in flow["steps"]] == [True, None, True, False]
    assert flow["comparison"]["eligible_expectation"]["is_met"] is False
    assert flow["comparison"]["draw"]["is_met"] is True


@pytest.mark.parametrize(
    ("query", "count"),
    [({"step": "input"}, 9), ({"step": "registry", "kept": "true"}, 9), ({"step": "revised", "kept": "true"}, 4),
     ({"step": "revised"}, 5), ({"step": "revised", "reason": "never_revised"}, 5),
     ({"step": "revised", "reason": "review_by_hand"}, 0), ({"step": "coded", "kept": "true"}, 4),
     ({"step": "confirmed", "kept": "true"}, 4), ({"step": "confirmed"}, 0), ({"step": "pool", "kept": "true"}, 5),
     ({"step": "eligible", "kept": "true"}, 5), ({"step": "eligible"}, 0), ({"step": "drawn", "kept": "true"}, 5),
     ({"step": "drawn"}, 0)],
)  # fmt: skip
def test_every_box_opens_as_many_patients_as_it_says(made: SmallStudy, query: dict[str, str], count: int) -> None:
    answer = _patients(made, **query)
    assert answer["count"] == len(answer["results"]) == count


def test_it_pages_and_searches(made: SmallStudy) -> None:
    everybody = [row["pseudonym"] for row in _patients(made, step="input")["results"]]
    assert everybody == sorted(everybody)
    page = _patients(made, step="input", limit=4, offset=8)
    assert (page["count"], [row["pseudonym"] for row in page["results"]]) == (9, everybody[8:])
    found = _patients(made, step="input", search=everybody[3][2:].lower())
    assert [row["pseudonym"] for row in found["results"]] == [everybody[3]]
    assert _patients(made, step="input", search="nobody")["count"] == 0
    assert _patients(made, step="input", search="%")["count"] == 0


def test_it_knows_no_other_box(made: SmallStudy) -> None:
    answer = _client(made).get(f"/api/v1/studies/{made.study.slug}/cohort/patients", {"step": "elsewhere"})
    assert answer.status_code == 404


def test_a_trace_names_every_test_and_the_rows_that_decided_in_days(made: SmallStudy) -> None:
    (row, *_) = _patients(made, step="confirmed", kept="true")["results"]
    answer = _client(made).get(f"/api/v1/studies/{made.study.slug}/registry/patients/{row['pseudonym']}")
    trace = answer.json()
    assert trace["decision"]["reason"] == ""
    assert trace["decision"]["is_up_to_date"] is True
    (revision,) = trace["decision"]["judged"]
    assert [test["key"] for test in revision["tests"]] == [
        "no_loosening_code", "outside_window", "side_mismatch", "no_primary_on_hip", "outside_interval",
        "not_cementless", "fixation_unknown", "excluded_code", "second_reason",
    ]  # fmt: skip
    assert all(test["passed"] for test in revision["tests"])
    rows = {row["number"]: row for row in trace["rows"]}
    assert [rows[number]["code"] for number in revision["tests"][0]["rows"]] in (["T84.030A"], ["T84.031A"])
    assert "2020" not in answer.content.decode()
    assert "2012" not in answer.content.decode()


def _printed(made: SmallStudy, *arguments: str) -> str:
    out = StringIO()
    call_command("cohort_flow", made.study.slug, *arguments, stdout=out)
    return out.getvalue()


def test_the_command_prints_the_same_flow(made: SmallStudy) -> None:
    printed = json.loads(_printed(made, "--json"))
    page = _flow(made)
    assert (printed["steps"], printed["comparison"]["eligible"]) == (page["steps"], page["comparison"]["eligible"])
    assert "revised: 9 → 4 patients, 4 hips, 4 radiographs" in _printed(made)


def test_the_command_previews_a_version_that_was_not_built(made: SmallStudy) -> None:
    narrow = PUBLISHED_RULES | {"since_primary_days": {"minimum": 30_000, "maximum": None}, "expected": {"coded": 4}}
    version = save_rules(study=made.study, rules=narrow, actor=None).version
    printed = _printed(made, "--version", str(version))
    assert "preview, nothing was built" in printed
    assert "coded: 4 → 0 patients (differs: 4 expected)" in printed
    assert Cohort.objects.filter(study=made.study).count() == 1


def test_the_command_says_what_there_is_not(made: SmallStudy) -> None:
    with pytest.raises(CommandError, match="no version 9"):
        _printed(made, "--version", "9")
    with pytest.raises(CommandError, match="no study"):
        call_command("cohort_flow", "elsewhere")
