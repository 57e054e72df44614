"""What the labels' page shows of experiments: every run, scoring and comparison that was made with a hip."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from annotations.datasets.models import DatasetCase, StaleReason
from annotations.labels.label_selectors import Dependent
from mlworker.experiments.models import Comparison, Scoring, TrainingRun


def experiments_with_hip(hip_id: int) -> list[Dependent]:
    """Stale from the moment at which a label of this hip got another value than the frozen one."""
    versions = DatasetCase.objects.filter(hip_id=hip_id).values("version_id")
    runs = TrainingRun.objects.filter(dataset_version__in=versions).annotate(is_stale=_stale(hip_id, "dataset_version"))
    scorings = Scoring.objects.filter(run__dataset_version__in=versions).annotate(
        is_stale=_stale(hip_id, "run__dataset_version")
    )
    comparisons = Comparison.objects.filter(dataset_version__in=versions).annotate(
        is_stale=_stale(hip_id, "dataset_version")
    )
    return [
        *(
            Dependent("run", name, f"training/{run}", old)
            for run, name, old in runs.order_by("pk").values_list("pk", "name", "is_stale")
        ),
        *(
            Dependent("scoring", f"{name}: {part}", f"training/{run}/scores", old)
            for run, name, part, old in scorings.order_by("pk").values_list("run", "run__name", "part", "is_stale")
        ),
        *(
            Dependent("comparison", title, f"comparisons/{comparison}", old)
            for comparison, title, old in comparisons.order_by("pk").values_list("pk", "title", "is_stale")
        ),
    ]


def _stale(hip_id: int, version: str) -> Exists:
    return Exists(StaleReason.objects.filter(version_id=OuterRef(version), label__hip_id=hip_id))
