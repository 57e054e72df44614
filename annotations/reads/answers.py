"""An answer as a reader gives it, and the score that an analysis makes of it."""

from __future__ import annotations

from dataclasses import dataclass

from annotations.reads.models import Call
from common.errors import Invalid


@dataclass(frozen=True, slots=True)
class Answer:
    call: str
    confidence: int | None
    comment: str = ""

    def check(self) -> None:
        problems = []
        if self.call not in Call.values:
            problems.append({"field": "call", "message": "choose loose, well fixed or cannot assess"})
        if self.call == Call.CANNOT_ASSESS and self.confidence is not None:
            problems.append({"field": "confidence", "message": "has no meaning for “cannot assess”"})
        if self.call in (Call.LOOSE, Call.WELL_FIXED) and (self.confidence is None or not 0 <= self.confidence <= 100):
            problems.append({"field": "confidence", "message": "must be a number from 0 to 100"})
        if len(self.comment) > 2000:
            problems.append({"field": "comment", "message": "is longer than 2,000 characters"})
        if problems:
            raise Invalid("The answer is not complete.", code="answer_invalid", details=problems)


def roc_score(call: str, confidence: int | None) -> int | None:
    """+confidence for loose, −confidence for well fixed; none for a case that could not be assessed."""
    if confidence is None or call == Call.CANNOT_ASSESS:
        return None
    return confidence if call == Call.LOOSE else -confidence
