"""The cases, the model and the other runs that a quality panel rests on. Never a case of a sealed test part."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from annotations.datasets.models import DatasetCase, DatasetVersion
from annotations.datasets.selectors import open_cases
from common import storage
from common.models import JobStatus
from mlworker.engine.map_quality import LEAST_CASES, Finding, Peer, judge
from mlworker.engine.saliency import explain
from mlworker.engine.scoring import LoadedModel, load_model
from mlworker.experiments.arrays import image_stack, is_mirrored
from mlworker.experiments.models import MapQuality, TrainingRun

MOST_CASES = 24


@dataclass(frozen=True, slots=True)
class Judgement:
    cases: list[int]
    findings: list[Finding]


def judged(quality: MapQuality, *, on_progress: Callable[[int, int], None]) -> Judgement:
    run = quality.run
    cases = quality_cases(run.dataset_version)
    # Not a resident model: its weights are scrambled meanwhile.
    model = load_model(storage.resolve(run.model_name), run.model_sha256)
    findings = judge(
        model,
        image_stack(cases, model.configuration),
        quality.method,
        peers=list(_peers(run, model, cases, quality.method)),
        on_progress=on_progress,
    )
    return Judgement(cases=[case.number for case in cases], findings=findings)


def quality_cases(version: DatasetVersion) -> list[DatasetCase]:
    """At most `MOST_CASES` cases: validation cases, whose maps nobody trained on, then training cases."""
    cases = open_cases(version).select_related("hip")
    validation = list(cases.filter(part="validation")[:MOST_CASES])
    training = list(cases.filter(part="training")[: max(MOST_CASES, LEAST_CASES) - len(validation)])
    return validation + training


def _peers(run: TrainingRun, model: LoadedModel, cases: Sequence[DatasetCase], method: str) -> Iterator[Peer]:
    """The latest other run that differs in the seed alone, and the latest of another architecture."""
    others = TrainingRun.objects.filter(dataset_version_id=run.dataset_version_id, status=JobStatus.SUCCEEDED).exclude(
        pk=run.pk
    )
    wanted = {"seed", "architecture"}
    for other in others.order_by("-pk"):
        kind = _kind(run, other)
        if kind not in wanted:
            continue
        wanted.remove(kind)
        yield Peer(kind, f"run {other.pk}", _maps_seen_by(model, other, cases, method))


def _kind(run: TrainingRun, other: TrainingRun) -> str:
    if other.backbone != run.backbone:
        return "architecture"
    differing = {name for name, value in run.configuration.items() if other.configuration.get(name) != value}
    return "seed" if differing == {"seed"} else ""


def _maps_seen_by(
    model: LoadedModel, other: TrainingRun, cases: Sequence[DatasetCase], method: str
) -> NDArray[np.float32]:
    """The other run's maps, at the size and on the side that this run's model sees."""
    peer = load_model(storage.resolve(other.model_name), other.model_sha256)
    side = model.configuration.image_size
    turned = []
    for case, found in zip(cases, explain(peer, image_stack(cases, peer.configuration), method).maps, strict=True):
        differs = is_mirrored(case, peer.configuration) != is_mirrored(case, model.configuration)
        sized = cv2.resize(found, (side, side), interpolation=cv2.INTER_LINEAR)
        turned.append(sized[:, ::-1] if differs else sized)
    return np.stack(turned).astype(np.float32)
