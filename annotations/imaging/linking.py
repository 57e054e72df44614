"""Which hip a radiograph shows: by the hospital's identifier, the side, and the date beside the index procedure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from annotations.cohorts.identifiers import patient_by_identifier
from annotations.cohorts.models import CohortDecision, ComparisonHip, Hip, Origin, Patient, Procedure
from studies.models import Study

# The month before revision; for the comparison group one year after the primary, as people keep appointments.
DAYS_BEFORE_REVISION = 31
DAYS_AFTER_PRIMARY = (275, 550)


@dataclass(frozen=True, slots=True)
class Link:
    """The hip and the interval in days, or the reason why there is none; never both missing."""

    hip: Hip | None
    days_from_index_procedure: int | None
    problem: str


def link_radiograph(study: Study, *, identifier: str, laterality: str, acquired_on: date | None) -> Link:
    if not identifier:
        return Link(None, None, "The file names no patient.")
    patient = patient_by_identifier(study, identifier)
    if patient is None:
        return Link(None, None, "The patient of this file is not in the registry.")
    if not laterality:
        return Link(None, None, "The file does not say which side it shows.")
    hip = Hip.objects.filter(patient=patient, side=laterality).first()
    if hip is None:
        return Link(None, None, "The registry knows no procedure on the side that this file names.")
    if patient.origin == Origin.TEACHING:
        return Link(hip, None, "")
    return _within_window(patient, hip, acquired_on)


def _within_window(patient: Patient, hip: Hip, acquired_on: date | None) -> Link:
    if acquired_on is None:
        return Link(None, None, "The file has no acquisition date.")
    revision = _index_revision(patient, hip)
    if revision is not None:
        days = (acquired_on - revision.performed_on).days
        if -DAYS_BEFORE_REVISION <= days <= 0:
            return Link(hip, days, "")
        return Link(None, None, "The radiograph was not made in the month before the revision.")
    primary = _index_primary(hip)
    if primary is not None:
        days = (acquired_on - primary.performed_on).days
        if DAYS_AFTER_PRIMARY[0] <= days <= DAYS_AFTER_PRIMARY[1]:
            return Link(hip, days, "")
        return Link(None, None, "The radiograph was not made about one year after the primary replacement.")
    return Link(None, None, "This hip is in neither group of the current cohort.")


def _index_revision(patient: Patient, hip: Hip) -> Procedure | None:
    decision = (
        CohortDecision.objects.filter(cohort__is_current=True, patient=patient, hip=hip, excluded_at_step="")
        .select_related("index_procedure")
        .first()
    )
    return decision.index_procedure if decision else None


def _index_primary(hip: Hip) -> Procedure | None:
    drawn = (
        ComparisonHip.objects.filter(draw__cohort__is_current=True, hip=hip).select_related("index_procedure").first()
    )
    return drawn.index_procedure if drawn else None
