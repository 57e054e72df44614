"""From what the operation showed to what the note will say of each part, and the verdict that follows."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from demo.notes.facts import NoteFacts, NoteTruth, Outcome

LOOSE, FIXED, UNSTATED = "loose", "well_fixed", "not_stated"
_OTHER = {"L": "R", "R": "L"}
_WORDS = {"L": "left", "R": "right"}


@dataclass(frozen=True, slots=True)
class Plot:
    """What will be written. `cup` and `stem` are what the findings say, about whichever hip they speak of."""

    cup: str
    stem: str
    infection: str
    agree: bool
    pre: str
    post: str
    addendum: str = ""
    # The hip named in the diagnoses and the procedure, and the hip named in the findings.
    side: str = "right"
    findings_side: str = "right"

    @property
    def loose(self) -> list[str]:
        return [name for name in ("cup", "stem") if getattr(self, name) == LOOSE]


def draw_plot(rng: random.Random, facts: NoteFacts) -> Plot:
    side = _WORDS[facts.side]
    plot = replace(_PLOTS[facts.outcome](rng, facts), side=side, findings_side=side)
    if facts.outcome is Outcome.SIDE_DIFFERS:
        other = _WORDS[_OTHER[facts.side]]
        # Half of them speak of the other hip throughout, half only where the findings stand.
        plot = replace(plot, side=rng.choice((side, other)), findings_side=other)
    return plot


def truth_of(facts: NoteFacts, plot: Plot, style: str) -> NoteTruth:
    cup, stem = plot.cup, plot.stem
    if facts.outcome is Outcome.SIDE_DIFFERS:
        cup = stem = UNSTATED
    return NoteTruth(facts.outcome, style, cup, stem, plot.infection, plot.agree)


def _loose_states(rng: random.Random, component: str) -> tuple[str, str]:
    if component == "both":
        return rng.choices(((LOOSE, LOOSE), (LOOSE, FIXED), (FIXED, LOOSE)), (56, 22, 22))[0]
    kept = FIXED if rng.random() < 0.8 else UNSTATED
    return (LOOSE, kept) if component == "cup" else (kept, LOOSE)


def _confirmed(rng: random.Random, facts: NoteFacts) -> Plot:
    addendum = "culture_negative" if rng.random() < 0.2 else ""
    return Plot(*_loose_states(rng, facts.component), "none", True, "pre_loosening", "post_same", addendum)


def _well_fixed(rng: random.Random, facts: NoteFacts) -> Plot:
    if rng.random() < 0.25:
        return Plot(FIXED, FIXED, "none", True, "pre_loosening", "post_lazy")
    return Plot(FIXED, FIXED, "none", False, "pre_loosening", f"post_fixed_{facts.component}")


def _infection_suspected(rng: random.Random, facts: NoteFacts) -> Plot:
    states = _loose_states(rng, facts.component)
    addendum = "culture_pending" if rng.random() < 0.3 else ""
    return Plot(*states, "suspected", True, "pre_loosening", "post_suspected", addendum)


def _infection_confirmed(rng: random.Random, facts: NoteFacts) -> Plot:
    states = _loose_states(rng, facts.component)
    if rng.random() < 0.4:
        # Nobody expected it: the diagnosis after surgery is still the one before, and the cultures say otherwise.
        return Plot(*states, "confirmed", True, "pre_loosening", "post_plain", "culture_confirmed")
    addendum = "culture_confirmed" if rng.random() < 0.5 else ""
    return Plot(*states, "confirmed", False, "pre_loosening", "post_infected", addendum)


def _diagnosis_differs(rng: random.Random, facts: NoteFacts) -> Plot:
    pre, post = rng.choice((("pre_other", "post_loosening"), ("pre_loosening", "post_differs")))
    return Plot(*_loose_states(rng, facts.component), "none", False, pre, post)


def _not_stated(rng: random.Random, facts: NoteFacts) -> Plot:
    return Plot(UNSTATED, UNSTATED, "none", True, "pre_loosening", "post_unstated")


def _other_cause(rng: random.Random, facts: NoteFacts) -> Plot:
    return Plot(FIXED, FIXED, "none", True, f"pre_cause_{facts.component}", "post_plain")


def _primary(rng: random.Random, facts: NoteFacts) -> Plot:
    return Plot(UNSTATED, UNSTATED, "none", True, "pre_primary", "post_plain")


_PLOTS = {
    Outcome.CONFIRMED: _confirmed,
    Outcome.SIDE_DIFFERS: _confirmed,
    Outcome.WELL_FIXED: _well_fixed,
    Outcome.INFECTION_SUSPECTED: _infection_suspected,
    Outcome.INFECTION_CONFIRMED: _infection_confirmed,
    Outcome.DIAGNOSIS_DIFFERS: _diagnosis_differs,
    Outcome.NOT_STATED: _not_stated,
    Outcome.OTHER_CAUSE: _other_cause,
    Outcome.PRIMARY: _primary,
}
