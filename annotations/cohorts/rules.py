"""Cohort rules as data: the published set, its check, and its code patterns in SQL's words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from common.errors import Invalid

# A code may hold ? for one character and * for any number, so that a 7th character needs no list.
_CODE = re.compile(r"^[A-Z0-9.?*]{1,12}$")

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
    problems: list[dict[str, str]] = []

    def codes(*path: str) -> list[str]:
        value: Any = data
        for part in path:
            value = value.get(part, {}) if isinstance(value, dict) else {}
        name = ".".join(path)
        if not isinstance(value, list) or not value:
            problems.append({"field": name, "message": "must be a list of at least one code"})
            return []
        wrong = [code for code in value if not isinstance(code, str) or not _CODE.match(code)]
        problems.extend({"field": name, "message": f"{code!r} is not a code or a code pattern"} for code in wrong)
        return [_like(code) for code in value if code not in wrong]

    def days(*path: str) -> int:
        value: Any = data
        for part in path:
            value = value.get(part) if isinstance(value, dict) else None
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 3650:
            problems.append({"field": ".".join(path), "message": "must be a number of days from 0 to 3650"})
            return 0
        return value

    either = codes("second_reasons", "either")
    rules = Rules(
        primary=codes("primary", "cpt"),
        revision=codes("revision", "cpt"),
        without_modifiers=codes("revision", "without_modifiers"),
        reason_right=codes("reason", "R"),
        reason_left=codes("reason", "L"),
        days_before=days("window_days", "before"),
        days_after=days("window_days", "after"),
        second_right=codes("second_reasons", "R") + either,
        second_left=codes("second_reasons", "L") + either,
        cementless=bool(data.get("cementless", True)),
        minimum_follow_up_days=days("comparison", "minimum_follow_up_days"),
    )
    if problems:
        raise Invalid("The cohort rules are not valid.", code="rules_invalid", details=problems)
    return rules


def _like(code: str) -> str:
    return code.replace("?", "_").replace("*", "%")
