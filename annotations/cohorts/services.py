from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.models import Person
from annotations.cohorts.cohort_queries import write_decisions
from annotations.cohorts.comparison_draw import keep_comparison_group
from annotations.cohorts.identifiers import identifier_hash, pseudonym
from annotations.cohorts.models import (
    Cohort,
    CohortRules,
    ComparisonDraw,
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

LONGEST_NOTE = 500
# What becomes of the comparison group when a cohort is built again.
KEEP_THE_DRAW = "keep"
DROP_THE_DRAW = "drop"


@transaction.atomic
def save_rules(*, study: Study, rules: dict[str, Any], actor: Person | None, note: str = "") -> CohortRules:
    """A new version; the versions before it stay."""
    read_rules(rules)
    if len(note) > LONGEST_NOTE:
        message = f"is longer than {LONGEST_NOTE} characters"
        raise Invalid(f"The note {message}.", details=[{"field": "note", "message": message}])
    Study.objects.select_for_update().get(pk=study.pk)
    last = CohortRules.objects.filter(study=study).order_by("-version").first()
    saved = CohortRules.objects.create(
        study=study, version=last.version + 1 if last else 1, rules=rules, note=note.strip(), created_by=actor
    )
    audit.record(
        actor=actor, action="rules_saved", subject=f"cohort_rules:{saved.pk}", study_slug=study.slug,
        payload={"version": saved.version},
    )  # fmt: skip
    return saved


@transaction.atomic
def build_cohort(*, study: Study, rules: CohortRules, actor: Person | None, comparison: str | None = None) -> Cohort:
    """Decide about every patient of the registry as it stands now. The cohort before it stays, no longer current.

    Args:
        comparison: what becomes of the comparison group, if one was drawn for the cohort before: "keep" takes over
            the same hips if all are still eligible, "drop" goes on without one. It is never lost unsaid.
    """
    Study.objects.select_for_update().get(pk=study.pk)
    earlier = ComparisonDraw.objects.filter(cohort__study=study, cohort__is_current=True).first()
    _check_choice(earlier, comparison)
    Cohort.objects.filter(study=study, is_current=True).update(is_current=False)
    cohort = Cohort.objects.create(study=study, rules=rules, built_by=actor)
    decided = write_decisions(cohort, read_rules(rules.rules))
    if decided == 0:
        raise Conflict("The registry is empty: import it first.", code="registry_empty")
    audit.record(
        actor=actor, action="cohort_built", subject=f"cohort:{cohort.pk}", study_slug=study.slug,
        payload={"rules_version": rules.version, "patients": decided},
    )  # fmt: skip
    if earlier is not None and comparison == KEEP_THE_DRAW:
        keep_comparison_group(cohort=cohort, earlier=earlier, actor=actor)
    return cohort


def _check_choice(earlier: ComparisonDraw | None, comparison: str | None) -> None:
    if comparison not in (None, KEEP_THE_DRAW, DROP_THE_DRAW):
        message = f"choose {KEEP_THE_DRAW!r} or {DROP_THE_DRAW!r}"
        raise Invalid(f"The comparison group: {message}.", details=[{"field": "comparison", "message": message}])
    if earlier is not None and comparison is None:
        raise Conflict(
            "A comparison group has been drawn for this cohort. Say whether it is kept, drawn again or dropped.",
            code="draw_undecided",
        )


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
