"""Rows in the text format of PostgreSQL's COPY."""

from __future__ import annotations

from collections.abc import Iterable

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def escaped(value: str | None) -> str:
    return "\\N" if value is None else value.translate(_ESCAPES)


def copied(values: Iterable[str | int | None]) -> str:
    """One row without its line end."""
    return "\t".join(str(value) if isinstance(value, int) else escaped(value) for value in values)
