"""What subgroups are made of: age band, side, sex, site and the loose component of each case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from annotations.cohorts.models import CohortDecision, ComparisonHip
from annotations.datasets.models import DatasetCase
from annotations.labels.models import ComponentVerdict

UNKNOWN = "unknown"
_BANDS = ((60, "under 60"), (70, "60 to 69"), (80, "70 to 79"))


def age_band(age: int) -> str:
    """Ten years wide, open at both ends: nobody is recognised by an age of 93."""
    return next((name for below, name in _BANDS if age < below), "80 and over")


def age_bands(cases: Iterable[DatasetCase]) -> dict[int, str]:
    """By the case's primary key: the age in the year of the index procedure, or "unknown" where there is none."""
    listed = list(cases)
    years = _index_years([case.hip_id for case in listed])
    return {
        case.pk: age_band(years[case.hip_id] - case.patient.birth_year) if case.hip_id in years else UNKNOWN
        for case in listed
    }


def _index_years(hips: Sequence[int]) -> dict[int, int]:
    """Of the current cohort where a hip is in it, else of the last that held it."""
    decided = CohortDecision.objects.filter(hip_id__in=hips, index_procedure__isnull=False)
    drawn = ComparisonHip.objects.filter(hip_id__in=hips)
    years: dict[int, int] = {}
    for found, current in ((decided, "cohort__is_current"), (drawn, "draw__cohort__is_current")):
        rows = found.order_by(current, "pk").values_list("hip_id", "index_procedure__performed_on__year")
        years |= {hip: year for hip, year in rows if hip is not None and year is not None}
    return years


def loose_component(case: DatasetCase) -> str:
    """Which component the reference standard calls loose; empty for a well-fixed hip."""
    if case.label_value != "loose":
        return ""
    loose = [name for name in ("cup", "stem") if getattr(case.label, name) == ComponentVerdict.LOOSE]
    return " and ".join(loose) or "not stated"
