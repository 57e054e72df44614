"""What a note is written from, and what is true of it: kept apart from the text, never part of an import."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date


class Outcome(enum.Enum):
    """What the operation showed. The names say why a hip is, or is not, confirmed as loose."""

    CONFIRMED = "confirmed"
    WELL_FIXED = "well_fixed"
    INFECTION_SUSPECTED = "infection_suspected"
    INFECTION_CONFIRMED = "infection_confirmed"
    DIAGNOSIS_DIFFERS = "diagnosis_differs"
    NOT_STATED = "not_stated"
    # The findings speak of the other hip: of this one nothing is stated.
    SIDE_DIFFERS = "side_differs"
    # A revision for something other than loosening (a fracture, a dislocation, wear).
    OTHER_CAUSE = "other_cause"
    # A primary replacement, not a revision.
    PRIMARY = "primary"


@dataclass(frozen=True, slots=True)
class NoteFacts:
    """`component` is what was revised: both, cup or stem. `performed_on` is the day of the operation."""

    side: str
    performed_on: date
    component: str
    outcome: Outcome
    patient_id: str
    hospital: str
    age: int
    sex: str
    years_in_place: float


@dataclass(frozen=True, slots=True)
class EvidenceSpan:
    """One mention of loosening, fixation or infection, from `start` to `end` in characters.

    `kind` is loose, well_fixed or infection; `polarity` affirmed, negated or hedged; `component` cup, stem, both or
    unknown. `role` is decisive (the verdict rests on it), supporting (a post-operative diagnosis, say) or trap (a
    negation, a plan, a pre-operative diagnosis, the other hip: whoever counts it is wrong).
    """

    start: int
    end: int
    kind: str
    polarity: str
    component: str
    role: str


@dataclass(frozen=True, slots=True)
class Identifier:
    """Something planted that masking must hide. `kind` is name, date, number or place."""

    start: int
    end: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class NoteTruth:
    """The verdict of an honest abstractor for the hip whose revision the note belongs to."""

    outcome: Outcome
    style: str
    cup: str
    stem: str
    infection: str
    diagnoses_agree: bool
    evidence: tuple[EvidenceSpan, ...] = ()
    identifiers: tuple[Identifier, ...] = ()

    @property
    def confirmed(self) -> bool:
        return self.reason == "confirmed_at_surgery"

    @property
    def reason(self) -> str:
        """In the words and the order of the study: loosening, then infection, then the two diagnoses."""
        if "loose" not in (self.cup, self.stem):
            return "no_loosening_at_surgery"
        if self.infection != "none":
            return f"infection_{self.infection}"
        return "confirmed_at_surgery" if self.diagnoses_agree else "diagnoses_differ"


@dataclass(frozen=True, slots=True)
class Note:
    note_id: str
    procedure_id: str
    text: str
    truth: NoteTruth
