"""From a hospital's identifier to the patient, without keeping the identifier readable."""

from __future__ import annotations

import hashlib

from annotations.cohorts.models import Origin, Patient
from common.encryption import keyed_hash
from studies.models import Study


def identifier_hash(study: Study, identifier: str) -> str:
    """What PatientLink is looked up by."""
    return keyed_hash("patient", study.slug, identifier.strip())


def pseudonym(study: Study, identifier: str, origin: str = Origin.REGISTRY) -> str:
    """What people see instead of the identifier: `P-…` for the registry's patients, `T-…` for teaching cases.

    Without the platform's key nobody finds the way from one to the other. The demo's are the same on every machine:
    nobody in it exists, and draws and splits, which go by the pseudonym, shall come out the same everywhere.
    """
    kind = "teaching" if origin == Origin.TEACHING else "pseudonym"
    if study.is_demo:
        digest = hashlib.sha256(f"demo {kind} {identifier}".encode()).hexdigest()
    else:
        digest = keyed_hash(kind, study.slug, identifier)
    return f"{'T' if origin == Origin.TEACHING else 'P'}-{digest[:10].upper()}"


def registry_key(study: Study, kind: str, identifier: str) -> str:
    """What a registry row (a procedure, a diagnosis, a note …) is recognised by when it comes again."""
    return keyed_hash("registry", study.slug, kind, identifier.strip())


def patient_by_identifier(study: Study, identifier: str) -> Patient | None:
    return Patient.objects.filter(link__study=study, link__identifier_hash=identifier_hash(study, identifier)).first()
