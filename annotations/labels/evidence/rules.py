from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import islice

from annotations.labels.evidence.denial import denied_from, polarity_of
from annotations.labels.evidence.ellipsis import EXCEPTED, elliptical_marks
from annotations.labels.evidence.marks import Evidence
from annotations.labels.evidence.reference import SIDE, is_new_implant, why_not
from annotations.labels.evidence.sentences import Note, Place
from annotations.labels.evidence.subjects import NAMED, Subject, subject_of
from annotations.labels.evidence.terms import ELSEWHERE_INFECTED, ON_PURPOSE, TERMS

RULES_VERSION = "3"
# A note of more characters or marks than these is no operative note; what follows is not marked.
MOST_CHARACTERS = 100_000
MOST_MARKS = 500
_SIDES = {"R": "right", "L": "left"}


def find_evidence(text: str, side: str = "") -> list[Evidence]:
    """The marks of one note. `side` (R or L) is the hip in question; without it, the side named most often."""
    text = text[:MOST_CHARACTERS]
    note, hip = Note(EXCEPTED.sub(lambda match: " " * len(match.group(0)), text)), _SIDES.get(side) or _side_of(text)
    found = (
        _mark(note, match, kind, needs_component, hip)
        for kind, pattern, needs_component in TERMS
        for match in pattern.finditer(text)
    )
    marks = _without_overlaps(list(islice((mark for mark in found if mark is not None), MOST_MARKS)))
    return sorted([*marks, *elliptical_marks(text, marks)], key=lambda mark: mark.start)[:MOST_MARKS]


def _side_of(text: str) -> str:
    named = Counter((match[1] or match[2]).lower() for match in SIDE.finditer(text)).most_common(1)
    return named[0][0] if named else ""


def _mark(note: Note, match: re.Match[str], kind: str, needs_component: bool, side: str) -> Evidence | None:
    place = note.place(match.start(), match.end())
    if kind == "infection":
        if ELSEWHERE_INFECTED.search(place.before):
            return None
        subject = Subject("")
    else:
        subject = subject_of(place, match.group(0))
        if _is_of_something_else(kind, subject, needs_component) or _is_on_purpose(place, match):
            return None
    return _judged(note, place, match, kind, subject, side)


def _is_of_something_else(kind: str, subject: Subject, needs_component: bool) -> bool:
    if subject.kind == "other" or (subject.kind == "hip" and kind == "well_fixed"):
        return True
    return needs_component and subject.kind not in (*NAMED, "implant")


def _is_on_purpose(place: Place, match: re.Match[str]) -> bool:
    """ "The stem was then loosened with osteotomes": done by the surgeon, not found."""
    return match.group(0).lower().endswith("loosened") and bool(ON_PURPOSE.search(place.before)) and bool(
        re.match(r" (?:with|using|by|and|until|circumferentially)\b", place.behind, re.I)
    )  # fmt: skip


def _judged(note: Note, place: Place, match: re.Match[str], kind: str, subject: Subject, side: str) -> Evidence:
    why = why_not(place, side, note.told_before(match.start()))
    if not why and kind != "infection" and (is_new_implant(subject.clause) or is_new_implant(place.before)):
        why = "new_implant"
    component = subject.kind if subject.kind in NAMED else "unknown"
    mark = Evidence(
        match.start(),
        match.end(),
        kind,
        polarity_of(place, match.group(0)),
        place.section.name,
        component,
        not why,
        why,
    )
    if kind == "well_fixed" and mark.polarity == "negated":
        # "Not well fixed" is said of a loose component.
        reach = denied_from(place)
        start = max(mark.start - reach, 0) if reach is not None else mark.start
        return replace(mark, start=start, kind="loose", polarity="affirmed")
    return mark


def _without_overlaps(marks: list[Evidence]) -> list[Evidence]:
    """Of two marks on the same words the longer stays: "no ingrowth" is one mark for loosening, none for fixation."""
    kept: list[Evidence] = []
    for mark in sorted(marks, key=lambda each: (each.start, -each.end)):
        if kept and mark.start < kept[-1].end:
            if mark.end - mark.start > kept[-1].end - kept[-1].start:
                kept[-1] = mark
            continue
        kept.append(mark)
    return kept
