from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from accounts.models import Person
from annotations.datasets.models import DatasetCase, DatasetVersion, Part
from annotations.datasets.split import Candidate, RatioSplit, assign_parts
from annotations.imaging.models import Radiograph
from annotations.labels.models import Label, LabelValue, Rung
from common.errors import NotFound
from studies.models import Role, Study
from studies.selectors import study_for

READERS_OF_DATASETS = (Role.RESEARCHER, Role.COORDINATOR, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class PartCount:
    part: str
    label: str
    site: str
    cases: int


def eligible_radiographs(study: Study, *, teaching: bool = False) -> list[Radiograph]:
    """Radiographs of hips whose current label is a truth. Teaching cases and study cases never mix."""
    rungs = [Rung.TEACHING] if teaching else [r for r in Rung.values if r not in (Rung.TEACHING, Rung.CODE_DERIVED)]
    return list(
        Radiograph.objects.filter(
            study=study,
            hip__labels__is_current=True,
            hip__labels__value__in=[LabelValue.LOOSE, LabelValue.WELL_FIXED],
            hip__labels__rung__in=rungs,
        )
        .select_related("hip__patient__site")
        .order_by("hip__patient__pseudonym", "hip__side", "pk")
    )


def current_labels(radiographs: Sequence[Radiograph]) -> dict[int, Label]:
    hips = [radiograph.hip_id for radiograph in radiographs if radiograph.hip_id is not None]
    return {label.hip_id: label for label in Label.objects.filter(hip_id__in=hips, is_current=True)}


def candidates_of(radiographs: Sequence[Radiograph]) -> list[Candidate]:
    labels = current_labels(radiographs)
    candidates = []
    for radiograph in radiographs:
        hip = radiograph.hip
        assert hip is not None
        candidates.append(
            Candidate(hip.patient.pseudonym, hip.patient.site.code, labels[hip.pk].value, str(radiograph.pk))
        )
    return candidates


def versions_of(actor: Person, slug: str) -> QuerySet[DatasetVersion]:
    study = study_for(actor, slug, *READERS_OF_DATASETS)
    return (
        DatasetVersion.objects.filter(study=study)
        .select_related("frozen_by")
        .annotate(case_count=Count("cases", distinct=True), stale_count=Count("stale_reasons", distinct=True))
        .order_by("-number")
    )


def version_for(actor: Person, slug: str, number: int) -> DatasetVersion:
    version = versions_of(actor, slug).filter(number=number).first()
    if version is None:
        raise NotFound("There is no such dataset version.")
    return version


def part_counts(version: DatasetVersion) -> list[PartCount]:
    """How many cases of each label and site each part holds. Counts only: which cases they are stays sealed."""
    rows = (
        DatasetCase.objects.filter(version=version)
        .values("part", "label_value", "patient__site__code")
        .annotate(cases=Count("pk"))
        .order_by("part", "label_value", "patient__site__code")
    )
    return [PartCount(r["part"], r["label_value"], r["patient__site__code"], r["cases"]) for r in rows]


def label_counts(version: DatasetVersion) -> dict[tuple[str, str], int]:
    """Cases by part and label."""
    rows = DatasetCase.objects.filter(version=version).values("part", "label_value").annotate(cases=Count("pk"))
    return {(row["part"], row["label_value"]): row["cases"] for row in rows}


def open_cases(version: DatasetVersion) -> QuerySet[DatasetCase]:
    """Cases whose image and truth a researcher may see: never those of the sealed test part."""
    return (
        DatasetCase.objects.filter(version=version)
        .exclude(part=Part.TEST)
        .select_related("radiograph", "patient__site")
        .order_by("number")
    )


def preview_split(study: Study, split: RatioSplit) -> list[PartCount]:
    """What freezing now would give, without freezing anything."""
    radiographs = eligible_radiographs(study)
    candidates = candidates_of(radiographs)
    parts = assign_parts(candidates, split)
    counts: Counter[tuple[str, str, str]] = Counter(
        (parts[candidate.key], candidate.label, candidate.site) for candidate in candidates
    )
    return [PartCount(*key, cases=cases) for key, cases in sorted(counts.items())]


def open_manifest(version: DatasetVersion) -> dict[str, Any]:
    """The manifest as the page gives it out: the sealed part as a count alone."""
    manifest: dict[str, Any] = version.manifest
    rows = manifest["cases"]
    sealed = [row for row in rows if row["part"] == Part.TEST]
    return manifest | {
        "sha256": version.sha256,
        "cases": [row for row in rows if row["part"] != Part.TEST],
        "sealed": {"part": Part.TEST.value, "cases": len(sealed)},
    }
