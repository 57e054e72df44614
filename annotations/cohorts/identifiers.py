"""From a hospital's identifier to the patient, without keeping the identifier readable."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from annotations.cohorts.models import Origin, Patient
from common.encryption import keyed_hash, keyed_hasher
from studies.models import Study

# A pseudonym is this long unless another patient's begins with the same digits; then it is the longer one.
PSEUDONYM_LENGTH = 12
LONGER_PSEUDONYM = 20


def identifier_hash(study: Study, identifier: str) -> str:
    """What PatientLink is looked up by."""
    return keyed_hash("patient", study.slug, identifier.strip())


def pseudonym(study: Study, identifier: str, origin: str = Origin.REGISTRY) -> str:
    """What people see instead of the identifier: `P-…` for the registry's patients, `T-…` for teaching cases.

    Without the platform's key nobody finds the way from one to the other. The demo's are the same on every machine:
    nobody in it exists, and draws and splits, which go by the pseudonym, shall come out the same everywhere.
    """
    return pseudonymiser(study, origin)(identifier)[:PSEUDONYM_LENGTH]


def pseudonymiser(study: Study, origin: str = Origin.REGISTRY) -> Callable[[str], str]:
    """`pseudonym` for many: each in its full length, to be cut to one of the two."""
    kind = "teaching" if origin == Origin.TEACHING else "pseudonym"
    letter = "T" if origin == Origin.TEACHING else "P"
    if study.is_demo:
        return lambda identifier: (
            f"{letter}-{hashlib.sha256(f'demo {kind} {identifier}'.encode()).hexdigest()[:22].upper()}"
        )
    hashed = keyed_hasher(kind, study.slug)
    return lambda identifier: f"{letter}-{hashed(identifier)[:22].upper()}"


def registry_key(study: Study, kind: str, identifier: str) -> str:
    """What a registry row (a procedure, a diagnosis, a note …) is recognised by when it comes again."""
    return keyed_hash("registry", study.slug, kind, identifier.strip())


def patient_by_identifier(study: Study, identifier: str) -> Patient | None:
    return Patient.objects.filter(link__study=study, link__identifier_hash=identifier_hash(study, identifier)).first()
