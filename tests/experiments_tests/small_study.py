"""A frozen study of toy images, and everything that the machine side makes of it, without a radiograph's intake."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from django.utils import timezone

from accounts.models import Person
from annotations.cohorts.models import Hip, Patient
from annotations.datasets.models import DatasetCase, DatasetVersion, Part
from annotations.datasets.services import freeze_dataset_version
from annotations.datasets.split import RatioSplit
from annotations.imaging.models import Radiograph, Rendition, RenditionKind
from annotations.imaging.renditions import source_bytes
from annotations.labels.models import Label, LabelValue, Rung
from annotations.reads.answers import Answer
from annotations.reads.models import Call, Read, ReadProtocol, ReadSession
from annotations.reads.services import (
    accept_instructions,
    create_protocol,
    open_read,
    sign_session,
    submit_read,
    unblind_protocol,
)
from common import storage
from common.models import JobStatus
from mlworker.engine.training import TrainingResult
from mlworker.experiments.models import Score, Scoring, TrainingRun
from mlworker.experiments.services import start_training
from studies.models import Role, Site, Study
from tests.engine_tests.toy_cases import toy_cases
from tests.factories import PASSWORD, make_member, make_study, plan_for

SIDE = 48
# What a test trains: the toy signal in seconds.
QUICK: dict[str, Any] = {"image_size": SIDE, "batch_size": 8, "epochs": 2}


@dataclass(frozen=True)
class SmallStudy:
    study: Study
    version: DatasetVersion
    researcher: Person


def make_small_study(
    *, loose: int = 16, well_fixed: int = 16, test: float = 0.25, validation: float = 0.25, images: bool = True
) -> SmallStudy:
    """One hip a patient, two sites; with `images` every case has a source and a preview in the storage."""
    study = make_study()
    sites = [Site.objects.create(study=study, code=code) for code in ("S0", "S1")]
    values = [LabelValue.LOOSE] * loose + [LabelValue.WELL_FIXED] * well_fixed
    pixels = _pixels(values)
    for number, value in enumerate(values):
        _case(study, sites[number % 2], number, value, pixels[number], images=images)
    version = freeze_dataset_version(
        study=study, name="First", split=RatioSplit(seed=5, validation=validation, test=test), actor=None
    )
    return SmallStudy(study, version, make_member(study, Role.RESEARCHER, name="Rosa Researcher"))


def _pixels(values: Sequence[str]) -> list[np.ndarray[Any, np.dtype[np.uint16]]]:
    """Toy images whose odd ones carry the sign of loosening."""
    count = 2 * len(values)
    images = toy_cases(count, seed=11, side=SIDE).images
    signs, plain = list(images[1::2]), list(images[0::2])
    return [signs.pop() if value == LabelValue.LOOSE else plain.pop() for value in values]


def _case(
    study: Study, site: Site, number: int, value: str, pixels: np.ndarray[Any, np.dtype[np.uint16]], *, images: bool
) -> None:
    patient = Patient.objects.create(
        study=study, site=site, pseudonym=f"P-{number:05d}", birth_year=1950, sex="F" if number % 2 else "M"
    )
    hip = Hip.objects.create(patient=patient, side="R" if number % 3 else "L")
    rung = Rung.NOTE_CONFIRMED if value == LabelValue.LOOSE else Rung.FOLLOW_UP_DERIVED
    Label.objects.create(study=study, hip=hip, version=1, value=value, rung=rung, reason="made for a test")
    radiograph = Radiograph.objects.create(
        study=study, hip=hip, laterality=hip.side, rows=SIDE, columns=SIDE, bits_stored=16, profile_version="test",
        pixel_sha256=hashlib.sha256(f"{study.pk} {number}".encode()).hexdigest(),
    )  # fmt: skip
    if images:
        _, jpeg = cv2.imencode(".jpg", (pixels >> 8).astype(np.uint8))
        _rendition(radiograph, RenditionKind.SOURCE, source_bytes(pixels), ".npy", "application/x-npy")
        _rendition(radiograph, RenditionKind.PREVIEW, jpeg.tobytes(), ".jpg", "image/jpeg")


def _rendition(radiograph: Radiograph, kind: str, data: bytes, suffix: str, media_type: str) -> None:
    name, digest = storage.store("renditions", data, suffix)
    Rendition.objects.create(
        radiograph=radiograph, kind=kind, name=name, media_type=media_type, size=len(data), sha256=digest
    )


def queue_run(small: SmallStudy, **overrides: Any) -> TrainingRun:
    (run,) = start_training(
        version=small.version, backbones=["compact"], preset="compact", overrides={**QUICK, **overrides},
        actor=small.researcher,
    )  # fmt: skip
    return run


def finished_run(small: SmallStudy, trained: TrainingResult, *, name: str = "") -> TrainingRun:
    """A run that stands where a worker would have left it, with a model that was trained once for all tests."""
    run = queue_run(small)
    target = storage.resolve(f"runs/{run.pk}/{trained.model_path.name}")
    target.parent.mkdir(parents=True)
    shutil.copyfile(trained.model_path, target)
    _succeed(run, name=name, model_name=f"runs/{run.pk}/{target.name}", model_sha256=trained.model_sha256,
             threshold=trained.threshold.value, threshold_rule=trained.threshold.rule)  # fmt: skip
    return run


def run_with_threshold(small: SmallStudy, *, threshold: float = 0.5, name: str = "") -> TrainingRun:
    """A finished run of which only the scores matter."""
    run = queue_run(small)
    _succeed(run, name=name, model_sha256="0" * 64, threshold=threshold, threshold_rule="youden")
    return run


def _succeed(run: TrainingRun, *, name: str, **written: Any) -> None:
    TrainingRun.objects.filter(pk=run.pk).update(
        status=JobStatus.SUCCEEDED, name=name or run.name, threshold_fixed_at=timezone.now(),
        finished_at=timezone.now(), **written,
    )  # fmt: skip
    run.refresh_from_db()


def cases_of(small: SmallStudy, part: str = Part.TEST) -> list[DatasetCase]:
    return list(DatasetCase.objects.filter(version=small.version, part=part).order_by("number"))


def with_scores(run: TrainingRun, probabilities: Mapping[int, float], part: str = Part.TEST) -> Scoring:
    """A finished scoring with these probabilities, by the cases' primary keys."""
    scoring = Scoring.objects.create(
        run=run, part=part, reason="a test", model_sha256=run.model_sha256, status=JobStatus.SUCCEEDED,
        finished_at=timezone.now(),
    )  # fmt: skip
    Score.objects.bulk_create(
        Score(scoring=scoring, case_id=pk, logit=float(np.log(p / (1 - p))), probability=p)
        for pk, p in probabilities.items()
    )
    return scoring


def make_protocol(small: SmallStudy, part: str = Part.TEST) -> ReadProtocol:
    return create_protocol(
        study=small.study, title="Blinded read", dataset_version=small.version, part=part, practice_version=None,
        instructions="", actor=None,
    )  # fmt: skip


def signed_session(
    protocol: ReadProtocol, answers: Mapping[int, Answer], *, name: str = "Sam Surgeon", is_simulated: bool = False
) -> ReadSession:
    """A reader who answered every case as told (by the cases' primary keys), in the order of the plan, and signed."""
    reader = make_member(protocol.study, Role.SURGEON, name=name, password=PASSWORD)
    if is_simulated:
        Person.objects.filter(pk=reader.pk).update(is_simulated=True)
    session = plan_for(protocol, reader)
    accept_instructions(session=session)
    for read in Read.objects.filter(session=session).select_related("session__protocol__study").order_by("position"):
        open_read(read=read)
        submit_read(read=read, answer=answers[read.case_id], focus_milliseconds=1000)
    sign_session(session=session, signer=reader, password=PASSWORD, meaning="These are my reads.")
    session.refresh_from_db()
    return session


def unblind(protocol: ReadProtocol) -> None:
    unblind_protocol(protocol=protocol, actor=None, reason="All reads are signed.")
    protocol.refresh_from_db()


def called(cases: Sequence[DatasetCase], wrong: Sequence[int], *, confidence: int = 80) -> dict[int, Answer]:
    """Right answers but for the cases with these primary keys; confidence falls along the cases."""
    answers = {}
    for place, case in enumerate(cases):
        is_loose = (case.label_value == LabelValue.LOOSE) != (case.pk in wrong)
        call = Call.LOOSE if is_loose else Call.WELL_FIXED
        answers[case.pk] = Answer(call, max(confidence - place, 1))
    return answers


def model_folder(run: TrainingRun) -> Path:
    return storage.resolve(f"runs/{run.pk}")
