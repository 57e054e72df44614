from __future__ import annotations

from accounts.models import Person
from annotations.cohorts.selectors import current_cohort
from annotations.labels.selectors import disputes_for, note_progress
from studies.models import Study
from studies.next_steps import NextStep


def note_steps(actor: Person, study: Study) -> list[NextStep]:
    """Notes that wait for this person, and those on which two others disagree."""
    cohort = current_cohort(study)
    if cohort is None:
        return []
    href = f"/studies/{study.slug}/notes"
    progress = note_progress(actor, cohort)
    mine = NextStep("read_notes", "coordinator", href, progress.mine, progress.mine + progress.waiting_for_me, order=20)
    disputed = len(disputes_for(actor, cohort))
    return [mine, NextStep("adjudicate_notes", "coordinator", href, 0, disputed, order=25)] if disputed else [mine]
