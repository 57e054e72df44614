"""What a term is said of: cup, stem, both, an implant that is not named, or something else altogether."""

from __future__ import annotations

import re
from dataclasses import dataclass

from annotations.labels.evidence.sentences import Place
from annotations.labels.evidence.terms import NOUN_TERM
from annotations.labels.evidence.words import COMPONENT, NOUN, PLACE

NAMED = ("cup", "stem", "both")
_ATTRIBUTE = re.compile(
    r"^[\s-]+(?:(?!(?:and|or|but|in|on|of|at|with|was|were|is|to|as|for|from|the)\b)[\w-]+[\s-]+){0,3}?", re.I
)
_OF = re.compile(
    r"^(?:[ -]+(?!and\b|or\b)\w+){0,2}? (?:of|at|in|around|on|between|to|into|onto|behind|within|about|for)\b"
    r"(?: \w+){0,4}? ?(?=\b)", re.I,
)  # fmt: skip
_JOINED = re.compile(
    rf"\b(?P<first>{COMPONENT})(?:,? (?:and|or|nor|as well as) |/)(?:(?:at|of|in|on|around) )?(?:the )?(?:\w+[ -])?$",
    re.I,
)
_ASIDE = re.compile(
    r"\b(?:of|in|inside|within|from|behind|around|against|on) (?:(?:the|this|that|a|his|her|its|our) )?(?:\w+ )?$",
    re.I,
)
_IT = re.compile(r"\b(?:it|they|this|these|both)\b", re.I)
_HAS_SUBJECT = re.compile(r"\b(?:the|a|an|his|her|there|we|i|he|she|no)\b", re.I)


@dataclass(frozen=True, slots=True)
class Subject:
    """`kind` is cup, stem, both, implant, hip, other or "" (nobody named); `clause` is where it was named."""

    kind: str
    clause: str = ""


def subject_of(place: Place, term: str) -> Subject:
    behind = _right_behind(place, term)
    if behind.kind in NAMED or behind.kind == "other":
        return behind
    before = _last_in(place.before)
    if before.kind in (*NAMED, "other"):
        return before
    later = _first_in(place.behind)
    if before.kind == "" and behind.kind == "" and later.kind in NAMED and not _IT.search(place.before):
        return later
    return _borrowed(place, before if before.kind else behind)


def _borrowed(place: Place, own: Subject) -> Subject:
    """A clause without a subject of its own speaks of what was named last."""
    if own.kind == "" or _IT.search(place.before):
        for clause in reversed(place.earlier):
            found = _last_in(clause)
            if found.kind:
                return found
        has_none = not _HAS_SUBJECT.search(place.statement)
        if own.kind == "" and (_IT.search(place.before) or has_none) and place.previous:
            found = _last_in(place.previous)
            if found.kind in (*NAMED, "other", "hip"):
                return found
    if own.kind in ("", "implant"):
        named = (place.before, *reversed(place.earlier), place.behind)
        where = next((places for clause in named if (places := list(PLACE.finditer(clause)))), None)
        if where:
            return Subject(str(where[-1].lastgroup), place.before + place.behind)
    return own


def _right_behind(place: Place, term: str) -> Subject:
    """The noun of an adjective ("a loose cup"), or what a noun is said of ("loosening of the cup")."""
    patterns = (_OF, _ATTRIBUTE) if NOUN_TERM.search(term) else (_ATTRIBUTE,)
    for pattern in patterns:
        lead = pattern.match(place.behind)
        while lead is not None:
            noun = NOUN.match(place.behind, lead.end())
            if noun is not None:
                return Subject(_widened(place.behind, noun), place.before + place.behind)
            lead = _one_word_more(pattern, place.behind, lead.end())
    return Subject("")


def _one_word_more(pattern: re.Pattern[str], text: str, at: int) -> re.Match[str] | None:
    """The same lead, longer by a word: both patterns take as few words as they can."""
    word = re.compile(r"[\w-]+[\s-]+").match(text, at)
    if word is None:
        return None
    longer = pattern.fullmatch(text, 0, word.end())
    return longer if longer is not None and longer.end() > at else None


def _widened(text: str, noun: re.Match[str]) -> str:
    """ "The cup and the stem": from the first to both."""
    kind = str(noun.lastgroup)
    if kind in ("cup", "stem"):
        more = re.compile(r",? (?:and|or|nor|as well as) (?:(?:at|of|in|on|around) )?(?:the )?(?:\w+[ -])??").match(
            text, noun.end()
        )
        other = NOUN.match(text, more.end()) if more else None
        if other is not None and other.lastgroup in ("cup", "stem") and other.lastgroup != kind:
            return "both"
    return kind


def _first_in(clause: str) -> Subject:
    noun = NOUN.search(clause)
    return Subject(_widened(clause, noun), clause) if noun else Subject("")


def _last_in(clause: str) -> Subject:
    nouns = list(NOUN.finditer(clause))
    if not nouns:
        return Subject("")
    # "The cup of this patient", "the liner in the cup": what stands in front of the preposition is meant.
    heads = [noun for at, noun in enumerate(nouns) if at == 0 or not _ASIDE.search(clause, 0, noun.start())]
    last = heads[-1]
    kind = str(last.lastgroup)
    if kind in ("implant", "hip"):
        named = [noun for noun in nouns if noun.lastgroup in NAMED]
        return _joined(clause, named[-1]) if named and kind == "implant" else Subject(kind, clause)
    return _joined(clause, last)


def _joined(clause: str, noun: re.Match[str]) -> Subject:
    kind = str(noun.lastgroup)
    joined = _JOINED.search(clause, 0, noun.start())
    if kind in ("cup", "stem") and joined is not None:
        first = NOUN.match(joined["first"])
        if first is not None and first.lastgroup in ("cup", "stem") and first.lastgroup != kind:
            kind = "both"
    return Subject(kind, clause)
