from __future__ import annotations

from typing import Any

import pytest

from annotations.datasets.models import Part
from common.errors import Conflict
from common.models import JobStatus
from mlworker.engine.training import TrainingResult
from mlworker.experiments.models import MapQuality, TrainingRun
from mlworker.experiments.services import request_quality
from mlworker.experiments.tasks import judge_maps
from tests.experiments_tests.small_study import SmallStudy, cases_of, finished_run, make_small_study, queue_run
from tests.factories import client_of

pytestmark = pytest.mark.django_db(transaction=True)
TESTS = ["edges", "deletion", "insertion", "repeatability", "reproducibility", "randomisation"]


def panel(small: SmallStudy, run: TrainingRun, method: str) -> Any:
    page, url = client_of(small.researcher), f"/api/v1/studies/{small.study.slug}/runs/{run.pk}/map-quality"
    asked = page.post(url, {"method": method}, format="json")
    assert asked.status_code == 201, asked.json()
    judge_maps(quality_id=MapQuality.objects.get(run=run, method=method).pk)
    (told,) = page.get(url).json()
    return told


def test_it_judges_a_method_by_cases_that_are_not_sealed(small_study: SmallStudy, trained: TrainingResult) -> None:
    run = finished_run(small_study, trained)
    told = panel(small_study, run, "vanilla_gradient")
    assert told["job"]["status"] == JobStatus.SUCCEEDED, told["job"]
    assert [finding["test"] for finding in told["findings"]] == TESTS
    assert {finding["verdict"] for finding in told["findings"]} <= {"passes", "fails", "cannot_be_said"}
    sealed = {case.number for case in cases_of(small_study, Part.TEST)}
    assert len(told["cases"]) >= 20
    assert not sealed & set(told["cases"])
    assert all(finding["reason"] for finding in told["findings"])


def test_it_compares_with_the_run_that_differs_in_the_seed_alone(
    small_study: SmallStudy, trained: TrainingResult
) -> None:
    run, other = finished_run(small_study, trained), finished_run(small_study, trained)
    TrainingRun.objects.filter(pk=other.pk).update(configuration=other.configuration | {"seed": 99})
    findings = {finding["test"]: finding for finding in panel(small_study, run, "grad_cam")["findings"]}
    # The same model under another seed's name: its maps are the same.
    assert findings["repeatability"]["figures"]["similarity"] == pytest.approx(1.0, abs=1e-6)
    assert findings["repeatability"]["verdict"] == "passes"
    assert f"run {other.pk}" in findings["repeatability"]["reason"]
    assert findings["reproducibility"]["verdict"] == "cannot_be_said"


def test_it_fails_in_words_where_there_are_too_few_cases(trained: TrainingResult, transactional_db: None) -> None:
    few = make_small_study(loose=8, well_fixed=8)
    told = panel(few, finished_run(few, trained), "vanilla_gradient")
    assert told["job"]["status"] == JobStatus.FAILED
    assert "too few" in told["job"]["failure_reason"]


def test_it_asks_once_and_only_of_a_finished_run(small_study: SmallStudy, trained: TrainingResult) -> None:
    run = finished_run(small_study, trained)
    first = request_quality(run=run, method="rise", actor=small_study.researcher)
    assert request_quality(run=run, method="rise", actor=small_study.researcher).pk == first.pk
    with pytest.raises(Conflict, match="finished run"):
        request_quality(run=queue_run(small_study), method="rise", actor=small_study.researcher)
