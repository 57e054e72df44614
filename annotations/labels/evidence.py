"""Where a note speaks of loosening or infection: suggestions for the eye, never an answer.

After ConText (Harkema 2009): a term, what negates or hedges it before or behind, where its scope ends, the section it
stands in, the component and the side it belongs to. Version 1 of the rules.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

RULES_VERSION = "1"

_SECTION = re.compile(
    r"(?im)^\s*(?P<name>pre-?\s?op(?:erative)? diagnos[ie]s|post-?\s?op(?:erative)? diagnos[ie]s|findings|"
    r"(?:intra-?operative|operative) findings|procedures?(?: performed)?|indications?|history|description[^:\n]*|"
    r"details[^:\n]*|specimens?|cultures?|complications|implants?|plan|addendum|anesthesia|anaesthesia|disposition)"
    r"\s*[:\-]"
)
_LOOSE = re.compile(
    r"\b(?:grossly |frankly |completely |totally |clearly |obviously |definitely )?(?:loose(?:ned|ning)?|"
    r"toggl\w+|micro-?motion|gross motion|spun (?:out|freely)|pulled out (?:easily|by hand|with ease)|"
    r"no (?:bony )?in-?growth|debonded|subsided)\b", re.I,
)  # fmt: skip
_FIXED = re.compile(
    r"\b(?:well[- ]fixed|well[- ]ingrown|solidly fixed|rigidly fixed|stable|firmly fixed|osseointegrated|ingrown)\b",
    re.I,
)
_INFECTION = re.compile(r"\b(?:infect\w*|purulen\w+|pus|sepsis|septic|positive cultures?|abscess)\b", re.I)
_NEGATED_BEFORE = re.compile(
    r"\b(?:no|not|without|denies|negative for|absence of|free of|nor|never|neither|rule out|r/o|"
    r"no (?:sign|evidence)s? of|ruled out)\b[^.;:\n]{0,45}$", re.I,
)  # fmt: skip
_NEGATED_BEHIND = re.compile(
    r"^[^.;:\n]{0,30}\b(?:was|were|is|has been) (?:ruled out|excluded|negative|absent)\b", re.I
)
_HEDGED = re.compile(
    r"\b(?:possible|probable|suspected|suspicious for|concern for|question of|presumed|likely|may be|"
    r"cannot exclude|rule out|r/o)\b[^.;:\n]{0,40}$", re.I,
)  # fmt: skip
_PSEUDO = re.compile(r"\b(?:no doubt|not only|no change|not certain whether|aseptic)\b", re.I)
_SCOPE_END = re.compile(r"\b(?:but|however|although|though|except|whereas|while)\b|[,;] (?:and )?the\b", re.I)
_OTHER_SIDE = re.compile(r"\b(?:contralateral|opposite (?:side|hip)|other (?:side|hip))\b", re.I)
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


def find_evidence(text: str) -> list[Evidence]:
    sections = [(match.start(), match.group("name").lower()) for match in _SECTION.finditer(text)]
    marks = [
        _judge(text, match, kind, sections)
        for kind, pattern in (("loose", _LOOSE), ("well_fixed", _FIXED), ("infection", _INFECTION))
        for match in pattern.finditer(text)
        if not (kind == "infection" and text[max(0, match.start() - 1) : match.start()].isalpha())
    ]
    return sorted(marks, key=lambda mark: mark.start)


def _judge(text: str, match: re.Match[str], kind: str, sections: list[tuple[int, str]]) -> Evidence:
    begin = max(text.rfind(". ", 0, match.start()), text.rfind("\n", 0, match.start())) + 1
    ends = [position for position in (text.find(". ", match.end()), text.find("\n", match.end())) if position >= 0]
    before, behind = text[begin : match.start()], text[match.end() : min(ends, default=len(text))]
    clause = _SCOPE_END.split(_PSEUDO.sub(lambda m: " " * len(m.group(0)), before))[-1]
    section = next((name for start, name in reversed(sections) if start <= match.start()), "")
    if _HEDGED.search(clause):
        polarity = "hedged"
    elif _NEGATED_BEFORE.search(clause) or _NEGATED_BEHIND.search(behind):
        polarity = "negated"
    else:
        polarity = "affirmed"
    elsewhere = bool(_OTHER_SIDE.search(before) or _OTHER_SIDE.search(behind))
    planned = section.startswith(("pre", "indication", "history"))
    return Evidence(
        match.start(), match.end(), kind, polarity, section, _component(clause, behind), not (elsewhere or planned)
    )


def _component(before: str, behind: str) -> str:
    cup = bool(_CUP.search(before))
    stem = bool(_STEM.search(before))
    if not (cup or stem):
        cup, stem = bool(_CUP.search(behind)), bool(_STEM.search(behind))
    if cup and stem:
        return "both"
    return "cup" if cup else "stem" if stem else "unknown"
