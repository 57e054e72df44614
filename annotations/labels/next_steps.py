from __future__ import annotations

from accounts.models import Person
from annotations.cohorts.selectors import current_cohort
from annotations.labels.selectors import disputes_for, note_progress
from studies.models import Role, Study
from studies.next_steps import NextStep


def reading_steps(actor: Person, study: Study) -> list[NextStep]:
    """Notes that wait for this abstractor."""
    cohort = current_cohort(study)
    if cohort is None:
        return []
    progress = note_progress(actor, cohort)
    total = progress.mine + progress.waiting_for_me
    return [NextStep("read_notes", Role.ABSTRACTOR, f"/studies/{study.slug}/notes", progress.mine, total, order=20)]


def adjudicating_steps(actor: Person, study: Study) -> list[NextStep]:
    """Notes on which two others disagree."""
    cohort = current_cohort(study)
    disputed = len(disputes_for(actor, cohort)) if cohort else 0
    if not disputed:
        return []
    return [NextStep("adjudicate_notes", Role.ADJUDICATOR, f"/studies/{study.slug}/notes", 0, disputed, order=25)]
