"""Patterns of CPT and ICD-10-CM codes: how people write them, how SQL asks, and how one code is compared.

`?` stands for one character, `*` for any number of them, `[ADS]` for one of those that are named: the 7th character
of T84.030[ADS] is an initial encounter, a subsequent one or a sequela.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

_PATTERN = re.compile(r"(?:[A-Z0-9.?*]|\[[A-Z0-9]{1,36}\]){1,12}")
_PART = re.compile(r"\[([A-Z0-9]+)\]|(.)")
_DIGITS = "0123456789"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MOST_ALTERNATIVES = 400


@dataclass(frozen=True, slots=True)
class CodeSystem:
    """What a code of one system looks like: which characters may stand where, and where it may end."""

    name: str
    characters: tuple[str, ...]
    lengths: frozenset[int]


CPT = CodeSystem("CPT code", (_DIGITS,) * 4 + (_DIGITS + _LETTERS,), frozenset({5}))
ICD10CM = CodeSystem(
    "ICD-10-CM code",
    (_LETTERS, _DIGITS, _DIGITS + _LETTERS, ".", *((_DIGITS + _LETTERS,) * 4)),
    frozenset({3, 5, 6, 7, 8}),
)
MODIFIER = CodeSystem("CPT modifier", (_DIGITS + _LETTERS,) * 2, frozenset({2}))


def problem_of(pattern: object, system: CodeSystem) -> str:
    """Why this can mean no code of the system; "" if it can."""
    if not isinstance(pattern, str) or not _PATTERN.fullmatch(pattern):
        return f"{_short(pattern)} is not a {system.name} or a pattern of one"
    parts = _parts(pattern)
    if all(part in ("?", "*", ".") for part in parts):
        return f"{pattern!r} names no character: every code would be meant"
    if math.prod(len(part) for part in parts) > MOST_ALTERNATIVES:
        return f"{pattern!r} stands for more than {MOST_ALTERNATIVES} patterns; use ? for any character"
    if not _can_mean(tuple(parts), system):
        return f"{pattern!r} can be no {system.name}"
    return ""


def like_patterns(patterns: Iterable[str]) -> list[str]:
    """For LIKE ANY. The alphabet of a pattern holds neither % nor _ nor a backslash, so nothing needs escaping."""
    chosen = (product(*_parts(pattern)) for pattern in patterns)
    return ["".join(one).replace("?", "_").replace("*", "%") for each in chosen for one in each]


def matches(code: str, like: Sequence[str]) -> bool:
    """Whether a code is meant by any of the patterns for LIKE, as PostgreSQL would say."""
    return any(_expression(pattern).fullmatch(code) for pattern in like)


@lru_cache(maxsize=4096)
def overlap(first: str, second: str) -> bool:
    """Whether some text is meant by both patterns for LIKE."""
    if not first or not second:
        return set(first + second) <= {"%"}
    if first[0] == "%":
        return overlap(first[1:], second) or overlap(first, second[1:])
    if second[0] == "%":
        return overlap(second, first)
    return (first[0] == second[0] or "_" in (first[0], second[0])) and overlap(first[1:], second[1:])


@lru_cache(maxsize=4096)
def _expression(like: str) -> re.Pattern[str]:
    return re.compile("".join({"_": ".", "%": ".*"}.get(c, re.escape(c)) for c in like), re.DOTALL)


def _can_mean(parts: tuple[str, ...], system: CodeSystem) -> bool:
    """Whether any code of the system fits: where in the code may one be after each part of the pattern?"""
    longest = len(system.characters)
    places = {0}
    for part in parts:
        if part == "*":
            places = set(range(min(places), longest + 1)) if places else set()
            continue
        places = {at + 1 for at in places if at < longest and (part == "?" or set(part) & set(system.characters[at]))}
    return bool(places & system.lengths)


def _parts(pattern: str) -> list[str]:
    return [found.group(1) or found.group(2) for found in _PART.finditer(pattern)]


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}…"
