"""The whole flow from registry to frozen cases, assembled from what lies below: patients, hips and radiographs."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db import connection
from django.db.models import Count

from accounts.models import Person
from annotations.cohorts import selectors as cohorts
from annotations.cohorts.flow import INDEX, OPERATED, REPLACED, REVISED, Units, comparison_pool, units_through
from annotations.cohorts.models import Cohort, ComparisonDraw, ComparisonHip
from annotations.imaging.models import Radiograph
from annotations.labels import selectors as labels
from annotations.labels.models import Label, LabelValue, Rung
from studies.models import Role, Study
from studies.selectors import study_for

CONFIRMED = "confirmed"


def study_of_flow(actor: Person, slug: str) -> Study:
    return study_for(actor, slug, Role.COORDINATOR, Role.ADMINISTRATOR, Role.RESEARCHER)


def cohort_flow(study: Study, cohort: Cohort | None = None) -> dict[str, Any] | None:
    """Steps with what came in and went on, reasons and expectations; None before a cohort was built."""
    cohort = cohort or cohorts.current_cohort(study)
    if cohort is None:
        return None
    expected = cohort.rules.rules.get("expected") or {}
    steps = [*_coded_steps(cohort), _confirmed_step(cohort, expected.get(CONFIRMED))]
    return {
        "rules_version": cohort.rules.version,
        "rules": _what_the_boxes_say(cohort.rules.rules),
        "built_at": cohort.built_at,
        "built_by": cohort.built_by.name if cohort.built_by else None,
        "steps": steps,
        "comparison": _comparison(cohort, expected),
        "radiographs": _radiographs(study),
    }


def _what_the_boxes_say(rules: dict[str, Any]) -> dict[str, bool]:
    return {name: rules.get(name, True) is not False for name in ("cementless", "only_reason", "side_agreement")}


def _coded_steps(cohort: Cohort) -> list[dict[str, Any]]:
    radiographs = units_through(_radiographs_by_decision(cohort))
    steps = []
    for step, images in zip(cohorts.flow_steps(cohort), radiographs, strict=True):
        reasons = [*step.excluded, *(r for r in (*step.excluded_hips, *images.excluded) if r not in step.excluded)]
        steps.append(
            {
                "key": step.key,
                "patients_in": step.patients_in,
                "patients_out": step.patients_out,
                "hips_in": step.hips_in,
                "hips_out": step.hips_out,
                "radiographs_in": images.came_in,
                "radiographs_out": images.went_on,
                "excluded": [
                    _excluded(reason, step.excluded.get(reason, 0), step.excluded_hips.get(reason, 0),
                              images.excluded.get(reason, 0))
                    for reason in dict.fromkeys(reasons)
                ],
                **_expectation(step.expected, step.patients_out),
            }
        )  # fmt: skip
    return steps


def _excluded(reason: str, patients: int, hips: int, radiographs: int) -> dict[str, Any]:
    return {"reason": reason, "patients": patients, "hips": hips, "radiographs": radiographs}


def _expectation(expected: int | None, found: int) -> dict[str, Any]:
    return {"expected": expected, "is_met": None if expected is None else expected == found}


def _radiographs_by_decision(cohort: Cohort) -> Units:
    """Linked radiographs, by the decision about their patient and by how far their hip came."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT d.excluded_at_step, d.reason,
                   CASE WHEN d.excluded_at_step = '' AND h.id = d.hip_id THEN %(index)s
                        WHEN position(h.side IN d.revised_sides) > 0 THEN %(revised)s
                        WHEN position(h.side IN d.replaced_sides) > 0 THEN %(replaced)s ELSE %(operated)s END,
                   count(*)
            FROM imaging_radiograph r JOIN cohorts_hip h ON h.id = r.hip_id
            JOIN cohorts_cohortdecision d ON d.cohort_id = %(cohort)s AND d.patient_id = h.patient_id
            WHERE r.study_id = %(study)s
            GROUP BY 1, 2, 3
            """,
            {"cohort": cohort.pk, "study": cohort.study_id, "index": INDEX, "revised": REVISED, "replaced": REPLACED,
             "operated": OPERATED},
        )  # fmt: skip
        return Counter({(step, reason, came_to): count for step, reason, came_to, count in cursor.fetchall()})


def _confirmed_step(cohort: Cohort, expected: int | None) -> dict[str, Any]:
    found = confirmation_by_hip(cohort)
    images = radiographs_by_hip(list(found))
    hips, radiographs = Counter(found.values()), Counter[str]()
    for hip, reason in found.items():
        radiographs[reason] += images.get(hip, 0)
    confirmed = hips.pop("", 0)
    # Who still waits is no exclusion yet, and stands last.
    reasons = sorted(hips, key=lambda reason: (reason == labels.WAITING_FOR_NOTE, -hips[reason]))
    return {
        "key": CONFIRMED,
        "patients_in": len(found),
        "patients_out": confirmed,
        "hips_in": len(found),
        "hips_out": confirmed,
        "radiographs_in": sum(radiographs.values()),
        "radiographs_out": radiographs[""],
        "excluded": [_excluded(reason, hips[reason], hips[reason], radiographs[reason]) for reason in reasons],
        **_expectation(expected, confirmed),
    }


def confirmation_by_hip(cohort: Cohort) -> dict[int, str]:
    """Each coded hip with why it is not confirmed loose (yet), "" if it is."""
    hips = [hip for hip in cohorts.index_hips(cohort).values_list("hip_id", flat=True) if hip is not None]
    current = {label.hip_id: label for label in Label.objects.filter(hip_id__in=hips, is_current=True)}
    return {hip: labels.confirmation_reason(current.get(hip)) for hip in hips}


def radiographs_by_hip(hips: list[int]) -> dict[int, int]:
    rows = Radiograph.objects.filter(hip_id__in=hips).values_list("hip_id").annotate(Count("pk"))
    return {hip: count for hip, count in rows if hip is not None}


def _comparison(cohort: Cohort, expected: dict[str, Any]) -> dict[str, Any]:
    """The other arm: who was never operated on again, who of them is eligible, and who was drawn."""
    pool, reasons = comparison_pool(cohorts.decision_counts(cohort))
    eligible = pool - sum(reasons.values())
    draw = cohorts.comparison_draw(cohort)
    return {
        "pool": pool,
        "excluded": [{"reason": reason, "patients": patients} for reason, patients in reasons.items()],
        "eligible": eligible,
        "eligible_expectation": _expectation(expected.get("eligible"), eligible),
        "draw": _draw(draw, expected.get("drawn")) if draw else None,
    }


def _draw(draw: ComparisonDraw, expected: int | None) -> dict[str, Any]:
    hips = list(ComparisonHip.objects.filter(draw=draw).values_list("hip_id", flat=True))
    return {
        "drawn": draw.size,
        "radiographs": sum(radiographs_by_hip(hips).values()),
        "seed": draw.seed,
        "against": draw.against,
        "cases": draw.cases,
        "matched_by": draw.matched_by,
        "age_band_years": draw.age_band_years,
        "per_case": draw.per_case,
        "strata": draw.strata,
        "balance": draw.balance,
        "drawn_by": draw.drawn_by.name if draw.drawn_by else None,
        "drawn_at": draw.drawn_at,
        "is_kept": draw.kept_from_id is not None,
        "eligible_when_drawn": draw.eligible,
        **_expectation(expected, draw.size),
    }


def _radiographs(study: Study) -> dict[str, int]:
    """Radiographs of the hips that are in the study, by what their label says now."""
    current = Label.objects.filter(study=study, is_current=True).exclude(rung__in=[Rung.TEACHING, Rung.CODE_DERIVED])
    return {
        value: Radiograph.objects.filter(study=study, hip__in=current.filter(value=value).values("hip")).count()
        for value in (LabelValue.LOOSE.value, LabelValue.WELL_FIXED.value)
    }
