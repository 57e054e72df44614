"""The whole flow from registry to frozen cases, assembled from what lies below."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet

from accounts.models import Person
from annotations.cohorts import selectors as cohorts
from annotations.cohorts.models import Cohort, CohortDecision
from annotations.imaging.models import Radiograph
from annotations.labels import selectors as labels
from annotations.labels.models import Label, LabelValue, Rung
from common.errors import NotFound
from studies.models import Role, Study
from studies.selectors import study_for

CONFIRMED = "confirmed"
COMPARISON = "comparison"


def study_of_flow(actor: Person, slug: str) -> Study:
    return study_for(actor, slug, Role.COORDINATOR, Role.ADMINISTRATOR, Role.RESEARCHER)


def cohort_flow(study: Study) -> dict[str, Any] | None:
    """Steps with patients in and out, reasons and expectations; None before a cohort was built."""
    cohort = cohorts.current_cohort(study)
    if cohort is None:
        return None
    steps = [asdict(step) | {"excluded": _listed(step.excluded)} for step in cohorts.flow_steps(cohort)]
    confirmed, waiting, reasons = labels.confirmation_counts(cohort)
    expected = cohort.rules.rules.get("expected", {})
    steps.append(
        {
            "key": CONFIRMED,
            "patients_in": steps[-1]["patients_out"],
            "patients_out": confirmed,
            "excluded": _listed(reasons | ({labels.WAITING_FOR_NOTE: waiting} if waiting else {})),
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


def _listed(excluded: dict[str, int]) -> list[dict[str, Any]]:
    return [{"reason": reason, "patients": patients} for reason, patients in excluded.items()]


def flow_patients(actor: Person, slug: str, *, step: str, reason: str, kept: bool) -> QuerySet[CohortDecision]:
    """The patients behind one box of the flow. Only coordinators open it: pseudonyms are theirs."""
    study = study_for(actor, slug, Role.COORDINATOR)
    cohort = cohorts.current_cohort(study)
    if cohort is None or step not in (*cohorts.STEPS, CONFIRMED, COMPARISON):
        raise NotFound("There is no such step of the flow.")
    if step == COMPARISON:
        return cohorts.comparison_patients(cohort)
    if step != CONFIRMED:
        return cohorts.kept_patients(cohort, step) if kept else cohorts.excluded_patients(cohort, step, reason)
    decisions = cohorts.index_hips(cohort).select_related("patient__site").order_by("patient__pseudonym")
    return decisions.filter(hip_id__in=labels.hips_by_confirmation(cohort, confirmed=kept, reason=reason))


def flow_patient(decision: CohortDecision) -> dict[str, Any]:
    # Whoever was drawn left the loosening arm, and so has no hip and no index revision there.
    drawn_side = getattr(decision, "drawn_side", None)
    if drawn_side:
        return _flow_row(decision, drawn_side, "drawn")
    reason = decision.reason
    if not decision.excluded_at_step and decision.hip_id is not None:
        label = Label.objects.filter(hip_id=decision.hip_id, is_current=True).first()
        reason = labels.confirmation_reason(label)
    return _flow_row(decision, decision.hip.side if decision.hip else None, reason)


def _flow_row(decision: CohortDecision, side: str | None, reason: str) -> dict[str, Any]:
    patient = decision.patient
    return {"pseudonym": patient.pseudonym, "site": patient.site.code, "side": side, "reason": reason}


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
    """Radiographs of the hips that are in the study, by what their label says now."""
    current = Label.objects.filter(study=study, is_current=True).exclude(rung__in=[Rung.TEACHING, Rung.CODE_DERIVED])
    return {
        value: Radiograph.objects.filter(study=study, hip__in=current.filter(value=value).values("hip")).count()
        for value in (LabelValue.LOOSE.value, LabelValue.WELL_FIXED.value)
    }
