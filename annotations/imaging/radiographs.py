"""A radiograph of the study from what was made of a file, whether it comes from intake or out of quarantine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from annotations.imaging.linking import Link
from annotations.imaging.models import Radiograph, Rendition, RenditionKind
from common import storage
from studies.models import Study

_MEDIA_TYPES = {
    RenditionKind.DICOM: ("application/dicom", ".dcm"),
    RenditionKind.FULL_DEPTH: ("image/jphc", ".jhc"),
    RenditionKind.PREVIEW: ("image/jpeg", ".jpg"),
    RenditionKind.THUMBNAIL: ("image/jpeg", ".jpg"),
    RenditionKind.SOURCE: ("application/x-npy", ".npy"),
}

# Apps further up say here what must happen when a radiograph has come, or has been linked anew.
on_radiograph_changed: list[Callable[[Radiograph], None]] = []


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What is kept of an image beside its renditions."""

    fields: dict[str, Any]
    report: dict[str, Any]
    profile_version: str
    pixel_sha256: str
    perceptual_hash: str


def radiograph_of(
    study: Study, facts: ImageFacts, link: Link, renditions: Mapping[str, bytes]
) -> tuple[Radiograph, bool]:
    """The radiograph with these pixels, and whether it was there: the same image twice is one radiograph."""
    existing = Radiograph.objects.filter(study=study, pixel_sha256=facts.pixel_sha256).first()
    if existing is not None:
        return existing, True
    radiograph = Radiograph.objects.create(
        study=study,
        hip=link.hip,
        link_problem=link.problem,
        days_from_index_procedure=link.days_from_index_procedure,
        report=facts.report,
        profile_version=facts.profile_version,
        pixel_sha256=facts.pixel_sha256,
        perceptual_hash=facts.perceptual_hash,
        **facts.fields,
    )
    Rendition.objects.bulk_create(
        _rendition(radiograph, RenditionKind(kind), data) for kind, data in renditions.items()
    )
    radiograph_changed(radiograph)
    return radiograph, False


def radiograph_changed(radiograph: Radiograph) -> None:
    """Tell whoever must know that this radiograph is new, or belongs to another hip than before."""
    for tell in on_radiograph_changed:
        tell(radiograph)


def media_type(kind: RenditionKind) -> str:
    return _MEDIA_TYPES[kind][0]


def _rendition(radiograph: Radiograph, kind: RenditionKind, data: bytes) -> Rendition:
    media, suffix = _MEDIA_TYPES[kind]
    name, digest = storage.store(f"radiographs/{kind.value}", data, suffix)
    return Rendition(radiograph=radiograph, kind=kind, name=name, media_type=media, size=len(data), sha256=digest)
