"""Quarantine: what may name its patient in its pixels is masked by one person and released by another."""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import Person
from annotations.imaging.intake_process import ProcessedFile
from annotations.imaging.linking import Link
from annotations.imaging.models import (
    IntakeFile,
    IntakeOutcome,
    QuarantinedImage,
    QuarantineState,
    RenditionKind,
    WaitingLink,
)
from annotations.imaging.outcome import Box
from annotations.imaging.radiographs import ImageFacts, radiograph_of
from annotations.imaging.waiting_links import hand_over
from common import audit, storage
from common.errors import Conflict, Forbidden, Invalid
from studies.models import Study

OPEN = (QuarantineState.WAITING, QuarantineState.PROPOSED)
MOST_RECTANGLES = 100
# What a human needs to look at the image as it came; the rest is made from the masked pixels.
_HELD_KINDS = (RenditionKind.DICOM, RenditionKind.FULL_DEPTH, RenditionKind.PREVIEW)
_FOLDER = "quarantine"
_SECONDS_UNTIL_LEFT = 3600.0


def hold_back(study: Study, facts: ImageFacts, link: Link, processed: ProcessedFile) -> tuple[QuarantinedImage, bool]:
    """The image in quarantine, and whether these pixels were there before; what was refused may be tried again."""
    known = _known(study, facts.pixel_sha256)
    if known is not None:
        return known, True
    renditions = {kind: processed.renditions[kind] for kind in _HELD_KINDS}
    try:
        with transaction.atomic():
            image = QuarantinedImage.objects.create(
                study=study, hip=link.hip, link_problem=link.problem,
                days_from_index_procedure=link.days_from_index_procedure, pixel_sha256=facts.pixel_sha256,
                found=asdict(facts), boxes=[list(box) for box in processed.boxes], folder=_kept(renditions),
            )  # fmt: skip
    except IntegrityError:
        # Another worker was faster with the same pixels.
        known = _known(study, facts.pixel_sha256)
        if known is None:
            raise
        return known, True
    return image, False


def _known(study: Study, pixel_sha256: str) -> QuarantinedImage | None:
    images = QuarantinedImage.objects.filter(study=study, pixel_sha256=pixel_sha256)
    return images.exclude(state=QuarantineState.REFUSED).first()


def mask_and_propose(*, image: QuarantinedImage, rectangles: Sequence[Box], actor: Person) -> QuarantinedImage:
    """Blacken rectangles in the full depth, look for text again, and propose the result to a second person."""
    from annotations.imaging.sandbox import mask_file

    _check_rectangles(image, rectangles)
    _require_open(image)
    outcome = mask_file(storage.resolve(f"{image.folder}/dicom"), rectangles)
    if outcome.reason_code == "constant":
        raise Invalid("Nothing of the picture would be left under these rectangles.", details=[_wrong("all is masked")])
    if outcome.outcome == IntakeOutcome.REFUSED:
        raise Conflict("The image could not be masked. Somebody may have decided about it in the meantime.")
    masked = ImageFacts(
        outcome.fields, _masked_report(image, remaining=bool(outcome.boxes)), outcome.profile_version,
        outcome.pixel_sha256, outcome.perceptual_hash,
    )  # fmt: skip
    folder = _kept(outcome.renditions)
    with transaction.atomic():
        # Whoever has proposed something else in the meantime is not overwritten unseen.
        unchanged = QuarantinedImage.objects.filter(pk=image.pk, state__in=OPEN, masked_folder=image.masked_folder)
        if not unchanged.update(
            state=QuarantineState.PROPOSED, masked=asdict(masked), rectangles=[list(box) for box in rectangles],
            remaining_boxes=[list(box) for box in outcome.boxes], masked_folder=folder, proposed_by=actor,
            proposed_at=Now(),
        ):  # fmt: skip
            _remove(folder)
            raise Conflict("Somebody else has dealt with this image in the meantime.", code="changed")
        _record(image, actor, "quarantine_proposed", {"rectangles": len(rectangles)})
        transaction.on_commit(partial(_remove, image.masked_folder))
    image.refresh_from_db()
    return image


def _check_rectangles(image: QuarantinedImage, rectangles: Sequence[Box]) -> None:
    rows, columns = image.found["fields"]["rows"], image.found["fields"]["columns"]
    if len(rectangles) > MOST_RECTANGLES:
        raise Invalid(f"There are more than {MOST_RECTANGLES} rectangles.", details=[_wrong("too many")])
    for number, (top, left, bottom, right) in enumerate(rectangles, start=1):
        if not (0 <= top < bottom <= rows and 0 <= left < right <= columns):
            raise Invalid(
                "A rectangle does not lie within the picture.", details=[_wrong(f"rectangle {number} is outside")]
            )


def _wrong(message: str) -> dict[str, str]:
    return {"field": "rectangles", "message": message}


def _masked_report(image: QuarantinedImage, *, remaining: bool) -> dict[str, Any]:
    again = "some still found" if remaining else "none found"
    report: dict[str, Any] = image.found["report"]
    return report | {"burned_in_text": f"masked, checked again, {again}; released by a second person"}


@transaction.atomic
def release_file(*, image: QuarantinedImage, proposal: str, actor: Person) -> QuarantinedImage:
    """Make a radiograph of the masked image. `proposal` names what the second person has looked at."""
    _require_open(image)
    if image.proposed_by_id == actor.pk:
        raise Forbidden("Another person than the one who masked the image must release it.", code="second_person")
    proposed = QuarantinedImage.objects.filter(
        Q(masked_folder=f"{_FOLDER}/{proposal}") & ~Q(masked_folder=""), pk=image.pk, state=QuarantineState.PROPOSED
    )
    if not proposed.exclude(proposed_by=actor).update(
        state=QuarantineState.RELEASED, decided_by=actor, decided_at=Now()
    ):
        raise Conflict("This is not what is proposed now; look at the image again.", code="changed")
    image.refresh_from_db()
    link = Link(image.hip, image.days_from_index_procedure, image.link_problem)
    renditions = {kind.value: storage.read(f"{image.masked_folder}/{kind.value}") for kind in RenditionKind}
    radiograph, duplicate = radiograph_of(image.study, ImageFacts(**image.masked), link, renditions)
    hand_over(image, radiograph)
    QuarantinedImage.objects.filter(pk=image.pk).update(radiograph=radiograph)
    IntakeFile.objects.filter(quarantined_image=image).update(
        outcome=IntakeOutcome.ACCEPTED, reason_code="", reason="", radiograph=radiograph
    )
    _record(image, actor, "quarantine_released", {"radiograph": radiograph.pk, "duplicate": duplicate})
    _forget(image)
    image.refresh_from_db()
    return image


@transaction.atomic
def refuse_file(*, image: QuarantinedImage, reason: str, actor: Person) -> QuarantinedImage:
    reason = reason.strip()
    if not reason:
        raise Invalid("Say why.", details=[{"field": "reason", "message": "This is needed."}])
    changed = QuarantinedImage.objects.filter(pk=image.pk, state__in=OPEN).update(
        state=QuarantineState.REFUSED, decided_by=actor, decided_at=Now(), refusal_reason=reason[:500]
    )
    if not changed:
        raise _already_decided()
    IntakeFile.objects.filter(quarantined_image=image).update(
        outcome=IntakeOutcome.REFUSED, reason_code="refused_in_quarantine",
        reason=f"There is text in the picture, and a coordinator has refused it: {reason[:500]}",
    )  # fmt: skip
    WaitingLink.objects.filter(quarantined_image=image).delete()
    _record(image, actor, "quarantine_refused", {})
    image.refresh_from_db()
    _forget(image)
    return image


def _require_open(image: QuarantinedImage) -> None:
    if image.state not in OPEN:
        raise _already_decided()


def _already_decided() -> Conflict:
    return Conflict("This image has been released or refused already.", code="already_decided")


def _record(image: QuarantinedImage, actor: Person, action: str, payload: dict[str, Any]) -> None:
    audit.record(
        actor=actor, action=action, subject=f"quarantined_image:{image.pk}", study_slug=image.study.slug,
        payload=payload,
    )  # fmt: skip


def _kept(renditions: Mapping[Any, bytes]) -> str:
    """Write the renditions into a new folder of the quarantine, each under its kind; returns the folder's name."""
    folder = f"{_FOLDER}/{secrets.token_hex(16)}"
    for kind, data in renditions.items():
        storage.write_atomically(storage.resolve(f"{folder}/{RenditionKind(kind).value}"), data)
    return folder


def _forget(image: QuarantinedImage) -> None:
    """Remove the files of a decided image once the decision stands, and those that a killed process has left."""

    def remove() -> None:
        _remove(image.folder)
        _remove(image.masked_folder)
        _remove_left_folders()

    transaction.on_commit(remove)


def _remove(folder: str) -> None:
    if folder:
        shutil.rmtree(storage.resolve(folder), ignore_errors=True)


def _remove_left_folders() -> None:
    root = storage.resolve(_FOLDER)
    if not root.exists():
        return
    named = set(QuarantinedImage.objects.filter(state__in=OPEN).values_list("folder", flat=True))
    named |= set(QuarantinedImage.objects.filter(state__in=OPEN).values_list("masked_folder", flat=True))
    for path in root.iterdir():
        if f"{_FOLDER}/{path.name}" not in named and _age_seconds(path) > _SECONDS_UNTIL_LEFT:
            _remove(f"{_FOLDER}/{path.name}")


def _age_seconds(path: Path) -> float:
    return time.time() - path.stat().st_mtime
