"""A study to read for the benchmark, with radiographs of a real one's size, built through the services."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np

from annotations.datasets.models import DatasetCase, Part
from annotations.datasets.services import freeze_dataset_version
from annotations.datasets.split import RatioSplit
from annotations.imaging.models import Rendition, RenditionKind
from annotations.reads.models import ReadProtocol
from annotations.reads.services import create_protocol
from common import storage
from tests.factories import make_cohort, make_study, read_all_notes, take_in
from tests.radiograph_files import dicom_file
from tests.registries import PRIMARY_DAY, REVISION_DAY, Registry

ROWS, COLUMNS = 1800, 1440


def radiograph(patient: str, day: date) -> bytes:
    """A DICOM file with a radiograph's size and noise: 1,800 x 1,440 pixels of 12 bits."""
    rng = np.random.default_rng(int(patient))
    rows, columns = np.mgrid[0:ROWS, 0:COLUMNS]
    shape = 1500 + 900 * np.sin(rows / (140 + int(patient) % 40)) * np.cos(columns / 170)
    grey = (shape + rng.normal(0, 25, shape.shape)).clip(0, 4095).astype(np.uint16)
    return dicom_file(grey, PatientID=patient, AcquisitionDate=day.strftime("%Y%m%d"))


def build_protocol(folder: Path, *, cases_a_class: int) -> ReadProtocol:
    """Registry, cohort, notes, radiographs, a frozen version, and a protocol that reads its largest part."""
    study = make_study("benchmark")
    registry = Registry(study, folder / "registry")
    days = {registry.revised_patient(str(1000 + i)): REVISION_DAY - timedelta(days=9) for i in range(cases_a_class)}
    for i in range(cases_a_class):
        days[registry.well_fixed_patient(str(2000 + i))] = PRIMARY_DAY + timedelta(days=365)
    registry.load()
    make_cohort(study, comparison=cases_a_class)
    read_all_notes(study)
    take_in(study, *(radiograph(patient, day) for patient, day in days.items()))
    version = freeze_dataset_version(study=study, name="Benchmark", split=RatioSplit(seed=1), actor=None)
    return create_protocol(
        study=study, title="Reading", dataset_version=version, part=Part.TRAINING, practice_version=None,
        instructions="Read.", actor=None,
    )  # fmt: skip


def image_files(protocol: ReadProtocol) -> list[Path]:
    """The files that readers of the protocol are sent, one a case."""
    cases = DatasetCase.objects.filter(version=protocol.dataset_version, part=protocol.part)
    renditions = Rendition.objects.filter(
        kind=RenditionKind.FULL_DEPTH, radiograph__in=cases.values("radiograph")
    ).order_by("pk")
    return [storage.resolve(rendition.name) for rendition in renditions]
