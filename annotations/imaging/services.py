"""Intake: an uploaded file becomes a clean radiograph, waits in quarantine, or is refused with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from annotations.imaging.archive_entries import record_entries, unpacking_of
from annotations.imaging.identifier_map import with_map
from annotations.imaging.intake_process import ProcessedFile, process_file_content
from annotations.imaging.linking import Link, LinkFacts, link_radiograph
from annotations.imaging.linking_queue import link_by_rules
from annotations.imaging.models import IntakeFile, IntakeOutcome, QuarantinedImage, Radiograph
from annotations.imaging.originals import forget_originals, keep_original
from annotations.imaging.quarantine import hold_back
from annotations.imaging.radiographs import ImageFacts, radiograph_of
from annotations.imaging.waiting_links import facts_of_file, remember
from common import audit, jobs, storage
from common.errors import Unavailable

if TYPE_CHECKING:
    from annotations.imaging.sandbox import Unpacking

# A file that was claimed this often without an end takes its workers with it.
_ATTEMPTS = 5


def process_intake_file(file_id: int, *, worker_name: str) -> IntakeFile | None:
    """Deal with one file, unless another worker does. A killed worker leaves the row to the next one."""
    file = jobs.claim(IntakeFile, file_id, worker_name=worker_name)
    if file is None:
        return None
    try:
        with jobs.heartbeat(file):
            unpacking = unpacking_of(file)
            processed = _processed(file, unpacking)
        with transaction.atomic():
            _record(file, processed, unpacking)
            jobs.succeed(file)
    except Unavailable as error:
        # A full disk is not the file's fault: it waits, and is tried again until there is room.
        jobs.give_back(file, note=error.message)
    forget_originals()
    file.refresh_from_db()
    return file


def _processed(file: IntakeFile, unpacking: Unpacking | None) -> ProcessedFile:
    if file.attempts > _ATTEMPTS:
        return ProcessedFile("refused", "too_many_attempts", "Reading this file has ended one worker after another.")
    return process_file_content(storage.resolve(file.waiting_name), study=file.batch.study, unpacking=unpacking)


def _record(file: IntakeFile, processed: ProcessedFile, unpacking: Unpacking | None) -> None:
    study, outcome, reason_code, reason = file.batch.study, processed.outcome, processed.reason_code, processed.reason
    radiograph, quarantined, duplicate = None, None, False
    if outcome == IntakeOutcome.ACCEPTED:
        radiograph, duplicate = _accepted(file, processed)
    elif outcome == IntakeOutcome.QUARANTINED:
        quarantined, duplicate = _held_back(file, processed)
        radiograph = quarantined.radiograph
        if radiograph is not None:  # masked and released already: the same file again is the same image
            outcome, reason_code, reason = IntakeOutcome.ACCEPTED.value, "", ""
    elif outcome == IntakeOutcome.UNPACKED:
        assert unpacking is not None
        record_entries(file, processed.entries, unpacking.folder)
    IntakeFile.objects.filter(pk=file.pk).update(
        outcome=outcome,
        reason_code=reason_code,
        reason=reason,
        radiograph=radiograph,
        quarantined_image=quarantined,
        is_duplicate=duplicate,
        original_name="" if outcome == IntakeOutcome.UNPACKED else keep_original(file),
        progress_note="",
    )
    audit.record(
        actor=file.batch.uploaded_by,
        action=f"file_{outcome}",
        subject=f"intake_file:{file.pk}",
        study_slug=study.slug,
        payload={"reason": reason_code, "duplicate": duplicate},
    )


def _facts(processed: ProcessedFile) -> ImageFacts:
    return ImageFacts(
        fields=processed.fields,
        report=processed.report,
        profile_version=processed.profile_version,
        pixel_sha256=processed.pixel_sha256,
        perceptual_hash=processed.perceptual_hash,
    )


def _accepted(file: IntakeFile, processed: ProcessedFile) -> tuple[Radiograph, bool]:
    facts, link = _link(file, processed)
    radiograph, duplicate = radiograph_of(file.batch.study, _facts(processed), link, processed.renditions)
    if radiograph.hip_id is None:
        remember(facts, radiograph=radiograph)
        if link.hip is not None:  # this copy of a known image says more than the first
            link_by_rules(radiograph, link)
    return radiograph, duplicate


def _held_back(file: IntakeFile, processed: ProcessedFile) -> tuple[QuarantinedImage, bool]:
    facts, link = _link(file, processed)
    image, duplicate = hold_back(file.batch.study, _facts(processed), link, processed)
    if not duplicate and link.hip is None:
        remember(facts, image=image)
    return image, duplicate


def _link(file: IntakeFile, processed: ProcessedFile) -> tuple[LinkFacts, Link]:
    facts = facts_of_file(file, processed)
    if file.named_hip is not None:
        return facts, Link(file.named_hip, None, "")
    study = file.batch.study
    return facts, link_radiograph(study, with_map(study, facts))
