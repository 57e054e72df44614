"""A study in which everything that a reader must not learn carries a mark, so that a test can look for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from annotations.cohorts.import_models import RegistryImport
from annotations.cohorts.models import OperativeNote, Patient
from annotations.datasets.models import DatasetCase, Part
from annotations.imaging.models import IntakeBatch, QuarantinedImage, Radiograph, Rendition
from annotations.labels.models import Label
from annotations.reads.answers import Answer
from annotations.reads.models import ReadSession
from common.models import JobStatus
from mlworker.experiments.models import Comparison, SaliencyMap, Score, Scoring, TrainingRun
from studies.models import Study
from tests.factories import client_of, make_session, make_study_to_read, read_at, take_in
from tests.radiograph_files import dicom_file, film
from tests.reads_tests.reading import open_case, read_all, submit

MARK = "CANARY"
OTHER_READER = "Dr Canary-Colleague"
PROBABILITY = 0.73519482
# Keys that say what a reader must not know, wherever in a body they stand.
FORBIDDEN_KEYS = {
    "label", "label_value", "truth", "rung", "site", "pseudonym", "patient", "hip", "side", "laterality", "case_id",
    "case_number", "radiograph", "radiograph_id", "score", "scores", "probability", "logit", "roc_score", "threshold",
    "performed_on", "acquired_on", "days_from_index_procedure", "study_uid", "pixel_sha256", "perceptual_hash",
    "manufacturer", "fields", "report", "part", "dataset_version", "reader", "readers", "seed",
}  # fmt: skip


@dataclass
class MarkedStudy:
    study: Study
    session: ReadSession
    other_session: ReadSession
    values: dict[str, Any]
    secrets: list[str]


def make_marked_study(folder: Path) -> MarkedStudy:
    made = make_study_to_read(folder, loose=4, well_fixed=4, mark=MARK)
    assert made.protocol is not None
    assert made.version is not None
    other = make_session(made.protocol, name=OTHER_READER)
    read_all(other, Answer("well_fixed", 37, f"{MARK} comment of a colleague"))
    session = make_session(made.protocol, seed=11)
    first = read_at(session, 1).code
    client = client_of(session.reader)
    open_case(client, first)
    submit(client, first)
    run, saliency_map, comparison = _experiments(made.study, made.version.pk)
    take_in(made.study, dicom_file(film(f"{MARK} 4471902")))
    values = {
        "slug": made.study.slug, "session_id": session.pk, "position": 3, "invitation_id": 1, "meeting_id": 1,
        "code": read_at(session, 2).code, "kind": "preview",
        "radiograph_id": _any_of(Radiograph.objects.filter(study=made.study)),
        "note_id": _any_of(OperativeNote.objects.filter(study=made.study)),
        "release_id": 1, "upload_id": 1, "token_id": 1, "file_id": 1,
        "label_id": _any_of(Label.objects.filter(study=made.study, rung="note_confirmed")),
        "batch_id": _any_of(IntakeBatch.objects.filter(study=made.study)),
        "number": made.version.number, "pseudonym": Patient.objects.filter(study=made.study)[0].pseudonym,
        "protocol_id": made.protocol.pk, "earlier": made.version.number,
        "image_id": _any_of(QuarantinedImage.objects.filter(study=made.study)), "which": "found",
        "run_id": run.pk, "map_id": saliency_map.pk, "case": 1, "comparison_id": comparison.pk,
        "import_id": _any_of(RegistryImport.objects.filter(study=made.study)),
    }  # fmt: skip
    return MarkedStudy(made.study, session, other, values, _secrets(made.study, other))


def _any_of(rows: QuerySet[Any]) -> int:
    return int(rows.order_by("pk")[0].pk)


def _experiments(study: Study, version_id: int) -> tuple[TrainingRun, SaliencyMap, Comparison]:
    done = {"status": JobStatus.SUCCEEDED}
    run = TrainingRun.objects.create(
        study=study, dataset_version_id=version_id, name=f"{MARK} run", backbone="compact", preset="published",
        configuration={}, configuration_sha256="0" * 64, threshold=0.5, **done,
    )  # fmt: skip
    scoring = Scoring.objects.create(run=run, part=Part.TEST, reason=f"{MARK} touch", model_sha256="1" * 64, **done)
    cases = DatasetCase.objects.filter(version_id=version_id, part=Part.TEST)
    Score.objects.bulk_create(Score(scoring=scoring, case=case, logit=1.0, probability=PROBABILITY) for case in cases)
    case = cases[0]
    saliency_map = SaliencyMap.objects.create(run=run, case=case, method="grad_cam", model_sha256="1" * 64, **done)
    comparison = Comparison.objects.create(
        study=study, title=f"{MARK} comparison", dataset_version_id=version_id, part=Part.TEST,
        result=json.dumps({MARK: PROBABILITY}), **done,
    )  # fmt: skip
    comparison.scorings.add(scoring)
    return run, saliency_map, comparison


def _secrets(study: Study, other: ReadSession) -> list[str]:
    """Texts of the study that no body for a reader may contain."""
    patients = Patient.objects.filter(study=study).values_list("pseudonym", flat=True)
    radiographs = Radiograph.objects.filter(study=study).values_list("pixel_sha256", "perceptual_hash")
    files = Rendition.objects.filter(radiograph__study=study).values_list("name", flat=True)
    codes = other.reads.values_list("code", flat=True)
    return [
        MARK, MARK.lower(), OTHER_READER, other.reader.email, str(PROBABILITY), "2020-05-23", "20200523", "2020-06-01",
        "2012-03-01", "1.2.826.0.1.3680043.8.498", "2.25.",
        *patients, *(text for pair in radiographs for text in pair), *files, *codes,
    ]  # fmt: skip


def keys_of(body: Any) -> Iterator[str]:
    if isinstance(body, dict):
        for key, value in body.items():
            yield key
            yield from keys_of(value)
    elif isinstance(body, list):
        for value in body:
            yield from keys_of(value)
