"""Patients with a revision: the 316 candidates, and the many others with the reason that keeps them out."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from demo.registry.codes import (
    KNEE_CODES,
    SECOND_REASONS,
    arthritis_of_hip,
    code_for,
    other_side,
    pain_in_hip,
    presence_of_hip,
)
from demo.registry.ledger import ICD10_SINCE, STUDY_END, Ledger
from demo.registry.people import Person
from demo.registry.tables import PatientTruth
from demo.registry.unrevised import FIXATION_UNKNOWN, NOT_CEMENTLESS, draw_fixation

CANDIDATE = "candidate"
NO_LOOSENING_CODE = "no_loosening_code"
CODE_OUTSIDE_WINDOW = "code_outside_window"
SIDE_MISMATCH = "side_mismatch"
NO_PRIMARY_ON_SIDE = "no_primary_on_that_hip"
SECOND_REASON = "second_reason"
# Head and liner were changed for loosening; the revision that counts had another cause.
HEAD_EXCHANGED = "head_exchanged"

WINDOW_DAYS = 30
_REVISION_CPT = {"both": "27134", "cup": "27137", "stem": "27138"}
_FIRST_REVISION = date(2015, 11, 15)


@dataclass(frozen=True, slots=True)
class Revision:
    procedure_id: str
    side: str
    primary: date
    performed_on: date
    component: str


def write_revised(ledger: Ledger, person: Person, reason: str, component: str) -> tuple[PatientTruth, Revision]:
    """Write one revised patient; `reason` is CANDIDATE or why the patient leaves."""
    rng = ledger.rng
    revised_on = _FIRST_REVISION + timedelta(days=rng.randint(0, 3350))
    primary = revised_on - timedelta(days=_days_in_place(rng, reason))
    side = rng.choice("RL")
    ledger.open_patient(person.patient_id, person.site, primary.year - person.age_at_primary, person.sex)
    cup, stem = draw_fixation(rng, _fixation_of(rng, reason))
    if reason == NO_PRIMARY_ON_SIDE:
        # The primary of the revised hip was done elsewhere: this registry knows the other hip only.
        ledger.procedure(other_side(side), primary, "27130", cup="cementless", stem="cementless")
    else:
        ledger.procedure(side, primary, "27130", cup=cup, stem=stem, modifiers=side + "T")
        ledger.diagnosis(primary - timedelta(days=rng.randint(0, 60)), arthritis_of_hip(side))
        _second_hip(ledger, side, primary, revised_on)
    ledger.routine_followups(side, primary, revised_on - timedelta(days=45))
    ledger.diagnosis(revised_on - timedelta(days=rng.randint(0, 400)), presence_of_hip(side))
    key = ledger.procedure(
        side,
        revised_on,
        _REVISION_CPT[component],
        cup="cementless" if component != "stem" else "unknown",
        stem="cementless" if component != "cup" else "unknown",
        modifiers=rng.choice(("", side + "T", side + "T;22", side + "T")),
    )
    revision = Revision(key, side, primary, revised_on, component)
    _write_reason(ledger, revision, reason)
    _write_harmless(ledger, revision, reason)
    _write_aftermath(ledger, revision)
    return _truth_of(person, reason, revision), revision


def _truth_of(person: Person, reason: str, revision: Revision) -> PatientTruth:
    group = CANDIDATE if reason == CANDIDATE else "revised_excluded"
    first_reason = {CANDIDATE: "", HEAD_EXCHANGED: CODE_OUTSIDE_WINDOW}.get(reason, reason)
    return PatientTruth(person.patient_id, group, first_reason, revision.side, revision.procedure_id)


def draw_component(rng: random.Random) -> str:
    return rng.choices(("both", "cup", "stem"), (32, 34, 34))[0]


def _days_in_place(rng: random.Random, reason: str) -> int:
    early = reason in (NO_LOOSENING_CODE, SECOND_REASON) and rng.random() < 0.35
    years = rng.lognormvariate(0.1, 0.8) if early else rng.lognormvariate(1.85, 0.55)
    return round(min(21.0, max(0.25 if early else 0.9, years)) * 365.25)


def _fixation_of(rng: random.Random, reason: str) -> str:
    if reason in (NOT_CEMENTLESS, FIXATION_UNKNOWN):
        return reason
    if reason == NO_LOOSENING_CODE:
        return rng.choices((NOT_CEMENTLESS, FIXATION_UNKNOWN, ""), (30, 6, 64))[0]
    return ""


def _second_hip(ledger: Ledger, side: str, primary: date, revised_on: date) -> None:
    """In some people the other hip was replaced too, and never troubled anybody."""
    rng = ledger.rng
    if rng.random() < 0.15:
        other = other_side(side)
        on = primary + timedelta(days=rng.randint(-900, 1500))
        if on < revised_on - timedelta(days=120):
            cup, stem = draw_fixation(rng, rng.choice((NOT_CEMENTLESS, "", "", "")))
            ledger.procedure(other, on, "27130", cup=cup, stem=stem, modifiers=other + "T")
            ledger.routine_followups(other, on, STUDY_END)


def _near(rng: random.Random, on: date) -> date:
    """Most codes are recorded within days; some on the very edge of the window."""
    if rng.random() < 0.06:
        return on + timedelta(days=rng.choice((-WINDOW_DAYS, WINDOW_DAYS)))
    return on + timedelta(days=round(max(-28, min(28, rng.gauss(-2, 7)))))


def _encounter(rng: random.Random) -> str:
    return rng.choices("ADS", (86, 11, 3))[0]


def _code(ledger: Ledger, kind: str, side: str, on: date) -> None:
    ledger.diagnosis(on, code_for(kind, side, on, _encounter(ledger.rng)))


def _write_reason(ledger: Ledger, revision: Revision, reason: str) -> None:
    rng, side, on = ledger.rng, revision.side, revision.performed_on
    if reason in (CANDIDATE, NOT_CEMENTLESS, FIXATION_UNKNOWN, NO_PRIMARY_ON_SIDE):
        _code(ledger, "loosening", side, _near(rng, on))
    elif reason == SECOND_REASON:
        _code(ledger, "loosening", side, _near(rng, on))
        kind = rng.choices((*SECOND_REASONS, "infection_unspecified"), (28, 22, 14, 14, 12, 3, 5, 2))[0]
        _code(ledger, kind, side, _near(rng, on))
    elif reason == SIDE_MISMATCH:
        _code(ledger, "loosening", other_side(side), _near(rng, on))
    elif reason == CODE_OUTSIDE_WINDOW:
        days = rng.choice((-1, 1)) * rng.choice((31, rng.randint(32, 90), rng.randint(91, 500)))
        recorded = on + timedelta(days=days)
        if not ICD10_SINCE <= recorded <= STUDY_END:
            recorded = on - timedelta(days=days)
        _code(ledger, "loosening", side, recorded)
    elif reason == HEAD_EXCHANGED:
        _write_head_exchange(ledger, revision)
    else:
        _write_other_reason(ledger, revision)


def _write_head_exchange(ledger: Ledger, revision: Revision) -> None:
    """The revision that counts was for dislocation; the one with a loosening code changed head and liner only."""
    _code(ledger, "dislocation", revision.side, _near(ledger.rng, revision.performed_on))
    days = ledger.rng.randint(150, 900)
    on = revision.performed_on - timedelta(days=days)
    if on <= max(revision.primary + timedelta(days=60), _FIRST_REVISION):
        on = min(revision.performed_on + timedelta(days=days), STUDY_END)
    ledger.procedure(revision.side, on, "27137", cup="unknown", stem="unknown", modifiers=revision.side + "T;52")
    _code(ledger, "loosening", revision.side, on)


def _write_other_reason(ledger: Ledger, revision: Revision) -> None:
    rng, side, on = ledger.rng, revision.side, revision.performed_on
    kind = rng.choices(
        ("infection", "dislocation", "fracture", "wear", "osteolysis", "other", "broken", "pain", "none"),
        (24, 21, 19, 11, 8, 5, 2, 6, 4),
    )[0]
    if kind == "pain":
        ledger.diagnosis(_near(rng, on), pain_in_hip(side))
    elif kind != "none":
        _code(ledger, kind, side, _near(rng, on))
        if kind in ("infection", "dislocation", "fracture"):
            seen = on - timedelta(days=rng.randint(3, 25))
            if seen > revision.primary:
                ledger.followup(side, seen, kind)


def _write_harmless(ledger: Ledger, revision: Revision, reason: str) -> None:
    """What must never exclude anybody: presence, pain, other joints, the other hip, codes long before or after."""
    rng, side, on = ledger.rng, revision.side, revision.performed_on
    if rng.random() < 0.35:
        ledger.diagnosis(_near(rng, on), presence_of_hip(side))
    if rng.random() < 0.4:
        ledger.diagnosis(_near(rng, on), pain_in_hip(side))
    if rng.random() < 0.05:
        ledger.diagnosis(_near(rng, on), rng.choice(KNEE_CODES))
    if reason != CANDIDATE:
        return
    if rng.random() < 0.06:
        _code(ledger, rng.choice(("dislocation", "wear", "osteolysis")), other_side(side), _near(rng, on))
    if rng.random() < 0.08:
        _code(ledger, rng.choice(SECOND_REASONS), side, on + timedelta(days=rng.choice((31, 45, 200, 420))))
    if rng.random() < 0.05:
        _code(ledger, rng.choice(("dislocation", "wear")), side, on - timedelta(days=rng.choice((31, 60, 380))))
    if rng.random() < 0.6:
        ledger.followup(side, on - timedelta(days=rng.randint(5, 40)), rng.choice(("loosening", "pain")))


def _write_aftermath(ledger: Ledger, revision: Revision) -> None:
    rng, side, on = ledger.rng, revision.side, revision.performed_on
    for days in (42, 365, 730):
        if rng.random() < 0.6:
            seen = on + timedelta(days=days + rng.randint(-7, 20))
            ledger.followup(side, seen, "none" if rng.random() < 0.9 else rng.choice(("pain", "wound", "vte")))
    if rng.random() < 0.07:
        again = on + timedelta(days=rng.randint(120, 1500))
        if again < STUDY_END:
            kind = rng.choice(("infection", "dislocation", "fracture"))
            ledger.procedure(side, again, rng.choice(("27134", "27137", "27138")), modifiers=side + "T")
            _code(ledger, kind, side, again)
