"""Whether the words around a term affirm it, deny it or leave it open."""

from __future__ import annotations

import re

from annotations.labels.evidence.sentences import Place
from annotations.labels.evidence.words import COMPONENT, VERB

# What only looks like a denial; blanked before anything else is asked.
_PSEUDO = re.compile(
    r"\b(?:no|little|without(?: a| any)?|beyond(?: any)?) (?:doubt|question)\b(?! of)|\bnot only\b|"
    r"\bnot (?:surprisingly|unexpectedly|merely|just)\b|"
    r"\bno (?:change|surprise|less|fewer)\b|\bnot (?:un)?(?:common|usual)\w*|\b(?:can|could)(?:not| not|n['’]t)"
    r" be denied\b|"
    r"\bwithout (?:(?:any|much|great|undue|further|the) )?(?:\w+ )?(?:difficulty|effort|force|instruments?|"
    r"resistance|need|"
    r"delay|problems?|complications?|osteotomy)\b|\bno (?:force|instruments?|effort|resistance) (?:was|were)\b|"
    r"\bneed(?:ed)? no\b|\brequired no\b|\bno longer than\b|\bno sooner\b|\bnot to mention\b|\bno attempt\b", re.I,
)  # fmt: skip
_UNCERTAIN = re.compile(
    r"\b(?:not|un)[- ]?(?:entirely |quite |completely )?(?:certain|clear|sure)\b|\bwhether\b|\b(?:un|in)"
    r"determinate\b|\bunclear\b|"
    r"\b(?:can|could)(?:not| not|n['’]t) (?:(?:be )?exclude[d]?|rule out|be ruled out)|\bnot (?:be )?(?:excluded|"
    r"ruled out)\b|\bundecided\b",
    re.I,
)
_HEDGE = re.compile(
    r"\b(?:possib(?:le|ly|ility)|probabl[ey]|suspect(?:ed|ing)?|suspicio(?:us|n)|(?:raised?|raising|some)"
    r" concerns?|concern(?:s|ing|ed)? (?:for|of|about)|"
    r"questionabl[ey]|question of|queried|query|equivocal|presum(?:ed|ably|ptive)|(?:un)?likely(?! (?:due|"
    r"because|secondary|owing|from|caused))|may|might|perhaps|maybe|"
    r"suggest(?:s|ed|ive|ing)?(?: of)?|borderline|doubtful|appear(?:s|ed)? possibly|worrisome for|worrying for)\b"
    r"(?P<gap>[^;\n]{0,60})$", re.I,
)  # fmt: skip
_HEDGE_BEHIND = re.compile(
    r"^[^;\n]{0,40}?\b(?:(?:can|could)(?:not| not|n['’]t) (?:yet )?be (?:excluded|ruled out)|(?:not|n['’]t)"
    r" (?:yet )?(?:excluded|ruled out)|"
    r"(?:is|was|were|are|has been) (?:strongly )?(?:suspected|possible|questionable|conceivable|considered|"
    r"likely|queried|doubtful)|"
    r"remain(?:s|ed) (?:unclear|open|possible|a concern|a possibility|in doubt|to be seen)|stays open|"
    r"not certain|unclear)\b|^\s*\?", re.I,
)  # fmt: skip
_NEGATOR = re.compile(
    r"\b(?:no|not|never|neither|nor|none|nothing|without|w/o|absen(?:ce|t)(?: of)?|lack(?:ed|ing|s)?(?: of)?|"
    r"free of|free from|"
    r"negative for|negative|denie[sd]|exclud(?:ed|ing|es)|ruled out|ruling out|fail(?:ed|s|ing)? to (?:show|"
    r"demonstrate|reveal|confirm|find|grow)|"
    r"anything but|far from|cannot|hardly|nowhere|[a-z]+n['’]t|no longer)\b", re.I,
)  # fmt: skip
# How far a denial reaches: to a statement with a subject and verb of its own, and no more than some words.
_REACH_ENDS = re.compile(
    rf"[;:]|\b(?:but|however|although|though|whereas|while|except|yet|because|since|which|reveal(?:ed|s|ing))\b|"
    rf"\band (?:the|a|an|it|he|she|we|they|was|were|is|are|has|had|came|could|then)\b|\band (?=(?:{COMPONENT}) )|"
    rf"(?<!nor)(?<!or)(?<!\bof)(?<!that)(?<!whether)(?<!did)(?<!if)(?<!neither)(?<!had)(?<!does)(?<!by)(?<!when)"
    rf"(?<!where) the (?:\w+[ -])?(?:{COMPONENT}) {VERB}\b|"
    rf", ?(?:and |so |then )?(?:the|it|a|an|we|i|he|she|both)\b|, (?:{COMPONENT})\b|"
    rf"\b(?:was|were|been) (?:seen|found|encountered|noted|present|identified|taken|sent|given|made)[, ]+(?:and|"
    rf"so|in|at|on|with)\b|"
    rf"\bwith (?:a |the )?(?:grossly |frankly |completely |clearly )?$", re.I,
)  # fmt: skip
REACH = 9  # words
_NEGATED_BEHIND = re.compile(
    r"^[^;\n]{0,45}?\b(?:(?:was|were|is|are|has been|have been|had been|being) "
    r"(?:ruled out|excluded|negative|absent|(?:thought |considered |felt |deemed |judged )?(?:very |"
    r"highly )?unlikely|disproved|"
    r"not (?:\w+ )?(?:seen|found|present|noted|demonstrated|confirmed|identified|detected|evident|apparent|"
    r"encountered|suspected|the case|visible|observed)|"
    r"nowhere|never (?:seen|found|noted|present))|"
    r"(?:(?:can|could|did)(?: ?not|n['’]t)|wasn['’]t|weren['’]t) (?:be )?(?:confirm\w*|demonstrat\w+|show\w*|"
    r"seen|found|detect\w+|prove[nd]?|identified|appear)|"
    r"remained (?:negative|sterile|absent))\b|^\s*(?:[:=]|-+|–)\s*(?:none|no|nil|absent|negative|not (?:seen|"
    r"present|found)|neg)\b|"
    r"^(?: \w+){0,2} (?:absent|negative|(?:very |highly )?unlikely)\b", re.I,
)  # fmt: skip
_CULTURE_WITHOUT_GROWTH = re.compile(
    r"(?:culture|specimen|sample|swab|gram)[^\n]*\b(?:never|not|none|no|nothing|negative|sterile)\b", re.I
)
_ELSEWHERE_BEHIND = re.compile(r"\b(?:but|however|although|and the)\b", re.I)


def polarity_of(place: Place, term: str) -> str:
    """affirmed, negated or hedged."""
    before = _PSEUDO.sub(_blank, place.before)
    behind = _ELSEWHERE_BEHIND.split(place.behind)[0]
    if _HEDGE_BEHIND.search(behind) or _reaches(_UNCERTAIN, before) or re.search(r"\?\s*$", before):
        return "hedged"
    if _is_denied(before, term) or _NEGATED_BEHIND.search(behind):
        return "negated"
    hedge = _HEDGE.search(before)
    if hedge is not None and not _REACH_ENDS.search(hedge["gap"]):
        return "hedged"
    return "affirmed"


def _is_denied(before: str, term: str) -> bool:
    return bool(_CULTURE_WITHOUT_GROWTH.match(term)) or _reaches(_NEGATOR, before)


def _reaches(pattern: re.Pattern[str], before: str) -> bool:
    return any(_reaches_from(match, before) for match in pattern.finditer(before))


def _reaches_from(match: re.Match[str], before: str) -> bool:
    return len(before[match.end() :].split()) <= REACH and not _REACH_ENDS.search(before, match.end())


def denied_from(place: Place) -> int | None:
    """How many characters before the term its denial begins, to mark "not well fixed" as a whole."""
    before = _PSEUDO.sub(_blank, place.before)
    for match in _NEGATOR.finditer(before):
        if _reaches_from(match, before):
            return len(before) - match.start()
    return None


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group(0))
