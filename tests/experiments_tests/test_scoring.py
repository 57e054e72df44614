from __future__ import annotations

import pytest

from common.errors import Conflict, Invalid
from common.jobs import claim
from common.models import AuditEvent, JobStatus
from mlworker.engine.training import TrainingResult
from mlworker.experiments.models import Score, Scoring
from mlworker.experiments.selectors import scored_cases, test_part_touches
from mlworker.experiments.services import score_part
from mlworker.experiments.tasks import MOST_ATTEMPTS, resident_models, score
from tests.experiments_tests.small_study import SmallStudy, cases_of, finished_run, model_folder, queue_run
from tests.factories import client_of
from tests.messages import Messages

pytestmark = pytest.mark.django_db(transaction=True)
# It is a selector's name and no test.
test_part_touches.__test__ = False  # type: ignore[attr-defined]


def test_it_scores_every_case_of_the_sealed_part_once(
    small_study: SmallStudy, trained: TrainingResult, messages: Messages
) -> None:
    run = finished_run(small_study, trained)
    messages.forget()
    scoring = score_part(run=run, part="test", reason="Planned in the protocol.", actor=small_study.researcher)
    assert messages.in_queue("scoring") == [("experiments.score", {"scoring_id": scoring.pk})]
    score(scoring_id=scoring.pk)
    scoring.refresh_from_db()
    assert scoring.status == JobStatus.SUCCEEDED, scoring.failure_reason
    assert [s.case for s in scored_cases(scoring)] == [case.number for case in cases_of(small_study)]
    assert all(0 < s.probability < 1 for s in scored_cases(scoring))
    assert (scoring.progress_done, scoring.progress_total) == (8, 8)


def test_it_counts_every_touch_with_its_reason_and_its_person(small_study: SmallStudy, trained: TrainingResult) -> None:
    first, second = finished_run(small_study, trained, name="One"), finished_run(small_study, trained, name="Two")
    score_part(run=first, part="validation", reason="Looking.", actor=small_study.researcher)
    assert test_part_touches(small_study.version) == []
    for run in (first, second):
        score_part(run=run, part="test", reason=f"For {run.name}.", actor=small_study.researcher)
    page = client_of(small_study.researcher).get(f"/api/v1/studies/{small_study.study.slug}/runs/{first.pk}/scorings")
    touches = page.json()["test_part_touches"]
    assert [(t["run"], t["reason"], t["by"]) for t in touches] == [
        ("One", "For One.", "Rosa Researcher"), ("Two", "For Two.", "Rosa Researcher"),
    ]  # fmt: skip
    assert AuditEvent.objects.filter(action="part_scored", payload__part="test").count() == 2


def test_it_gives_the_first_scores_when_the_same_model_asks_again(
    small_study: SmallStudy, trained: TrainingResult
) -> None:
    run = finished_run(small_study, trained)
    first = score_part(run=run, part="test", reason="First.", actor=small_study.researcher)
    score(scoring_id=first.pk)
    again = score_part(run=run, part="test", reason="Again.", actor=small_study.researcher)
    score(scoring_id=again.pk)
    assert (again.pk, again.reason) == (first.pk, "First.")
    assert Score.objects.filter(scoring=first).count() == 8
    assert len(test_part_touches(small_study.version)) == 1


def test_it_refuses_a_touch_without_a_reason(small_study: SmallStudy, trained: TrainingResult) -> None:
    with pytest.raises(Invalid, match="Say why"):
        score_part(run=finished_run(small_study, trained), part="test", reason="  ", actor=small_study.researcher)
    assert not Scoring.objects.exists()


def test_it_refuses_the_training_part(small_study: SmallStudy, trained: TrainingResult) -> None:
    with pytest.raises(Invalid, match="Only the validation and the test part"):
        score_part(run=finished_run(small_study, trained), part="training", reason="Why not.", actor=None)


def test_it_refuses_a_run_without_a_threshold(small_study: SmallStudy) -> None:
    with pytest.raises(Conflict, match="threshold was fixed on the validation part") as refused:
        score_part(run=queue_run(small_study), part="test", reason="Too early.", actor=small_study.researcher)
    assert refused.value.error_code == "no_threshold_yet"


def test_it_refuses_a_model_that_was_changed_and_scores_after_the_restore(
    small_study: SmallStudy, trained: TrainingResult
) -> None:
    run = finished_run(small_study, trained)
    path = model_folder(run) / "model.keras"
    path.write_bytes(b"something else")
    scoring = score_part(run=run, part="test", reason="Planned.", actor=small_study.researcher)
    # Another test may have left this model in the worker's memory, where nobody can have changed it.
    resident_models.cache_clear()
    score(scoring_id=scoring.pk)
    scoring.refresh_from_db()
    assert scoring.status == JobStatus.FAILED
    assert "was changed" in scoring.failure_reason
    assert scoring.failure_advice

    path.write_bytes(trained.model_path.read_bytes())
    again = score_part(run=run, part="test", reason="Restored.", actor=small_study.researcher)
    assert (again.pk, again.status) == (scoring.pk, JobStatus.QUEUED)
    score(scoring_id=scoring.pk)
    scoring.refresh_from_db()
    assert scoring.status == JobStatus.SUCCEEDED, scoring.failure_reason


def test_it_writes_no_score_when_another_worker_holds_the_scoring(
    small_study: SmallStudy, trained: TrainingResult
) -> None:
    scoring = score_part(run=finished_run(small_study, trained), part="test", reason="Planned.", actor=None)
    assert claim(Scoring, scoring.pk, worker_name="another worker") is not None
    score(scoring_id=scoring.pk)
    scoring.refresh_from_db()
    assert (scoring.status, scoring.worker_name) == (JobStatus.RUNNING, "another worker")
    assert not Score.objects.exists()


def test_it_gives_up_a_scoring_that_has_killed_one_worker_after_another(
    small_study: SmallStudy, trained: TrainingResult
) -> None:
    run = finished_run(small_study, trained)
    scoring = score_part(run=run, part="test", reason="Planned.", actor=small_study.researcher)
    Scoring.objects.filter(pk=scoring.pk).update(attempts=MOST_ATTEMPTS)
    score(scoring_id=scoring.pk)
    scoring.refresh_from_db()
    assert scoring.status == JobStatus.FAILED
    assert scoring.failure_reason == "5 workers have taken this job and none came to its end."
    again = score_part(run=run, part="test", reason="With more memory.", actor=small_study.researcher)
    score(scoring_id=again.pk)
    again.refresh_from_db()
    assert (again.status, again.attempts) == (JobStatus.SUCCEEDED, 1)
