"""One note from its facts: the plot, the people, the sections, the style; then the truth is read off the marks."""

from __future__ import annotations

import random
from dataclasses import replace

from demo.notes.cast import draw_cast
from demo.notes.facts import EvidenceSpan, Note, NoteFacts, Outcome
from demo.notes.grammar import read_marks
from demo.notes.plot import draw_plot, truth_of
from demo.notes.sections import new_writer
from demo.notes.slips import in_american_spelling
from demo.notes.styles import STYLES

SHORTEST, LONGEST = 60, 400
_ALL_CAPITALS = 0.3


def write_note(rng: random.Random, facts: NoteFacts, *, note_id: str, procedure_id: str) -> Note:
    style = rng.choices(list(STYLES), [weight for _, weight in STYLES.values()])[0]
    plot, cast = draw_plot(rng, facts), draw_cast(rng, facts)
    shout = style == "capitals" and rng.random() < _ALL_CAPITALS
    detail = rng.choice((0, 1, 1, 2))
    while True:
        marked = STYLES[style][0](new_writer(rng, facts, plot, cast, detail))
        text, evidence, identifiers = read_marks(in_american_spelling(marked) if cast.american else marked)
        words = len(text.split())
        if SHORTEST <= words <= LONGEST:
            break
        detail = max(0, detail - 1) if words > LONGEST else detail + 1
    if shout:
        text = text.upper()
    truth = replace(
        truth_of(facts, plot, style),
        evidence=tuple(_of_this_hip(span, facts.outcome) for span in evidence),
        identifiers=tuple(replace(mark, text=text[mark.start : mark.end]) for mark in identifiers),
    )
    return Note(note_id, procedure_id, text, truth)


def _of_this_hip(span: EvidenceSpan, outcome: Outcome) -> EvidenceSpan:
    """Findings about the other hip decide nothing about this one."""
    elsewhere = outcome is Outcome.SIDE_DIFFERS and span.role == "decisive"
    return replace(span, role="trap") if elsewhere else span


__all__ = ["LONGEST", "SHORTEST", "write_note"]
