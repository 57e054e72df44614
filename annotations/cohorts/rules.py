"""Cohort rules as data: the published set, their check, and their form for the queries.

A code that is the reason itself is never a second reason beside it, so `T84.*` may stand for "any other complication".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from annotations.cohorts.code_patterns import CPT, ICD10CM, MODIFIER, CodeSystem, like_patterns, overlap, problem_of
from common.errors import Invalid

MOST_CODES = 200
MOST_DAYS = 36_500
# The steps of the flow whose counts may be stated beforehand, those of the loosening arm in their order.
EXPECTED_STEPS = ("registry", "revised", "coded", "confirmed", "eligible", "drawn")

PUBLISHED_RULES: dict[str, Any] = {
    "primary": {"cpt": ["27130"]},
    "revision": {"cpt": ["27134", "27137", "27138"], "without_modifiers": ["52"]},
    "reason": {"R": ["T84.030[ADS]"], "L": ["T84.031[ADS]"]},
    "side_agreement": True,
    "window_days": {"before": 30, "after": 30},
    "since_primary_days": {"minimum": 0, "maximum": None},
    "cementless": True,
    "exclusion": {"icd10cm": []},
    "only_reason": True,
    # On the revised hip, within the window, next to the reason: any of these makes it not the only reason.
    "second_reasons": {
        "R": ["T84.010?", "T84.020?", "T84.040?", "T84.050?", "T84.060?", "T84.090?", "T84.51*", "M97.01*"],
        "L": ["T84.011?", "T84.021?", "T84.041?", "T84.051?", "T84.061?", "T84.091?", "T84.52*", "M97.02*"],
        "either": ["T84.50*"],
    },
    "comparison": {"minimum_follow_up_days": 365, "cementless": True, "no_complication": True},
    "expected": {"registry": 15277, "revised": 9198, "coded": 316, "confirmed": 118},
}


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules in the form the queries take them: patterns for LIKE, days as numbers."""

    primary: list[str]
    revision: list[str]
    without_modifiers: list[str]
    reason_right: list[str]
    reason_left: list[str]
    side_agreement: bool
    days_before: int
    days_after: int
    since_primary_minimum: int
    since_primary_maximum: int
    cementless: bool
    exclusion: list[str]
    only_reason: bool
    second_right: list[str]
    second_left: list[str]
    minimum_follow_up_days: int
    comparison_cementless: bool
    comparison_no_complication: bool

    def parameters(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def read_rules(data: dict[str, Any]) -> Rules:
    """Check the rules and turn them into query parameters; refuses with every field and its reason."""
    reader = _Reader(data)
    either = reader.codes("second_reasons.either", ICD10CM, needed=False)
    rules = Rules(
        primary=reader.codes("primary.cpt", CPT),
        revision=reader.codes("revision.cpt", CPT),
        without_modifiers=reader.codes("revision.without_modifiers", MODIFIER, needed=False, wildcards=False),
        reason_right=reader.codes("reason.R", ICD10CM),
        reason_left=reader.codes("reason.L", ICD10CM),
        side_agreement=reader.yes_or_no("side_agreement"),
        days_before=reader.days("window_days.before"),
        days_after=reader.days("window_days.after"),
        since_primary_minimum=reader.days("since_primary_days.minimum", default=0),
        since_primary_maximum=reader.days("since_primary_days.maximum", default=MOST_DAYS),
        cementless=reader.yes_or_no("cementless"),
        exclusion=reader.codes("exclusion.icd10cm", ICD10CM, needed=False),
        only_reason=reader.yes_or_no("only_reason"),
        second_right=reader.codes("second_reasons.R", ICD10CM, needed=False) + either,
        second_left=reader.codes("second_reasons.L", ICD10CM, needed=False) + either,
        minimum_follow_up_days=reader.days("comparison.minimum_follow_up_days"),
        comparison_cementless=reader.yes_or_no("comparison.cementless"),
        comparison_no_complication=reader.yes_or_no("comparison.no_complication"),
    )
    problems = [*reader.problems, *reader.unknown_keys(), *_check_expected(data.get("expected", {}))]
    problems += _contradictions(rules, {problem["field"] for problem in problems})
    if problems:
        raise Invalid("The cohort rules are not valid.", code="rules_invalid", details=problems)
    return rules


def rules_of_version(data: dict[str, Any]) -> dict[str, Any]:
    """Rules as a form shows them: what an older version did not yet state is filled in with what it meant."""
    filled = {key: _filled(data.get(key), default) for key, default in _DEFAULTS.items()}
    return data | filled


_DEFAULTS: dict[str, Any] = {
    "side_agreement": True,
    "since_primary_days": {"minimum": 0, "maximum": None},
    "cementless": True,
    "exclusion": {"icd10cm": []},
    "only_reason": True,
    "comparison": {"minimum_follow_up_days": 365, "cementless": True, "no_complication": True},
    "expected": {},
}


def _filled(value: Any, default: Any) -> Any:
    if isinstance(default, dict):
        return default | value if isinstance(value, dict) else default
    return default if value is None else value


class _Reader:
    """Reads one field after the other and remembers everything that is wrong."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._data = data
        self._read: set[str] = {"expected"}
        self.problems: list[dict[str, str]] = []

    def codes(self, name: str, system: CodeSystem, *, needed: bool = True, wildcards: bool = True) -> list[str]:
        """The patterns of one list for LIKE; codes without wildcards are compared as they stand."""
        value = self._value(name)
        if value is None and not needed:
            return []
        if not isinstance(value, list) or (needed and not value):
            self._problem(name, f"must be a list of {system.name}s" + (", at least one" if needed else ""))
            return []
        if len(value) > MOST_CODES:
            self._problem(name, f"holds {len(value)} entries; at most {MOST_CODES} are possible. Use wildcards")
            return []
        before = len(self.problems)
        for place, code in enumerate(value):
            problem = problem_of(code, system) or (f"{code!r} is listed twice" if code in value[:place] else "")
            if not problem and not wildcards and set(code) & set("?*["):
                problem = f"{code!r}: wildcards are not possible here"
            if problem:
                self._problem(name, problem)
        return like_patterns(value) if len(self.problems) == before else []

    def days(self, name: str, *, default: int | None = None) -> int:
        value = self._value(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_DAYS:
            self._problem(name, f"must be a number of days from 0 to {MOST_DAYS}")
            return 0
        return value

    def yes_or_no(self, name: str) -> bool:
        value = self._value(name)
        if value is not None and not isinstance(value, bool):
            self._problem(name, "must be true or false")
        return value is not False

    def unknown_keys(self) -> Iterator[dict[str, str]]:
        """A misspelt rule would otherwise be a rule that silently does nothing."""
        for name in _leaves(self._data):
            if name not in self._read and not name.startswith("expected."):
                yield {"field": name[:80], "message": "is no part of the cohort rules"}

    def _value(self, name: str) -> Any:
        self._read.add(name)
        value: Any = self._data
        *above, last = name.split(".")
        for depth, part in enumerate(above, start=1):
            value = value.get(part) if isinstance(value, dict) else None
            if value is not None and not isinstance(value, dict):
                self._read.add(".".join(above[:depth]))
                self._problem(".".join(above[:depth]), f"must hold {last!r}")
                return None
        return value.get(last) if isinstance(value, dict) else None

    def _problem(self, name: str, message: str) -> None:
        problem = {"field": name, "message": message}
        if problem not in self.problems:
            self.problems.append(problem)


def _leaves(data: Any, path: str = "") -> Iterator[str]:
    if not isinstance(data, dict):
        yield path
    for key, value in data.items() if isinstance(data, dict) else ():
        yield from _leaves(value, f"{path}.{key}" if path else str(key))


def _contradictions(rules: Rules, wrong_already: set[str]) -> Iterator[dict[str, str]]:
    """Rules that are each in order and together let nobody stay."""
    pairs: tuple[tuple[str, list[str], list[str], str], ...] = (
        ("revision.cpt", rules.revision, rules.primary, "a primary replacement"),
        ("exclusion.icd10cm", rules.exclusion, rules.reason_right + rules.reason_left, "the reason that is looked for"),
    )
    for field, mine, others, meaning in pairs:
        for pattern in () if field in wrong_already else mine:
            if any(overlap(pattern, other) for other in others):
                yield {"field": field, "message": f"{_written(pattern)} is also {meaning}"}
    if rules.since_primary_minimum > rules.since_primary_maximum:
        yield {"field": "since_primary_days.maximum", "message": "is less than the minimum"}
    lists_none = not (rules.second_right or rules.second_left)
    if rules.only_reason and lists_none and not any(field.startswith("second_reasons") for field in wrong_already):
        yield {"field": "second_reasons.R", "message": "lists no second reason, so loosening is always the only one"}


def _written(pattern: str) -> str:
    return pattern.replace("_", "?").replace("%", "*")


def _check_expected(expected: Any) -> Iterator[dict[str, str]]:
    """The counts that the flow is shown beside; they decide nothing."""
    if not isinstance(expected, dict):
        yield {"field": "expected", "message": "must name a number of patients for each step"}
        return
    for step, count in expected.items():
        if step not in EXPECTED_STEPS:
            yield {"field": f"expected.{step}"[:80], "message": f"is no step; there are {', '.join(EXPECTED_STEPS)}"}
        elif count is not None and not _is_count(count):
            yield {"field": f"expected.{step}", "message": "must be a number of patients"}
    yield from _growing(expected, EXPECTED_STEPS[:4])
    yield from _growing(expected, EXPECTED_STEPS[4:])


def _growing(expected: dict[str, Any], steps: Iterable[str]) -> Iterator[dict[str, str]]:
    stated = [(step, expected[step]) for step in steps if _is_count(expected.get(step))]
    for (before, more), (after, fewer) in pairwise(stated):
        if fewer > more:
            yield {"field": f"expected.{after}", "message": f"is more than the {more} expected at {before!r} before it"}


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 1_000_000_000
