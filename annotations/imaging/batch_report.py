"""What de-identification has done in one upload: element by element over all files, and file by file.

Names of elements and numbers of files alone: no value of an element, and no name of a file.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import Any

from annotations.imaging.allow_list import PROFILE_VERSION, STANDARD
from annotations.imaging.models import IntakeBatch, IntakeFile, IntakeOutcome, QuarantineState

ACTIONS = ("kept", "replaced", "rebuilt", "dropped", "value_not_allowed")


def file_report(file: IntakeFile) -> dict[str, Any]:
    """Outcome and reason of one file, and its de-identification if it was cleaned."""
    return {
        "file": file.pk,
        "outcome": file.outcome or file.status,
        "reason_code": file.reason_code,
        "reason": file.reason,
        "is_duplicate": file.is_duplicate,
        "radiograph": file.radiograph_id,
        "deidentification": _deidentification(file),
    }


def _deidentification(file: IntakeFile) -> dict[str, Any] | None:
    if file.radiograph is not None:
        report: dict[str, Any] = file.radiograph.report
        return report
    image = file.quarantined_image
    if image is None or image.state == QuarantineState.REFUSED:
        return None
    found: dict[str, Any] = image.found["report"]
    return found


def batch_report(batch: IntakeBatch) -> dict[str, Any]:
    """The summary of an upload, with a report for each of its files."""
    rows = batch.files.select_related("radiograph", "quarantined_image").order_by("pk")
    files = [file_report(file) for file in rows]
    cleaned = [file["deidentification"] for file in files if file["deidentification"]]
    return {
        "upload": batch.pk,
        "profile_version": PROFILE_VERSION,
        "checked_against": STANDARD,
        "files_cleaned_by_profile": dict(Counter(report["profile_version"] for report in cleaned)),
        "outcomes": {
            outcome: sum(1 for file in files if file["outcome"] == outcome) for outcome in IntakeOutcome.values
        },
        "reasons": dict(sorted(Counter(file["reason_code"] for file in files if file["reason_code"]).items())),
        "burned_in_text": dict(sorted(Counter(report["burned_in_text"] for report in cleaned).items())),
        "elements": {action: _counted(cleaned, action) for action in ACTIONS},
        "files": files,
    }


def _counted(reports: list[dict[str, Any]], action: str) -> dict[str, int]:
    """In how many files each element met this end."""
    return dict(sorted(Counter(name for report in reports for name in report[action]).items()))


def batch_report_csv(report: dict[str, Any]) -> str:
    """One line an element and what became of it, with the number of files."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(["upload", "profile_version", "action", "element", "files"])
    for action, elements in report["elements"].items():
        for name, files in elements.items():
            writer.writerow([report["upload"], report["profile_version"], action, name, files])
    return buffer.getvalue()
