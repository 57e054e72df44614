"""Pictures in folders named by their class, as public sets come: cases whose labels nobody here has confirmed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from accounts.models import Person
from annotations.cohorts.identifiers import pseudonym
from annotations.cohorts.models import Hip, Origin, Patient, Side
from annotations.imaging.ingest import file_sha256
from annotations.imaging.models import IntakeBatch, IntakeFile
from annotations.imaging.receiving import Upload, create_batch, receive_file
from annotations.imaging.services import process_intake_file
from annotations.labels.models import Label, LabelValue, Rung
from common import audit
from common.errors import Invalid
from common.jobs import ACTIVE
from studies.models import Site, Study

SITE_CODE = "SUPPLIED"
SITE_NAME = "Supplied in folders by class"
# As people name them, without case and what stands between the words.
_LOOSE = frozenset(
    {"loose", "loosened", "loosening", "looseimplant", "looseimplants", "asepticloosening", "septicloosening"}
)
_WELL_FIXED = frozenset({
    "wellfixed", "fixed", "fix", "control", "controls", "normal", "stable", "notloose", "nonloose", "notloosened",
    "firm", "wellfixedimplant", "wellfixedimplants",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClassFolders:
    """Which folder holds which class, and what of the whole belongs to neither."""

    loose: Path
    well_fixed: Path
    left_out: list[str]

    def files(self) -> list[tuple[Path, str]]:
        """Every file under the two folders with its class, in the order of the names."""
        return [
            (path, value)
            for folder, value in ((self.loose, LabelValue.LOOSE), (self.well_fixed, LabelValue.WELL_FIXED))
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        ]


@dataclass(frozen=True, slots=True)
class SuppliedFile:
    """What became of one picture. `name` is its place under the folder that was given."""

    name: str
    label: str
    outcome: str
    reason: str
    is_known: bool
    is_duplicate: bool
    radiograph: int | None


def find_class_folders(folder: Path, *, loose: str = "", well_fixed: str = "") -> ClassFolders:
    """The two folders, by the names that are given, or by their own where they can be recognised.

    Raises:
        Invalid: there is no such folder, or it cannot be told which is which.
    """
    if not folder.is_dir():
        raise Invalid(f"There is no folder {folder}.", details=[{"field": "folder", "message": "is not there"}])
    folders = sorted(path for path in folder.iterdir() if path.is_dir())
    chosen = {
        LabelValue.LOOSE: _the_one(folders, loose, _LOOSE, "--loose"),
        LabelValue.WELL_FIXED: _the_one(folders, well_fixed, _WELL_FIXED, "--well-fixed"),
    }
    if chosen[LabelValue.LOOSE] == chosen[LabelValue.WELL_FIXED]:
        raise Invalid("One folder cannot hold both classes.", details=[{"field": "folder", "message": "named twice"}])
    rest = [path.name for path in sorted(folder.iterdir()) if path not in chosen.values()]
    return ClassFolders(chosen[LabelValue.LOOSE], chosen[LabelValue.WELL_FIXED], rest)


def value_of_name(name: str) -> str:
    """The class that a folder of this name holds, or "" where it cannot be told."""
    plain = re.sub(r"[\s_.-]+", "", name.lower())
    if plain in _LOOSE:
        return LabelValue.LOOSE.value
    return LabelValue.WELL_FIXED.value if plain in _WELL_FIXED else ""


def _the_one(folders: Sequence[Path], given: str, known: frozenset[str], option: str) -> Path:
    names = ", ".join(path.name for path in folders) or "none"
    if given:
        found = [path for path in folders if path.name == given]
        message = f"there is no folder “{given}” there; there are: {names}"
    else:
        found = [path for path in folders if re.sub(r"[\s_.-]+", "", path.name.lower()) in known]
        message = f"name it with {option}; the folders are: {names}"
    if len(found) != 1:
        raise Invalid(f"It is not clear which folder holds this class: {message}.",
                      details=[{"field": option.strip("-").replace("-", "_"), "message": message}])  # fmt: skip
    return found[0]


def import_folder(
    *, study: Study, folders: ClassFolders, actor: Person | None,
    on_file: Callable[[SuppliedFile, int, int], None] = lambda file, done, total: None,
) -> list[SuppliedFile]:  # fmt: skip
    """Take every picture in and deal with it here; run again, it goes on where it was stopped.

    Each picture is a patient of its own, because nothing says which belong together; its side is not stated. A
    picture that lies in both folders is taken in from neither.
    """
    files = [(path, value, file_sha256(path)) for path, value in folders.files()]
    if not files:
        raise Invalid("There is no file in the two folders.", details=[{"field": "folder", "message": "is empty"}])
    classes: dict[str, set[str]] = {}
    for _, value, digest in files:
        classes.setdefault(digest, set()).add(value)
    batch = create_batch(study=study, actor=actor)
    supplied = []
    for done, (path, value, digest) in enumerate(files, start=1):
        name = f"{path.relative_to(folders.loose.parent)}"
        if len(classes[digest]) > 1:
            reason = "The same picture lies in both folders: it cannot be both."
            file = SuppliedFile(name, value, "refused", reason, False, False, None)
        else:
            file = _take_in(batch, path, value, digest, name)
        supplied.append(file)
        on_file(file, done, len(files))
    if not batch.files.exists():
        batch.delete()
    return supplied


def _take_in(batch: IntakeBatch, path: Path, value: str, digest: str, name: str) -> SuppliedFile:
    earlier = IntakeFile.objects.filter(batch__study=batch.study, upload_hash=digest, named_hip__isnull=False)
    row = earlier.order_by("pk").first()
    is_known = row is not None and row.status not in ACTIVE
    if row is None:
        with path.open("rb") as stream:
            row = receive_labelled_picture(batch=batch, upload=Upload(name, stream), value=value, sha256=digest)
    if row.status in ACTIVE:
        process_intake_file(row.pk, worker_name="import_folder")
        row.refresh_from_db()
    return SuppliedFile(
        name, value, row.outcome or "waiting", row.reason or ("" if row.outcome else row.progress_note), is_known,
        row.is_duplicate, row.radiograph_id,
    )  # fmt: skip


def supplied_label(study: Study, sha256: str) -> Label | None:
    """The label that the same bytes have been supplied with before."""
    row = IntakeFile.objects.filter(batch__study=study, upload_hash=sha256, named_hip__isnull=False).first()
    if row is None or row.named_hip_id is None:
        return None
    return Label.objects.filter(hip_id=row.named_hip_id, is_current=True, rung=Rung.AS_SUPPLIED).first()


@transaction.atomic
def receive_labelled_picture(
    *, batch: IntakeBatch, upload: Upload, value: str, sha256: str, wake_worker: bool = False
) -> IntakeFile:
    """A picture with its hip and its label, together or not at all: a killed import leaves no half of a case."""
    study = batch.study
    site, _ = Site.objects.get_or_create(study=study, code=SITE_CODE, defaults={"name": SITE_NAME})
    patient, _ = Patient.objects.get_or_create(
        study=study, pseudonym=pseudonym(study, f"supplied {sha256}"),
        defaults={"site": site, "birth_year": 0, "sex": "U", "origin": Origin.SUPPLIED},
    )  # fmt: skip
    hip, _ = Hip.objects.get_or_create(patient=patient, side=Side.NOT_STATED)
    if not Label.objects.filter(hip=hip).exists():
        Label.objects.create(
            study=study, hip=hip, version=1, value=value, rung=Rung.AS_SUPPLIED, reason="as_supplied",
            decided_by=batch.uploaded_by,
        )  # fmt: skip
        audit.record(
            actor=batch.uploaded_by, action="label_supplied", subject=f"hip:{hip.pk}", study_slug=study.slug,
            payload={"value": value},
        )  # fmt: skip
    return receive_file(batch=batch, upload=upload, wake_worker=wake_worker, named_hip=hip)
