"""What the labels' page shows of dataset versions: where a label is frozen, and which versions a hip stands in."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef

from annotations.datasets.models import DatasetCase, DatasetVersion, StaleReason
from annotations.labels.label_selectors import Dependent, Freezing


def freezings_of_labels(labels: Collection[int]) -> list[Freezing]:
    cases = DatasetCase.objects.filter(label_id__in=labels).select_related("version__frozen_by").defer(
        "version__manifest", "version__disjointness"
    )  # fmt: skip
    # A hip with several radiographs is several cases of one version.
    frozen = {(case.label_id, case.version_id): case.version for case in cases}
    return [_freezing(label, version) for (label, _), version in frozen.items()]


def _freezing(label: int, version: DatasetVersion) -> Freezing:
    by = version.frozen_by.name if version.frozen_by else None
    return Freezing(label, version.number, version.name, version.frozen_at, by)


def versions_with_hip(hip_id: int) -> list[Dependent]:
    versions = DatasetVersion.objects.filter(pk__in=DatasetCase.objects.filter(hip_id=hip_id).values("version_id"))
    stale = StaleReason.objects.filter(version_id=OuterRef("pk"), label__hip_id=hip_id)
    rows = versions.annotate(is_stale=Exists(stale)).order_by("number").values_list("number", "name", "is_stale")
    return [Dependent("dataset_version", f"{number} {name}", f"datasets/{number}", old) for number, name, old in rows]
