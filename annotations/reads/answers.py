"""An answer as a reader gives it, and the score that an analysis makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from annotations.reads.findings import case_call, problems_of
from annotations.reads.models import Call, Form
from annotations.reads.models.read import Answered
from common.errors import Invalid

LONGEST_COMMENT = 2000
# How far from the middle of the six-point scale: the full form's score has three steps a side.
_STEPS = {"definitely": 3, "probably": 2, "possibly": 1}


@dataclass(frozen=True, slots=True)
class Answer:
    """Of the quick form: call and confidence. Of the full form: findings, from which `full_answer` takes the call."""

    call: str
    confidence: int | None
    comment: str = ""
    conclusion: str = ""
    findings: Mapping[str, Any] = field(default_factory=dict)

    def check(self) -> None:
        problems: list[dict[str, Any]] = [] if self.findings else self._problems()
        if len(self.comment) > LONGEST_COMMENT:
            problems.append({"field": "comment", "message": "is longer than 2,000 characters"})
        if problems:
            raise Invalid("The answer is not complete.", code="answer_invalid", details=problems)

    def _problems(self) -> list[dict[str, Any]]:
        problems = []
        if self.call not in Call.values:
            problems.append({"field": "call", "message": "choose loose, well fixed or cannot assess"})
        if self.call == Call.CANNOT_ASSESS and self.confidence is not None:
            problems.append({"field": "confidence", "message": "has no meaning for “cannot assess”"})
        if self.call in (Call.LOOSE, Call.WELL_FIXED) and (self.confidence is None or not 0 <= self.confidence <= 100):
            problems.append({"field": "confidence", "message": "must be a number from 0 to 100"})
        return problems

    def as_row(self) -> dict[str, Any]:
        return {
            "call": self.call,
            "confidence": self.confidence,
            "comment": self.comment,
            "conclusion": self.conclusion,
            "findings": dict(self.findings),
        }


def full_answer(findings: Mapping[str, Any], comment: str = "") -> Answer:
    """The case is its worse component; refuses a form that is not filled in, naming each field."""
    problems = problems_of(findings, complete=True)
    if problems:
        raise Invalid("The form is not complete.", code="answer_invalid", details=problems)
    said = case_call(findings)
    return Answer(said.call, None, comment, said.conclusion, dict(findings))


def answer_of(form: str, given: Mapping[str, Any]) -> Answer:
    """What a page sent, or a draft holds, as a checked answer in the protocol's form."""
    comment = str(given.get("comment") or "")
    if form == Form.FULL:
        answer = full_answer(given.get("findings") or {}, comment)
    elif given.get("findings"):
        problem = {"field": "findings", "message": "this protocol asks for the quick form"}
        raise Invalid("This protocol asks for the quick form.", code="answer_invalid", details=[problem])
    else:
        answer = Answer(str(given.get("call") or ""), given.get("confidence"), comment)
    answer.check()
    return answer


def answer_in(row: Answered) -> Answer:
    """The answer that a locked row holds."""
    return Answer(row.call, row.confidence, row.comment, row.conclusion, row.findings)


def roc_score(call: str, confidence: int | None, conclusion: str = "") -> int | None:
    """Positive for loose, negative for well fixed; none for a case that could not be assessed.

    The quick form's is its confidence, 0 to 100. The full form's is the step of the six-point scale: 3 for
    "definitely", 2 for "probably", 1 for "possibly".
    """
    if call == Call.CANNOT_ASSESS:
        return None
    size = _STEPS[conclusion.split("_", maxsplit=1)[0]] if conclusion else confidence
    if size is None:
        return None
    return size if call == Call.LOOSE else -size
