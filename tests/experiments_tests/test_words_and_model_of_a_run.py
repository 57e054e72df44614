from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.test import Client

from mlworker.experiments.models import TrainingRun
from mlworker.experiments.services import start_training
from mlworker.experiments.tasks import train
from tests.experiments_tests.small_study import QUICK, SmallStudy

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run(small_study: SmallStudy) -> TrainingRun:
    (run,) = start_training(
        version=small_study.version, backbones=["compact"], preset="compact", overrides=QUICK,
        actor=small_study.researcher,
    )  # fmt: skip
    return run


@pytest.fixture
def client(small_study: SmallStudy) -> Client:
    client = Client()
    client.force_login(small_study.researcher)
    return client


def annotate(client: Client, run: TrainingRun, **body: Any) -> Any:
    url = f"/api/v1/studies/{run.study.slug}/runs/{run.pk}/words"
    return client.put(url, {"notes": "", "tags": []} | body, content_type="application/json")


def test_it_keeps_notes_and_tags(client: Client, run: TrainingRun) -> None:
    answer = annotate(client, run, notes="Too few epochs.\n", tags=["Baseline", " baseline ", "to  repeat", ""])
    assert answer.status_code == 200
    assert answer.json()["notes"] == "Too few epochs."
    assert answer.json()["tags"] == ["baseline", "to repeat"]
    before = TrainingRun.objects.get(pk=run.pk)
    assert (before.status, before.configuration_sha256) == ("queued", run.configuration_sha256)


def test_it_says_which_tag_is_too_long_and_keeps_what_stood(client: Client, run: TrainingRun) -> None:
    annotate(client, run, notes="first")
    answer = annotate(client, run, notes="x" * 10_001, tags=["t" * 33, *(str(i) for i in range(12))])
    assert answer.status_code == 400
    assert [detail["field"] for detail in answer.json()["details"]] == ["tags", "tags", "notes"]
    assert TrainingRun.objects.get(pk=run.pk).notes == "first"


def test_it_hands_out_the_model_file_that_the_run_recorded(client: Client, run: TrainingRun) -> None:
    url = f"/api/v1/studies/{run.study.slug}/runs/{run.pk}/model"
    assert client.get(url).json()["code"] == "run_not_finished"
    train(run_id=run.pk)
    run.refresh_from_db()
    answer = client.get(url)
    content = answer.getvalue()
    assert hashlib.sha256(content).hexdigest() == run.model_sha256
    assert f"run-{run.pk}-compact-{run.model_sha256[:12]}.keras" in answer["Content-Disposition"]
