"""Who stands behind a box of the flow. Only coordinators look: pseudonyms are theirs."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Person
from annotations.cohorts import selectors as cohorts
from annotations.cohorts.flow import STEPS
from annotations.cohorts.models import CohortDecision, ComparisonHip
from annotations.datasets.flow import CONFIRMED, confirmation_by_hip
from annotations.labels.models import Label
from annotations.labels.selectors import confirmation_reason
from common.errors import NotFound
from studies.models import Role
from studies.selectors import study_for

BOXES = ("input", *STEPS, CONFIRMED, "pool", "eligible", "drawn")


def flow_patients(
    actor: Person, slug: str, *, step: str, reason: str, kept: bool, search: str = ""
) -> QuerySet[CohortDecision]:
    """The patients behind one box, in the order of their pseudonyms; `search` looks in pseudonyms and sites."""
    study = study_for(actor, slug, Role.COORDINATOR)
    cohort = cohorts.current_cohort(study)
    if cohort is None or step not in BOXES:
        raise NotFound("There is no such step of the flow.")
    if step == CONFIRMED:
        found = confirmation_by_hip(cohort)
        hips = [hip for hip, why in found.items() if (not why if kept else bool(why) and reason in ("", why))]
        decisions = cohorts.index_hips(cohort).filter(hip_id__in=hips)
    else:
        decisions = cohorts.decisions_at(cohort, step, kept=kept, reason=reason)
    if search:
        decisions = decisions.filter(Q(patient__pseudonym__icontains=search) | Q(patient__site__code__iexact=search))
    return decisions.select_related("patient__site", "hip").order_by("patient__pseudonym")


def flow_rows(decisions: list[CohortDecision], step: str) -> list[dict[str, Any]]:
    """One page of the list: the side that is meant at this step, and the first reason for leaving it."""
    hips = [decision.hip_id for decision in decisions if decision.hip_id is not None]
    labels = {label.hip_id: label for label in Label.objects.filter(hip_id__in=hips, is_current=True)}
    drawn = set(
        ComparisonHip.objects.filter(draw__cohort__is_current=True, hip_id__in=hips).values_list("hip", flat=True)
    )
    return [
        {
            "pseudonym": decision.patient.pseudonym,
            "site": decision.patient.site.code,
            "side": decision.hip.side if decision.hip else None,
            "reason": _reason(decision, step, labels, drawn),
        }
        for decision in decisions
    ]


def _reason(decision: CohortDecision, step: str, labels: dict[int, Label], drawn: set[int]) -> str:
    if step in ("pool", "eligible", "drawn"):
        if decision.comparison_reason:
            return decision.comparison_reason
        return "drawn" if decision.hip_id in drawn else "not_drawn"
    if not decision.excluded_at_step and decision.hip_id is not None:
        return confirmation_reason(labels.get(decision.hip_id))
    return decision.reason
