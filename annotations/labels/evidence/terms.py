"""What is looked for: words for loosening, for fixation and for infection."""

from __future__ import annotations

import re

_DEGREE = r"(?:(?:grossly|frankly|completely|totally|clearly|obviously|definitely|visibly|freely|markedly) )?"
_EASE = (
    r"(?:easily|by hand|manually|with ease|bare hand(?:s|ed)?|"
    r"with (?:my|our|two|three|some|the|a|a few|a couple of|just|only|minimal|little|no|hardly any)(?: \w+)? "
    r"(?:fingers?|effort|force|resistance|taps?|hands?|pull|traction|finger pressure)|with (?:no|minimal|little) "
    r"(?:fingers?|effort|force|resistance|traction)|with (?:two|a few|three|my|light|gentle) (?:fingers?|taps?|"
    r"hands?|pressure)|"
    r"without (?:any |much |the use of )?(?:instruments?|force|effort|resistance))"
)
_OUT = (
    r"(?:pull|lift|slid|slip|fell|fall|back|extract|withdr[ae]w|push|deliver|pluck|twist|remov|retriev|explant|"
    r"take|took|come|came|knock|tipp?|lever|grasp)\w*"
)
_GROWTH = (
    r"(?:(?:bony|bone|osseous|biological) )?"
    r"(?:in-?growth|on-?growth|os[st]eo-?integration|integration|fixation|attachment)"
)

# Words that say it by themselves, whatever the sentence is about (unless that is something else, as a loose body).
_LOOSE = re.compile(
    rf"\b{_DEGREE}(?:loose(?:ned|ning)?(?! from\b)|toggl(?:ed|es|ing)|micro-?motion|gross (?:motion|movement)|"
    rf"de-?bonded|piston(?:ed|ing|s)|"
    rf"(?:los[st]|lost|loss of)(?: of)?(?: its| their| all| bony| the| any)* fixation|"
    rf"fail(?:ed|ure) (?:to|of) (?:os[st]eo-?integrat\w+|ingrow\w*|integrat\w+|bony in-?growth|in-?growth|fixation)|"
    rf"(?:no|lack of|absent|absence of|without(?: any)?) (?:\w+ )?{_GROWTH}|"
    rf"fibrous(?:ly)?[- ](?:fixed|fixation|encapsulat\w+|in-?growth|ingrown|stable)|bare of bone)\b", re.I,
)  # fmt: skip
# Words that mean loosening when a component is their subject: a patient may be mobile too.
_LOOSE_OF_A_COMPONENT = re.compile(
    rf"\b{_DEGREE}(?:mobile(?=\s*(?:[.,;:)\n]|$|(?:and|or|in|on|to|when|under|with|at|within|relative|both)\b))|"
    rf"wobbl(?:ed|es|ing|y)|rock(?:ed|s|ing)|spun|spin(?:s|ning)?|swivel\w*|floating|subsided|"
    rf"(?:rotational(?:ly)? )?(?:unstable|instability)|"
    rf"(?:lay|lying|sitting|sat) (?:free|loosely)|free(?:ly)? (?:in|within|floating)|"
    rf"mov(?:ed|es|ing|able|e) (?:freely|with (?:each|every|any|gentle|minimal|the)|under|on (?:\w+ )?(?:testing|"
    rf"stress\w*|torque)|"
    rf"out|back and forth|about|around|when|within)|could be (?:moved|rotated|shifted|tilted|displaced)|"
    rf"rotat(?:ed|es|ing) (?:in|within|freely|on|with|under|when)|"
    rf"(?:motion|movement) (?:between|at the|at its|of the|with|on|was (?:seen|noted|present|evident|obvious))|"
    rf"(?:came|come|comes|coming) away\b|fell out\b|(?:came|comes) out with the (?:liner|inserter|holder|head|"
    rf"impactor)\b|"
    rf"(?:easily |readily |effortlessly |simply )(?:be )?{_OUT}(?: out| off)?|"
    rf"{_OUT}(?: (?!without )\w+){{0,3}}? {_EASE})(?!\w)", re.I,
)  # fmt: skip
_FIXED = re.compile(
    rf"\b(?:well[- ]?fixed|rock[- ]solid(?:ly fixed)?|immov(?:e)?able|"
    rf"(?:solidly|rigidly|firmly|securely|soundly|completely|fully|well|tightly|extensively|very well)[- ]"
    rf"(?:fixed|in-?grown|on-?grown|integrated|seated|os[st]eo-?integrated|anchored|bonded|incorporated|attached)|"
    rf"in-?grown|os[st]eo-?integrated|"
    rf"(?:good|excellent|solid|sound|complete|extensive|robust|circumferential|firm) {_GROWTH}|"
    rf"os[st]eo-?integration|bone (?:had )?(?:growing|grown|grew) (?:on|in)(?:to)?)\b", re.I,
)  # fmt: skip
_FIXED_OF_A_COMPONENT = re.compile(
    r"\b(?:(?:rotationally |absolutely |completely |perfectly |entirely |mechanically )?(?:stable|solid|tight|"
    r"secure|firm|fast)"
    r"(?=\s*(?:[.,;:)\n/-]|$|(?:and|or|but|in|on|to|when|under|with|at|after|throughout|by|as|despite|while|so|"
    r"there|enough|too|"
    r"both|for|against|upon|without|from|all|during|circumferentially|acetabular|femoral|cup|stem|shell|socket|"
    r"implant|component)\b))|"
    r"(?<!micro)(?:no|without(?: any)?) (?:(?:detectable|visible|discernible|demonstrable|gross|appreciable|"
    r"whatsoever|"
    r"perceptible|relative) )?(?:motion|movement|play|toggle)|"
    r"(?:could|can|would)(?: not|not|n['’]t) be (?:moved|shifted|budged|dislodged|rocked|rotated|displaced|toggled)|"
    r"(?:did|does|would)(?: not|n['’]t) (?:move|budge|shift|rock|toggle)|fixed(?! (?:with|by|using|to the|at)\b)|"
    r"(?<=not )fixed to)\b", re.I,
)  # fmt: skip
_ORGANISM = (
    r"(?:staphylococc\w+|staph|streptococc\w+|strep|enterococc\w+|cutibacterium|propionibacterium|c\. acnes|"
    r"s\. aureus|"
    r"s\. epidermidis|mrsa|mssa|pseudomonas|e\. coli|escherichia|candida|corynebacterium|klebsiella)"
)
_INFECTION = re.compile(
    rf"\b(?:infect(?:ed|ions?)\b(?! (?:control|prevention|prophylaxis|precautions?|risk|service)\b)|purulen\w+|"
    rf"pus\b|sepsis|"
    rf"septic\b|abscess\w*|pji\b|sinus tract|"
    rf"positive (?:\w+ )?cultures?|(?:cultures?|specimens?|samples?|swabs?|gram stain)\b[^.;\n]{{0,60}}?"
    rf"\b(?:positive|grew(?: (?:nothing|no)\b)?|growing|grown|negative|sterile|no growth)\b|"
    rf"(?:cultures?|specimens?|samples?|swabs?)\b[^.;\n]{{0,40}}?\b{_ORGANISM}|"
    rf"(?:grew|growth of|growing) {_ORGANISM}|alpha[- ]?defensin (?:was |test )*positive)", re.I,
)  # fmt: skip
# An infection of something else than the joint.
ELSEWHERE_INFECTED = re.compile(
    r"\b(?:urinary(?: tract)?|bladder|chest|respiratory|lung|dental|tooth|ear|nail|toe|foot|skin|throat|viral|"
    r"covid\S*|sinus|kidney)\s+$", re.I,
)  # fmt: skip
# "Loosened" by somebody, on purpose.
ON_PURPOSE = re.compile(r"\b(?:was|were|then|and|carefully|been|being) $", re.I)

# kind, pattern, whether the pattern needs a component as its subject.
TERMS: tuple[tuple[str, re.Pattern[str], bool], ...] = (
    ("loose", _LOOSE, False),
    ("loose", _LOOSE_OF_A_COMPONENT, True),
    ("well_fixed", _FIXED, False),
    ("well_fixed", _FIXED_OF_A_COMPONENT, True),
    ("infection", _INFECTION, False),
)
# Nouns: what they are said of stands behind them ("loosening of the cup").
NOUN_TERM = re.compile(r"(?:loosening|motion|movement|instability|growth|integration|fixation)$", re.I)
