"""What a researcher should do next: train, touch the test part once, compare."""

from __future__ import annotations

from accounts.models import Person
from annotations.datasets.models import Part
from common.models import JobStatus
from mlworker.experiments.models import Comparison, Scoring, TrainingRun
from studies.models import Role, Study
from studies.next_steps import NextStep


def researcher_steps(actor: Person, study: Study) -> list[NextStep]:
    finished = JobStatus.SUCCEEDED
    trained = TrainingRun.objects.filter(study=study, status=finished).exists()
    scored = Scoring.objects.filter(run__study=study, part=Part.TEST, status=finished).exists()
    compared = Comparison.objects.filter(study=study, status=finished).exists()
    return [
        _step("train_model", study, "training", done=trained, order=410),
        _step("score_test_part", study, "training", done=scored, order=420),
        _step("compare", study, "comparisons", done=compared, order=430),
    ]


def _step(key: str, study: Study, page: str, *, done: bool, order: int) -> NextStep:
    return NextStep(
        key=key, role=Role.RESEARCHER, href=f"/studies/{study.slug}/{page}", done=int(done), total=1, order=order
    )
