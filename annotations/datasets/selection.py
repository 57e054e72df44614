"""Which of the eligible radiographs a version takes in, and why each of the others stays out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from annotations.cohorts.models import CohortDecision, ComparisonHip, Side
from annotations.imaging.models import Radiograph
from annotations.labels.models import Label, LabelValue, Rung
from common.errors import Invalid
from studies.models import Site, Study

UNIT = "hip of a patient"
# What a hip has to have reached at least. Follow-up is a rung of its own and never confirmed at surgery.
RUNGS = (Rung.NOTE_CONFIRMED.value, Rung.ADJUDICATED.value)
_HEIGHT = {Rung.NOTE_CONFIRMED.value: 1, Rung.ADJUDICATED.value: 2, Rung.FROZEN.value: 2}
_SEXES = ("F", "M", "O")
_OLDEST = 130
# The radiograph that stands for a well-fixed hip is that of one year after the primary.
_DAYS_WANTED = {LabelValue.LOOSE.value: 0, LabelValue.WELL_FIXED.value: 365}


@dataclass(frozen=True, slots=True)
class Selection:
    """The filters of a version; nothing chosen means all. Ages are in years, in the year of the index procedure.

    `least_rung` asks it of loose hips; a well-fixed hip stands on its follow-up, unless `follow_up_derived` is off.
    `one_radiograph_a_hip` keeps the one nearest to the revision, or to one year after the primary.
    """

    sites: tuple[str, ...] = ()
    sexes: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    youngest: int | None = None
    oldest: int | None = None
    least_rung: str = ""
    follow_up_derived: bool = True
    one_radiograph_a_hip: bool = True

    def as_json(self) -> dict[str, Any]:
        lists = {"sites": sorted(self.sites), "sexes": sorted(self.sexes), "sides": sorted(self.sides)}
        return asdict(self) | lists | {"unit": UNIT}

    def check(self, study: Study) -> None:
        known = set(Site.objects.filter(study=study).values_list("code", flat=True))
        problems = [
            {"field": f"selection.{field}", "message": f"“{value}” is not one of {', '.join(sorted(allowed))}"}
            for field, values, allowed in (
                ("sites", self.sites, known),
                ("sexes", self.sexes, set(_SEXES)),
                ("sides", self.sides, set(Side.values)),
                ("least_rung", (self.least_rung,) if self.least_rung else (), set(RUNGS)),
            )
            for value in values
            if value not in allowed
        ]
        problems += self._age_problems()
        if problems:
            raise Invalid("These filters are not possible.", code="selection_invalid", details=problems)

    def _age_problems(self) -> list[dict[str, str]]:
        problems = [
            {"field": f"selection.{field}", "message": f"must lie between 0 and {_OLDEST}; received {age}"}
            for field, age in (("youngest", self.youngest), ("oldest", self.oldest))
            if age is not None and not 0 <= age <= _OLDEST
        ]
        if self.youngest is not None and self.oldest is not None and self.youngest > self.oldest:
            problems.append({"field": "selection.oldest", "message": "lies below the youngest age"})
        return problems


def select_radiographs(
    study: Study, selection: Selection, radiographs: Sequence[Radiograph], labels: Mapping[int, Label]
) -> tuple[list[Radiograph], dict[str, int]]:
    """The radiographs that pass, in their order, and how many stay out for each first reason."""
    selection.check(study)
    years = _index_years(study) if selection.youngest is not None or selection.oldest is not None else {}
    reasons = {r.pk: _first_reason(selection, r, labels[_hip(r)], years) for r in radiographs}
    passed = [radiograph for radiograph in radiographs if not reasons[radiograph.pk]]
    kept = _nearest(passed, labels) if selection.one_radiograph_a_hip else {radiograph.pk for radiograph in passed}
    left_out = Counter(reason for reason in reasons.values() if reason)
    if len(kept) < len(passed):
        left_out["another_radiograph_of_the_hip"] = len(passed) - len(kept)
    return [radiograph for radiograph in passed if radiograph.pk in kept], dict(left_out)


def _hip(radiograph: Radiograph) -> int:
    assert radiograph.hip_id is not None
    return radiograph.hip_id


def _first_reason(selection: Selection, radiograph: Radiograph, label: Label, years: Mapping[int, int]) -> str:
    hip = radiograph.hip
    assert hip is not None
    patient = hip.patient
    for reason, wanted, value in (
        ("site", selection.sites, patient.site.code),
        ("sex", selection.sexes, patient.sex),
        ("side", selection.sides, hip.side),
    ):
        if wanted and value not in wanted:
            return reason
    if not _on_rung(selection, label):
        return "rung"
    if selection.youngest is None and selection.oldest is None:
        return ""
    if hip.pk not in years:
        return "age_unknown"
    age = years[hip.pk] - patient.birth_year
    young = selection.youngest is not None and age < selection.youngest
    return "age" if young or (selection.oldest is not None and age > selection.oldest) else ""


def _on_rung(selection: Selection, label: Label) -> bool:
    if label.rung == Rung.FOLLOW_UP_DERIVED:
        return selection.follow_up_derived
    return not selection.least_rung or _HEIGHT.get(label.rung, 0) >= _HEIGHT[selection.least_rung]


def _index_years(study: Study) -> dict[int, int]:
    """The year of each hip's index procedure, in the current cohort."""
    decided = CohortDecision.objects.filter(cohort__study=study, cohort__is_current=True, index_procedure__isnull=False)
    drawn = ComparisonHip.objects.filter(draw__cohort__study=study, draw__cohort__is_current=True)
    years: dict[int, int] = dict(drawn.values_list("hip_id", "index_procedure__performed_on__year"))
    # A revision comes after any primary, and is what such a hip is in the study for.
    for hip, year in decided.values_list("hip_id", "index_procedure__performed_on__year"):
        if hip is not None:
            years[hip] = year
    return years


def _nearest(radiographs: Sequence[Radiograph], labels: Mapping[int, Label]) -> set[int]:
    by_hip: dict[int, list[Radiograph]] = defaultdict(list)
    for radiograph in radiographs:
        by_hip[_hip(radiograph)].append(radiograph)

    def distance(radiograph: Radiograph) -> tuple[bool, int, int]:
        days = radiograph.days_from_index_procedure
        wanted = _DAYS_WANTED[labels[_hip(radiograph)].value]
        return days is None, abs((days or 0) - wanted), radiograph.pk

    return {min(group, key=distance).pk for group in by_hip.values()}
