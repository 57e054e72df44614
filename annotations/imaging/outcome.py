"""What a file can come to, as values that hold no framework and no secret beyond the linking."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

# (top, left, bottom, right) in pixels of the whole image; bottom and right lie outside the box.
Box = tuple[int, int, int, int]


class RefusedError(Exception):
    """The file is not taken in. `code` is for machines, the message for coordinators; neither quotes the file."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Linking:
    """What finds the patient and the hip. Used once, in memory, and never stored in clear."""

    patient_id: str = ""
    acquired_on: str = ""
    accession_number: str = ""


@dataclass(frozen=True, slots=True)
class ArchiveEntry:
    """One file of a zip archive: `file` is its name in the folder that it was written into, or "" with the reason."""

    name: str
    size: int
    sha256: str
    file: str
    reason_code: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class UploadOutcome:
    """accepted, quarantined or refused, with the reason; unless it is refused, everything made from it.

    A zip archive ends as unpacked, with its entries. "unavailable" is no outcome: the storage had no room.

    Attributes:
        fields: what is kept of the header beside the image, value-checked; see `deidentification.kept_fields`.
        report: element by element what was kept, replaced and dropped; names of elements, never their values.
        renditions: by kind (dicom, full_depth, preview, thumbnail, source) the bytes of each.
        boxes: where text was found that sends the file into quarantine; never what it says.
    """

    outcome: str
    reason_code: str = ""
    reason: str = ""
    linking: Linking = field(default_factory=Linking)
    fields: dict[str, Any] = field(default_factory=dict)
    report: dict[str, Any] = field(default_factory=dict)
    profile_version: str = ""
    pixel_sha256: str = ""
    perceptual_hash: str = ""
    renditions: dict[str, bytes] = field(default_factory=dict)
    boxes: list[Box] = field(default_factory=list)
    entries: list[ArchiveEntry] = field(default_factory=list)
