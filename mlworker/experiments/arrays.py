"""The cases of a dataset version as arrays for the engine, made once for a size and kept."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from annotations.cohorts.models import Side
from annotations.datasets.models import DatasetCase, DatasetVersion
from annotations.imaging.models import Rendition, RenditionKind
from common import storage
from common.errors import DomainError, NotFound
from mlworker.engine.configuration import TrainingConfiguration
from mlworker.engine.data import LabelledImages


class ImageMissing(DomainError):
    code = "image_missing"
    status = 409


def labelled_images(version: DatasetVersion, part: str, configuration: TrainingConfiguration) -> LabelledImages:
    """One part at (N, side, side) uint16; a memory map of a file that is named by the version's hash."""
    cases = list(DatasetCase.objects.filter(version=version, part=part).select_related("hip").order_by("number"))
    mirrored = "" if configuration.mirror == "none" else f"-{configuration.mirror}"
    path = storage.resolve(f"arrays/{version.sha256}-{part}-{configuration.image_size}{mirrored}.npy")
    if not path.exists():
        _write(path, image_stack(cases, configuration))
    labels = np.array([case.label_value == "loose" for case in cases], dtype=np.int64)
    return LabelledImages.from_npy(path, labels, tuple(str(case.number) for case in cases))


def is_mirrored(case: DatasetCase, configuration: TrainingConfiguration) -> bool:
    """Whether the network sees this hip as in a mirror, and a map of it has to be turned back."""
    return configuration.mirror == "right" and case.hip.side == Side.LEFT


def image_stack(cases: Sequence[DatasetCase], configuration: TrainingConfiguration) -> NDArray[np.uint16]:
    """(N, side, side) uint16 from the stored sources: area-averaged to a square, aspect not kept, as published."""
    side = configuration.image_size
    names = dict(
        Rendition.objects.filter(
            radiograph_id__in=[case.radiograph_id for case in cases], kind=RenditionKind.SOURCE
        ).values_list("radiograph_id", "name")
    )
    stack = np.empty((len(cases), side, side), dtype=np.uint16)
    for i, case in enumerate(cases):
        source = _source(case, names.get(case.radiograph_id))
        shrinks = min(source.shape) >= side
        seen = cv2.resize(source, (side, side), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
        stack[i] = seen[:, ::-1] if is_mirrored(case, configuration) else seen
    return stack


def _source(case: DatasetCase, name: str | None) -> NDArray[np.uint16]:
    try:
        if name is None:
            raise NotFound()
        array: NDArray[np.uint16] = np.load(io.BytesIO(storage.read(name)), allow_pickle=False)
    except (NotFound, ValueError) as error:
        raise ImageMissing(
            f"The stored image of case {case.number} is missing or damaged. Restore it from the backup, "
            "or freeze a version without it."
        ) from error
    return array


def _write(path: Path, stack: NDArray[np.uint16]) -> None:
    buffer = io.BytesIO()
    np.save(buffer, stack, allow_pickle=False)
    storage.write_atomically(path, buffer.getvalue())
