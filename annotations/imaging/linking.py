"""Which hip a radiograph shows: by the hospital's identifier, view, side, and the date beside the index procedure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from annotations.cohorts.models import CohortDecision, ComparisonHip, Hip, Origin, Patient, Procedure
from annotations.imaging.models import IdentifierTag, LinkingRules
from studies.models import Study

VIEWS = ("AP",)


@dataclass(frozen=True, slots=True)
class Link:
    """The hip and the interval in days, or the reason why there is none; never both missing."""

    hip: Hip | None
    days_from_index_procedure: int | None
    problem: str


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """What a file, or a map of identifiers beside it, says of whom and what it shows. Hashes are keyed by the study."""

    patient_id_hash: str = ""
    accession_hash: str = ""
    file_hash: str = ""
    # Of the patient that a map of identifiers names for this file; it counts before what the file says.
    mapped_hash: str = ""
    laterality: str = ""
    view: str = ""
    acquired_on: date | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A hip that an image may show: how far from its index procedure it was made, and what speaks against it."""

    hip: Hip
    group: str
    days_from_index_procedure: int | None
    problem: str


def rules_of(study: Study) -> LinkingRules:
    rules = LinkingRules.objects.filter(study=study).first()
    return rules or LinkingRules(study=study, views=list(VIEWS))


def link_radiograph(study: Study, facts: LinkFacts) -> Link:
    """The one hip that everything speaks for; else why there is none."""
    rules = rules_of(study)
    hashed, problem = _patient_hash(rules, facts)
    if problem:
        return Link(None, None, problem)
    patient = patient_by_hash(study, hashed)
    if patient is None:
        return Link(None, None, "The patient of this file is not in the registry.")
    problem = _view_problem(rules, facts.view)
    if problem and patient.origin != Origin.TEACHING:
        return Link(None, None, problem)
    if not facts.laterality:
        return Link(None, None, "The file does not say which side it shows.")
    hip = Hip.objects.filter(patient=patient, side=facts.laterality).first()
    if hip is None:
        return Link(None, None, "The registry knows no procedure on the side that this file names.")
    if patient.origin != Origin.REGISTRY:
        return Link(hip, None, "")
    candidate = candidate_of(rules, hip, facts.acquired_on)
    if candidate.problem:
        return Link(None, None, candidate.problem)
    return Link(hip, candidate.days_from_index_procedure, "")


def patient_by_hash(study: Study, hashed: str) -> Patient | None:
    return Patient.objects.filter(link__study=study, link__identifier_hash=hashed).first()


def _patient_hash(rules: LinkingRules, facts: LinkFacts) -> tuple[str, str]:
    """What the patient is looked up by, or why there is nothing to look up."""
    if facts.mapped_hash:
        return facts.mapped_hash, ""
    if rules.identifier_tag == IdentifierTag.ACCESSION_NUMBER:
        # The registry knows no accession numbers: only a map leads from them to a patient.
        known = "The accession number of this file is in no identifier map."
        return "", known if facts.accession_hash else "The file has no accession number."
    return facts.patient_id_hash, "" if facts.patient_id_hash else "The file names no patient."


def candidates_of(study: Study, patient: Patient, facts: LinkFacts) -> list[Candidate]:
    """Both hips of the patient, with what speaks against each; the one that nothing speaks against first."""
    rules = rules_of(study)
    hips = Hip.objects.filter(patient=patient).select_related("patient__site").order_by("side")
    found = [_with_file_problems(rules, facts, candidate_of(rules, hip, facts.acquired_on)) for hip in hips]
    return sorted(found, key=lambda candidate: bool(candidate.problem))


def candidate_of(rules: LinkingRules, hip: Hip, acquired_on: date | None) -> Candidate:
    revision, primary = _index_revision(hip), _index_primary(hip)
    group = "revision" if revision else "comparison" if primary else ""
    index = revision or primary
    if index is None:
        return Candidate(hip, group, None, "This hip is in neither group of the current cohort.")
    if acquired_on is None:
        return Candidate(hip, group, None, "The file has no acquisition date.")
    days = (acquired_on - index.performed_on).days
    problem = ""
    if revision and not -rules.days_before_revision <= days <= 0:
        problem = _not_before(rules.days_before_revision)
    elif not revision and not rules.days_after_primary_from <= days <= rules.days_after_primary_to:
        problem = "The radiograph was not made about one year after the primary replacement."
    return Candidate(hip, group, days, problem)


def _not_before(days: int) -> str:
    within = "month" if days in (30, 31) else f"{days} days"
    return f"The radiograph was not made in the {within} before the revision."


def _with_file_problems(rules: LinkingRules, facts: LinkFacts, candidate: Candidate) -> Candidate:
    problems = [candidate.problem, _view_problem(rules, facts.view)]
    if not facts.laterality:
        problems.append("The file does not say which side it shows.")
    elif facts.laterality != candidate.hip.side:
        problems.append("The file names the other side.")
    return replace(candidate, problem=" ".join(_without_empty(problems)))


def _without_empty(texts: Iterable[str]) -> list[str]:
    return [text for text in texts if text]


def _view_problem(rules: LinkingRules, view: str) -> str:
    if not view:
        return "" if rules.links_unstated_view else "The file does not say from which direction it was taken."
    wanted = rules.views or list(VIEWS)
    return "" if view in wanted else f"The view is {view}, not {' or '.join(wanted)}."


def _index_revision(hip: Hip) -> Procedure | None:
    decision = (
        CohortDecision.objects.filter(cohort__is_current=True, patient_id=hip.patient_id, hip=hip, excluded_at_step="")
        .select_related("index_procedure")
        .first()
    )
    return decision.index_procedure if decision else None


def _index_primary(hip: Hip) -> Procedure | None:
    drawn = (
        ComparisonHip.objects.filter(draw__cohort__is_current=True, hip=hip).select_related("index_procedure").first()
    )
    return drawn.index_procedure if drawn else None
