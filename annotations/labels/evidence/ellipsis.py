"""What is said again without its word: "the cup was loose, as was the stem", "the cup was stable; the stem was not"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from annotations.labels.evidence.marks import Evidence
from annotations.labels.evidence.words import CUP, STEM

_COMPONENT = rf"(?:(?P<cup>{CUP})|(?P<stem>{STEM}))"
_SAME = re.compile(
    rf"\b(?:as|so|likewise|nor|neither) (?:too |also )?(?:was|were|is|did) (?:the )?(?:\w+[ -])?{_COMPONENT}(?!\w)",
    re.I,
)
_OPPOSITE = re.compile(
    rf"\b(?:the )?{_COMPONENT}(?:,? however,?)? (?:was|were|is|did|had) not(?= ?(?:[.;,\n]|$))", re.I
)
_AFFIRMED = re.compile(rf"\b(?:the )?{_COMPONENT},? (?:was|were|is|did)(?= ?(?:[.;,\n]|$))", re.I)
# "The cup, but not the stem, was loose."
EXCEPTED = re.compile(rf", but not (?:the )?(?:\w+[ -])?{_COMPONENT},", re.I)
_REACH = 200  # characters between a mark and what refers to it
_TURNED = {"loose": "well_fixed", "well_fixed": "loose"}


def elliptical_marks(text: str, marks: Sequence[Evidence]) -> list[Evidence]:
    found = []
    for pattern, turns in ((_SAME, "same"), (_OPPOSITE, "opposite"), (_AFFIRMED, "affirmed")):
        for match in pattern.finditer(text):
            said = _said_before(marks, match.start())
            component = "cup" if match["cup"] else "stem"
            if said is None or said.component in (component, "both") or _stands_in(marks, match):
                continue
            found.append(_again(said, match, component, turns))
    for match in EXCEPTED.finditer(text):
        said = min(
            (mark for mark in marks if 0 <= mark.start - match.end() <= _REACH),
            key=lambda mark: mark.start,
            default=None,
        )
        if said is not None:
            found.append(_again(replace(said, polarity="negated"), match, "cup" if match["cup"] else "stem", "same"))
    return found


def _said_before(marks: Sequence[Evidence], position: int) -> Evidence | None:
    told = [
        mark for mark in marks if mark.kind != "infection" and mark.end <= position and position - mark.end <= _REACH
    ]
    return max(told, key=lambda mark: mark.end, default=None)


def _stands_in(marks: Sequence[Evidence], match: re.Match[str]) -> bool:
    return any(mark.start < match.end() and match.start() < mark.end for mark in marks)


def _again(said: Evidence, match: re.Match[str], component: str, turns: str) -> Evidence:
    again = replace(said, start=match.start(), end=match.end(), component=component)
    if turns == "same":
        return again
    if turns == "opposite":
        return replace(again, kind=_TURNED[said.kind], polarity="affirmed") if said.polarity == "affirmed" else again
    # "The cup was not loose but the stem was"; "not well fixed" has become loose already.
    if said.polarity == "negated":
        return replace(again, polarity="affirmed")
    return replace(again, kind=_TURNED[said.kind])
