from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from mlworker.engine.training import TrainingResult
from mlworker.experiments.models import Scoring, TrainingRun
from mlworker.experiments.tasks import score
from tests.experiments_tests.small_study import SmallStudy, finished_run, queue_run

pytestmark = pytest.mark.django_db(transaction=True)


def run_command(run: TrainingRun, reason: str = "Planned.") -> dict[str, Any]:
    out = io.StringIO()
    call_command("score", str(run.pk), "--part", "test", "--reason", reason, "--json", stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def test_it_counts_the_touch_and_gives_the_stored_scores_the_second_time(
    small_study: SmallStudy, trained: TrainingResult
) -> None:
    run = finished_run(small_study, trained)
    assert run_command(run)["touches_of_the_test_part"] == 1
    score(scoring_id=Scoring.objects.get().pk)
    again = run_command(run, reason="Once more.")
    assert (again["status"], again["reason"]) == ("succeeded", "Planned.")
    assert again["touches_of_the_test_part"] == 1
    assert len(again["scores"]) == 8
    assert again["threshold"] == run.threshold


def test_it_refuses_without_a_threshold_a_reason_or_a_run(small_study: SmallStudy, trained: TrainingResult) -> None:
    with pytest.raises(CommandError, match="threshold was fixed"):
        run_command(queue_run(small_study))
    with pytest.raises(CommandError, match="Say why"):
        run_command(finished_run(small_study, trained), reason="  ")
    with pytest.raises(CommandError, match="There is no training run 999"):
        call_command("score", "999", "--part", "test", "--reason", "x")
    assert not Scoring.objects.exists()
