"""What a hurried typist does to a text: abbreviations, typing errors and the spelling of the country."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from demo.notes.grammar import MARK

_WORD = re.compile(r"\b[a-z]{6,}\b")
_ABBREVIATIONS = {
    "total hip arthroplasty": "THA",
    "total hip replacement": "THR",
    "femoral component": "fem. component",
    "acetabular component": "acet. component",
    "patient": "pt",
    "with": "w/",
    "without": "w/o",
    "radiograph": "XR",
    "weight bearing": "WB",
    "partial": "part.",
    "approximately": "approx.",
    "tissue samples": "tissue spl.",
    "six weeks": "6/52",
}
_ABBREVIATED = re.compile(r"\b(" + "|".join(sorted(map(re.escape, _ABBREVIATIONS), key=len, reverse=True)) + r")\b")
_RUN_TOGETHER = 0.35
_STOP = re.compile(r"\. (The|A|There|We|After|On|It|This|With|Behind|Fluid|All) ")
_MISHEARD = {
    "osteotomes": "osteo tomes",
    "calcar": "cal car",
    "trunnion": "trunion",
    "heterotopic": "hetero topic",
    "cementless": "cement less",
    "pseudocapsule": "pseudo capsule",
    "tranexamic": "trans examic",
    "trochanter": "tro canter",
    "iliopsoas": "ilio so as",
}
_HEARD = re.compile("|".join(_MISHEARD))
_AMERICAN = {
    "anaesth": "anesth",
    "Anaesth": "Anesth",
    "ANAESTH": "ANESTH",
    "litres": "liters",
    "theatre": "operating room",
    "discolouration": "discoloration",
    "tumour": "tumor",
    "Swab": "Sponge",
    "haem": "hem",
}
_BRITISH = re.compile("|".join(map(re.escape, _AMERICAN)))


def outside_marks(marked: str, change: Callable[[str], str]) -> str:
    """Apply `change` to the text between marks: what a mark holds is what its truth says."""
    pieces: list[str] = []
    last = 0
    for mark in MARK.finditer(marked):
        pieces += (change(marked[last : mark.start()]), mark[0])
        last = mark.end()
    return "".join([*pieces, change(marked[last:])])


def abbreviate(rng: random.Random, marked: str, share: float) -> str:
    def shorten(match: re.Match[str]) -> str:
        return _ABBREVIATIONS[match[0]] if rng.random() < share else match[0]

    return outside_marks(marked, lambda plain: _ABBREVIATED.sub(shorten, plain))


def slip(rng: random.Random, marked: str, share: float) -> str:
    def mistype(match: re.Match[str]) -> str:
        return _mistyped(rng, match[0]) if rng.random() < share else match[0]

    return outside_marks(marked, lambda plain: _WORD.sub(mistype, plain))


def run_together(rng: random.Random, marked: str) -> str:
    """What a dictating machine makes of a surgeon who does not stop: fewer sentences, and words it has misheard."""

    def join(match: re.Match[str]) -> str:
        return f", and {match[1].lower()} " if rng.random() < _RUN_TOGETHER else match[0]

    def mishear(match: re.Match[str]) -> str:
        return _MISHEARD[match[0]] if rng.random() < _RUN_TOGETHER else match[0]

    return outside_marks(marked, lambda plain: _HEARD.sub(mishear, _STOP.sub(join, plain)))


def in_american_spelling(marked: str) -> str:
    return outside_marks(marked, lambda plain: _BRITISH.sub(lambda match: _AMERICAN[match[0]], plain))


def _mistyped(rng: random.Random, word: str) -> str:
    at = rng.randrange(1, len(word) - 2)
    kind = rng.randrange(3)
    if kind == 0:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + word[at + 1 :] if kind == 1 else word[:at] + word[at] + word[at:]
