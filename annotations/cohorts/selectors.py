from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery

from accounts.models import Person
from annotations.cohorts.models import (
    Cohort,
    CohortDecision,
    CohortRules,
    ComparisonDraw,
    ComparisonHip,
    Diagnosis,
    FollowUp,
    Patient,
    Procedure,
)
from common.errors import NotFound
from studies.models import Role, Study
from studies.selectors import study_for

STEPS = ("registry", "revised", "coded")


@dataclass(frozen=True, slots=True)
class FlowStep:
    """One box of the flow: who came in, who went on, and why the others left."""

    key: str
    patients_in: int
    patients_out: int
    excluded: dict[str, int]
    expected: int | None


def current_cohort(study: Study) -> Cohort | None:
    return Cohort.objects.filter(study=study, is_current=True).select_related("rules", "built_by").first()


def flow_steps(cohort: Cohort) -> list[FlowStep]:
    """The coded part of the flow. What the notes confirm is counted further up."""
    rows = (
        CohortDecision.objects.filter(cohort=cohort)
        .values("excluded_at_step", "reason")
        .annotate(patients=Count("pk"))
        .order_by()
    )
    excluded: dict[str, Counter[str]] = {step: Counter() for step in STEPS}
    total = 0
    for row in rows:
        total += row["patients"]
        if row["excluded_at_step"]:
            excluded[row["excluded_at_step"]][row["reason"]] = row["patients"]
    expected = cohort.rules.rules.get("expected", {})
    steps = []
    for key in STEPS:
        left = total - sum(excluded[key].values())
        reasons = dict(excluded[key].most_common())
        steps.append(FlowStep(key, total, left, reasons, expected.get(key)))
        total = left
    return steps


def excluded_patients(cohort: Cohort, step: str, reason: str) -> QuerySet[CohortDecision]:
    decisions = CohortDecision.objects.filter(cohort=cohort, excluded_at_step=step)
    if reason:
        decisions = decisions.filter(reason=reason)
    return _in_order(decisions)


def kept_patients(cohort: Cohort, step: str) -> QuerySet[CohortDecision]:
    """Whoever passed this step: excluded at a later one, or not at all."""
    later = [*STEPS[STEPS.index(step) + 1 :], ""]
    return _in_order(CohortDecision.objects.filter(cohort=cohort, excluded_at_step__in=later))


def _in_order(decisions: QuerySet[CohortDecision]) -> QuerySet[CohortDecision]:
    return decisions.select_related("patient__site", "hip", "index_procedure").order_by("patient__pseudonym")


def rules_versions(actor: Person, slug: str) -> QuerySet[CohortRules]:
    study = study_for(actor, slug, Role.COORDINATOR, Role.ADMINISTRATOR, Role.RESEARCHER)
    return CohortRules.objects.filter(study=study).select_related("created_by").order_by("-version")


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
    return ComparisonDraw.objects.filter(cohort=cohort).first()


def comparison_patients(cohort: Cohort) -> QuerySet[CohortDecision]:
    """The patients of the drawn hips, each with the side that was drawn."""
    drawn = ComparisonHip.objects.filter(draw__cohort=cohort, hip__patient=OuterRef("patient_id"))
    decisions = CohortDecision.objects.filter(cohort=cohort).annotate(
        drawn_side=Subquery(drawn.values("hip__side")[:1])
    )
    return _in_order(decisions.filter(drawn_side__isnull=False))


def patient_trace(patient: Patient) -> list[dict[str, Any]]:
    """Every row of the registry about a patient, by days since the first one: no dates leave the platform."""
    procedures = Procedure.objects.filter(hip__patient=patient).select_related("hip")
    diagnoses = Diagnosis.objects.filter(patient=patient)
    follow_ups = FollowUp.objects.filter(hip__patient=patient).select_related("hip")
    rows = [
        *(
            (p.performed_on, "procedure", p.hip.side, p.cpt, f"{p.cup_fixation} / {p.stem_fixation} {p.modifiers}")
            for p in procedures
        ),
        *((d.recorded_on, "diagnosis", "", d.icd10cm, "") for d in diagnoses),
        *((f.seen_on, "follow_up", f.hip.side, f.complication, "") for f in follow_ups),
    ]
    if not rows:
        return []
    first = min(row[0] for row in rows)
    return [
        {"day": (day - first).days, "kind": kind, "side": side, "code": code, "detail": detail.strip()}
        for day, kind, side, code, detail in sorted(rows)
    ]


@dataclass(frozen=True, slots=True)
class Balance:
    """One variable of both groups: share or mean in each, and the standardised difference (Austin 2009)."""

    variable: str
    loosening: float
    comparison: float
    standardised_difference: float | None


def balance(cohort: Cohort, draw: ComparisonDraw) -> list[Balance]:
    cases = list(
        CohortDecision.objects.filter(cohort=cohort, excluded_at_step="").values_list(
            "patient__sex", "hip__side", "patient__birth_year", "index_procedure__performed_on"
        )
    )
    others = list(
        ComparisonHip.objects.filter(draw=draw).values_list(
            "hip__patient__sex", "hip__side", "hip__patient__birth_year", "index_procedure__performed_on"
        )
    )
    if not cases or not others:
        return []
    return [
        _share("female", [row[0] == "F" for row in cases], [row[0] == "F" for row in others]),
        _share("right_side", [row[1] == "R" for row in cases], [row[1] == "R" for row in others]),
        _mean("age_at_index", [row[3].year - row[2] for row in cases], [row[3].year - row[2] for row in others]),
    ]


def _share(name: str, first: list[bool], second: list[bool]) -> Balance:
    a, b = sum(first) / len(first), sum(second) / len(second)
    spread = ((a * (1 - a) + b * (1 - b)) / 2) ** 0.5
    return Balance(name, a, b, (a - b) / spread if spread else None)


def _mean(name: str, first: list[int], second: list[int]) -> Balance:
    a, b = sum(first) / len(first), sum(second) / len(second)
    va = sum((x - a) ** 2 for x in first) / max(len(first) - 1, 1)
    vb = sum((x - b) ** 2 for x in second) / max(len(second) - 1, 1)
    spread = ((va + vb) / 2) ** 0.5
    return Balance(name, a, b, (a - b) / spread if spread else None)
