"""De-identification of files outside a study, by the code that cleans a study's: nothing is stored but the result."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from annotations.cohorts.identifiers import patient_by_identifier, pseudonym
from annotations.imaging.allow_list import PROFILE_VERSION, STANDARD
from annotations.imaging.deidentification import with_pseudonym
from annotations.imaging.ingest import FoundFile
from annotations.imaging.intake_process import day_of, uid_key
from annotations.imaging.outcome import UploadOutcome
from common.encryption import keyed_hash
from common.errors import Invalid
from common.storage import write_atomically
from studies.models import Study

PICTURES = (".png", ".jpg", ".jpeg")
# No study has this name: a slug holds no space.
_OUTSIDE = "outside a study"


@dataclass(frozen=True, slots=True)
class CleanedFile:
    """What became of one file; `written` is the name it has under the output folder, or "" with the reason."""

    file: str
    outcome: str
    reason_code: str
    reason: str
    written: str = ""
    pseudonym: str = ""
    # Between the patient's first radiograph of this run and this one: no date leaves.
    days_from_first: int | None = None
    boxes: list[list[int]] = field(default_factory=list)
    report: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DeidentificationRun:
    keyed: str
    files: list[CleanedFile]

    def as_json(self, *, with_names: bool = True) -> dict[str, Any]:
        """All that is known of the run. Without names it holds nothing of the files as they came."""
        files = [asdict(file) for file in self.files]
        if not with_names:
            files = [file | {"file": f"file {number}"} for number, file in enumerate(files, start=1)]
        return {
            "profile_version": PROFILE_VERSION, "checked_against": STANDARD, "identifiers": self.keyed, "files": files,
        }  # fmt: skip


def deidentify_files(
    *, files: Sequence[FoundFile], out: Path, study: Study | None,
    on_file: Callable[[CleanedFile], None] = lambda file: None,
) -> DeidentificationRun:  # fmt: skip
    """Write a clean file for each that is proven clean; the others are named with their reason and not written.

    Args:
        out: a folder, or the file to write when there is one file; never overwritten by anything half done.
        study: whose key makes pseudonyms and UIDs; without one this installation's own key does, so that the same
            patient and the same image are recognised from one run to the next, and in no study.
    """
    is_single = len(files) == 1 and not out.is_dir() and bool(out.suffix)
    cleaned: list[CleanedFile] = []
    taken: dict[int, tuple[str, date | None]] = {}
    for number, found in enumerate(files, start=1):
        outcome = _outcome_of(found.path, study)
        name = _pseudonym(outcome.linking.patient_id, study)
        taken[number - 1] = (name, day_of(outcome.linking.acquired_on))
        target = out if is_single else None
        cleaned.append(_written(found, outcome, name, out if target is None else target, is_single))
        on_file(cleaned[-1])
    keyed = f"keyed for the study {study.slug}" if study else "keyed by this installation, outside any study"
    return DeidentificationRun(keyed, _with_intervals(cleaned, taken))


def _outcome_of(path: Path, study: Study | None) -> UploadOutcome:
    from annotations.imaging.sandbox import process_upload

    return process_upload(path, key=uid_key(study.slug if study else _OUTSIDE))


def _pseudonym(identifier: str, study: Study | None) -> str:
    if not identifier:
        return ""
    if study is not None:
        known = patient_by_identifier(study, identifier)
        return known.pseudonym if known else pseudonym(study, identifier)
    return f"P-{keyed_hash('pseudonym', _OUTSIDE, identifier)[:10].upper()}"


def _written(found: FoundFile, outcome: UploadOutcome, name: str, out: Path, is_single: bool) -> CleanedFile:
    cleaned = CleanedFile(
        found.name, outcome.outcome, outcome.reason_code, outcome.reason, report=outcome.report,
        boxes=[list(box) for box in outcome.boxes],
    )  # fmt: skip
    if outcome.outcome != "accepted":
        return cleaned
    is_picture = outcome.report["rebuilt"] == ["pixels"]
    suffix = out.suffix.lower() if is_single else (".png" if is_picture else ".dcm")
    data = _clean_bytes(outcome, name, suffix, is_picture=is_picture)
    target = out if is_single else out / f"{outcome.pixel_sha256[:24]}{suffix}"
    write_atomically(target, data)
    return replace(cleaned, written=target.name, pseudonym=name)


def _clean_bytes(outcome: UploadOutcome, name: str, suffix: str, *, is_picture: bool) -> bytes:
    if suffix in (".dcm", ".dicom"):
        return with_pseudonym(outcome.renditions["dicom"], name)
    if suffix not in PICTURES or not is_picture:
        wanted = "a DICOM file becomes .dcm (`render` makes a picture), JPEG and PNG become .png, .jpg or .dcm"
        raise Invalid(f"This file cannot become {suffix}: {wanted}.", details=[{"field": "out", "message": wanted}])
    return _picture(outcome.renditions["dicom"], "PNG" if suffix == ".png" else "JPEG")


def _picture(clean: bytes, kind: str) -> bytes:
    """The pixels of a clean file that came as a picture, encoded anew: what we made ourselves is safe to decode."""
    import imagecodecs
    import numpy as np
    from PIL import Image
    from pydicom import dcmread
    from pydicom.encaps import generate_frames

    frame = next(generate_frames(dcmread(io.BytesIO(clean)).PixelData, number_of_frames=1))
    grey = np.asarray(imagecodecs.htj2k_decode(frame)).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(grey).save(buffer, format=kind, **({"quality": 95} if kind == "JPEG" else {}))
    return buffer.getvalue()


def _with_intervals(cleaned: list[CleanedFile], taken: dict[int, tuple[str, date | None]]) -> list[CleanedFile]:
    first: dict[str, date] = {}
    for name, on in taken.values():
        if name and on is not None:
            first[name] = min(on, first.get(name, on))
    result = []
    for number, file in enumerate(cleaned):
        name, on = taken[number]
        known = file.written and name and on is not None
        result.append(replace(file, days_from_first=(on - first[name]).days) if known and on else file)
    return result
