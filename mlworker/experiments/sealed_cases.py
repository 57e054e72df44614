"""Which cases a model has scored as test cases: for those the seal is broken."""

from __future__ import annotations

from annotations.datasets.models import Part
from common.models import JobStatus
from mlworker.experiments.models import Score
from studies.models import Study


def scored_test_cases(study: Study) -> set[int]:
    """Primary keys of the cases that a finished scoring of a test part holds."""
    scores = Score.objects.filter(
        scoring__run__study=study, scoring__part=Part.TEST, scoring__status=JobStatus.SUCCEEDED
    )
    return set(scores.values_list("case_id", flat=True).distinct())
