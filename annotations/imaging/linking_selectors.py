"""The queue of images without a hip, and what each could be linked to. No date and no identifier leaves here."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db.models import Prefetch, QuerySet

from accounts.models import Person
from annotations.cohorts.models import Patient
from annotations.imaging.identifier_map import with_map
from annotations.imaging.linking import candidates_of, patient_by_hash, rules_of
from annotations.imaging.models import IdentifierTag, LinkDecision, Radiograph
from annotations.imaging.selectors import radiographs_of
from annotations.imaging.waiting_links import remembered
from common.errors import NotFound
from studies.models import Study


def waiting_for_link(actor: Person, slug: str) -> QuerySet[Radiograph]:
    return radiographs_of(actor, slug).filter(hip__isnull=True, is_link_refused=False).order_by("pk")


def decided_by_hand(actor: Person, slug: str) -> QuerySet[Radiograph]:
    """What a person has linked or refused and nobody has taken back; the latest first."""
    decisions = LinkDecision.objects.select_related("decided_by").order_by("-pk")
    radiographs = radiographs_of(actor, slug).filter(link_decisions__isnull=False).distinct()
    return (
        radiographs.exclude(hip__isnull=True, is_link_refused=False)
        .prefetch_related(Prefetch("link_decisions", decisions))
        .order_by("-pk")
    )


def radiograph_to_link(actor: Person, slug: str, radiograph_id: int) -> Radiograph:
    radiograph = radiographs_of(actor, slug).select_related("study").filter(pk=radiograph_id).first()
    if radiograph is None:
        raise NotFound("There is no such radiograph.")
    return radiograph


def named_patient(radiograph: Radiograph) -> Patient | None:
    """The patient whom file or map names, if the registry knows them."""
    study = radiograph.study
    facts = with_map(study, remembered(radiograph))
    by_tag = rules_of(study).identifier_tag == IdentifierTag.PATIENT_ID
    hashed = facts.mapped_hash or (facts.patient_id_hash if by_tag else "")
    return patient_by_hash(study, hashed) if hashed else None


def link_candidates(radiograph: Radiograph, pseudonym: str = "") -> list[dict[str, Any]]:
    """Hips of the patient whom the file names, or of the one who is asked for."""
    study = radiograph.study
    patient = _by_pseudonym(study, pseudonym) if pseudonym else named_patient(radiograph)
    if patient is None:
        return []
    facts = with_map(study, remembered(radiograph))
    return [
        asdict(candidate)
        | {"hip": candidate.hip.pk, "patient": patient.pseudonym, "side": candidate.hip.side,
           "site": candidate.hip.patient.site.code}
        for candidate in candidates_of(study, patient, facts)
    ]  # fmt: skip


def _by_pseudonym(study: Study, pseudonym: str) -> Patient:
    patient = Patient.objects.filter(study=study, pseudonym__iexact=pseudonym.strip()).first()
    if patient is None:
        raise NotFound("The study has no patient of this pseudonym.", code="no_such_patient")
    return patient
