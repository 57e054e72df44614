"""Patients who were never revised: the pool of the comparison group, and why most of them are not in it."""

from __future__ import annotations

import random
from datetime import date, timedelta

from demo.registry.codes import arthritis_of_hip, code_for, other_side, presence_of_hip
from demo.registry.ledger import STUDY_END, Ledger
from demo.registry.people import Person
from demo.registry.tables import PatientTruth

COMPLICATIONS = ("infection", "dislocation", "fracture", "wound", "vte", "loosening", "nerve", "pain", "haematoma")
_COMPLICATION_WEIGHTS = (9, 14, 8, 22, 12, 9, 5, 14, 7)

ELIGIBLE = "eligible"
NOT_CEMENTLESS = "not_cementless"
FIXATION_UNKNOWN = "fixation_unknown"
COMPLICATION_REPORTED = "complication_reported"
COMPLICATION_CODED = "complication_coded"
FOLLOW_UP_SHORT = "follow_up_under_one_year"
REVIEW_BY_HAND = "review_by_hand"


def draw_fixation(rng: random.Random, reason: str) -> tuple[str, str]:
    if reason == NOT_CEMENTLESS:
        return rng.choices(
            (("cemented", "cemented"), ("cementless", "cemented"), ("cemented", "cementless")), (10, 8, 2)
        )[0]
    if reason == FIXATION_UNKNOWN:
        return rng.choice((("unknown", "unknown"), ("cementless", "unknown"), ("unknown", "cementless")))
    return ("cementless", "cementless")


def write_unrevised(ledger: Ledger, person: Person, reason: str) -> PatientTruth:
    rng = ledger.rng
    # The last primary leaves room for a year of follow-up before the registry closes.
    primary = date(2008, 1, 7) + timedelta(days=rng.randint(0, 5600))
    side = rng.choice("RL")
    ledger.open_patient(person.patient_id, person.site, primary.year - person.age_at_primary, person.sex)
    key = _write_hip(ledger, side, primary, reason)
    if rng.random() < 0.13:
        # A second hip shares what keeps the first one out, so that eligibility is the patient's.
        later = primary + timedelta(days=rng.randint(90, 2400))
        if later < STUDY_END - timedelta(days=500):
            _write_hip(ledger, other_side(side), later, reason)
    if reason != ELIGIBLE and rng.random() < 0.015:
        # A conversion of earlier hip surgery: to be looked at by hand, never counted as a revision.
        ledger.procedure(side, primary - timedelta(days=rng.randint(200, 3000)), "27132")
    eligible = reason == ELIGIBLE
    return PatientTruth(
        person.patient_id,
        "control_eligible" if eligible else "unrevised",
        "" if eligible else reason,
        side,
        key,
    )


def _write_hip(ledger: Ledger, side: str, primary: date, reason: str) -> str:
    rng = ledger.rng
    cup, stem = draw_fixation(rng, reason)
    key = ledger.procedure(side, primary, "27130", cup=cup, stem=stem, modifiers=side + "T")
    ledger.diagnosis(primary - timedelta(days=rng.randint(0, 60)), arthritis_of_hip(side))
    ledger.diagnosis(primary + timedelta(days=rng.randint(30, 400)), presence_of_hip(side))
    if reason == FOLLOW_UP_SHORT:
        for days in (rng.randint(35, 60), rng.randint(80, 300)):
            if rng.random() < 0.75:
                ledger.followup(side, primary + timedelta(days=days))
        return key
    ledger.routine_followups(side, primary, STUDY_END)
    # Somebody who stays in follow-up was seen at one year or later for certain.
    ledger.followup(side, min(primary + timedelta(days=rng.randint(366, 1500)), STUDY_END))
    if reason == COMPLICATION_REPORTED:
        seen = primary + timedelta(days=rng.randint(20, 360))
        ledger.followup(side, seen, rng.choices(COMPLICATIONS, _COMPLICATION_WEIGHTS)[0])
    elif reason == COMPLICATION_CODED:
        on = max(primary + timedelta(days=rng.randint(15, 2000)), date(2015, 10, 2))
        kind = rng.choice(("dislocation", "infection", "fracture", "osteolysis", "wear", "loosening", "other"))
        on = min(on, STUDY_END)
        ledger.diagnosis(on, code_for(kind, side, on))
    elif reason == REVIEW_BY_HAND:
        _exchange_head(ledger, side, primary)
    return key


def _exchange_head(ledger: Ledger, side: str, primary: date) -> None:
    """Head and liner only (modifier 52): no revision that counts, but somebody has to look at it."""
    rng = ledger.rng
    on = min(max(primary + timedelta(days=rng.randint(200, 4500)), date(2015, 10, 2)), STUDY_END)
    ledger.procedure(side, on, "27137", modifiers=side + "T;52")
    ledger.diagnosis(on, code_for(rng.choice(("wear", "wear", "dislocation", "loosening")), side, on))
