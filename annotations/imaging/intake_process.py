"""Between the rows of the intake and the code that parses, cleans and renders a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotations.imaging.outcome import ArchiveEntry, Box
from common.encryption import keyed_hash
from common.errors import Unavailable
from studies.models import Study

if TYPE_CHECKING:
    from annotations.imaging.sandbox import Unpacking


@dataclass(frozen=True, slots=True)
class ProcessedFile:
    """What became of a file. `identifier`, `accession_number` and `acquired_on` serve the linking alone."""

    outcome: str
    reason_code: str
    reason: str
    profile_version: str = ""
    pixel_sha256: str = ""
    perceptual_hash: str = ""
    identifier: str = ""
    accession_number: str = ""
    acquired_on: date | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    report: dict[str, Any] = field(default_factory=dict)
    renditions: dict[str, bytes] = field(default_factory=dict)
    boxes: list[Box] = field(default_factory=list)
    entries: list[ArchiveEntry] = field(default_factory=list)


def uid_key(study_slug: str) -> bytes:
    """What the UIDs of a study's files are keyed with."""
    return bytes.fromhex(keyed_hash("dicom-uid", study_slug))


def process_file_content(path: Path, *, study: Study, unpacking: Unpacking | None = None) -> ProcessedFile:
    """Parse the file in a child process; whatever is wrong with it, the answer here is an outcome with a reason.

    Raises:
        Unavailable: there is no room for what is in an archive.
    """
    from annotations.imaging.sandbox import process_upload

    outcome = process_upload(path, key=uid_key(study.slug), unpacking=unpacking)
    if outcome.outcome == "unavailable":
        raise Unavailable(outcome.reason)
    return ProcessedFile(
        outcome=outcome.outcome,
        reason_code=outcome.reason_code,
        reason=outcome.reason,
        profile_version=outcome.profile_version,
        pixel_sha256=outcome.pixel_sha256,
        perceptual_hash=outcome.perceptual_hash,
        identifier=outcome.linking.patient_id,
        accession_number=outcome.linking.accession_number,
        acquired_on=day_of(outcome.linking.acquired_on),
        fields=outcome.fields,
        report=outcome.report,
        renditions=outcome.renditions,
        boxes=outcome.boxes,
        entries=outcome.entries,
    )


def day_of(text: str) -> date | None:
    """A DICOM date, or None for one that no calendar knows."""
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None
