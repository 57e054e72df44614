"""Cuts a note into sections, sentences and clauses."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from annotations.labels.evidence.words import COMPONENT, HIP, OTHER, VERB

LONGEST_SENTENCE = 600

_HEADING = (
    r"(?:pre|post)[- ]?\s?op(?:erative)?(?:ly)? (?:diagnos[ie]s|dx|impression)|(?:pre|post)[- ]?op dx|"
    r"diagnos[ie]s (?:before|after)[^:\n]{0,40}|(?:intra[- ]?operative |operative |surgical |"
    r"gross )?findings?(?: [^:\n]{0,40})?|"
    r"procedures?(?: performed| in detail| details)?|operation(?: performed)?|indications?(?: [^:\n]{0,40})?|"
    r"reasons? for [^:\n]{0,40}|(?:past |family |medical |surgical |social |clinical |brief |"
    r"present )*history(?: [^:\n]{0,40})?|"
    r"background|(?:detailed )?description(?: [^:\n]{0,40})?|details(?: [^:\n]{0,40})?|course(?: [^:\n]{0,40})?|"
    r"specimens?|"
    r"samples?|cultures?|microbiology|complications|implants?(?: used)?|components?|(?:estimated )?blood loss|ebl|"
    r"(?:post[- ]?operative |discharge |follow[- ]?up )?plan|further treatment|aftercare|"
    r"post[- ]?op(?:erative)? (?:instructions|care|orders|regime)|instructions|consent|risks?|"
    r"(?:pre[- ]?operative |plain )?(?:imaging|radiographs?|x-?rays?|films?)|"
    r"(?:addendum|supplement\w*|final report)(?: [^:\n]{0,40})?|an(?:a)?esth\w*|disposition|position(?:ing)?|"
    r"approach|closure|summary|impression|assessment"
)
_HEADING_AT = re.compile(
    rf"(?im)(?:^[ \t]*(?:[-*•][ \t]*)?|(?<=[.;]) +)(?:the )?(?P<name>{_HEADING})(?: was| were| is|"
    rf" are)?[ \t]*(?::|-(?= )|[ \t]*$)"
)  # fmt: skip
# Where a finding is not to be looked for, and why.
_NO_FINDINGS = re.compile(
    r"^(?:pre|indication|(?:past |family |medical |surgical |social |clinical |brief |present )*history|"
    r"background|reason|"
    r"diagnos[ie]s before|(?:post[- ]?operative |discharge |follow[- ]?up )?plan\b|further|aftercare|"
    r"post[- ]?op(?:erative)? (?:instr|care|ord|reg)|instructions|consent|risk|(?:plain )?(?:imaging|radiograph|"
    r"x-?ray|film))",
    re.I,
)
_ABBREVIATED = (
    r"(?<!\bdr)(?<!\bmr)(?<!\bmrs)(?<!\bms)(?<!\bvs)(?<!\be\.g)(?<!\bi\.e)(?<!\bapprox)(?<!\bfem)(?<!\bacet)(?<!\bst)"
    r"(?<!\b[a-z])"
)
_STOP = re.compile(
    rf"(?i:{_ABBREVIATED})\.(?=\s|$)|(?<=\w)[?!](?=\s)|\n[ \t]*\n|\n(?=[ \t]*(?:[-*•]|\d+[.)]|[A-Z]))|(?<=[:;,])\n"
)
_SUBJECT = rf"(?:(?:the|his|her|this|that|a|an) (?:\w+[ -]){{0,3}}?)?(?:{COMPONENT}|{OTHER}|{HIP})"
# A full stop of the reach of a word, whatever stands there.
HARD = re.compile(
    r";|:(?=\s)|\b(?<!anything )(?:but|however|although|though|whereas|while|except|yet|because|since|unlike|"
    r"despite)\b|"
    r", (?:for|as) (?=it|they|the)|\b(?:so that|as a result)\b", re.I,
)  # fmt: skip
# … and where a statement with a subject of its own begins.
SOFT = re.compile(
    rf",? and (?=(?:the|it|this|we|i|he|she|both|there|no|was|were|is|had|has|came|could|then|pus)\b|"
    rf"{_SUBJECT} {VERB}\b)|"
    rf", (?:and |so |then |which |who |where |with )?(?=(?:the|it|this|that|we|i|he|she|both|neither|no|not|nor|"
    rf"there|which|with|"
    rf"so|as)\b|was\b|(?:{COMPONENT}|{OTHER})\b)|, which |"
    rf"(?<!\bthat)(?<!whether)(?<!\bif)(?<!\bnor)(?<!\bor)(?<!neither)(?<!\bof)(?<!\bdid)(?<!\bdoes)(?<!\bhad)"
    rf"(?<!should)"
    rf"(?<!\bnot)(?<!\band)(?<!both)(?<!\bthe)(?<!\bas)"
    rf"(?<!\bin)(?<!\bon)(?<!from)(?<!with)(?<!behind)(?<!inside)(?<!within)"
    rf" (?=the (?:\w+[ -]){{0,2}}?(?:{COMPONENT}) {VERB}\b)", re.I,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Section:
    start: int
    name: str
    has_findings: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a term stands: its sentence, and in it the clause before and behind the term."""

    section: Section
    sentence: str
    before: str
    behind: str
    # The clauses of the sentence before this one, the nearest last, and the sentence before this sentence.
    earlier: tuple[str, ...]
    previous: str
    # From the last hard stop to the term: history, films and conditions reach further than a denial.
    statement: str


class Note:
    """A note, cut once, so that every term finds its place quickly."""

    def __init__(self, text: str) -> None:
        self.text = text
        named = [Section(m.start("name"), m["name"].lower(), not _NO_FINDINGS.match(m["name"]))
                 for m in _HEADING_AT.finditer(text)]  # fmt: skip
        self.sections = [Section(0, "", True), *named]
        self._section_starts = [section.start for section in self.sections]
        self._starts = sorted({0, *_sentence_starts(text), *self._section_starts[1:]})

    def section_at(self, position: int) -> Section:
        return self.sections[bisect_right(self._section_starts, position) - 1]

    def sentence_at(self, position: int) -> tuple[int, int]:
        index = bisect_right(self._starts, position) - 1
        end = self._starts[index + 1] if index + 1 < len(self._starts) else len(self.text)
        return self._starts[index], end

    def place(self, start: int, end: int) -> Place:
        begin, finish = self.sentence_at(start)
        section = self.section_at(start)
        before, behind = self.text[begin:start], self.text[end : max(finish, end)]
        if section.start == begin and section.name:
            before = re.sub(r"^[^:\n]*(?::|- |\n)", "", before)
        statement = HARD.split(before)[-1]
        clause = _clauses(statement)[-1]
        earlier = [part for piece in HARD.split(before) for part in _clauses(piece) if part.strip(" ,")]
        if clause.strip(" ,"):
            earlier = earlier[:-1]
        previous = ""
        if begin > 0:
            came = self.sentence_at(begin - 1)
            previous = self.text[came[0] : came[1]] if self.section_at(came[0]) == section else ""
        return Place(
            section, self.text[begin:finish], clause, _before_first(behind), tuple(earlier), previous, statement
        )

    def told_before(self, position: int) -> str:
        """What the section has said up to this sentence."""
        return self.text[max(self.section_at(position).start, position - 4000) : self.sentence_at(position)[0]]


def _sentence_starts(text: str) -> list[int]:
    starts: list[int] = []
    last = 0
    for match in _STOP.finditer(text):
        starts.extend(range(last + LONGEST_SENTENCE, match.end(), LONGEST_SENTENCE))
        last = match.end()
        starts.append(last)
    starts.extend(range(last + LONGEST_SENTENCE, len(text), LONGEST_SENTENCE))
    return starts


_JOINS = re.compile(rf"\b(?:{COMPONENT}|femoral|acetabular)$", re.I)
_HAS_VERB = re.compile(rf"\b(?:{VERB}|\w+ed)\b", re.I)


def _clauses(text: str) -> list[str]:
    """Cut where a statement with a subject of its own begins; "the cup and the stem were" is one subject."""
    parts, start = [], 0
    for match in SOFT.finditer(text):
        left = text[start : match.start()]
        if "and" in match.group(0).lower() and _JOINS.search(left) and not _HAS_VERB.search(left):
            continue
        parts.append(left)
        start = match.end()
    return [*parts, text[start:]]


def _before_first(text: str) -> str:
    """The clause behind a term; a colon right behind it belongs to it ("Loosening: none")."""
    stop = HARD.search(text, 2)
    return _clauses(text[: stop.start()] if stop else text)[0].rstrip("\n")
