from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from mlworker.experiments.models import TrainingRun, TuningSearch
from tests.experiments_tests.small_study import QUICK, SmallStudy, make_small_study

pytestmark = pytest.mark.django_db(transaction=True)
SPACE = {"learning_rate": [1e-4, 1e-3], "dropout": [0.1, 0.5]}


@pytest.fixture
def small_study(transactional_db: None) -> SmallStudy:
    return make_small_study(images=False)


@pytest.fixture
def client(small_study: SmallStudy) -> Client:
    client = Client()
    client.force_login(small_study.researcher)
    return client


def search(client: Client, small: SmallStudy, **changes: Any) -> Any:
    body = {
        "dataset_version": small.version.number, "backbone": "compact", "preset": "compact", "overrides": QUICK,
        "method": "grid", "space": SPACE, "trials": 8, **changes,
    }  # fmt: skip
    url = f"/api/v1/studies/{small.study.slug}/searches"
    return client.post(url, body, content_type="application/json")


def test_it_queues_a_run_for_each_trial_and_keeps_what_was_asked(client: Client, small_study: SmallStudy) -> None:
    answer = search(client, small_study)
    assert answer.status_code == 201
    runs = TrainingRun.objects.order_by("pk")
    assert [(r.configuration["learning_rate"], r.configuration["dropout"]) for r in runs] == [
        (1e-4, 0.1), (1e-4, 0.5), (1e-3, 0.1), (1e-3, 0.5),
    ]  # fmt: skip
    kept = TuningSearch.objects.get()
    assert kept.specification["space"] == SPACE
    assert {run.search_id for run in runs} == {kept.pk}
    assert runs[0].name.endswith("1: learning_rate 0.0001, dropout 0.1")
    (listed,) = client.get(f"/api/v1/studies/{small_study.study.slug}/searches").json()
    assert [trial["id"] for trial in listed["trials"]] == [run.pk for run in runs]


def test_it_lists_the_trial_with_the_smallest_validation_loss_first(client: Client, small_study: SmallStudy) -> None:
    search(client, small_study)
    first, second, *_ = TrainingRun.objects.order_by("pk")
    TrainingRun.objects.filter(pk=second.pk).update(validation_metrics={"validation_loss": 0.4})
    TrainingRun.objects.filter(pk=first.pk).update(validation_metrics={"validation_loss": 0.6})
    (listed,) = client.get(f"/api/v1/studies/{small_study.study.slug}/searches").json()
    assert [trial["id"] for trial in listed["trials"]][:2] == [second.pk, first.pk]


def test_it_queues_nothing_when_one_trial_cannot_be_trained(client: Client, small_study: SmallStudy) -> None:
    answer = search(client, small_study, space={"batch_size": [2, 500]}, overrides={"image_size": 48})
    assert answer.status_code == 400
    assert "500" in answer.json()["details"][0]["message"]
    assert not TrainingRun.objects.exists()
    assert not TuningSearch.objects.exists()


def test_it_names_the_field_that_cannot_be_searched(client: Client, small_study: SmallStudy) -> None:
    answer = search(client, small_study, space={"backbone": ["compact", "resnet50"], "flip": [0.9]})
    assert answer.status_code == 400
    assert {detail["field"] for detail in answer.json()["details"]} == {"backbone", "flip"}


def test_it_says_what_a_launch_would_take_and_saves_nothing(client: Client, small_study: SmallStudy) -> None:
    body = {
        "dataset_version": small_study.version.number, "backbones": ["compact", "resnet50"], "preset": "compact",
        "overrides": {**QUICK, "weights": "none"},
    }  # fmt: skip
    url = f"/api/v1/studies/{small_study.study.slug}/runs/preview"
    answer = client.post(url, body, content_type="application/json")
    assert answer.status_code == 200
    told = answer.json()
    assert [part["part"] for part in told["parts"]] == ["training", "validation"]
    assert all(part["loose"] and part["well_fixed"] for part in told["parts"])
    assert told["runs"][1]["cpu_seconds"] > told["runs"][0]["cpu_seconds"] > 0
    assert not TrainingRun.objects.exists()
    refused = client.post(url, body | {"overrides": {"learning_rate": "x"}}, content_type="application/json")
    assert refused.status_code == 400
