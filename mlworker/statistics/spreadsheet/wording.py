"""Figures for people: rounded here and nowhere else."""

from __future__ import annotations

import math

from mlworker.statistics.results import Estimate, Interval

NONE = "–"
MINUS = "−"


def decimals(value: float | None, digits: int = 3) -> str:
    if value is None:
        return NONE
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    text = f"{abs(value):.{digits}f}"
    return f"{MINUS}{text}" if value < 0 and float(text) else text


def p_value(value: float | None) -> str:
    if value is None:
        return NONE
    return "<0.001" if value < 0.001 else f"{value:.3f}"


def limits(interval: Interval | Estimate, digits: int = 3) -> str:
    if interval.lower is None and interval.upper is None:
        return NONE
    return f"{decimals(interval.lower, digits)} to {decimals(interval.upper, digits)}"


def with_limits(estimate: Estimate | None, digits: int = 3) -> str:
    if estimate is None or estimate.value is None:
        return NONE
    if estimate.lower is None and estimate.upper is None:
        return decimals(estimate.value, digits)
    return f"{decimals(estimate.value, digits)} ({limits(estimate, digits)})"


def share(estimate: Estimate) -> str:
    return NONE if estimate.denominator is None else f"{estimate.numerator}/{estimate.denominator}"
