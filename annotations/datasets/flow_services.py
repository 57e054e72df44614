"""Building a cohort and drawing its comparison group from the page: the labels of the study follow both."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from accounts.models import Person
from annotations.cohorts import services as cohorts
from annotations.cohorts.comparison_draw import draw_comparison_group
from annotations.cohorts.models import Cohort, CohortRules, ComparisonDraw
from annotations.cohorts.selectors import comparison_draw, current_cohort
from annotations.datasets.flow import confirmation_by_hip
from annotations.labels.following import follow_cohort
from common.errors import Conflict
from studies.models import Study

REDRAW = "redraw"
CODED, CONFIRMED = "coded", "confirmed"


@dataclass(frozen=True, slots=True)
class DrawRequest:
    """What the page asks for; `against` is the part of the loosening group that is matched to and compared with."""

    seed: int
    size: int | None = None
    matched_by: tuple[str, ...] = ()
    age_band_years: int = 10
    per_case: int = 1
    against: str = CODED


@transaction.atomic
def build_study_cohort(*, study: Study, rules: CohortRules, comparison: str | None, actor: Person) -> Cohort:
    """Build by a version of the rules. `comparison` says what becomes of a drawn group: keep, redraw or drop."""
    earlier = _current_draw(study)
    redraws = comparison == REDRAW and earlier is not None
    choice = cohorts.DROP_THE_DRAW if comparison == REDRAW else comparison
    cohort = cohorts.build_cohort(study=study, rules=rules, actor=actor, comparison=choice)
    if redraws and earlier is not None:
        _draw(cohort, _as_before(earlier), actor)
    follow_cohort(cohort=cohort, actor=actor)
    return cohort


@transaction.atomic
def draw_study_comparison(*, study: Study, request: DrawRequest, again: bool, actor: Person) -> ComparisonDraw:
    """Draw for the current cohort. With `again` a draw that exists is replaced: the cohort is built again for it."""
    cohort = current_cohort(study)
    if cohort is None:
        raise Conflict("There is no cohort yet: build it first.", code="no_cohort")
    if again and comparison_draw(cohort) is not None:
        cohort = cohorts.build_cohort(study=study, rules=cohort.rules, actor=actor, comparison=cohorts.DROP_THE_DRAW)
    draw = _draw(cohort, request, actor)
    follow_cohort(cohort=cohort, actor=actor)
    return draw


def _draw(cohort: Cohort, request: DrawRequest, actor: Person) -> ComparisonDraw:
    cases = None
    if request.against == CONFIRMED:
        cases = [hip for hip, why in confirmation_by_hip(cohort).items() if not why]
    return draw_comparison_group(
        cohort=cohort, seed=request.seed, size=request.size, matched_by=request.matched_by,
        age_band_years=request.age_band_years, per_case=request.per_case, cases=cases, actor=actor,
    )  # fmt: skip


def _as_before(earlier: ComparisonDraw) -> DrawRequest:
    return DrawRequest(
        seed=earlier.seed, size=None if earlier.matched_by else earlier.size, matched_by=tuple(earlier.matched_by),
        age_band_years=earlier.age_band_years, per_case=earlier.per_case, against=earlier.against,
    )  # fmt: skip


def _current_draw(study: Study) -> ComparisonDraw | None:
    cohort = current_cohort(study)
    return comparison_draw(cohort) if cohort else None
