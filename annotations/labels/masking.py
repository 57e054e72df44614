"""Hides what identifies a person in a note before it is shown: rules that work offline, and say what they hid.

Measured on the demo's notes in tests/demo_tests/test_notes_masking.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from annotations.labels.given_names import GIVEN_NAMES

# A new version whenever a rule changes: the report of a note names it.
MASKING_VERSION = "2"

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|"
    r"Nov(?:ember)?|Dec(?:ember)?|JAN(?:UARY)?|FEB(?:RUARY)?|MAR(?:CH)?|APR(?:IL)?|MAY|JUNE?|JULY?|AUG(?:UST)?|"
    r"SEPT?(?:EMBER)?|OCT(?:OBER)?|NOV(?:EMBER)?|DEC(?:EMBER)?)"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|ST|ND|RD|TH)?"
_UNIT = r"(?!\s?(?:ml|cc|mm|cm|mg|g|kg|%|degrees?|°|ml/h)\b)"
_TITLE = r"(?i:Drs?|Doctors?|Mr|Mrs|Ms|Miss|Prof|Professor|Sister|Nurse|Messrs)"
_DEGREE = r"(?:MD|M\.D\.?|DO|D\.O\.?|PA-C|PA|RN|NP|CRNA|FACS|FRCS\w*|MBBS|BSc|PhD|PHD|Dr)(?!\w)"
_WORD = rf"(?!{_TITLE}\b|{_DEGREE})[A-Z][\w'’-]*\.?"
_PARTICLE = r"(?:am|an|da|de|del|den|der|des|di|du|la|le|ten|ter|van|von|y|zu|zur)"
# One or several words as names are written: Kessler / H. Kessler / Kessler, Hanna / Hanna van der Meer.
_NAME = rf"(?:{_PARTICLE} )*{_WORD}(?:,? (?:{_PARTICLE} )*{_WORD})*"
_PAIR = rf"{_WORD}(?: (?:{_PARTICLE} )*{_WORD}){{1,2}}"
_KEYWORD = (
    r"MRN|DOB|SSN|NHS|ID|Acc(?:ession)?|Acct|Account|Encounter|Visit|Case|Record|Chart|Job|Hospital|Lot|REF|SN|"
    r"Serial|UDI|"
    r"Policy|Insurance|Tel(?:ephone)?|Phone|Fax|Pager|Ext(?:ension)?"
)
_ROLE = (
    r"patient|pt|(?:patient |pt\.? )?name|surgeon|attending|(?:first |second )?assistants?|asst|"
    r"an(?:a)?esthesiologist|"
    r"an(?:a)?esthetist|dictated by|(?:electronically )?signed(?: by)?|cc|resident|fellow|consultant|"
    r"scrub(?: nurse)?|re|"
    r"referring (?:physician|doctor)|gp|pcp"
)
_LEADS = (
    r"(?!(?:The|This|That|Our|A|An|In|At|Outpatient|Orthop\w+|Day|Fracture|Hip|Joint|Pain|Pre\w*|Post\w*|Trauma)\b)"
)
# A keyword, a title or a heading stays (`keep`), so that the sentence can still be read; what follows is hidden.
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("address", re.compile(r"\b(?:https?://|www\.)\S+?(?=[.,;:)]*(?:\s|$))", re.I)),
    ("e-mail", re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.]*\w\b")),
    ("number", re.compile(
        rf"(?P<keep>\b(?:{_KEYWORD})\b[\s.:#]*(?:record |no\b\.?|number|id)*[\s.:#]*)"
        r"(?P<hide>(?=[\w/-]*\d)(?!\d{1,4}[/.]\d{1,2}[/.]\d|\d{1,2}-[A-Za-z]{3}|(?:19|20)\d\d-\d\d-\d\d|"
        r"\d{1,2}-\d{1,2}-(?:19|20)\d\d)"
        r"[A-Z0-9][\w/-]{2,}(?: \d{3,})*|\(\d{3}\) \d{3}-\d{4})", re.I)),
    ("number", re.compile(
        r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])|\(\d{3}\) ?\d{3}-\d{4}|\+\d[\d ()-]{7,}\d|\b0\d{3,4} \d{5,}\b"
    )),
    ("date", re.compile(r"(?<![\d.])\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?![\d-])")),
    ("date", re.compile(r"\b(?:0?[1-9]|1[0-2])[/.](?:19|20)\d\d\b")),
    ("date", re.compile(rf"\b{_DAY}(?: of)?[\s-]+{_MONTH}\b\.?(?:(?:,? of|,)?[\s-]+(?:'?\d{{2}}|\d{{4}})\b{_UNIT})?")),
    ("date", re.compile(
        rf"\b{_MONTH}\b\.?,?\s+{_DAY}(?![\w-]){_UNIT}(?:,?\s+(?:'\d{{2}}|\d{{4}})\b)?|"
        rf"\b{_MONTH}\b\.?,?(?: of)?\s+(?:19|20)\d\d\b"
    )),
    ("number", re.compile(r"(?<!CPT )(?<!CPT code )\b[A-Z]{0,4}-?\d{5,}\b")),
    ("number", re.compile(rf"\b\d{{3}}[-\s]\d{{3,4}}(?:[-\s]\d{{4}})?\b{_UNIT}")),
    # Few people are ninety or more: such an age points at a person.
    ("age", re.compile(
        r"(?P<keep>\b(?:aged?|age of|age[:=])[ \t]+)(?P<hide>9\d|1[01]\d)\b|"
        r"\b(?:9\d|1[01]\d)(?=(?:[- ]years?|[- ]?y(?:\.|rs?)? ?/?\.?o)\b)", re.I)),
    ("address", re.compile(
        r"\b\d{1,5} (?:[A-Z][\w'’-]+ ){1,3}(?:Street|Road|Rd|Avenue|Ave|Lane|Drive|Court|Boulevard|Blvd|Square|"
        r"Terrace)\b"
    )),
    ("place", re.compile(rf"(?m)(?P<keep>^[ \t]*(?i:hospital|facility|site)[ \t]*[:=][ \t]*)(?P<hide>{_NAME})")),
    ("place", re.compile(
        rf"\b{_LEADS}(?:St\. )?(?:[A-Z][\w'’-]+ (?:of |and |de )?){{1,4}}"
        r"(?:Hospital|Clinic|Infirmary|Medical Cent(?:er|re)|Klinikum|Health System)\b"
    )),
    ("name", re.compile(
        rf"(?m)(?P<keep>(?:^[ \t]*|[/;,|] ?|(?<=  )|(?<=\t))(?i:{_ROLE})(?i: name)?[ \t]*(?:[:=]|[ \t]-)"
        rf"[ \t]*(?:{_TITLE}\.? )?)"
        rf"(?P<hide>{_NAME})"
    )),
    ("name", re.compile(rf"(?P<keep>(?i:sincerely|regards),?\s*\n)(?P<hide>{_NAME})")),
    ("name", re.compile(
        rf"(?P<keep>\b{_TITLE}\b\.? )"
        rf"(?P<hide>(?:(?:{_PARTICLE} )+)?(?:[A-Z]\. ?)*[A-Z][\w'’-]+(?: (?:{_PARTICLE} )*[A-Z][a-z][\w'’-]*)?)"
    )),
    ("name", re.compile(r"(?P<keep>\b(?i:drs|doctors|messrs)\b\.? ▒+(?:, ▒+)*,? (?:and|&) )(?P<hide>[A-Z][\w'’-]+)")),
    ("name", re.compile(
        rf"(?P<keep>\b(?i:note on|(?:assistant|surgeon|attending)(?: was| is)|assisted by|signed by|dictated by) )"
        rf"(?P<hide>{_PAIR})"
    )),
    ("name", re.compile(
        r"(?P<keep>\b(?i:wife|husband|partner|mother|father|daughter|son|sister|brother) )"
        r"(?P<hide>[A-Z][a-z][\w'’-]*|[A-Z'’-]+(?=[,.;]))"
    )),
    ("name", re.compile(rf"\b{_WORD} (?:[A-Z]\. )?[A-Z][\w'’-]+(?=,? {_DEGREE})")),
)  # fmt: skip
# A given name and what may be a surname, in either order; whether the first is one, the list decides.
_GIVEN_FIRST = re.compile(
    rf"\b(?P<given>[A-Z][\w'’]+)(?:-[A-Z][\w'’]+)?(?: [A-Z]\.?(?= ))? (?:{_PARTICLE} )*(?P<surname>[A-Z][\w'’-]+)\b"
)
_SURNAME_FIRST = re.compile(r"\b(?P<surname>[A-Z][\w'’-]+), (?P<given>[A-Z][\w'’]+)(?: [A-Z]\b\.?)?")
# "A Robert Jones bandage" is no person of this note.
_EPONYM = re.compile(
    r" (?:approach|bandage|dressing|retractors?|clamps?|elevators?|splint|test|sign|score|procedure|technique|"
    r"nail|plate|"
    r"stem|cup|prosthes[ei]s|osteotom\w+|classification|criteria|interval|bone (?:hook|lever))\b", re.I,
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
    for pattern in (_GIVEN_FIRST, _SURNAME_FIRST):
        text = pattern.sub(lambda match: _cover_full_name(match, hidden, names), text)
    text, again = _cover_again(text, _only_names(names, original))
    if again:
        hidden["name"] = hidden.get("name", 0) + again
    return MaskedNote(text, hidden)


def _cover_full_name(match: re.Match[str], hidden: dict[str, int], names: set[str]) -> str:
    given, surname, words = match["given"], match["surname"], match[0]
    # "ANNA Fell" and "Anna FELL" are no names as people write them.
    same_case = given.isupper() == surname.isupper() or len(surname) == 1
    if given.lower() not in GIVEN_NAMES or not same_case or _EPONYM.match(match.string, match.end()):
        return words
    hidden["name"] = hidden.get("name", 0) + 1
    names.update(re.findall(r"[^\W\d_][\w'’-]{3,}", words))
    return COVER * len(words)


def _only_names(words: set[str], original: str) -> list[str]:
    """A word that the note also writes small is no name."""
    return sorted(word for word in words if not re.search(rf"\b{re.escape(word.lower())}\b", original))


def _cover_again(text: str, names: list[str]) -> tuple[str, int]:
    """Hide a name that a rule has found once wherever else it stands."""
    if not names:
        return text, 0
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b")
    return pattern.subn(lambda match: COVER * len(match[0]), text)
