"""What every function here returns: frozen results that turn into plain, valid JSON without losing a digit."""

from __future__ import annotations

import dataclasses
import json
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

LEVEL = 0.95


def _plain(value: object) -> Any:
    if isinstance(value, Result):
        return value.to_dict()
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [_plain(item) for item in value]
    return _plain_number(value) if isinstance(value, (int, float, np.generic)) else value


def _plain_number(value: float | np.generic) -> Any:
    number = value.item() if isinstance(value, np.generic) else value
    return _plain_float(number) if isinstance(number, float) else number


def _plain_float(number: float) -> float | str | None:
    if math.isnan(number):
        return None
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    return number


@dataclass(frozen=True)
class Result:
    """A frozen result; `to_dict` gives JSON types, infinities as the strings "Infinity" and "-Infinity"."""

    def to_dict(self) -> dict[str, Any]:
        return {field.name: _plain(getattr(self, field.name)) for field in dataclasses.fields(self)}

    def to_json(self) -> str:
        """The same bytes for the same result: sorted keys, shortest exact floats, one trailing newline."""
        return json.dumps(self.to_dict(), sort_keys=True, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


@dataclass(frozen=True)
class Interval(Result):
    """`lower` and `upper` at confidence `level`; both None with the reason in `undefined`."""

    lower: float | None
    upper: float | None
    method: str
    level: float = LEVEL
    undefined: str | None = None

    def limits(self) -> tuple[float, float]:
        """Both limits, for callers that know them to exist; ValueError with the reason otherwise."""
        if self.lower is None or self.upper is None:
            raise ValueError(self.undefined or "this interval has an open end")
        return self.lower, self.upper


@dataclass(frozen=True)
class Estimate(Result):
    """A figure with its interval. `value` None says why in `undefined`; `note` says what is wrong with the interval."""

    value: float | None
    lower: float | None = None
    upper: float | None = None
    method: str = ""
    level: float = LEVEL
    numerator: int | None = None
    denominator: int | None = None
    undefined: str | None = None
    note: str | None = None

    @classmethod
    def no(cls, reason: str, *, level: float = LEVEL, n: int | None = None) -> Estimate:
        return cls(value=None, level=level, denominator=n, undefined=reason)

    @classmethod
    def of(cls, value: float, interval: Interval, *, numerator: int | None = None, n: int | None = None) -> Estimate:
        return cls(
            value=value,
            lower=interval.lower,
            upper=interval.upper,
            method=interval.method,
            level=interval.level,
            numerator=numerator,
            denominator=n,
            note=interval.undefined,
        )
