from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from annotations.datasets.models import Part
from common import storage
from common.errors import Conflict, Invalid
from common.models import JobStatus
from mlworker.engine.training import TrainingResult
from mlworker.experiments.services import MAP_METHODS, request_map, score_part
from mlworker.experiments.tasks import draw_map, score
from tests.experiments_tests.small_study import SIDE, SmallStudy, cases_of, finished_run, queue_run
from tests.factories import client_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("method", MAP_METHODS)
def test_it_draws_a_map_that_the_page_can_lay_over_the_radiograph(
    small_study: SmallStudy, trained: TrainingResult, method: str
) -> None:
    run = finished_run(small_study, trained)
    case = cases_of(small_study, Part.TRAINING)[0]
    page, base = client_of(small_study.researcher), f"/api/v1/studies/{small_study.study.slug}/runs/{run.pk}"
    asked = page.post(f"{base}/maps", {"case": case.number, "method": method}, format="json")
    assert asked.status_code == 201, asked.json()
    draw_map(map_id=asked.json()["id"])
    (told,) = page.get(f"{base}/maps").json()["maps"]
    assert told["job"]["status"] == JobStatus.SUCCEEDED, told["job"]
    stored = np.load(io.BytesIO(storage.read(run.saliency_maps.get().name)))
    assert stored.shape == (SIDE, SIDE)
    assert stored.min() >= 0
    assert told["raw_maximum"] == pytest.approx(float(stored.max()))
    picture = page.get(f"{base}/maps/{told['id']}/picture")
    assert picture["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(picture.content)).size == (SIDE, SIDE)
    preview = page.get(f"{base}/cases/{case.number}/preview")
    assert (preview.status_code, preview["Content-Type"]) == (200, "image/jpeg")


def test_it_keeps_the_test_part_sealed_until_this_run_has_scored_it(
    small_study: SmallStudy, trained: TrainingResult
) -> None:
    run, other = finished_run(small_study, trained), finished_run(small_study, trained)
    case = cases_of(small_study)[0]
    page, runs = client_of(small_study.researcher), f"/api/v1/studies/{small_study.study.slug}/runs"
    with pytest.raises(Conflict, match="sealed for this run"):
        request_map(run=run, case=case, method="vanilla_gradient", actor=small_study.researcher)
    wanted = {"case": case.number, "method": "grad_cam"}
    assert page.post(f"{runs}/{run.pk}/maps", wanted, format="json").status_code == 404
    assert page.get(f"{runs}/{run.pk}/cases/{case.number}/preview").status_code == 404
    listed = page.get(f"{runs}/{run.pk}/maps").json()["cases"]
    assert {entry["part"] for entry in listed} == {"training", "validation"}

    scoring = score_part(run=run, part="test", reason="Planned.", actor=small_study.researcher)
    assert page.post(f"{runs}/{run.pk}/maps", wanted, format="json").status_code == 404
    score(scoring_id=scoring.pk)
    assert page.post(f"{runs}/{run.pk}/maps", wanted, format="json").status_code == 201
    assert page.get(f"{runs}/{run.pk}/cases/{case.number}/preview").status_code == 200
    assert page.post(f"{runs}/{other.pk}/maps", wanted, format="json").status_code == 404


def test_it_draws_from_finished_runs_alone(small_study: SmallStudy) -> None:
    case = cases_of(small_study, Part.TRAINING)[0]
    with pytest.raises(Conflict, match="finished run"):
        request_map(run=queue_run(small_study), case=case, method="grad_cam", actor=small_study.researcher)


def test_it_refuses_a_method_it_does_not_have(small_study: SmallStudy, trained: TrainingResult) -> None:
    case = cases_of(small_study, Part.TRAINING)[0]
    with pytest.raises(Invalid, match="“guided_backprop” is not one of the methods"):
        request_map(
            run=finished_run(small_study, trained), case=case, method="guided_backprop", actor=small_study.researcher
        )


def test_it_computes_a_map_once(small_study: SmallStudy, trained: TrainingResult) -> None:
    run, case = finished_run(small_study, trained), cases_of(small_study, Part.TRAINING)[0]
    first = request_map(run=run, case=case, method="grad_cam", actor=small_study.researcher)
    draw_map(map_id=first.pk)
    again = request_map(run=run, case=case, method="grad_cam", actor=small_study.researcher)
    assert again.pk == first.pk
    assert again.status == JobStatus.SUCCEEDED
    draw_map(map_id=first.pk)
    again.refresh_from_db()
    assert again.attempts == 1
