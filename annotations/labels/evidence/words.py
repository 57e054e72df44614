"""The things that a hip surgeon's sentence can be about."""

from __future__ import annotations

import re

CUP = (
    r"acet(?:abular|\.) (?:\w+ )?(?:comp(?:onent)?s?\b|cups?|shells?|implants?|prosthes[ei]s|sockets?|side)|"
    r"cups?|sockets?|shells?"
)
STEM = (
    r"fem(?:oral|\.) (?:\w+ )?(?:comp(?:onent)?s?\b|stems?|implants?|prosthes[ei]s|side)|stems?|"
    r"(?<=acetabular and )femoral|(?<=acetabular or )femoral"
)
BOTH = (
    r"both (?:of the )?(?:\w+ )?(?:components?|comps?\b|implants?|parts|sides)|both (?=were|are|was)|(?:n?either|"
    r"each)(?: of the)? components?|"
    r"(?:femoral|acetabular) (?:and|as well as) (?:the )?(?:femoral|acetabular) (?:components?|implants?|sides?|"
    r"prosthes[ei]s)|"
    r"(?:the |all )?components|cup and stem|stem and cup"
)
# An implant that is not named more closely.
IMPLANT = r"implants?|component|prosthes[ei]s|arthroplasty|(?:hip )?replacement|th[ar]\b"
HIP = r"hips?|joints?"
OTHER = (
    r"liners?|polyethylene|inserts?|inlays?|heads?|balls?|trunnion|taper|screws?|(?:cerclage )?wires?|cables?|"
    r"cerclages?|"
    r"plates?|plugs?|trochanter\w*|bod(?:y|ies)|sutures?|stitch\w*|staples?|dressings?|bandages?|debris|"
    r"fragments?|pieces?|"
    r"tissues?|muscles?|tendons?|flaps?|fascia|capsule|skin|grafts?|bone chips?|nerves?|vessels?|patients?|"
    r"vital signs|vitals|ha?emodynamic\w*|conditions?|reductions?|range of motion|knees?|ankles?|spine|shoulders?|"
    r"pelvis|osteotom\w+|fractures?|drains?|catheters?|tubes?|teeth|tooth|tourniquet|retractors?|leg|limb|gait|"
    r"cement(?: mantle)?|bone(?= (?:of|was|were|is|stock|quality)\b)|cortex|cortices|spacers?|nails?|construct|"
    r"constructs?|cages?|augments?|closure|wounds?|clots?"
)
# Bone that tells which component is meant when nothing else does.
AT_CUP = r"acetabul\w+|pelvis|socket side"
AT_STEM = r"femur|femoral|(?:medullary |femoral )?canal|calcar"

COMPONENT = rf"(?:{BOTH}|{CUP}|{STEM})"
NOUN = re.compile(
    rf"\b(?:(?P<both>{BOTH})|(?P<cup>{CUP})|(?P<stem>{STEM})|(?P<other>{OTHER})|(?P<implant>{IMPLANT})|"
    rf"(?P<hip>{HIP}))"
    r"(?!\w)", re.I,
)  # fmt: skip
PLACE = re.compile(rf"\b(?:(?P<cup>{AT_CUP})|(?P<stem>{AT_STEM}))\b", re.I)
# A verb that a clause of its own may begin with after its subject.
VERB = (
    r"(?:was|were|is|are|had|has|have|did|does|could|can|came|moved|moves|toggled|rotated|appeared|looked|proved|"
    r"remained|showed|demonstrated|wobbled|rocked|lifted|pulled|slid|backed|spun|tested)"
)
