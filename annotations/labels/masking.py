"""Hides what identifies a person in a note before it is shown: rules that work offline, and say what they hid.

Measured on the demo's notes in tests/demo_tests/test_notes_masking.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# A new version whenever a rule changes: the report of a note names it.
MASKING_VERSION = "2"

_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_WORD = r"[A-Z][\w'’-]*\.?"
_PARTICLE = r"(?:am|an|da|de|del|der|des|di|du|la|le|van|von|y|zu)"
# One or several words as names are written: Kessler / H. Kessler / Kessler, Hanna / Hanna van der Meer.
_NAME = rf"{_WORD}(?:,? (?:{_PARTICLE} )*{_WORD})*"
_PAIR = rf"{_WORD}(?: (?:{_PARTICLE} )*{_WORD}){{1,2}}"
_KEYWORD = (
    r"MRN|DOB|SSN|ID|Acc(?:ession)?|Case|Record|Chart|Job|Hospital|Lot|REF|SN|Tel(?:ephone)?|Phone|Pager|Ext(?:ension)?"
)
_ROLE = (
    r"patient|pt|name|surgeon|attending|(?:first |second )?assistants?|asst|an(?:a)?esthesiologist|an(?:a)?esthetist|"
    r"dictated by|signed(?: by)?|cc|resident|scrub(?: nurse)?|re"
)
# A keyword, a title or a heading stays (`keep`), so that the sentence can still be read; what follows is hidden.
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("date", re.compile(r"\b\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b")),
    ("date", re.compile(rf"\b\d{{1,2}}(?:st|nd|rd|th)?[\s-]+(?:{_MONTHS})[a-z]*\.?,?[\s-]+\d{{2,4}}\b", re.I)),
    ("date", re.compile(rf"\b(?:{_MONTHS})[a-z]*\.?\s+(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s+)?\d{{4}}\b", re.I)),
    ("number", re.compile(
        rf"(?P<keep>\b(?:{_KEYWORD})\b[\s.:#]*(?:record |no\b\.?|number)*[\s.:#]*)"
        r"(?P<hide>(?=[\w/-]*\d)[A-Z0-9][\w/-]{2,}(?: \d{3,})?|\(\d{3}\) \d{3}-\d{4})", re.I)),
    ("number", re.compile(r"\(\d{3}\) ?\d{3}-\d{4}|\+\d[\d ()-]{7,}\d|\b0\d{3,4} \d{5,}\b")),
    ("number", re.compile(r"(?<!CPT )(?<!CPT code )\b[A-Z]{0,4}-?\d{5,}\b")),
    ("number", re.compile(r"\b\d{3}[-\s]\d{3,4}(?:[-\s]\d{4})?\b(?!\s?(?:ml|cc|mm|mg|g)\b)", re.I)),
    # Few people are ninety or more: such an age points at a person.
    ("age", re.compile(r"\b(?:9\d|1[01]\d)(?=(?:[- ]years?|[- ]?y/?o)\b)", re.I)),
    ("e-mail", re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.]+\b")),
    ("place", re.compile(rf"(?m)(?P<keep>^[ \t]*(?i:hospital|facility|site)[ \t]*[:=][ \t]*)(?P<hide>{_NAME})")),
    ("name", re.compile(rf"(?m)(?P<keep>(?:^[ \t]*|[/;] ?)(?i:{_ROLE})(?i: name)?[ \t]*[:=][ \t]*)(?P<hide>{_NAME})")),
    ("name", re.compile(rf"(?P<keep>(?i:sincerely|regards),?\s*\n)(?P<hide>{_NAME})")),
    ("name", re.compile(
        r"(?P<keep>\b(?i:Dr|Doctor|Mr|Mrs|Ms|Miss|Prof|Professor|Sister|Nurse)\b\.? )"
        r"(?P<hide>(?:[A-Z]\. ?)*[A-Z][\w'’-]+(?: [A-Z][a-z][\w'’-]*)?)"
    )),
    ("name", re.compile(
        rf"(?P<keep>\b(?i:note on|(?:assistant|surgeon|attending)(?: was| is)|assisted by|signed by|dictated by) )"
        rf"(?P<hide>{_PAIR})"
    )),
    ("name", re.compile(
        r"(?P<keep>\b(?i:wife|husband|partner|mother|father|daughter|son|sister|brother) )"
        r"(?P<hide>[A-Z][a-z][\w'’-]*|[A-Z'’-]+(?=[,.;]))"
    )),
    ("name", re.compile(rf"\b{_WORD} (?:[A-Z]\. )?[A-Z][\w'’-]+(?=,? (?:MD|M\.D\.|DO|PA-C|RN|FRCS|PhD|PHD)(?!\w))")),
)  # fmt: skip
COVER = "▒"


@dataclass(frozen=True, slots=True)
class MaskedNote:
    """The text as it may be shown, as long as the original, and how many places of each kind were hidden."""

    text: str
    hidden: dict[str, int]


def mask_note(text: str) -> MaskedNote:
    """Replace what identifies a person by a mark of the same length, so that positions stay those of the note."""
    hidden: dict[str, int] = {}
    original, names = text, set[str]()
    for kind, pattern in _RULES:

        def cover(match: re.Match[str], kind: str = kind) -> str:
            hidden[kind] = hidden.get(kind, 0) + 1
            groups = match.groupdict()
            kept = groups.get("keep") or ""
            if kind == "name":
                names.update(re.findall(r"[^\W\d_][\w'’-]{3,}", match.group(0)[len(kept) :]))
            return kept + COVER * (len(match.group(0)) - len(kept))

        text = pattern.sub(cover, text)
    text, again = _cover_again(text, _only_names(names, original))
    if again:
        hidden["name"] = hidden.get("name", 0) + again
    return MaskedNote(text, hidden)


def _only_names(words: set[str], original: str) -> list[str]:
    """A word that the note also writes small is no name."""
    return sorted(word for word in words if not re.search(rf"\b{re.escape(word.lower())}\b", original))


def _cover_again(text: str, names: list[str]) -> tuple[str, int]:
    """Hide a name that a rule has found once wherever else it stands."""
    if not names:
        return text, 0
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b")
    return pattern.subn(lambda match: COVER * len(match[0]), text)
