"""What an image without a hip can still be linked by: kept in keyed hashes and encrypted, away from everything else."""

from __future__ import annotations

from datetime import date

from annotations.cohorts.identifiers import identifier_hash
from annotations.imaging.intake_process import ProcessedFile
from annotations.imaging.linking import LinkFacts
from annotations.imaging.models import IntakeFile, QuarantinedImage, Radiograph, WaitingLink
from common.encryption import decrypt, encrypt, keyed_hash
from studies.models import Study


def file_name_hash(study: Study, name: str) -> str:
    """Of the last part of a file's name, however it is written: what a map knows a file by."""
    return keyed_hash("file-name", study.slug, name.rpartition("/")[2].strip().lower())


def facts_of_file(file: IntakeFile, processed: ProcessedFile) -> LinkFacts:
    study = file.batch.study
    return LinkFacts(
        patient_id_hash=identifier_hash(study, processed.identifier) if processed.identifier else "",
        accession_hash=identifier_hash(study, processed.accession_number) if processed.accession_number else "",
        file_hash=file_name_hash(study, decrypt(file.name_encrypted)),
        laterality=processed.fields["laterality"],
        view=processed.fields["view"],
        acquired_on=processed.acquired_on,
    )


def remember(facts: LinkFacts, *, radiograph: Radiograph | None = None, image: QuarantinedImage | None = None) -> None:
    on = facts.acquired_on.isoformat() if facts.acquired_on else ""
    WaitingLink.objects.get_or_create(
        radiograph=radiograph,
        quarantined_image=image,
        defaults={
            "patient_id_hash": facts.patient_id_hash, "accession_hash": facts.accession_hash,
            "file_hash": facts.file_hash, "acquired_on_encrypted": encrypt(on) if on else b"",
        },
    )  # fmt: skip


def remembered(radiograph: Radiograph) -> LinkFacts:
    waiting = WaitingLink.objects.filter(radiograph=radiograph).first()
    seen = LinkFacts(laterality=radiograph.laterality, view=radiograph.view)
    if waiting is None:
        return seen
    on = decrypt(waiting.acquired_on_encrypted) if waiting.acquired_on_encrypted else ""
    return LinkFacts(
        waiting.patient_id_hash, waiting.accession_hash, waiting.file_hash, laterality=radiograph.laterality,
        view=radiograph.view, acquired_on=date.fromisoformat(on) if on else None,
    )  # fmt: skip


def hand_over(image: QuarantinedImage, radiograph: Radiograph) -> None:
    """From an image that leaves the quarantine to the radiograph that it becomes."""
    if radiograph.hip_id is None and not WaitingLink.objects.filter(radiograph=radiograph).exists():
        WaitingLink.objects.filter(quarantined_image=image).update(quarantined_image=None, radiograph=radiograph)
    WaitingLink.objects.filter(quarantined_image=image).delete()
