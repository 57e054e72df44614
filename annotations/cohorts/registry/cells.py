"""What a cell may hold: each reader gives the value in its one spelling or says what is wrong with it.

No message quotes a value: it may identify a patient.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

EARLIEST = date(1950, 1, 1)
LONGEST_TEXT = 64 * 1024
_LONGEST_IDENTIFIER = 64
# Digits are 0 to 9: Python's \d and isdigit() know many more, PostgreSQL does not.
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR = re.compile(r"[0-9]{4}")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Read = Callable[[str], str]


class CellError(ValueError):
    """What is wrong with one cell."""


def is_formula(value: str) -> bool:
    """Whether a spreadsheet would calculate with it."""
    return value.startswith(_FORMULA)


def neutralised(value: str) -> str:
    """As it may stand in an exported cell: nothing that a spreadsheet would carry out."""
    return f"'{value}" if is_formula(value) else value


def as_written(value: str) -> str:
    """Takes away the apostrophe that an export has put before a formula."""
    return value[1:] if value.startswith("'") and is_formula(value[1:]) else value


def identifier(value: str) -> str:
    if value[:1].isalnum() and len(value) <= _LONGEST_IDENTIFIER:
        return value
    value = as_written(value)
    if not value:
        raise CellError("is empty")
    if len(value) > _LONGEST_IDENTIFIER:
        raise CellError(f"is longer than {_LONGEST_IDENTIFIER} characters")
    if is_formula(value):
        raise CellError("begins like a spreadsheet formula")
    return value


def short(value: str) -> str:
    value = as_written(value)
    if len(value) > 40:
        raise CellError("is longer than 40 characters")
    if is_formula(value):
        raise CellError("begins like a spreadsheet formula")
    return value


def site_code(value: str) -> str:
    value = short(value)
    if not value:
        raise CellError("is empty")
    return value


def day(value: str) -> str:
    try:
        read = date.fromisoformat(value if _DATE.fullmatch(value) else "")
    except ValueError as error:
        raise CellError("is not a date of the form 2024-12-31") from error
    if not EARLIEST <= read <= date.today():  # noqa: DTZ011 (a registry's dates have no time zone)
        raise CellError("lies before 1950 or in the future")
    return value


def year_of_birth(value: str) -> str:
    if not (_YEAR.fullmatch(value) and 1880 <= int(value) <= date.today().year):  # noqa: DTZ011
        raise CellError("is not a year of birth")
    return value


def note(value: str) -> str:
    value = as_written(value)
    if not value.strip():
        raise CellError("is empty")
    if len(value) > LONGEST_TEXT:
        raise CellError(f"is longer than {LONGEST_TEXT:,} characters")
    return value


def pattern(allowed: str, words: str) -> Read:
    compiled = re.compile(allowed)

    def read(value: str) -> str:
        if not compiled.fullmatch(value):
            raise CellError(words)
        return value

    return read


def one_of(allowed: Sequence[str], *, empty_means: str | None = None) -> Read:
    def read(value: str) -> str:
        if not value and empty_means is not None:
            return empty_means
        if value not in allowed:
            raise CellError(f"is not one of {', '.join(allowed)}")
        return value

    return read
