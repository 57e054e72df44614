"""Why a job ended without a result, in words."""

from __future__ import annotations

from dataclasses import dataclass

from common.errors import DomainError
from mlworker.engine.errors import EngineError
from mlworker.statistics.inputs import StatisticsInputError


@dataclass(frozen=True, slots=True)
class Failure:
    """Attributes: reason and advice for a person; `is_expected` False for a defect, whose traceback is logged."""

    reason: str
    advice: str
    is_expected: bool


def failure_of(error: Exception) -> Failure:
    if isinstance(error, EngineError):
        return Failure(error.reason, error.advice, is_expected=True)
    if isinstance(error, DomainError):
        return Failure(error.message, "", is_expected=True)
    if isinstance(error, StatisticsInputError):
        return Failure(str(error), "", is_expected=True)
    # The text of an unforeseen error may hold anything, so only its kind is shown.
    advice = "This is a defect; the worker's log holds its traceback. Please report it."
    return Failure(f"Something unforeseen stopped this job ({type(error).__name__}).", advice, is_expected=False)
