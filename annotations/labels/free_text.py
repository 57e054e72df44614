"""Sentences that people type beside a label, and that leave the notes queue."""

from __future__ import annotations

from annotations.labels.masking import mask_note
from common.errors import Invalid


def checked_reason(reason: str, *, what: str) -> str:
    """The reason without blanks around it; refused if it is empty or seems to identify a person."""
    text = reason.strip()
    if not text:
        raise Invalid(f"Give the reason of the {what}.", details=[{"field": "reason", "message": "is empty"}])
    kinds = sorted(mask_note(text).hidden)
    if kinds:
        message = (
            f"seems to hold a {' and a '.join(kinds)}: say it without, and time as an interval (“after six weeks”)"
        )
        raise Invalid(
            f"The reason of the {what} may not identify anybody.", code="identifying",
            details=[{"field": "reason", "message": message}],
        )  # fmt: skip
    return text
