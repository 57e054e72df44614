"""The whole flow from registry to frozen cases, assembled from what lies below."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from annotations.cohorts import selectors as cohorts
from annotations.cohorts.models import Cohort
from annotations.imaging.models import Radiograph
from annotations.labels import selectors as labels
from annotations.labels.models import LabelValue, Rung
from studies.models import Study


def cohort_flow(study: Study) -> dict[str, Any] | None:
    """Steps with patients in and out, reasons and expectations; None before a cohort was built."""
    cohort = cohorts.current_cohort(study)
    if cohort is None:
        return None
    steps = [asdict(step) for step in cohorts.flow_steps(cohort)]
    confirmed, waiting, reasons = labels.confirmation_counts(cohort)
    expected = cohort.rules.rules.get("expected", {})
    steps.append(
        {
            "key": "confirmed",
            "patients_in": steps[-1]["patients_out"],
            "patients_out": confirmed,
            "excluded": reasons | ({"waiting_for_note": waiting} if waiting else {}),
            "expected": expected.get("confirmed"),
        }
    )
    return {
        "rules_version": cohort.rules.version,
        "built_at": cohort.built_at,
        "built_by": cohort.built_by.name if cohort.built_by else None,
        "steps": steps,
        "comparison": _comparison(cohort),
        "radiographs": _radiographs(study),
    }


def _comparison(cohort: Cohort) -> dict[str, Any] | None:
    draw = cohorts.comparison_draw(cohort)
    if draw is None:
        return None
    return {
        "eligible": draw.eligible,
        "drawn": draw.size,
        "seed": draw.seed,
        "balance": [asdict(row) for row in cohorts.balance(cohort, draw)],
    }


def _radiographs(study: Study) -> dict[str, int]:
    """Radiographs of the hips that are in the study, by what their label says."""
    linked = Radiograph.objects.filter(study=study, hip__labels__is_current=True).exclude(
        hip__labels__rung__in=[Rung.TEACHING, Rung.CODE_DERIVED]
    )
    return {
        value: linked.filter(hip__labels__value=value, hip__labels__is_current=True).distinct().count()
        for value in (LabelValue.LOOSE.value, LabelValue.WELL_FIXED.value)
    }
