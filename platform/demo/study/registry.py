"""From the generated registry to a cohort with its comparison group."""

from __future__ import annotations

import tempfile
from pathlib import Path

from annotations.cohorts.comparison_draw import draw_comparison_group
from annotations.cohorts.models import Cohort, ComparisonDraw, Patient
from annotations.cohorts.registry_import import import_registry
from annotations.cohorts.rules import PUBLISHED_RULES
from annotations.cohorts.selectors import comparison_draw, current_cohort
from annotations.cohorts.services import build_cohort, save_rules
from annotations.labels.services import derive_code_labels, derive_comparison_labels
from demo.registry import RegistryTables, write_csv
from demo.study.people import Cast
from demo.study.progress import Tell
from studies.models import Study

COMPARISON_SIZE = 118


def import_demo_registry(study: Study, tables: RegistryTables, cast: Cast, tell: Tell) -> None:
    if Patient.objects.filter(study=study).count() >= len(tables.patients):
        return
    rows = {name: len(getattr(tables, name)) for name in ("sites", "patients", "procedures", "diagnoses")}
    total = sum(rows.values()) + len(tables.followups) + len(tables.notes)
    finished: dict[str, int] = {}

    def on_progress(kind: str, done: int, of: int) -> None:
        finished[kind] = done
        tell(sum(finished.values()), total)

    with tempfile.TemporaryDirectory(prefix="lucency-demo-") as folder:
        paths = write_csv(tables, Path(folder))
        import_registry(study=study, paths=paths, actor=cast.coordinator, on_progress=on_progress)


def select_cohort(study: Study, cast: Cast, *, seed: int) -> tuple[Cohort, ComparisonDraw]:
    """The published rules, the cohort that they make, and as many well-fixed hips as loose ones are expected."""
    cohort = current_cohort(study)
    if cohort is None:
        rules = study.cohort_rules.order_by("-version").first() or save_rules(
            study=study, rules=PUBLISHED_RULES, actor=cast.coordinator
        )
        cohort = build_cohort(study=study, rules=rules, actor=cast.coordinator)
    draw = comparison_draw(cohort) or draw_comparison_group(
        cohort=cohort, size=COMPARISON_SIZE, seed=seed, actor=cast.coordinator
    )
    derive_code_labels(cohort=cohort)
    derive_comparison_labels(draw=draw)
    return cohort, draw
