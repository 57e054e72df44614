from __future__ import annotations

from accounts.models import Person
from annotations.cohorts.selectors import current_cohort
from studies.models import Study
from studies.next_steps import NextStep


def cohort_steps(actor: Person, study: Study) -> list[NextStep]:
    built = int(current_cohort(study) is not None)
    return [NextStep("build_cohort", "coordinator", f"/studies/{study.slug}/cohort", built, 1, order=10)]
