"""Whether a term speaks of this hip, of this patient, and of what was found at this operation."""

from __future__ import annotations

import re

from annotations.labels.evidence.sentences import Place
from annotations.labels.evidence.words import COMPONENT

_BESIDE = (
    r"(?=(?:[ -]+|-sided )(?:\w+[ -]+){0,2}?"
    rf"(?:hip|side|sided|th[ar]|total|femor\w+|acetab\w+|joint|{COMPONENT})(?!\w))"
)
SIDE = re.compile(rf"\b(left|right){_BESIDE}|\b(?:on|of) the (left|right)\b(?! (?:of|in)\b)", re.I)
_OTHER_SIDE = re.compile(
    r"\b(?:contra-?lateral|opposite (?:side|hip|total|th[ar]|joint)|other (?:side|hip|total hip)|bilateral)\b", re.I
)
# "The left hip was opened", "- left hip:": from here on the section is about that hip.
_HIP_NAMED = re.compile(r"\b(?P<side>left|right) hip(?: was (?:opened|exposed|approached|addressed|turned to)|:)", re.I)
_PERSON = re.compile(
    r"\b(?:mother|father|brother|sister|sibling|aunt|uncle|cousin|grand\w+|(?:first-degree )?relatives?|wife|husband|"
    r"son|daughter|family|friend|another patient)s?\b", re.I,
)  # fmt: skip
_PAST = re.compile(
    r"\b(?:had (?:already |once |twice |previously |also )?been|previously|formerly|in the past|(?:years?|"
    r"months?|weeks?|days) (?:ago|earlier|before|previously)|"
    r"status post|s/p|history of|h/o|known (?:to|for|case)|last (?:year|month|week|winter|summer|spring|autumn)|"
    r"(?:19|20)\d\d|at (?:that|the) time of (?:the|his|her) (?:previous|first|index|earlier|last|primary)|elsewhere|"
    r"(?:earlier|prior|previous|first|last|index) (?:operation|surgery|procedure|revision|admission|hospital)|"
    r"(?:was|were|is|been) (?:being )?treated (?:for|with)|developed|(?:was|were|had been) told|(?:underwent|"
    r"needed|required|undergone) (?:\w+ ){0,2}(?:revision|surgery|exchange|debridement|washout|operation)s?|"
    r"(?:was|were|been) (?:revised|operated|explanted|exchanged) (?:\w+ )?(?:for|with|because|due)|"
    r"(?:referred|booked|listed|scheduled|admitted|presented|transferred|sent to us|brought)"
    r"\b[^;\n]{0,40}?\b(?:with|for|as|because of|due to|after)|"
    r"pre-?\s?op\w* (?:diagnos\w+|dx|impression)|diagnos[ie]s before|(?:^\W*|\bthe )indications?\b(?! of)|"
    r"reasons? for|past (?:medical |surgical )?history|recurrent|complain\w+ of)\b", re.I,
)  # fmt: skip
_PAST_BEHIND = re.compile(
    r"^[^;.\n]{0,60}?\b(?:(?:in|at) (?:another|an outside|a different) (?:hospital|institution|clinic)|"
    r"in (?:the )?(?:clinic|outpatient\w*)\b|elsewhere|in (?:the past|(?:19|20)\d\d|(?:an? |his |"
    r"her )?(?:earlier|previous|first|prior) (?:operation|surgery|procedure|revision))|"
    r"(?:years?|months?|weeks?) (?:ago|earlier|before|previously)|(?:after|since|following) (?:the|his|her)"
    r" (?:index|primary|first|previous)|"
    r"at (?:the|his|her) (?:index|first|previous|earlier) \w+|was (?:treated|revised|dealt with) (?:elsewhere|"
    r"in the past|previously|before))\b", re.I,
)  # fmt: skip
_FILM = re.compile(
    r"\b(?:radiographs?|radiograms?|films?|x-?rays?|imaging|(?:bone |ct |mri |pet )?scans?|scintigra\w+|ct|mri|"
    r"tomogra\w+|ultrasound|radiologists?|radiology|arthrogra\w+|spect\S*)\b"
    r"(?![^;\n]{0,50}\b(?:we|i) (?:found|saw|confirmed)\b)[^;\n]{0,70}?\b(?:show\w*|demonstrat\w+|suggest\w*|"
    r"read\b|report\w*|rais\w+|exclud\w+|there|consistent|"
    r"reveal\w*|indicat\w+|compatible|concerning|suspicious|appear\w*|interpret\w+|evidence|signs?|had|with|was|"
    r"were|confirm\w+|for|of|found|looked)\b"
    r"|\bradiograph(?:ic|ical|ically)\b(?! (?:and|as)\b)|\bon (?:the |plain |pre-?operative |serial |recent |"
    r"his |her )*(?:films?|radiographs?|x-?rays?|imaging|ct|scans?)\b",
    re.I,
)
_ON_FILM_BEHIND = re.compile(
    r"^[^;,.\n]{0,30}?\b(?:on|by|in|at) (?:the |plain |pre-?operative |serial |recent |his |her |"
    r"bone )*(?:films?|radiographs?|x-?rays?|imaging|ct|mri|scans?|scintigra\w+)\b|"
    r"^[^;,.\n]{0,20}?\bradiographically\b", re.I,
)  # fmt: skip
_PLAN = re.compile(
    r"\b(?:will|shall|to be (?:sent|followed|watched|treated)|plan(?:s|ned|ning)? (?:to|for|was|is|on)|going to|"
    r"we intend\w*|"
    r"(?:to|in order to) (?:exclude|rule out|prevent|avoid|reduce|minimi[sz]e|treat|detect|check for|look for|"
    r"assess for|test for|confirm or exclude)|"
    r"(?:for|as) (?:suspected|possible|signs of|symptoms of|the prevention|prevention of|prophylaxis)|"
    r"prophyla\w+|watch(?:ed|ing)? for|monitor\w* for|look(?:ed|ing)? out for|return\b[^;\n]{0,30}\bif|"
    r"until|against|sent for|evaluat\w+ for|assess(?:ed|ment)? for|work-?up for|screen\w+ for|surveillance|"
    r"follow-?up for|"
    r"guard against|educat\w+|instruct\w+|advised|precautions?)\b|^\W*(?:please )?(?:rule out|r/o|exclude|"
    r"evaluate for|query)\b", re.I,
)  # fmt: skip
_PLAN_BEHIND = re.compile(r"^\s*(?:precautions|prophylaxis|surveillance|protocol|work-?up|screen\w*)\b", re.I)
_CONDITION = re.compile(
    r"(?<!as )\bif\b|\b(?:in case|in the event|unless|had the|had (?:it|this|that) (?:been|not)|were (?:it|the)"
    r" [^;\n]{0,30}to|should (?:the|it|this|that|he|she|they|any|there)|"
    r"would (?:be|have|need|require)|provided|prepared for|anticipat\w+|expect(?:ing|ed) (?:a|the|to)|"
    r"depending on|contingency|consent(?:ed)?)\b", re.I,
)  # fmt: skip
_RISK = re.compile(
    r"\brisks?\b|\b(?:counsel\w+|warn\w+|informed|cautioned) (?:about|of|regarding|that)\b|"
    r"\b(?:potential|possible|known|common|frequent|late|typical) (?:complications?|causes?|problems?)"
    r"\b|\bcomplications? (?:of|includ\w+|such)\b",
    re.I,
)
_RISK_BEHIND = re.compile(
    r"^[^;.\n]{0,20}?(?:\b(?:is|are) (?:a|an|one|the most|among)\b[^;.\n]{0,40}\b(?:complications?|causes?|"
    r"reasons?|modes?|problems?|risks?)\b|"
    r"\b(?:were|was) (?:all )?(?:explained|discussed|mentioned|consented)\b)|^[^;\n]{0,80}\bwere (?:explained|"
    r"discussed)\b|^ (?:is|are) (?:seen|found|reported|described|known|common|rare|frequent)\b", re.I,
)  # fmt: skip
_PUT_IN = (
    r"(?:impacted|inserted|implanted|introduced|driven|hammered|seated (?:with|into|to)|screwed|placed|"
    r"secured with)\b"
)
_NEW = re.compile(
    rf"\b(?:new|trial|final|definitive|permanent|real|revision|replacement|larger|jumbo|actual|selected|chosen)"
    rf"\s+(?:(?!of\b|for\b|to\b)[\w-]+\s+){{0,3}}?(?:{COMPONENT}|implants?|components?)(?!\w)|"
    rf"\b(?:{COMPONENT})(?!\w)[^.;\n]{{0,30}}?\b{_PUT_IN}|\b{_PUT_IN} (?:(?:a|an|the|our|another)"
    rf"\b )?(?:[\w-]+ ){{0,4}}?(?:{COMPONENT})(?!\w)|"
    r"\b(?:press-?fit(?:ted)?|trial(?:led|ed|s)?|reamed|reaming|upsized)\b", re.I,
)  # fmt: skip
_OUTSET = re.compile(
    r"^\W*(?:(?:as |also )?(?:in (?:19|20)\d\d|previously|historically|radiographically|if\b|had the|should the|"
    r"in case)[^,;]*)(?=,)",
    re.I,
)


def why_not(place: Place, side: str, told: str) -> str:
    """Why the term is no finding of this operation on this hip; "" if it is one. `side` is left or right."""
    if not place.section.has_findings:
        return "section"
    if _other_side(place, side, told):
        return "other_side"
    before, behind, statement = place.before, place.behind, place.statement
    outset = _OUTSET.match(place.sentence)
    if outset is not None and len(outset.group(0)) < len(place.sentence) - len(behind) - len(before):
        # "If needed, …", "In 2011, …": told at the sentence's outset, with the statement behind its comma.
        statement = statement.replace(outset.group(0), "", 1)
    if _PERSON.search(before):
        return "person"
    if _FILM.search(before) or _ON_FILM_BEHIND.search(behind):
        return "film"
    if _PAST.search(before) or _PAST_BEHIND.search(behind):
        return "history"
    if _CONDITION.search(before) or _CONDITION.search(statement):
        return "condition"
    if _RISK.search(statement) or _RISK_BEHIND.search(behind):
        return "risk"
    if _PLAN.search(before) or _PLAN_BEHIND.search(behind):
        return "plan"
    return ""


def is_new_implant(clause: str) -> bool:
    return bool(_NEW.search(clause))


def _other_side(place: Place, side: str, told: str) -> bool:
    """Whether the clause, or else the sentence or the section up to it, speaks of the other hip."""
    if _OTHER_SIDE.search(place.before) or _OTHER_SIDE.search(place.behind):
        return True
    named = _sides(place.before)[-1:] or _sides(place.behind)[:1] or _sides(place.statement)[-1:]
    if not named:
        named = next((sides[-1:] for clause in reversed(place.earlier) if (sides := _sides(clause))), [])
    if not named:
        named = _sides(place.section.name)[:1]
    if not named and place.earlier and _OTHER_SIDE.search(place.earlier[-1]):
        return True
    if not named:
        hips = [match["side"].lower() for match in _HIP_NAMED.finditer(told)]
        named = hips[:1]
    return bool(named and side and named[-1] != side)


def _sides(text: str) -> list[str]:
    return [(match[1] or match[2]).lower() for match in SIDE.finditer(text)]
