"""Between the rows of the intake and the code that parses, cleans and renders a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from annotations.imaging.outcome import Box
from common.encryption import keyed_hash
from studies.models import Study


@dataclass(frozen=True, slots=True)
class ProcessedFile:
    """What became of a file. `identifier` and `acquired_on` serve the linking and are never stored."""

    outcome: str
    reason_code: str
    reason: str
    profile_version: str = ""
    pixel_sha256: str = ""
    perceptual_hash: str = ""
    identifier: str = ""
    acquired_on: date | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    report: dict[str, Any] = field(default_factory=dict)
    renditions: dict[str, bytes] = field(default_factory=dict)
    boxes: list[Box] = field(default_factory=list)


def process_file_content(path: Path, *, study: Study) -> ProcessedFile:
    """Parse the file in a child process; whatever happens there, the answer here is an outcome with a reason."""
    from annotations.imaging.sandbox import process_upload

    key = bytes.fromhex(keyed_hash("dicom-uid", study.slug))
    outcome = process_upload(path, key=key)
    return ProcessedFile(
        outcome=outcome.outcome,
        reason_code=outcome.reason_code,
        reason=outcome.reason,
        profile_version=outcome.profile_version,
        pixel_sha256=outcome.pixel_sha256,
        perceptual_hash=outcome.perceptual_hash,
        identifier=outcome.linking.patient_id,
        acquired_on=_day(outcome.linking.acquired_on),
        fields=outcome.fields,
        report=outcome.report,
        renditions=outcome.renditions,
        boxes=outcome.boxes,
    )


def _day(text: str) -> date | None:
    """A DICOM date, or None for one that no calendar knows."""
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None
