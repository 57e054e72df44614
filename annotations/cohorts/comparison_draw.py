"""The comparison group: a seeded draw among all hips that are eligible as well fixed, plain or matched by strata."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import transaction

from accounts.models import Person
from annotations.cohorts.balance import balance_of
from annotations.cohorts.models import Cohort, CohortDecision, ComparisonDraw, ComparisonHip
from common import audit
from common.errors import Conflict, Invalid

MATCHING_VARIABLES = ("age_band", "sex", "side", "site")
AGE_BANDS = (5, 10, 15, 20)
MOST_PER_CASE = 5
_LARGEST_SEED = 2**63 - 1


@dataclass(frozen=True, slots=True)
class HipFacts:
    """What a hip is matched by and compared in. The age is that at the index procedure, in calendar years."""

    hip_id: int
    index_procedure_id: int
    pseudonym: str
    sex: str
    side: str
    site: str
    age: int

    def stratum(self, matched_by: Sequence[str], age_band_years: int) -> tuple[str, ...]:
        low = self.age // age_band_years * age_band_years
        values = {
            "age_band": f"{low}–{low + age_band_years - 1}",
            "sex": self.sex,
            "side": self.side,
            "site": self.site,
        }
        return tuple(values[variable] for variable in matched_by)


@dataclass(frozen=True, slots=True)
class DrawPlan:
    """What is asked for: a number of hips, or, when matched, so many for each case of the loosening group."""

    seed: int
    size: int | None = None
    matched_by: tuple[str, ...] = ()
    age_band_years: int = 10
    per_case: int = 1

    def check(self) -> None:
        problems = []
        if not 0 <= self.seed <= _LARGEST_SEED:
            problems.append({"field": "seed", "message": f"must be a number from 0 to {_LARGEST_SEED}"})
        unknown = [name for name in self.matched_by if name not in MATCHING_VARIABLES]
        if unknown or len(set(self.matched_by)) < len(self.matched_by):
            message = f"choose among {', '.join(MATCHING_VARIABLES)}, each once"
            problems.append({"field": "matched_by", "message": message})
        if self.age_band_years not in AGE_BANDS:
            problems.append({"field": "age_band_years", "message": f"choose one of {', '.join(map(str, AGE_BANDS))}"})
        if not 1 <= self.per_case <= MOST_PER_CASE:
            problems.append({"field": "per_case", "message": f"must be from 1 to {MOST_PER_CASE}"})
        if self.matched_by and self.size is not None:
            problems.append({"field": "size", "message": "follows from the loosening group when the draw is matched"})
        if not self.matched_by and self.size is None:
            problems.append({"field": "size", "message": "says how many hips a plain draw takes"})
        if problems:
            raise Invalid("This draw is not possible.", code="draw_invalid", details=problems)


def eligible_hips(cohort: Cohort) -> list[HipFacts]:
    """Hips that were eligible as well fixed when the cohort was built; one hip a patient, the first replaced."""
    return _facts(CohortDecision.objects.filter(cohort=cohort, excluded_at_step="revised", comparison_reason=""))


def case_hips(cohort: Cohort, *, only: Sequence[int] | None = None) -> list[HipFacts]:
    """The loosening group: the hips that the codes select, or those of them that are named."""
    decisions = CohortDecision.objects.filter(cohort=cohort, excluded_at_step="")
    return _facts(decisions if only is None else decisions.filter(hip_id__in=only))


def _facts(decisions: Any) -> list[HipFacts]:
    rows = decisions.values_list(
        "hip_id", "index_procedure_id", "patient__pseudonym", "patient__sex", "hip__side", "patient__site__code",
        "index_procedure__performed_on", "patient__birth_year",
    )  # fmt: skip
    facts = [
        HipFacts(hip, procedure, pseudonym, sex, side, site, performed_on.year - birth_year)
        for hip, procedure, pseudonym, sex, side, site, performed_on, birth_year in rows
    ]
    # Not by the database, whose order of letters and digits is a matter of its locale.
    return sorted(facts, key=lambda hip: hip.pseudonym)


@transaction.atomic
def draw_comparison_group(
    *,
    cohort: Cohort,
    seed: int,
    actor: Person | None,
    size: int | None = None,
    matched_by: Sequence[str] = (),
    age_band_years: int = 10,
    per_case: int = 1,
    cases: Sequence[int] | None = None,
) -> ComparisonDraw:
    """Draw eligible hips by seed, over pseudonyms in their order: the same seed gives the same hips.

    Args:
        size: hips of a plain draw.
        matched_by: variables of an exact matching; each stratum then gets `per_case` hips for each of its cases, or
            all it has; what is missing is listed in the draw's strata.
        cases: hips of the loosening group that it is compared with and matched to; all that the codes select if None.
    """
    plan = DrawPlan(seed, size, tuple(matched_by), age_band_years, per_case)
    plan.check()
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    if ComparisonDraw.objects.filter(cohort=cohort).exists():
        raise Conflict("The comparison group of this cohort has been drawn.", code="already_drawn")
    eligible, group = eligible_hips(cohort), case_hips(cohort, only=cases)
    chosen, strata = _matched(plan, eligible, group) if plan.matched_by else (_plain(plan, eligible), [])
    draw = ComparisonDraw.objects.create(
        cohort=cohort, seed=seed, size=len(chosen), eligible=len(eligible), drawn_by=actor,
        against="coded" if cases is None else "confirmed", cases=len(group), matched_by=list(plan.matched_by),
        age_band_years=age_band_years, per_case=per_case, strata=strata,
        balance=[row.as_json() for row in balance_of(group, eligible, chosen)],
    )  # fmt: skip
    _keep_hips(draw, chosen)
    audit.record(
        actor=actor, action="comparison_drawn", subject=f"cohort:{cohort.pk}", study_slug=cohort.study.slug,
        payload={"seed": seed, "size": draw.size, "eligible": draw.eligible, "matched_by": draw.matched_by},
    )  # fmt: skip
    return draw


def _plain(plan: DrawPlan, eligible: list[HipFacts]) -> list[HipFacts]:
    size = plan.size or 0
    if size < 1 or size > len(eligible):
        message = f"received {size}; {len(eligible)} hips are eligible"
        raise Invalid(f"This draw is not possible: {message}.", details=[{"field": "size", "message": message}])
    chosen = np.random.default_rng(plan.seed).choice(len(eligible), size=size, replace=False)
    return [eligible[place] for place in sorted(chosen)]


def _matched(
    plan: DrawPlan, eligible: list[HipFacts], group: list[HipFacts]
) -> tuple[list[HipFacts], list[dict[str, Any]]]:
    """Within each stratum of the cases a draw of its own, by strata in their order."""
    if not group:
        raise Conflict("The loosening group is empty: there is nobody to match to.", code="no_cases")
    by_stratum: dict[tuple[str, ...], tuple[int, list[HipFacts]]] = {}
    for case in group:
        key = case.stratum(plan.matched_by, plan.age_band_years)
        by_stratum[key] = (by_stratum.get(key, (0, []))[0] + 1, [])
    for hip in eligible:
        found = by_stratum.get(hip.stratum(plan.matched_by, plan.age_band_years))
        if found:
            found[1].append(hip)
    chooser = np.random.default_rng(plan.seed)
    chosen: list[HipFacts] = []
    strata = []
    for key, (cases, there) in sorted(by_stratum.items()):
        wanted = cases * plan.per_case
        taken = chooser.choice(len(there), size=min(wanted, len(there)), replace=False).tolist() if there else []
        chosen += [there[place] for place in sorted(taken)]
        stratum = dict(zip(plan.matched_by, key, strict=True))
        strata.append(
            {"stratum": stratum, "cases": cases, "wanted": wanted, "eligible": len(there), "drawn": len(taken)}
        )
    if not chosen:
        raise Invalid(
            "No eligible hip matches any hip of the loosening group. Match by fewer variables or wider age bands.",
            details=[{"field": "matched_by", "message": "no stratum of the loosening group has an eligible hip"}],
        )
    return chosen, strata


@transaction.atomic
def keep_comparison_group(*, cohort: Cohort, earlier: ComparisonDraw, actor: Person | None) -> ComparisonDraw:
    """The same hips for a cohort that was built again; refused if any of them is not eligible any more."""
    eligible = eligible_hips(cohort)
    by_hip = {hip.hip_id: hip for hip in eligible}
    drawn = list(ComparisonHip.objects.filter(draw=earlier).values_list("hip_id", "hip__patient__pseudonym"))
    lost = sorted(name for hip, name in drawn if hip not in by_hip)
    if lost:
        raise Conflict(
            f"{len(lost)} of the {len(drawn)} drawn hips are not eligible by these rules and this registry. "
            "Draw the comparison group again, or build without one.",
            code="draw_cannot_be_kept",
            details=[{"message": f"{name} is not eligible any more"} for name in lost[:50]],
        )
    chosen = [by_hip[hip] for hip, _ in drawn]
    draw = ComparisonDraw.objects.create(
        cohort=cohort, seed=earlier.seed, size=earlier.size, eligible=len(eligible), drawn_by=earlier.drawn_by,
        against="coded", cases=len(case_hips(cohort)), matched_by=earlier.matched_by,
        age_band_years=earlier.age_band_years, per_case=earlier.per_case, strata=earlier.strata,
        balance=[row.as_json() for row in balance_of(case_hips(cohort), eligible, chosen)], kept_from=earlier,
    )  # fmt: skip
    _keep_hips(draw, chosen)
    audit.record(
        actor=actor, action="comparison_kept", subject=f"cohort:{cohort.pk}", study_slug=cohort.study.slug,
        payload={"size": draw.size, "from_cohort": earlier.cohort_id},
    )  # fmt: skip
    return draw


def _keep_hips(draw: ComparisonDraw, hips: list[HipFacts]) -> None:
    ComparisonHip.objects.bulk_create(
        ComparisonHip(draw=draw, hip_id=hip.hip_id, index_procedure_id=hip.index_procedure_id) for hip in hips
    )
