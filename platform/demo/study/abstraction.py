"""Simulated abstractors read the operative notes, with the slips that two people make.

The first abstractor's verdicts are the generator's truth, so that the attrition is the published one. The second
differs on about one note in 25. A third settles the disputes but for a few, and some notes are left to be read a
second time: those are the visitor's.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

from annotations.cohorts.identifiers import registry_key
from annotations.cohorts.models import Cohort, OperativeNote
from annotations.labels.models import ComponentVerdict, Infection, NoteAssessment
from annotations.labels.selectors import disputed_notes, notes_of_cohort
from annotations.labels.services import Verdict, adjudicate, assess_note
from demo.notes import NoteTruth
from demo.study.people import Cast
from demo.study.progress import Tell

LEFT_FOR_A_SECOND_READING = 12
LEFT_IN_DISPUTE = 2
_SLIPS_OF_THE_SECOND = 0.04


def abstract_notes(cohort: Cohort, truth: Mapping[str, NoteTruth], cast: Cast, *, seed: int, tell: Tell) -> None:
    """`truth` is by the registry's own note identifiers."""
    known = {registry_key(cohort.study, "note", note_id): told for note_id, told in truth.items()}
    notes = list(notes_of_cohort(cohort).select_related("procedure__hip", "study").order_by("registry_key"))
    verdicts = {note.pk: _honest(known[note.registry_key]) for note in notes}
    second = notes[LEFT_FOR_A_SECOND_READING:]
    total = len(notes) + len(second)
    done = 0
    rng = random.Random(seed)
    slips = {note.pk: _slipped(verdicts[note.pk], rng) for note in notes}
    for abstractor, wanted, given in (
        (cast.abstractors[0], notes, verdicts),
        (cast.abstractors[1], second, slips),
    ):
        read = set(NoteAssessment.objects.filter(abstractor=abstractor).values_list("note_id", flat=True))
        for note in wanted:
            if note.pk not in read:
                assess_note(note=note, abstractor=abstractor, verdict=given[note.pk])
            done += 1
            tell(done, total)
    _settle(disputed_notes(cohort), verdicts, cast)


def _settle(disputed: Sequence[OperativeNote], verdicts: Mapping[int, Verdict], cast: Cast) -> None:
    # Those left to the visitor confirm no loosening, so that the attrition is the published one meanwhile.
    ordered = sorted(disputed, key=lambda note: (verdicts[note.pk].confirms_loosening, note.registry_key))
    for note in ordered[LEFT_IN_DISPUTE:]:
        adjudicate(
            note=note, adjudicator=cast.adjudicator, verdict=verdicts[note.pk],
            reason="The findings of the note are decisive (simulated).",
        )  # fmt: skip


def _honest(told: NoteTruth) -> Verdict:
    return Verdict(told.cup, told.stem, told.infection, told.diagnoses_agree)


def _slipped(verdict: Verdict, rng: random.Random) -> Verdict:
    if rng.random() >= _SLIPS_OF_THE_SECOND:
        return verdict
    kind = rng.choice(("cup", "stem", "infection", "diagnoses"))
    if kind == "infection":
        heard = Infection.SUSPECTED if verdict.infection == Infection.NONE else Infection.NONE
        return replace(verdict, infection=heard)
    if kind == "diagnoses":
        return replace(verdict, diagnoses_agree=not verdict.diagnoses_agree)
    stated = ComponentVerdict.NOT_STATED
    if kind == "cup":
        return replace(verdict, cup=ComponentVerdict.WELL_FIXED if verdict.cup == stated else stated)
    return replace(verdict, stem=ComponentVerdict.WELL_FIXED if verdict.stem == stated else stated)
