from __future__ import annotations

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Length

from accounts.models import Person
from annotations.cohorts.cohort_queries import DecisionCount
from annotations.cohorts.flow import STEPS, FlowStep, steps_of
from annotations.cohorts.models import (
    Cohort,
    CohortDecision,
    CohortRules,
    ComparisonDraw,
    ComparisonHip,
    Patient,
)
from common.errors import NotFound
from studies.models import Role, Study
from studies.selectors import roles_of, study_for


def current_cohort(study: Study) -> Cohort | None:
    return Cohort.objects.filter(study=study, is_current=True).select_related("rules", "built_by").first()


def decision_counts(cohort: Cohort) -> list[DecisionCount]:
    """What the cohort holds, counted as `count_decisions` counts before it is built."""
    rows = (
        CohortDecision.objects.filter(cohort=cohort)
        .values_list("excluded_at_step", "reason", "comparison_reason")
        .annotate(
            patients=Count("pk"),
            operated=Sum(Length("operated_sides")),
            replaced=Sum(Length("replaced_sides")),
            revised=Sum(Length("revised_sides")),
        )
        .order_by()
    )
    return [DecisionCount(*row) for row in rows]


def flow_steps(cohort: Cohort) -> list[FlowStep]:
    """The coded part of the flow. What the notes confirm is counted further up."""
    return steps_of(decision_counts(cohort), cohort.rules.rules.get("expected", {}))


def decisions_at(cohort: Cohort, step: str, *, kept: bool, reason: str = "") -> QuerySet[CohortDecision]:
    """The decisions behind one box of the flow: who passed the step, or who left it (for one reason, if named)."""
    decisions = CohortDecision.objects.filter(cohort=cohort)
    if step == "input":
        return decisions
    if step in STEPS:
        # Whoever passed this step was excluded at a later one, or not at all.
        at = [*STEPS[STEPS.index(step) + 1 :], ""] if kept else [step]
        found = decisions.filter(excluded_at_step__in=at)
        return found.filter(reason=reason) if reason and not kept else found
    pool = decisions.filter(comparison_reason__isnull=False)
    if step == "pool":
        return pool
    if step == "eligible" and not kept:
        return pool.filter(comparison_reason=reason) if reason else pool.exclude(comparison_reason="")
    drawn = ComparisonHip.objects.filter(draw__cohort=cohort).values("hip_id")
    eligible = pool.filter(comparison_reason="")
    if step == "eligible":
        return eligible
    return eligible.filter(hip_id__in=drawn) if kept else eligible.exclude(hip_id__in=drawn)


def rules_versions(actor: Person, slug: str) -> QuerySet[CohortRules]:
    study = study_for(actor, slug, Role.COORDINATOR, Role.ADMINISTRATOR, Role.RESEARCHER)
    versions = CohortRules.objects.filter(study=study).select_related("created_by").order_by("-version")
    return versions.annotate(cohort_count=Count("cohorts"))


def may_edit_rules(actor: Person, slug: str) -> bool:
    return bool(roles_of(actor, study_for(actor, slug)) & {Role.COORDINATOR, Role.ADMINISTRATOR})


def rules_version(actor: Person, slug: str, version: int) -> CohortRules:
    rules = rules_versions(actor, slug).filter(version=version).first()
    if rules is None:
        raise NotFound("There is no such version of the rules.")
    return rules


def patient_for(actor: Person, slug: str, pseudonym: str) -> Patient:
    study = study_for(actor, slug, Role.COORDINATOR)
    patient = Patient.objects.filter(study=study, pseudonym=pseudonym).select_related("site").first()
    if patient is None:
        raise NotFound("There is no such patient.")
    return patient


def index_hips(cohort: Cohort) -> QuerySet[CohortDecision]:
    """The hips that the codes select, with their index revision."""
    return CohortDecision.objects.filter(cohort=cohort, excluded_at_step="").select_related("hip", "index_procedure")


def comparison_draw(cohort: Cohort) -> ComparisonDraw | None:
    return ComparisonDraw.objects.filter(cohort=cohort).select_related("drawn_by").first()
