"""A study in any state a test needs, built through the services that build real ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from rest_framework.test import APIClient

from accounts.models import Person
from annotations.cohorts.comparison_draw import draw_comparison_group
from annotations.cohorts.identifiers import identifier_hash
from annotations.cohorts.models import Cohort, Hip, OperativeNote, Origin, Patient, PatientLink
from annotations.cohorts.rules import PUBLISHED_RULES
from annotations.cohorts.services import build_cohort, save_rules
from annotations.datasets.models import DatasetVersion, Part
from annotations.datasets.services import freeze_dataset_version, freeze_practice_set
from annotations.datasets.split import RatioSplit
from annotations.imaging.models import IntakeFile, Radiograph
from annotations.imaging.receiving import Upload, receive_files
from annotations.imaging.services import process_intake_file
from annotations.labels.services import (
    Verdict,
    assess_note,
    derive_code_labels,
    derive_comparison_labels,
    record_teaching_label,
)
from annotations.reads.models import ProtocolStatus, Read, ReadProtocol, ReadSession
from annotations.reads.services import accept_instructions, amend_protocol, create_protocol, plan_session
from common.encryption import encrypt
from studies.models import Role, Site, Study
from studies.services import create_study, grant_role
from tests.radiograph_files import dicom_file, pixels
from tests.registries import PRIMARY_DAY, REVISION_DAY, Registry

PASSWORD = "a long enough password"  # of synthetic people
_numbers = count(1)

DAY_BEFORE_REVISION = (REVISION_DAY - timedelta(days=9)).strftime("%Y%m%d")
DAY_AFTER_PRIMARY = (PRIMARY_DAY + timedelta(days=365)).strftime("%Y%m%d")
LOOSE = Verdict(cup="loose", stem="well_fixed", infection="none", diagnoses_agree=True)
NOT_LOOSE = Verdict(cup="well_fixed", stem="well_fixed", infection="none", diagnoses_agree=True)


def make_person(name: str = "", *, email: str = "", password: str | None = None) -> Person:
    number = next(_numbers)
    person = Person.objects.create_person(
        email=email or f"person-{number}@example.org", name=name or f"Person {number}", password=None
    )
    if password is not None:
        person.password = _hashed(password)
        person.save()
    return person


@cache
def _hashed(password: str) -> str:
    """Argon2 is slow on purpose; one hash of a password serves all synthetic people."""
    return make_password(password)


def make_study(slug: str = "") -> Study:
    slug = slug or f"study-{next(_numbers)}"
    return create_study(slug=slug, title=f"The study {slug}")


def make_member(study: Study, *roles: str, name: str = "", password: str | None = None) -> Person:
    person = make_person(name, password=password)
    for role in roles:
        grant_role(study=study, person=person, role=role, actor=None)
    return person


def client_of(person: Person | None = None, *, enforce_csrf: bool = False) -> APIClient:
    """A browser in which this person is signed in, or a visitor's."""
    client = APIClient(enforce_csrf_checks=enforce_csrf)
    if person is not None:
        client.force_login(person)
    return client


def take_in(study: Study, *files: bytes, actor: Person | None = None) -> list[IntakeFile]:
    """Upload files and deal with each as a worker does."""
    uploads = [Upload(f"file-{number}.dcm", data) for number, data in enumerate(files, start=1)]
    batch = receive_files(study=study, uploads=uploads, actor=actor)
    waiting = list(IntakeFile.objects.filter(batch=batch).order_by("pk").values_list("pk", flat=True))
    processed = [process_intake_file(pk, worker_name="a test") for pk in waiting]
    return [file for file in processed if file is not None]


def take_in_radiograph(study: Study, *, seed: int = 1, **elements: Any) -> Radiograph:
    (file,) = take_in(study, dicom_file(pixels(seed), **elements))
    assert file.radiograph is not None, file.reason
    return file.radiograph


def make_teaching_case(study: Study, site: Site, identifier: str, value: str, *, seed: int) -> Radiograph:
    patient = Patient.objects.create(
        study=study, site=site, pseudonym=f"T-{identifier}", birth_year=1950, sex="F", origin=Origin.TEACHING
    )
    PatientLink.objects.create(
        study=study, patient=patient, identifier_hash=identifier_hash(study, identifier),
        identifier_encrypted=encrypt(identifier),
    )  # fmt: skip
    hip = Hip.objects.create(patient=patient, side="R")
    record_teaching_label(study=study, hip=hip, value=value, actor=None)
    return take_in_radiograph(study, seed=seed, PatientID=identifier)


def make_cohort(study: Study, *, comparison: int = 0, seed: int = 7) -> Cohort:
    rules = save_rules(study=study, rules=PUBLISHED_RULES, actor=None)
    cohort = build_cohort(study=study, rules=rules, actor=None)
    derive_code_labels(cohort=cohort)
    if comparison:
        derive_comparison_labels(draw=draw_comparison_group(cohort=cohort, size=comparison, seed=seed, actor=None))
    return cohort


def read_all_notes(study: Study, verdict: Verdict = LOOSE) -> None:
    """Two abstractors agree about every note."""
    abstractors = [make_member(study, Role.ABSTRACTOR) for _ in range(2)]
    for note in OperativeNote.objects.filter(study=study):
        for abstractor in abstractors:
            assess_note(note=note, abstractor=abstractor, verdict=verdict)


@dataclass
class SmallStudy:
    """A study from registry to planned reads. Loose hips first; every patient has one hip and one radiograph."""

    study: Study
    cohort: Cohort
    version: DatasetVersion | None = None
    practice: DatasetVersion | None = None
    protocol: ReadProtocol | None = None
    radiographs: list[Radiograph] = field(default_factory=list)


def make_study_with_cases(
    folder: Path, *, loose: int = 6, well_fixed: int = 6, sites: int = 2, mark: str = ""
) -> SmallStudy:
    """Registry, cohort, notes read twice, comparison drawn, radiographs taken in and linked.

    `mark` stands in every site's and patient's own name, so that a test can look for it where it must not be.
    """
    study = make_study()
    registry = Registry(study, folder / study.slug)
    revised = [registry.revised_patient(f"{mark}{1000 + i}", site=f"{mark}S{i % sites}") for i in range(loose)]
    others = [registry.well_fixed_patient(f"{mark}{2000 + i}", site=f"{mark}S{i % sites}") for i in range(well_fixed)]
    registry.load()
    cohort = make_cohort(study, comparison=well_fixed)
    read_all_notes(study)
    files = [
        dicom_file(pixels(1000 + seed), PatientID=patient, AcquisitionDate=day)
        for seed, (patient, day) in enumerate(
            [*((patient, DAY_BEFORE_REVISION) for patient in revised), *((p, DAY_AFTER_PRIMARY) for p in others)]
        )
    ]
    taken = [file.radiograph for file in take_in(study, *files)]
    return SmallStudy(study, cohort, radiographs=[radiograph for radiograph in taken if radiograph is not None])


def make_frozen_study(
    folder: Path, *, loose: int = 6, well_fixed: int = 6, split: RatioSplit | None = None, practice: int = 0,
    mark: str = "",
) -> SmallStudy:  # fmt: skip
    made = make_study_with_cases(folder, loose=loose, well_fixed=well_fixed, mark=mark)
    made.version = freeze_dataset_version(
        study=made.study, name="First", split=split or RatioSplit(seed=1, validation=0.2, test=0.4), actor=None
    )
    site = Site.objects.filter(study=made.study).order_by("code").first()
    assert site is not None
    for number in range(practice):
        value = "loose" if number % 2 == 0 else "well_fixed"
        make_teaching_case(made.study, site, str(9000 + number), value, seed=9000 + number)
    if practice:
        made.practice = freeze_practice_set(study=made.study, name="Practice", actor=None)
    return made


def make_study_to_read(
    folder: Path, *, loose: int = 6, well_fixed: int = 6, practice: int = 2, mark: str = ""
) -> SmallStudy:
    made = make_frozen_study(folder, loose=loose, well_fixed=well_fixed, practice=practice, mark=mark)
    assert made.version is not None
    made.protocol = create_protocol(
        study=made.study, title="Reading", dataset_version=made.version, part=Part.TEST,
        practice_version=made.practice, instructions="Say what you see.", actor=None,
    )  # fmt: skip
    return made


def make_session(protocol: ReadProtocol, *, seed: int = 3, accepted: bool = True, name: str = "") -> ReadSession:
    """A surgeon of the study with a stored plan. The password is PASSWORD."""
    reader = make_member(protocol.study, Role.SURGEON, name=name, password=PASSWORD)
    session = plan_for(protocol, reader, seed=seed)
    if accepted:
        accept_instructions(session=session)
        session.refresh_from_db()
    return session


def plan_for(protocol: ReadProtocol, reader: Person, *, seed: int = 3) -> ReadSession:
    """The reader's first session; to a protocol that is frozen they are added by an amendment."""
    protocol.refresh_from_db()
    if protocol.status != ProtocolStatus.OPEN:
        return plan_session(protocol=protocol, reader=reader, seed=seed, actor=None)
    signer = make_member(protocol.study, Role.ADMINISTRATOR, password=PASSWORD)
    amend_protocol(
        protocol=protocol, changes={}, new_readers=[reader], seeds={reader.pk: seed}, reason="One more reader.",
        signer=signer, password=PASSWORD,
    )  # fmt: skip
    return ReadSession.objects.get(protocol=protocol, reader=reader)


def read_at(session: ReadSession, position: int) -> Read:
    return Read.objects.select_related("session__protocol__study", "session__reader").get(
        session=session, position=position
    )
