from __future__ import annotations

from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Max

from accounts.models import Person
from annotations.cohorts.cohort_queries import eligible_for_comparison, write_decisions
from annotations.cohorts.identifiers import identifier_hash, pseudonym
from annotations.cohorts.models import (
    Cohort,
    CohortRules,
    ComparisonDraw,
    ComparisonHip,
    Hip,
    Origin,
    Patient,
    PatientLink,
)
from annotations.cohorts.rules import read_rules
from common import audit
from common.encryption import encrypt
from common.errors import Conflict, Invalid
from studies.models import Site, Study


@transaction.atomic
def save_rules(*, study: Study, rules: dict[str, Any], actor: Person | None) -> CohortRules:
    """A new version; the versions before it stay."""
    read_rules(rules)
    Study.objects.select_for_update().get(pk=study.pk)
    last = CohortRules.objects.filter(study=study).aggregate(last=Max("version"))["last"] or 0
    saved = CohortRules.objects.create(study=study, version=last + 1, rules=rules, created_by=actor)
    audit.record(
        actor=actor, action="rules_saved", subject=f"cohort_rules:{saved.pk}", study_slug=study.slug,
        payload={"version": saved.version},
    )  # fmt: skip
    return saved


@transaction.atomic
def build_cohort(*, study: Study, rules: CohortRules, actor: Person | None) -> Cohort:
    """Decide about every patient of the registry as it stands now. The cohort before it stays, no longer current."""
    Study.objects.select_for_update().get(pk=study.pk)
    Cohort.objects.filter(study=study, is_current=True).update(is_current=False)
    cohort = Cohort.objects.create(study=study, rules=rules, built_by=actor)
    decided = write_decisions(cohort, read_rules(rules.rules))
    if decided == 0:
        raise Conflict("The registry is empty: import it first.", code="registry_empty")
    audit.record(
        actor=actor, action="cohort_built", subject=f"cohort:{cohort.pk}", study_slug=study.slug,
        payload={"rules_version": rules.version, "patients": decided},
    )  # fmt: skip
    return cohort


@transaction.atomic
def draw_comparison_group(*, cohort: Cohort, size: int, seed: int, actor: Person | None) -> ComparisonDraw:
    """As many eligible hips as asked for, by a seeded draw over pseudonyms: the same seed gives the same hips."""
    if ComparisonDraw.objects.filter(cohort=cohort).exists():
        raise Conflict("The comparison group of this cohort has been drawn.", code="already_drawn")
    eligible = eligible_for_comparison(cohort.study, read_rules(cohort.rules.rules))
    if size < 1 or size > len(eligible):
        message = f"received {size}; {len(eligible)} hips are eligible"
        raise Invalid(f"This draw is not possible: {message}.", details=[{"field": "size", "message": message}])
    names = dict(Hip.objects.filter(pk__in=[hip for hip, _ in eligible]).values_list("pk", "patient__pseudonym"))
    ordered = sorted(eligible, key=lambda pair: names[pair[0]])
    chosen = np.random.default_rng(seed).choice(len(ordered), size=size, replace=False)
    draw = ComparisonDraw.objects.create(cohort=cohort, seed=seed, size=size, eligible=len(eligible))
    ComparisonHip.objects.bulk_create(
        ComparisonHip(draw=draw, hip_id=ordered[i][0], index_procedure_id=ordered[i][1]) for i in sorted(chosen)
    )
    audit.record(
        actor=actor, action="comparison_drawn", subject=f"cohort:{cohort.pk}", study_slug=cohort.study.slug,
        payload={"seed": seed, "size": size, "eligible": len(eligible)},
    )  # fmt: skip
    return draw


@transaction.atomic
def register_teaching_hip(
    *, study: Study, identifier: str, site: Site, side: str, birth_year: int, sex: str, actor: Person | None
) -> Hip:
    """A hip that readers practise on. Its patient is no part of the registry: no cohort ever counts it."""
    patient = Patient.objects.create(
        study=study, site=site, pseudonym=pseudonym(study, identifier, Origin.TEACHING),
        birth_year=birth_year, sex=sex, origin=Origin.TEACHING,
    )  # fmt: skip
    PatientLink.objects.create(
        study=study, patient=patient, identifier_hash=identifier_hash(study, identifier),
        identifier_encrypted=encrypt(identifier),
    )  # fmt: skip
    audit.record(actor=actor, action="teaching_hip_registered", subject=f"patient:{patient.pk}", study_slug=study.slug)
    return Hip.objects.create(patient=patient, side=side)
