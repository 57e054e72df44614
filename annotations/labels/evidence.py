"""Where a note speaks of loosening or infection: suggestions for the eye, never an answer.

After ConText (Harkema 2009): a term, what negates or hedges it before or behind, where its scope ends, the section it
stands in, the component and the side it belongs to. Version 2 of the rules, measured on the demo's notes in
tests/demo_tests/test_notes_evidence.py.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

RULES_VERSION = "2"

_SECTION = re.compile(
    r"(?im)^\s*(?P<name>pre-?\s?op(?:erative)? (?:diagnos[ie]s|dx)|post-?\s?op(?:erative)? (?:diagnos[ie]s|dx)|"
    r"diagnos[ie]s (?:before|after)[^:\n]*|findings[^:\n]*|(?:intra-?operative|operative) findings|"
    r"procedures?(?: performed)?|operation|indications?|reason for[^:\n]*|history|description[^:\n]*|"
    r"details[^:\n]*|course[^:\n]*|specimens?|samples?|cultures?|complications|implants?|components?|"
    r"(?:estimated )?blood loss|ebl|plan|further treatment|addendum|supplement|an(?:a)?esth\w*|disposition)"
    r"\s*[:\-]"
)
_LOOSE = re.compile(
    r"\b(?:grossly |frankly |completely |totally |clearly |obviously |definitely )?(?:loose(?:ned|ning)?|"
    r"toggl\w+|micro-?motion|gross motion|(?:spun|moved) (?:out|freely|within)|mobile|rocked|"
    r"pulled out (?:easily|by hand|with ease)|no (?:bony )?in-?growth|loss of fixation|debonded|subsided|"
    r"not (?:well[- ])?(?:ingrown|osseointegrated|fixed))\b(?! bod(?:y|ies)\b)", re.I,
)  # fmt: skip
_FIXED = re.compile(
    r"\b(?:well[- ]fixed|well[- ]ingrown|solidly fixed|rigidly fixed|stable|firmly fixed|osseointegrated|ingrown)\b",
    re.I,
)
_INFECTION = re.compile(
    r"\b(?:infect(?!ious disease)\w*|purulen\w+|pus|sepsis|septic|abscess|"
    r"positive cultures?|cultures? (?:were |was )?(?:positive|grew))\b", re.I,
)  # fmt: skip
_NEGATED_BEFORE = re.compile(
    r"\b(?:no|not|without|w/o|nothing pointed to|denies|negative for|absence of|free of|nor|never|neither|rule out|r/o|"
    r"no (?:sign|evidence)s? of|ruled out)\b[^.;:\n]{0,45}$", re.I,
)  # fmt: skip
_NEGATED_BEHIND = re.compile(
    r"^[^.;:\n]{0,30}\b(?:was|were|is|has been) (?:ruled out|excluded|negative|absent|(?:thought )?unlikely)\b", re.I
)
_HEDGED = re.compile(
    r"\b(?:possible|probable|suspected|suspicious for|concern for|question of|presumed|likely|may be|"
    r"cannot exclude|rule out|r/o)\b[^.;:\n]{0,40}$", re.I,
)  # fmt: skip
_HEDGED_BEHIND = re.compile(
    r"^[^.;:\n]{0,30}\b(?:cannot be excluded|not excluded|(?:is|was) suspected|stays open)\b", re.I
)
_PSEUDO = re.compile(r"\b(?:no doubt|not only|no change|not certain whether|aseptic)\b", re.I)
_SCOPE_END = re.compile(
    r"\b(?:but|however|although|though|except|whereas|while)\b|[,;] (?:and )?the\b|"
    r"\band (?:was|were|is|had|it)\b|, (?:which|and|so)\b", re.I,
)  # fmt: skip
_OTHER_SIDE = re.compile(r"\b(?:contralateral|opposite (?:side|hip)|other (?:side|hip))\b", re.I)
# "The left hip was opened", "- left hip:": from here on the section is about that hip.
_HIP_NAMED = re.compile(r"\b(?:left|right) hip(?: was opened|:)", re.I)
_SIDE = re.compile(r"\b(left|right)\b", re.I)
# What stood in the plan, on a film or among the risks is no finding, whichever section it is told in.
_PLANNED = re.compile(
    r"\bpre-?\s?op\w* (?:d\w+) |\bdiagnos[ie]s before\b|\brisks?\b|"
    r"\b(?:radiographs?|films?|x-?rays?|scan|ct|radiologist)\b.{0,60}"
    r"\b(?:show\w*|demonstrat\w+|suggest\w*|read|report\w*|raised|exclude|there)\b", re.I,
)  # fmt: skip
_ON_FILM = re.compile(r"^\s*on (?:the |plain )?(?:films?|radiographs?|x-?rays?)\b", re.I)
# "Stable" said of the reduced joint, or of the patient, says nothing about fixation.
_JOINT = re.compile(r"\b(?:hip (?:that|was|is)|joint|reduction|range of motion|taken to|ha?emodynamic\w*)\b", re.I)
_JOINT_BEHIND = re.compile(r"^ (?:condition|through|in all|throughout|to a full)\b", re.I)
_CUP = re.compile(r"\b(?:cup|acetabul\w+|socket|shell|liner)\b", re.I)
_STEM = re.compile(r"\b(?:stem|femoral (?:component|implant|stem)|femur|prosthesis stem)\b", re.I)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One mark in a note, from `start` to `end` in characters."""

    start: int
    end: int
    kind: str  # loose, well_fixed or infection
    polarity: str  # affirmed, negated or hedged
    section: str
    component: str  # cup, stem, both or unknown
    counts: bool  # whether it stands where findings stand; a pre-operative diagnosis is no evidence


@dataclass(frozen=True, slots=True)
class _Reading:
    text: str
    sections: list[tuple[int, str]]
    side: str


def find_evidence(text: str, side: str = "") -> list[Evidence]:
    """The marks of one note. `side` (R or L) is the hip in question; without it, the side named most often."""
    sections = [(match.start(), match.group("name").lower()) for match in _SECTION.finditer(text)]
    reading = _Reading(text, sections, {"R": "right", "L": "left"}.get(side) or _side_of(text))
    marks = [
        _judge(reading, match, kind)
        for kind, pattern in (("loose", _LOOSE), ("well_fixed", _FIXED), ("infection", _INFECTION))
        for match in pattern.finditer(text)
        if not (kind == "well_fixed" and _says_nothing_of_fixation(text, match))
    ]
    loose = {position for mark in marks if mark.kind == "loose" for position in range(mark.start, mark.end)}
    # "Not ingrown" is one mark for loosening, not another one for fixation.
    marks = [mark for mark in marks if mark.kind != "well_fixed" or mark.start not in loose]
    return sorted(marks, key=lambda mark: mark.start)


def _side_of(text: str) -> str:
    named = Counter(match.group(1).lower() for match in _SIDE.finditer(text)).most_common(1)
    return named[0][0] if named else ""


def _sentence(text: str, match: re.Match[str]) -> tuple[str, str]:
    begin = max(text.rfind(". ", 0, match.start()), text.rfind("\n", 0, match.start())) + 1
    ends = [position for position in (text.find(". ", match.end()), text.find("\n", match.end())) if position >= 0]
    return text[begin : match.start()], text[match.end() : min(ends, default=len(text))]


def _says_nothing_of_fixation(text: str, match: re.Match[str]) -> bool:
    if match.group(0).lower() != "stable":
        return False
    before, behind = _sentence(text, match)
    return bool(_JOINT.search(before) or _JOINT_BEHIND.search(behind))


def _judge(reading: _Reading, match: re.Match[str], kind: str) -> Evidence:
    before, behind = _sentence(reading.text, match)
    section = next((name for start, name in reversed(reading.sections) if start <= match.start()), "")
    clause = _SCOPE_END.split(_PSEUDO.sub(lambda m: " " * len(m.group(0)), before))[-1]
    planned = section.startswith(("pre", "indication", "history", "reason", "diagnosis before"))
    planned = planned or bool(_PLANNED.search(before) or _ON_FILM.search(behind))
    return Evidence(
        match.start(), match.end(), kind, _polarity(clause, behind), section, _component(clause, behind),
        not (planned or _elsewhere(reading, before, behind, match.start())),
    )  # fmt: skip


def _polarity(clause: str, behind: str) -> str:
    if _HEDGED.search(clause) or clause.endswith("?") or _HEDGED_BEHIND.search(behind):
        return "hedged"
    if _NEGATED_BEFORE.search(clause) or _NEGATED_BEHIND.search(behind):
        return "negated"
    return "affirmed"


def _elsewhere(reading: _Reading, before: str, behind: str, position: int) -> bool:
    """Whether the sentence, or else the section up to it, speaks of the other hip."""
    sentence = len(before)
    # Dictation runs on: what follows ", and" is another statement.
    before, behind = before.rpartition(", and ")[2], behind.partition(", and ")[0]
    if _OTHER_SIDE.search(before) or _OTHER_SIDE.search(behind):
        return True
    named = _SIDE.findall(before) or _SIDE.findall(behind)
    if not named:
        start = next((begin for begin, _ in reversed(reading.sections) if begin <= position), position)
        told = reading.text[start : position - sentence]
        named = _SIDE.findall(next((part for part in told.split(". ") if _HIP_NAMED.search(part)), ""))
    return bool(named and reading.side and named[-1].lower() != reading.side)


def _component(before: str, behind: str) -> str:
    cup = bool(_CUP.search(before))
    stem = bool(_STEM.search(before))
    if not (cup or stem):
        cup, stem = bool(_CUP.search(behind)), bool(_STEM.search(behind))
    if cup and stem:
        return "both"
    return "cup" if cup else "stem" if stem else "unknown"
