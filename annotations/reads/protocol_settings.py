"""What a protocol settles, field by field: checked, copied, amended by one list each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from annotations.datasets.models import DatasetCase, DatasetVersion, Part
from annotations.reads.models import AnalysedVersion, Feedback, Form, Navigation
from annotations.reads.models.protocol import SHORTEST_WASHOUT_DAYS
from common.errors import Invalid
from studies.models import Study

LONGEST_WASHOUT_DAYS = 730
MOST_SESSIONS = 6
MOST_REPEATED_PERCENT = 50
LARGEST_BATCH = 500
# A copy takes all of these with it …
COPIED = (
    "study", "instructions", "dataset_version", "part", "practice_version", "form", "navigation", "feedback",
    "sessions_per_reader", "washout_days", "repeated_percent", "batch_size", "cannot_assess_counts_wrong",
    "analysed_version", "consensus_wanted",
)  # fmt: skip
# … and none of these, for these reasons.
NOT_COPIED = {
    "id": "the copy is a row of its own",
    "title": "the copy is told apart by its own",
    "version": "the copy begins anew",
    "status": "the copy is a draft",
    "frozen_at": "the copy is not frozen",
    "frozen_by": "the copy is not frozen",
    "copied_from": "names the protocol that was copied",
    "created_by": "who copies it made it",
    "created_at": "when it was copied",
}
SETTINGS = ("title", *(name for name in COPIED if name != "study"))
# The stored plans follow from the others: those stay, and a copy is made instead.
AMENDABLE = (
    "title", "instructions", "feedback", "sessions_per_reader", "washout_days", "batch_size",
    "cannot_assess_counts_wrong", "analysed_version", "consensus_wanted",
)  # fmt: skip
_RANGES = {
    "sessions_per_reader": (1, MOST_SESSIONS),
    "washout_days": (SHORTEST_WASHOUT_DAYS, LONGEST_WASHOUT_DAYS),
    "repeated_percent": (0, MOST_REPEATED_PERCENT),
    "batch_size": (0, LARGEST_BATCH),
}
_CHOICES = {
    "part": Part.values,
    "form": Form.values,
    "navigation": Navigation.values,
    "feedback": Feedback.values,
    "analysed_version": AnalysedVersion.values,
}
_SWITCHES = ("cannot_assess_counts_wrong", "consensus_wanted")


def check_settings(study: Study, settings: Mapping[str, Any]) -> None:
    """Refuse settings that make no protocol, naming each field; what is not named is not looked at."""
    problems = [*_strange(settings), *_out_of_range(settings), *_wrong_versions(study, settings)]
    if "title" in settings and not str(settings["title"]).strip():
        problems.append({"field": "title", "message": "is empty"})
    if problems:
        raise Invalid("The protocol cannot be kept like this.", details=problems)


def _strange(settings: Mapping[str, Any]) -> list[dict[str, str]]:
    return [
        {"field": name, "message": "is no setting of a protocol"} for name in settings if name not in SETTINGS
    ]  # fmt: skip


def _out_of_range(settings: Mapping[str, Any]) -> list[dict[str, str]]:
    problems = []
    for name, (lowest, highest) in _RANGES.items():
        value = settings.get(name, lowest)
        if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
            problems.append({"field": name, "message": f"must be a whole number from {lowest} to {highest}"})
    for name, allowed in _CHOICES.items():
        if settings.get(name, allowed[0]) not in allowed:
            problems.append({"field": name, "message": f"choose one of {', '.join(allowed)}"})
    for name in _SWITCHES:
        if not isinstance(settings.get(name, True), bool):
            problems.append({"field": name, "message": "must be true or false"})
    return problems


def _wrong_versions(study: Study, settings: Mapping[str, Any]) -> list[dict[str, str]]:
    problems = []
    version, practice = settings.get("dataset_version"), settings.get("practice_version")
    if version is not None and (version.study_id != study.pk or version.is_practice):
        problems.append({"field": "dataset_version", "message": "is no dataset version of this study"})
    elif version is not None and not _has_cases(version, settings.get("part", "")):
        problems.append({"field": "part", "message": f"has no cases to read; received {settings.get('part')!r}"})
    if practice is not None and (practice.study_id != study.pk or not practice.is_practice):
        problems.append({"field": "practice_version", "message": "is no practice set of this study"})
    return problems


def _has_cases(version: DatasetVersion, part: str) -> bool:
    return DatasetCase.objects.filter(version=version, part=part).exists()
