from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, QuerySet

from accounts.models import Person
from annotations.datasets.folds import LEAVE_ONE_SITE_OUT, FoldPlace, part_in_fold
from annotations.datasets.manifest import given_out
from annotations.datasets.models import CaseFold, DatasetCase, DatasetVersion, Part
from annotations.datasets.seal import sealed_hips, sealed_numbers, withheld_numbers
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
    """Cases whose image and truth a researcher may see: no test part's, and nothing that is sealed in any version."""
    return (
        DatasetCase.objects.filter(version=version)
        .exclude(part=Part.TEST)
        .exclude(hip_id__in=sealed_hips(version.study))
        .select_related("radiograph", "patient__site")
        .order_by("number")
    )


def open_manifest(actor: Person, version: DatasetVersion) -> dict[str, Any]:
    """The manifest as this person may have it: what is sealed for them by number and hash alone."""
    return given_out(version.manifest, version.sha256, withheld_numbers(actor, version))


def sealed_count(version: DatasetVersion) -> int:
    return len(sealed_numbers(version))


def folds_of(version: DatasetVersion) -> tuple[int, int]:
    """How many repeats a version has, and how many folds in each; (0, 0) where it has none."""
    found = CaseFold.objects.filter(case__version=version).aggregate(repeats=Max("repeat"), folds=Max("fold"))
    return found["repeats"] or 0, found["folds"] or 0


def parts_of_fold(version: DatasetVersion, *, repeat: int = 1, fold: int = 1) -> dict[int, str]:
    """The part of every case, by its primary key, in one fold of one repeat. See `folds` for what the parts are."""
    repeats, folds = folds_of(version)
    if not (1 <= repeat <= repeats and 1 <= fold <= folds):
        raise NotFound("This dataset version has no such fold.")
    rows = CaseFold.objects.filter(case__version=version, repeat=repeat)
    return {
        row.case_id: part_in_fold(
            version.split["scheme"], folds, FoldPlace((row.fold,), row.held_for_validation), fold=fold
        )
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class FoldCount:
    """One fold: which site it leaves out, if folds are sites, and how many cases each part has of each class."""

    repeat: int
    fold: int
    site: str
    training: int
    validation: int
    test: int
    test_loose: int
    test_well_fixed: int


def fold_counts(version: DatasetVersion) -> list[FoldCount]:
    repeats, folds = folds_of(version)
    return count_folds(version.split.get("scheme", ""), repeats, folds, version.manifest["cases"]) if folds else []


def count_folds(scheme: str, repeats: int, folds: int, rows: Sequence[dict[str, Any]]) -> list[FoldCount]:
    places = [FoldPlace(tuple(row["folds"]), row["held_for_validation"]) for row in rows]
    counted = []
    for repeat in range(1, repeats + 1):
        for fold in range(1, folds + 1):
            parts = [part_in_fold(scheme, folds, place, repeat=repeat, fold=fold) for place in places]
            tested = [row for row, part in zip(rows, parts, strict=True) if part == Part.TEST]
            count, labels = Counter(parts), Counter(row["label"] for row in tested)
            site = tested[0]["site"] if scheme == LEAVE_ONE_SITE_OUT and tested else ""
            counted.append(
                FoldCount(repeat, fold, site, count[Part.TRAINING], count[Part.VALIDATION], count[Part.TEST],
                          labels[LabelValue.LOOSE], labels[LabelValue.WELL_FIXED])
            )  # fmt: skip
    return counted
