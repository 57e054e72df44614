from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Prefetch, Q, QuerySet

from accounts.models import Person
from annotations.imaging.models import (
    IntakeBatch,
    IntakeFile,
    IntakeOutcome,
    QuarantinedImage,
    QuarantineState,
    Radiograph,
    Rendition,
    RenditionKind,
)
from common import storage
from common.errors import NotFound
from common.models import JobStatus
from studies.models import Role, Study
from studies.selectors import study_for

# What the page may fetch. The clean DICOM file and the CNNs' source are for workers and exports.
VIEWABLE = (RenditionKind.FULL_DEPTH, RenditionKind.PREVIEW, RenditionKind.THUMBNAIL)


def radiographs_of(actor: Person, slug: str) -> QuerySet[Radiograph]:
    study = study_for(actor, slug, Role.COORDINATOR)
    return (
        Radiograph.objects.filter(study=study)
        .select_related("hip__patient__site")
        .order_by("hip__patient__pseudonym", "hip__side", "pk")
    )


def radiograph_for(actor: Person, slug: str, radiograph_id: int) -> Radiograph:
    radiograph = radiographs_of(actor, slug).filter(pk=radiograph_id).first()
    if radiograph is None:
        raise NotFound("There is no such radiograph.")
    return radiograph


def viewable_rendition(radiograph: Radiograph, kind: str) -> Rendition:
    rendition = radiograph.renditions.filter(kind=kind).first() if kind in VIEWABLE else None
    if rendition is None:
        raise NotFound("There is no such rendition.")
    return rendition


def batches_of(actor: Person, slug: str) -> QuerySet[IntakeBatch]:
    study = study_for(actor, slug, Role.COORDINATOR)
    outcomes = {outcome: Count("files", filter=Q(files__outcome=outcome)) for outcome in IntakeOutcome.values}
    waiting = Q(files__outcome="") & Q(files__status__in=[JobStatus.QUEUED, JobStatus.RUNNING])
    return (
        IntakeBatch.objects.filter(study=study)
        .select_related("uploaded_by", "sent_with")
        .annotate(
            file_count=Count("files"),
            waiting=Count("files", filter=waiting),
            failed=Count("files", filter=Q(files__status=JobStatus.FAILED)),
            duplicates=Count("files", filter=Q(files__is_duplicate=True)),
            **outcomes,
        )
        .order_by("-pk")
    )


def batch_for(actor: Person, slug: str, batch_id: int) -> IntakeBatch:
    batch = batches_of(actor, slug).filter(pk=batch_id).first()
    if batch is None:
        raise NotFound("There is no such upload.")
    return batch


def known_files(study: Study, hashes: Sequence[str]) -> list[dict[str, str]]:
    """Of these bytes, those that the study has dealt with or is about to; what was refused may be tried again."""
    rows = IntakeFile.objects.filter(batch__study=study, upload_hash__in=hashes)
    rows = rows.exclude(status__in=(JobStatus.FAILED, JobStatus.CANCELLED)).exclude(outcome=IntakeOutcome.REFUSED)
    known = dict(rows.order_by("-pk").values_list("upload_hash", "outcome"))
    return [{"sha256": sha256, "outcome": outcome} for sha256, outcome in known.items()]


def files_of(batch: IntakeBatch) -> QuerySet[IntakeFile]:
    return IntakeFile.objects.filter(batch=batch).order_by("pk")


def quarantine_of(actor: Person, slug: str) -> QuerySet[QuarantinedImage]:
    """What waits for a decision, oldest first."""
    study = study_for(actor, slug, Role.COORDINATOR)
    return (
        QuarantinedImage.objects.filter(study=study, state__in=(QuarantineState.WAITING, QuarantineState.PROPOSED))
        .select_related("study", "hip__patient__site", "proposed_by")
        .prefetch_related(Prefetch("intake_files", IntakeFile.objects.order_by("pk")))
        .order_by("quarantined_at", "pk")
    )


def quarantined_image_for(actor: Person, slug: str, image_id: int) -> QuarantinedImage:
    image = quarantine_of(actor, slug).filter(pk=image_id).first()
    if image is None:
        raise NotFound("There is no such image in quarantine; it may have been decided.")
    return image


def quarantined_rendition(image: QuarantinedImage, which: str, kind: str) -> bytes:
    """The picture as it was `found`, or as it is `masked`."""
    folder = {"found": image.folder, "masked": image.masked_folder}.get(which, "")
    if not folder or kind not in (RenditionKind.FULL_DEPTH, RenditionKind.PREVIEW):
        raise NotFound("There is no such picture.")
    return storage.read(f"{folder}/{kind}")
