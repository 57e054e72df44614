"""Hides what identifies a person in a note before it is shown: rules that work offline, and say what they hid."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
# A name keeps its title so that the sentence can still be read; what follows the title is hidden.
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("date", re.compile(r"\b\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b")),
    ("date", re.compile(rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTHS})[a-z]*\.?,?\s+\d{{2,4}}\b", re.I)),
    ("date", re.compile(rf"\b(?:{_MONTHS})[a-z]*\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{2,4}}\b", re.I)),
    ("number", re.compile(r"\b(?:MRN|DOB|SSN|ID|Acc(?:ession)?|Case|Record|Chart|Lot|REF|SN|Tel|Phone|Pager|Ext)"
                          r"\b[\s.:#]*(?:no\.?|number)?[\s.:#]*[A-Z0-9][\w/-]{2,}", re.I)),
    ("number", re.compile(r"\b[A-Z]{0,4}-?\d{5,}\b")),
    ("number", re.compile(r"\b\d{3}[-\s]\d{3,4}(?:[-\s]\d{4})?\b")),
    ("e-mail", re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.]+\b")),
    ("name", re.compile(
        r"(?<=\bDr )[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?|(?<=\bDr\. )[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?"
        r"|(?<=\bMr )[A-Z][\w'’-]+|(?<=\bMrs )[A-Z][\w'’-]+|(?<=\bMs )[A-Z][\w'’-]+|(?<=\bMr\. )[A-Z][\w'’-]+"
        r"|(?<=\bMrs\. )[A-Z][\w'’-]+|(?<=\bMs\. )[A-Z][\w'’-]+|(?<=\bProf )[A-Z][\w'’-]+|(?<=\bProf\. )[A-Z][\w'’-]+"
    )),
    ("name", re.compile(
        r"(?im)^(?P<keep>\s*(?:patient|name|surgeon|attending|assistants?|anesthesiologist|anaesthetist|"
        r"dictated by|signed(?: by)?|cc|resident|scrub(?: nurse)?)(?: name)?\s*[:=]\s*)(?P<hide>[^\n;]+)"
    )),
    ("name", re.compile(r"\b[A-Z][a-z'’]+(?: [A-Z]\.)? [A-Z][A-Za-z'’-]+(?=,? (?:MD|M\.D\.|DO|PA-C|RN|FRCS|PhD)\b)")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MaskedNote:
    """The text as it may be shown, as long as the original, and how many places of each kind were hidden."""

    text: str
    hidden: dict[str, int]


def mask_note(text: str) -> MaskedNote:
    """Replace what identifies a person by a mark of the same length, so that positions stay those of the note."""
    hidden: dict[str, int] = {}
    for kind, pattern in _RULES:

        def cover(match: re.Match[str], kind: str = kind) -> str:
            hidden[kind] = hidden.get(kind, 0) + 1
            groups = match.groupdict()
            kept = groups.get("keep") or ""
            return kept + "▒" * (len(match.group(0)) - len(kept))

        text = pattern.sub(cover, text)
    return MaskedNote(text, hidden)
