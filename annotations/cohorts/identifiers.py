"""From a hospital's identifier to the patient, without keeping the identifier readable."""

from __future__ import annotations

from annotations.cohorts.models import Patient
from common.encryption import keyed_hash
from studies.models import Study


def identifier_hash(study: Study, identifier: str) -> str:
    """What PatientLink is looked up by."""
    return keyed_hash("patient", study.slug, identifier.strip())


def registry_key(study: Study, kind: str, identifier: str) -> str:
    """What a registry row (a procedure, a diagnosis, a note …) is recognised by when it comes again."""
    return keyed_hash("registry", study.slug, kind, identifier.strip())


def patient_by_identifier(study: Study, identifier: str) -> Patient | None:
    return Patient.objects.filter(link__study=study, link__identifier_hash=identifier_hash(study, identifier)).first()
