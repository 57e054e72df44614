"""The two places at each note: assigned by a coordinator, or claimed one at a time; never handed out twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now

from accounts.models import Person
from annotations.cohorts.models import Cohort, OperativeNote
from annotations.labels.models import NoteAssessment, NoteAssignment
from annotations.labels.selectors import notes_of_cohort, queue_for
from common import audit
from common.errors import Conflict, Invalid
from studies.models import Membership, Role, Study

CLAIM = timedelta(hours=2)
PLACES = 2
# Apps further up say here what keeps a person from reading notes (somebody who still reads radiographs, say): a
# reason, or "".
abstraction_guards: list[Callable[[Person, Study], str]] = []


def refuse_guarded(abstractor: Person, study: Study) -> None:
    for guard in abstraction_guards:
        refusal = guard(abstractor, study)
        if refusal:
            raise Conflict(refusal, code="abstraction_refused")


def _free_expired(notes: QuerySet[OperativeNote] | list[int]) -> None:
    """Claims that ran out unused give their places back."""
    read = NoteAssessment.objects.filter(note_id=OuterRef("note_id"), abstractor_id=OuterRef("abstractor_id"))
    NoteAssignment.objects.filter(~Exists(read), note__in=notes, expires_at__lt=Now()).delete()


def take_place(*, note: OperativeNote, abstractor: Person) -> None:
    """The place of somebody who gives a verdict: theirs for good. The caller holds the note's row."""
    kept = NoteAssignment.objects.filter(note=note, abstractor=abstractor)
    if kept.update(expires_at=None):
        return
    _free_expired([note.pk])
    taken = set(NoteAssignment.objects.filter(note=note).values_list("place", flat=True))
    if len(taken) >= PLACES:
        read = NoteAssessment.objects.filter(note=note).values("abstractor_id").distinct().count()
        if read >= PLACES:
            raise Conflict("Two people have read this note already.", code="note_read_twice")
        raise Conflict("Both places at this note are taken by others.", code="note_taken")
    NoteAssignment.objects.create(study=note.study, note=note, abstractor=abstractor, place=_free_place(taken))


def _free_place(taken: set[int]) -> int:
    return next(place for place in range(1, PLACES + 1) if place not in taken)


@transaction.atomic
def claim_next_note(*, cohort: Cohort, abstractor: Person, passing_over: int | None = None) -> OperativeNote | None:
    """The next note for this person, theirs for two hours: what they hold already first, then one half read."""
    refuse_guarded(abstractor, cohort.study)
    passed = [passing_over] if passing_over is not None else []
    held: OperativeNote | None = queue_for(abstractor, cohort).exclude(pk__in=passed).filter(is_mine=True).first()
    if held is not None:
        mine = NoteAssignment.objects.filter(note=held, abstractor=abstractor, expires_at__isnull=False)
        mine.update(expires_at=Now() + CLAIM)
        return held
    # What another is just being given is passed over; only if nothing else is left, it is waited for.
    for passes_over in (True, False):
        while (note := _lock_next(cohort, abstractor, passed, skip_locked=passes_over)) is not None:
            if _claim(note, abstractor):
                return note
            passed.append(note.pk)
    return None


def _lock_next(cohort: Cohort, abstractor: Person, passed: list[int], *, skip_locked: bool) -> OperativeNote | None:
    waiting = queue_for(abstractor, cohort).exclude(pk__in=passed)
    first: OperativeNote | None = waiting.select_for_update(skip_locked=skip_locked, of=("self",)).first()
    return first


def _claim(note: OperativeNote, abstractor: Person) -> bool:
    """Under the note's lock: count again, for another may have taken the place since it was looked for."""
    _free_expired([note.pk])
    places = NoteAssignment.objects.filter(note=note)
    taken = set(places.values_list("place", flat=True))
    if len(taken) >= PLACES or places.filter(abstractor=abstractor).exists():
        return False
    NoteAssignment.objects.create(
        study=note.study, note=note, abstractor=abstractor, place=_free_place(taken), expires_at=Now() + CLAIM
    )
    return True


@transaction.atomic
def assign_notes(*, cohort: Cohort, abstractors: Sequence[Person], actor: Person) -> dict[int, int]:
    """Give every free place of the cohort's notes to these people, evenly; how many each got.

    Loads differ by one at most, as far as nobody reads a note twice, and pairs are mixed evenly too. Notes that
    somebody has read, claimed or been assigned stay with them.
    """
    _check_abstractors(cohort.study, abstractors)
    Study.objects.select_for_update(no_key=True).get(pk=cohort.study_id)
    notes = list(notes_of_cohort(cohort).order_by("pk").values_list("pk", flat=True))
    list(OperativeNote.objects.filter(pk__in=notes).order_by("pk").select_for_update().values_list("pk", flat=True))
    _free_expired(notes)
    new = _evenly(notes, [person.pk for person in abstractors])
    NoteAssignment.objects.bulk_create(
        NoteAssignment(study_id=cohort.study_id, note_id=note, abstractor_id=person, place=place, assigned_by=actor)
        for note, person, place in new
    )
    got = Counter(person for _, person, _ in new)
    audit.record(
        actor=actor, action="notes_assigned", subject=f"cohort:{cohort.pk}", study_slug=cohort.study.slug,
        payload={"places": {str(person.pk): got[person.pk] for person in abstractors}},
    )  # fmt: skip
    return {person.pk: got[person.pk] for person in abstractors}


def _check_abstractors(study: Study, abstractors: Sequence[Person]) -> None:
    if not abstractors:
        raise Invalid("Name the abstractors.", details=[{"field": "abstractors", "message": "is empty"}])
    named = Membership.objects.filter(study=study, role=Role.ABSTRACTOR, person__in=abstractors)
    allowed = set(named.values_list("person_id", flat=True))
    problems: list[dict[str, Any]] = [
        {"field": "abstractors", "message": f"{person.name} does not hold the right to read notes"}
        for person in abstractors
        if person.pk not in allowed
    ]
    if problems:
        raise Invalid("Only abstractors of this study can be assigned notes.", details=problems)
    for person in abstractors:
        refuse_guarded(person, study)


def _evenly(notes: Sequence[int], people: Sequence[int]) -> list[tuple[int, int, int]]:
    """(note, person, place) for every place that is free and that one of these people can take."""
    holders: dict[int, dict[int, int]] = defaultdict(dict)
    load = Counter(dict.fromkeys(people, 0))
    met: Counter[frozenset[int]] = Counter()
    for note, person, place in NoteAssignment.objects.filter(note__in=notes).values_list("note", "abstractor", "place"):
        holders[note][place] = person
    for places in holders.values():
        load.update(person for person in places.values() if person in load)
        met[frozenset(places.values())] += 1
    new = []
    # Half-taken notes first: for them there is less choice.
    for note in sorted(notes, key=lambda note: (-len(holders[note]), note)):
        taken = holders[note]
        while len(taken) < PLACES and (free := [person for person in people if person not in taken.values()]):
            others = list(taken.values())
            person = min(free, key=lambda one: (load[one], sum(met[frozenset((one, other))] for other in others)))
            place = _free_place(set(taken))
            taken[place] = person
            load[person] += 1
            new.append((note, person, place))
        met[frozenset(taken.values())] += 1
    return new


@transaction.atomic
def withdraw_assignments(*, cohort: Cohort, abstractor: Person, actor: Person) -> int:
    """Take back the notes that this person has been assigned or has claimed and has not read."""
    read = NoteAssessment.objects.filter(note_id=OuterRef("note_id"), abstractor=abstractor)
    unread = NoteAssignment.objects.filter(~Exists(read), note__in=notes_of_cohort(cohort), abstractor=abstractor)
    withdrawn, _ = unread.delete()
    audit.record(
        actor=actor, action="assignments_withdrawn", subject=f"person:{abstractor.pk}", study_slug=cohort.study.slug,
        payload={"notes": withdrawn},
    )  # fmt: skip
    return withdrawn
