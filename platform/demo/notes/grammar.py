"""The grammar's engine: phrases with choices in them, and marks that remember what a stretch of text means.

A phrase may hold `{name}` (a value, or a phrase drawn from the bank of that name), `[this|that|]` (one of them)
and marks `<kind: words>`. Marks are loose, fixed, infection, name, date, number or place. Evidence marks may
carry, before the colon, `-` negated, `?` hedged, `~` a trap, `+` supporting and `@cup` or `@stem`; without
them a mark is affirmed, decisive, and speaks of the component that the phrase was drawn for.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence

from demo.notes.facts import EvidenceSpan, Identifier

_SLOT = re.compile(r"\{(\w+)\}")
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
MARK = re.compile(r"<(?P<kind>[a-z]+)(?P<flags>[-?~+]*)(?:@(?P<component>\w+))?: ?(?P<words>[^<>]*)>")
_EVIDENCE = {"loose": "loose", "fixed": "well_fixed", "infection": "infection"}


class Grammar:
    """Draws phrases for one note; a phrase that was used is not drawn again while its bank has others."""

    def __init__(self, rng: random.Random, banks: Mapping[str, Sequence[str]], values: Mapping[str, str]) -> None:
        self.rng = rng
        self.values = dict(values)
        self._banks = banks
        self._used: set[str] = set()

    def draw(self, bank: str, component: str = "") -> str:
        return self.say("{" + bank + "}", component)

    def say(self, phrase: str, component: str = "") -> str:
        while (slot := _SLOT.search(phrase)) is not None:
            phrase = phrase[: slot.start()] + self._fill(slot.group(1)) + phrase[slot.end() :]
        while (choice := _CHOICE.search(phrase)) is not None:
            phrase = phrase[: choice.start()] + self.rng.choice(choice.group(1).split("|")) + phrase[choice.end() :]
        if component:
            phrase = MARK.sub(lambda mark: _of_component(mark, component), phrase)
        return phrase

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def _fill(self, name: str) -> str:
        if name in self.values:
            return self.values[name]
        bank = self._banks[name]
        fresh = [phrase for phrase in bank if phrase not in self._used] or list(bank)
        chosen = self.rng.choice(fresh)
        self._used.add(chosen)
        return chosen


def _of_component(mark: re.Match[str], component: str) -> str:
    if mark["kind"] not in ("loose", "fixed") or mark["component"]:
        return mark[0]
    return f"<{mark['kind']}{mark['flags']}@{component}: {mark['words']}>"


def read_marks(marked: str) -> tuple[str, tuple[EvidenceSpan, ...], tuple[Identifier, ...]]:
    """The text without its marks, and where each of them stands in it."""
    pieces: list[str] = []
    evidence: list[EvidenceSpan] = []
    identifiers: list[Identifier] = []
    length, last = 0, 0
    for mark in MARK.finditer(marked):
        plain, words = marked[last : mark.start()], mark["words"]
        pieces += (plain, words)
        start = length + len(plain)
        length, last = start + len(words), mark.end()
        if mark["kind"] in _EVIDENCE:
            evidence.append(_span(mark, start, length))
        else:
            identifiers.append(Identifier(start, length, mark["kind"], words))
    pieces.append(marked[last:])
    return "".join(pieces), tuple(evidence), tuple(identifiers)


def _span(mark: re.Match[str], start: int, end: int) -> EvidenceSpan:
    kind, flags = _EVIDENCE[mark["kind"]], mark["flags"]
    polarity = "negated" if "-" in flags else "hedged" if "?" in flags else "affirmed"
    # A suspicion of infection decides; a suspicion of loosening decides nothing.
    trap = "~" in flags or polarity == "negated" or (polarity == "hedged" and kind != "infection")
    role = "trap" if trap else "supporting" if "+" in flags else "decisive"
    return EvidenceSpan(start, end, kind, polarity, mark["component"] or "unknown", role)
