from __future__ import annotations

import io
import json
import threading
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from mlworker.experiments.models import TrainingRun
from mlworker.experiments.tasks import train
from tests.experiments_tests.background import wait_until
from tests.experiments_tests.small_study import QUICK, SmallStudy

pytestmark = pytest.mark.django_db(transaction=True)


def run_command(small: SmallStudy, *arguments: str) -> dict[str, Any]:
    out = io.StringIO()
    settings = [
        part for key, value in QUICK.items() if f"{key}=0" not in arguments for part in ("--set", f"{key}={value}")
    ]
    call_command(
        "train", small.study.slug, "--dataset", str(small.version.number), "--preset", "compact", *settings,
        *arguments, "--json", stdout=out,
    )  # fmt: skip
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def test_it_queues_what_the_page_would_queue(small_study: SmallStudy) -> None:
    answer = run_command(small_study, "--backbone", "compact", "--set", "seed=7", "--name", "from the shell")
    (told,) = answer["runs"]
    run = TrainingRun.objects.get()
    assert (told["id"], told["status"], told["name"]) == (run.pk, "queued", "from the shell")
    assert run.configuration["seed"] == 7
    assert told["dataset_sha256"] == small_study.version.sha256


def test_it_waits_for_the_end_and_tells_what_came_out(small_study: SmallStudy) -> None:
    def work() -> None:
        try:
            wait_until(TrainingRun.objects.exists)
            train(run_id=TrainingRun.objects.get().pk)
        finally:
            connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    try:
        (told,) = run_command(small_study, "--backbone", "compact", "--wait")["runs"]
    finally:
        worker.join()
    assert told["status"] == "succeeded"
    assert [epoch["epoch"] for epoch in told["epochs"]] == [1, 2]
    assert told["model_sha256"] == TrainingRun.objects.get().model_sha256


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--backbone", "resnet5"], "is not one of the backbones"),
        (["--backbone", "compact", "--set", "learning_rate"], "write it as key=value"),
        (["--backbone", "compact", "--set", "learning_rate=1e-5x"], "learning_rate: received '1e-5x': is not a number"),
        (["--backbone", "compact", "--set", "lerning_rate=1"], "lerning_rate"),
        (["--backbone", "compact", "--set", "seed=1", "--set", "seed=2"], "given twice"),
        (["--backbone", "compact", "--set", "epochs=0"], "epochs: received '0': must be at least 1"),
    ],
)
def test_it_refuses_with_the_field_and_the_reason(small_study: SmallStudy, arguments: list[str], reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        run_command(small_study, *arguments)
    assert not TrainingRun.objects.exists()


def test_it_names_the_versions_that_there_are(small_study: SmallStudy) -> None:
    with pytest.raises(CommandError, match="has no dataset version 99; there is 1"):
        call_command("train", small_study.study.slug, "--dataset", "99", "--backbone", "compact")
    with pytest.raises(CommandError, match="There is no study"):
        call_command("train", "nowhere", "--dataset", "1", "--backbone", "compact")
