"""Which hips get a phantom, and its way through the real intake."""

from __future__ import annotations

import os
import random
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from django.db import connection

from annotations.cohorts.identifiers import patient_by_identifier
from annotations.cohorts.models import Cohort, ComparisonDraw, ComparisonHip, Hip
from annotations.cohorts.selectors import index_hips
from annotations.cohorts.services import register_teaching_hip
from annotations.imaging.models import IntakeBatch, IntakeFile, IntakeOutcome, QuarantinedImage
from annotations.imaging.quarantine import mask_and_propose, release_file
from annotations.imaging.receiving import Upload, receive_file
from annotations.imaging.services import process_intake_file
from annotations.labels.models import Label, LabelValue, Rung
from annotations.labels.services import record_teaching_label
from common.encryption import decrypt
from common.errors import DomainError
from common.models import JobStatus
from demo.phantom import PhantomCase, PhantomHeader, make_phantom_files
from demo.registry.tables import PatientTruth
from demo.study.people import Cast
from demo.study.progress import Tell
from studies.models import Site, Study

TEACHING_CASES = 8
_WITH_TEXT = 3
Component = Literal["cup", "stem", "both", ""]
_COMPONENTS: dict[str, Component] = {"cup": "cup", "stem": "stem", "both": "both"}


@dataclass(frozen=True, slots=True)
class PlannedRadiograph:
    hip_id: int
    case: PhantomCase
    header: PhantomHeader


class DemoIntakeFailed(DomainError):
    """A file of the demo was not accepted: the generator and the intake no longer fit each other."""


def plan_radiographs(
    study: Study, draw: ComparisonDraw, truth: Mapping[str, PatientTruth], *, seed: int
) -> list[PlannedRadiograph]:
    """The month before revision for the confirmed hips, one year after the primary for the comparison group."""
    planned = []
    loose = (
        Label.objects.filter(study=study, is_current=True, value=LabelValue.LOOSE)
        # A dispute leaves its hip where the codes put it: not confirmed.
        .exclude(rung__in=[Rung.TEACHING, Rung.CODE_DERIVED])
        .select_related("hip__patient__link", "hip__patient__site")
    )
    revisions = _index_dates(draw.cohort)
    for label in loose.order_by("hip__patient__pseudonym"):
        identifier = _identifier(label.hip)
        rng = random.Random(f"{seed}:{identifier}")
        on = revisions[label.hip_id] - timedelta(days=rng.randint(1, 30))
        component = _COMPONENTS[truth[identifier].component]
        planned.append(_planned(label.hip, identifier, on, rng, loose=True, component=component))
    drawn = ComparisonHip.objects.filter(draw=draw).select_related(
        "hip__patient__link", "hip__patient__site", "index_procedure"
    )
    for chosen in drawn.order_by("hip__patient__pseudonym"):
        identifier = _identifier(chosen.hip)
        rng = random.Random(f"{seed}:{identifier}")
        on = chosen.index_procedure.performed_on + timedelta(days=rng.randint(330, 420))
        planned.append(_planned(chosen.hip, identifier, on, rng, loose=False, component=""))
    return planned


def _index_dates(cohort: Cohort) -> dict[int, date]:
    rows = index_hips(cohort).values_list("hip_id", "index_procedure__performed_on")
    return {hip: on for hip, on in rows if hip is not None and on is not None}


def _identifier(hip: Hip) -> str:
    return decrypt(hip.patient.link.identifier_encrypted)


_FAMILY = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel", "Juniper", "Larch", "Maple", "Rowan")
_GIVEN = ("Ines", "Jon", "Kai", "Lea", "Mira", "Nils", "Oda", "Per", "Runa", "Sami", "Tove", "Ulf")


def _planned(
    hip: Hip, identifier: str, on: date, rng: random.Random, *, loose: bool, component: Component
) -> PlannedRadiograph:
    patient = hip.patient
    case = PhantomCase(
        seed=rng.getrandbits(48), side="R" if hip.side == "R" else "L", loose=loose, component=component,
        site=patient.site.code,
    )  # fmt: skip
    header = PhantomHeader(
        patient_id=identifier,
        patient_name=f"{rng.choice(_FAMILY)}^{rng.choice(_GIVEN)}",
        birth_date=date(patient.birth_year, rng.randint(1, 12), rng.randint(1, 28)),
        sex=patient.sex,
        acquired_on=on,
        accession=f"A{rng.randrange(10**8):08d}",
        referring=f"{rng.choice(_FAMILY)}^{rng.choice(_GIVEN)}^^Dr",
    )
    return PlannedRadiograph(hip.pk, case, header)


def plan_teaching_cases(study: Study, cast: Cast, *, seed: int) -> list[PlannedRadiograph]:
    """Eight hips that belong to nobody in the registry, half of them loose, whose truth readers are told."""
    sites = {site.code: site for site in Site.objects.filter(study=study)}
    return [_teaching_case(study, cast, sites, number, seed) for number in range(1, TEACHING_CASES + 1)]


def _teaching_case(study: Study, cast: Cast, sites: Mapping[str, Site], number: int, seed: int) -> PlannedRadiograph:
    rng = random.Random(f"{seed}:teaching:{number}")
    identifier = f"TEACHING-{number}"
    loose = number % 2 == 1
    site = sites[rng.choice(sorted(sites))]
    side, sex, birth_year = rng.choice("RL"), rng.choice("FM"), rng.randint(1935, 1970)
    component: Component = rng.choice(tuple(_COMPONENTS.values())) if loose else ""
    patient = patient_by_identifier(study, identifier)
    hip = Hip.objects.filter(patient=patient).first() if patient else None
    if hip is None:
        hip = register_teaching_hip(
            study=study, identifier=identifier, site=site, side=side, birth_year=birth_year, sex=sex,
            actor=cast.coordinator,
        )  # fmt: skip
        value = LabelValue.LOOSE if loose else LabelValue.WELL_FIXED
        record_teaching_label(study=study, hip=hip, value=value, actor=cast.coordinator)
    return _planned(hip, identifier, date(2021, 3, 1), rng, loose=loose, component=component)


def plan_files_with_text(planned: Sequence[PlannedRadiograph], *, seed: int) -> list[PlannedRadiograph]:
    """Second exports of some radiographs, into which a workstation has burned the patient's name and number."""
    rng = random.Random(f"{seed}:burned-in")
    return [replace(plan, header=_with_text(plan.header)) for plan in rng.sample(planned, _WITH_TEXT)]


def _with_text(header: PhantomHeader) -> PhantomHeader:
    name = header.patient_name.replace("^", " ").upper()
    return replace(
        header,
        accession=f"B{header.accession[1:]}",
        burned_in=f"{name}\n{header.patient_id} {header.birth_date:%d.%m.%Y}",
    )


def render_files(planned: Sequence[PlannedRadiograph], folder: Path, tell: Tell) -> list[Path]:
    return make_phantom_files([(p.case, p.header) for p in planned], folder, on_progress=tell)


def take_in(study: Study, cast: Cast, planned: Sequence[PlannedRadiograph], files: Sequence[Path], tell: Tell) -> None:
    """Every file through the intake that hospitals' files go through; hips that have a radiograph are left alone."""
    covered = set(Hip.objects.filter(radiographs__study=study).values_list("pk", flat=True))
    missing = [path for plan, path in zip(planned, files, strict=True) if plan.hip_id not in covered]
    if not missing:
        return
    batch = IntakeBatch.objects.create(study=study, uploaded_by=cast.coordinator)
    rows = [_received(batch, path) for path in missing]
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        futures = [pool.submit(_process, row.pk) for row in rows]
        try:
            for done, future in enumerate(as_completed(futures), start=1):
                future.result()
                tell(done, len(rows))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    _release_false_alarms(batch, cast)
    _check(batch)


def take_in_with_text(study: Study, cast: Cast, files: Sequence[Path]) -> None:
    """Files that must end in quarantine, where the visitor finds them."""
    if QuarantinedImage.objects.filter(study=study).count() >= len(files):
        return
    batch = IntakeBatch.objects.create(study=study, uploaded_by=cast.coordinator)
    for path in files:
        file = process_intake_file(_received(batch, path).pk, worker_name="demo")
        if file is None or file.outcome != IntakeOutcome.QUARANTINED:
            raise DemoIntakeFailed("A demo radiograph with a name burned into it did not end in quarantine.")


def _release_false_alarms(batch: IntakeBatch, cast: Cast) -> None:
    """What was held back although nothing is burned in goes the way it goes in a hospital: two people look at it."""
    first, second = cast.abstractors
    held = IntakeFile.objects.filter(batch=batch, outcome=IntakeOutcome.QUARANTINED)
    for file in held.select_related("quarantined_image__study"):
        assert file.quarantined_image is not None
        image = mask_and_propose(image=file.quarantined_image, rectangles=[], actor=first)
        release_file(image=image, proposal=image.proposal, actor=second)


def _received(batch: IntakeBatch, path: Path) -> IntakeFile:
    return receive_file(batch=batch, upload=Upload(path.name, path.read_bytes()), wake_worker=False)


def _process(file_id: int) -> None:
    try:
        process_intake_file(file_id, worker_name="demo")
    finally:
        connection.close()


def _check(batch: IntakeBatch) -> None:
    files = IntakeFile.objects.filter(batch=batch).select_related("radiograph")
    bad = [file for file in files if not _fits(file)]
    if bad:
        why = "; ".join(sorted({_why(file) for file in bad}))
        raise DemoIntakeFailed(f"{len(bad)} of {len(files)} demo radiographs were not accepted and linked: {why}")


def _fits(file: IntakeFile) -> bool:
    return file.status == JobStatus.SUCCEEDED and file.radiograph is not None and file.radiograph.hip_id is not None


def _why(file: IntakeFile) -> str:
    linked = file.radiograph.link_problem if file.radiograph else ""
    return file.reason or linked or file.failure_reason or f"still {file.status}"
