"""The whole registry from one seed, with the published attrition: 15,277 to 9,198 to 316 to 118."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TypeVar

from demo.notes import NoteFacts, NoteTruth, Outcome, write_note
from demo.registry.codes import BACKGROUND_CODES
from demo.registry.ledger import Ledger
from demo.registry.people import SITES, Person, draw_people
from demo.registry.revised import (
    CANDIDATE,
    CODE_OUTSIDE_WINDOW,
    HEAD_EXCHANGED,
    NO_LOOSENING_CODE,
    NO_PRIMARY_ON_SIDE,
    SECOND_REASON,
    SIDE_MISMATCH,
    Revision,
    draw_component,
    write_revised,
)
from demo.registry.tables import NoteRow, PatientTruth, RegistryTables
from demo.registry.unrevised import (
    COMPLICATION_CODED,
    COMPLICATION_REPORTED,
    ELIGIBLE,
    FIXATION_UNKNOWN,
    FOLLOW_UP_SHORT,
    NOT_CEMENTLESS,
    REVIEW_BY_HAND,
    write_unrevised,
)

_T = TypeVar("_T")

PATIENTS = 15_277
REVISED = 9_198
CANDIDATES = 316
CONFIRMED = 118

# How the revised patients leave; whoever is not named here has no loosening code at all.
_REVISED_REASONS = {
    CANDIDATE: CANDIDATES,
    SIDE_MISMATCH: 143,
    CODE_OUTSIDE_WINDOW: 117,
    NOT_CEMENTLESS: 1_392,
    FIXATION_UNKNOWN: 388,
    NO_PRIMARY_ON_SIDE: 61,
    SECOND_REASON: 921,
    HEAD_EXCHANGED: 57,
}
_UNREVISED_REASONS = {
    ELIGIBLE: 1_214,
    NOT_CEMENTLESS: 2_086,
    FIXATION_UNKNOWN: 409,
    COMPLICATION_REPORTED: 583,
    COMPLICATION_CODED: 271,
    REVIEW_BY_HAND: 138,
}
# What the operative notes of the 316 candidates say.
_NOTE_OUTCOMES = {
    Outcome.CONFIRMED: CONFIRMED,
    Outcome.WELL_FIXED: 57,
    Outcome.INFECTION_SUSPECTED: 31,
    Outcome.INFECTION_CONFIRMED: 24,
    Outcome.DIAGNOSIS_DIFFERS: 39,
    Outcome.NOT_STATED: 36,
    Outcome.SIDE_DIFFERS: 11,
}


def generate_registry(seed: int) -> RegistryTables:
    rng = random.Random(seed)
    ledger = Ledger(rng)
    ledger.tables.sites.extend(SITES)
    outcomes = _shuffled(rng, [outcome for outcome, count in _NOTE_OUTCOMES.items() for _ in range(count)])
    for person, (revised, reason) in zip(draw_people(rng, PATIENTS), _draw_reasons(rng), strict=True):
        if not revised:
            _unrevised(ledger, person, reason)
        elif reason == CANDIDATE:
            _candidate(ledger, person, outcomes.pop())
        else:
            _excluded(ledger, person, reason)
        _background(ledger)
    return ledger.tables


def _shuffled(rng: random.Random, items: list[_T]) -> list[_T]:
    rng.shuffle(items)
    return items


def _draw_reasons(rng: random.Random) -> list[tuple[bool, str]]:
    revised = [reason for reason, count in _REVISED_REASONS.items() for _ in range(count)]
    revised += [NO_LOOSENING_CODE] * (REVISED - len(revised))
    unrevised = [reason for reason, count in _UNREVISED_REASONS.items() for _ in range(count)]
    unrevised += [FOLLOW_UP_SHORT] * (PATIENTS - REVISED - len(unrevised))
    return _shuffled(rng, [(True, reason) for reason in revised] + [(False, reason) for reason in unrevised])


def _unrevised(ledger: Ledger, person: Person, reason: str) -> None:
    truth = write_unrevised(ledger, person, reason)
    ledger.tables.truth[person.patient_id] = truth
    if ledger.rng.random() < 0.008:
        procedure = next(
            row for row in reversed(ledger.tables.procedures) if row.procedure_id == truth.index_procedure_id
        )
        revision = Revision(
            procedure.procedure_id, procedure.side, procedure.performed_on, procedure.performed_on, "both"
        )
        _note(ledger, person, revision, Outcome.PRIMARY)


def _candidate(ledger: Ledger, person: Person, outcome: Outcome) -> None:
    component = draw_component(ledger.rng)
    truth, revision = write_revised(ledger, person, CANDIDATE, component)
    told = _note(ledger, person, revision, outcome)
    loose = [name for name in ("cup", "stem") if getattr(told, name) == "loose"]
    ledger.tables.truth[person.patient_id] = PatientTruth(
        truth.patient_id,
        truth.group,
        "" if told.confirmed else told.reason,
        truth.side,
        truth.index_procedure_id,
        told.confirmed,
        "both" if len(loose) == 2 else "".join(loose),
    )


def _excluded(ledger: Ledger, person: Person, reason: str) -> None:
    truth, revision = write_revised(ledger, person, reason, draw_component(ledger.rng))
    ledger.tables.truth[person.patient_id] = truth
    if ledger.rng.random() < 0.025:
        outcome = {
            SECOND_REASON: Outcome.INFECTION_CONFIRMED,
            NO_LOOSENING_CODE: Outcome.OTHER_CAUSE,
            HEAD_EXCHANGED: Outcome.OTHER_CAUSE,
        }.get(reason, Outcome.CONFIRMED)
        _note(ledger, person, revision, outcome)


def _note(ledger: Ledger, person: Person, revision: Revision, outcome: Outcome) -> NoteTruth:
    rng, tables = ledger.rng, ledger.tables
    years = (revision.performed_on - revision.primary).days / 365.25
    note_id = f"N{len(tables.notes) + 1:05d}"
    site = next(site for site in SITES if site.site == person.site)
    facts = NoteFacts(
        side=revision.side,
        performed_on=revision.performed_on,
        component=revision.component,
        outcome=outcome,
        patient_id=person.patient_id,
        hospital=site.name,
        age=round(person.age_at_primary + years),
        sex=person.sex,
        years_in_place=years,
    )
    # A generator of its own: another wording of the notes must not change the registry.
    note = write_note(random.Random(rng.getrandbits(64)), facts, note_id=note_id, procedure_id=revision.procedure_id)
    written_on = revision.performed_on + timedelta(days=rng.choice((0, 0, 0, 1, 1, 2, 5)))
    tables.notes.append(NoteRow(note_id, revision.procedure_id, written_on, note.text))
    tables.note_truth[note_id] = note.truth
    return note.truth


def _background(ledger: Ledger) -> None:
    rng = ledger.rng
    last = ledger.tables.procedures[-1].performed_on
    for code in rng.sample(BACKGROUND_CODES, rng.choice((0, 0, 1, 1, 2))):
        ledger.diagnosis(last + timedelta(days=rng.randint(-900, 400)), code)
