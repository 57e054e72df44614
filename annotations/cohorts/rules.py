"""Cohort rules as data: the published set, its check, and its code patterns in SQL's words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from common.errors import Invalid

# A code may hold ? for one character and * for any number, so that a 7th character needs no list.
_CODE = re.compile(r"[A-Z0-9.?*]{1,12}")

PUBLISHED_RULES: dict[str, Any] = {
    "primary": {"cpt": ["27130"]},
    "revision": {"cpt": ["27134", "27137", "27138"], "without_modifiers": ["52"]},
    "reason": {"R": ["T84.030?"], "L": ["T84.031?"]},
    "window_days": {"before": 30, "after": 30},
    # On the revised hip, within the window, next to the reason: any of these makes it not the only reason.
    "second_reasons": {
        "R": ["T84.010?", "T84.020?", "T84.040?", "T84.050?", "T84.060?", "T84.090?", "T84.51*", "M97.01*"],
        "L": ["T84.011?", "T84.021?", "T84.041?", "T84.051?", "T84.061?", "T84.091?", "T84.52*", "M97.02*"],
        "either": ["T84.50*"],
    },
    "cementless": True,
    "comparison": {"minimum_follow_up_days": 365, "cementless": True},
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
    days_before: int
    days_after: int
    second_right: list[str]
    second_left: list[str]
    cementless: bool
    minimum_follow_up_days: int

    def parameters(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def read_rules(data: dict[str, Any]) -> Rules:
    """Check the rules and turn them into query parameters; refuses with the field and the reason."""
    reader = _Reader(data)
    either = reader.codes("second_reasons.either")
    rules = Rules(
        primary=reader.codes("primary.cpt"),
        revision=reader.codes("revision.cpt"),
        without_modifiers=reader.codes("revision.without_modifiers"),
        reason_right=reader.codes("reason.R"),
        reason_left=reader.codes("reason.L"),
        days_before=reader.days("window_days.before"),
        days_after=reader.days("window_days.after"),
        second_right=reader.codes("second_reasons.R") + either,
        second_left=reader.codes("second_reasons.L") + either,
        cementless=reader.yes_or_no("cementless"),
        minimum_follow_up_days=reader.days("comparison.minimum_follow_up_days"),
    )
    problems = reader.problems + _check_expected(data.get("expected", {}))
    if problems:
        raise Invalid("The cohort rules are not valid.", code="rules_invalid", details=problems)
    return rules


class _Reader:
    """Reads one field after the other and remembers everything that is wrong."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._data = data
        self.problems: list[dict[str, str]] = []

    def codes(self, name: str) -> list[str]:
        value = self._value(name)
        if not isinstance(value, list) or not value:
            self._problem(name, "must be a list of at least one code")
            return []
        good = [code for code in value if isinstance(code, str) and _CODE.fullmatch(code)]
        for code in value:
            if code not in good:
                self._problem(name, f"{code!r} is not a code or a code pattern")
        return [_like(code) for code in good]

    def days(self, name: str) -> int:
        value = self._value(name)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 3650:
            self._problem(name, "must be a number of days from 0 to 3650")
            return 0
        return value

    def yes_or_no(self, name: str) -> bool:
        value = self._data.get(name, True)
        if not isinstance(value, bool):
            self._problem(name, "must be true or false")
        return value is True

    def _value(self, name: str) -> Any:
        value: Any = self._data
        for part in name.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        return value

    def _problem(self, name: str, message: str) -> None:
        self.problems.append({"field": name, "message": message})


def _check_expected(expected: Any) -> list[dict[str, str]]:
    """The counts that the flow is shown beside; they decide nothing."""
    if not isinstance(expected, dict):
        return [{"field": "expected", "message": "must name a number of patients for each step"}]
    return [
        {"field": f"expected.{step}", "message": "must be a number of patients"}
        for step, count in expected.items()
        if not isinstance(count, int) or isinstance(count, bool) or count < 0
    ]


def _like(code: str) -> str:
    return code.replace("?", "_").replace("*", "%")
