"""Figures as words within a drawing or a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlworker.experiments.figures.drawing import plain


def three(value: float | None) -> str:
    return "undefined" if value is None else plain(value, 3)


def interval_of(figure: Mapping[str, Any]) -> str:
    """0.917 (0.646 to 0.985); "undefined" is never 0."""
    if figure["value"] is None:
        return "undefined"
    if figure["low"] is None or figure["high"] is None:
        return f"{three(figure['value'])} (no interval)"
    return f"{three(figure['value'])} ({three(figure['low'])} to {three(figure['high'])})"


def counts_of(figure: Mapping[str, Any]) -> str:
    if figure.get("numerator") is None or figure.get("denominator") is None:
        return ""
    return f"{figure['numerator']}/{figure['denominator']}"


def p_value(p: float | None) -> str:
    if p is None:
        return "undefined"
    return "< 0.001" if p < 0.001 else f"{p:.3f}"
