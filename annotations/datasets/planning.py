"""What a version would hold if it were frozen now. The preview shows it and freezing writes it, so the two agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from annotations.datasets.disjointness import prove_disjointness
from annotations.datasets.folds import FoldPlace, Folds, Split, assign_folds, part_in_fold
from annotations.datasets.manifest import rows_sha256, with_nonce
from annotations.datasets.models import Part
from annotations.datasets.seal import open_before
from annotations.datasets.selection import Selection, select_radiographs
from annotations.datasets.selectors import current_labels, eligible_radiographs
from annotations.datasets.split import Candidate, RatioSplit, assign_parts
from annotations.imaging.models import Radiograph
from annotations.labels.models import Label, LabelValue
from studies.models import Study

MINIMUM_PER_CLASS = 3
_CLASSES = (LabelValue.LOOSE.value, LabelValue.WELL_FIXED.value)


@dataclass(frozen=True, slots=True)
class VersionPlan:
    """The cases of a version to be, in the order of their numbers; `problems` keep it from being frozen."""

    radiographs: list[Radiograph]
    labels: dict[int, Label]
    rows: list[dict[str, Any]]
    folds: Folds | None = None
    left_out: dict[str, int] = field(default_factory=dict)
    # Test cases that an earlier version showed to researchers.
    open_before: int = 0

    @property
    def sha256(self) -> str:
        return rows_sha256(self.rows)

    @property
    def problems(self) -> list[dict[str, str]]:
        counts = Counter(row["label"] for row in self.rows)
        return [
            {"field": value, "message": f"{counts[value]} cases; at least {MINIMUM_PER_CLASS} are needed"}
            for value in _CLASSES
            if counts[value] < MINIMUM_PER_CLASS
        ]

    @property
    def remarks(self) -> list[str]:
        """What the person who freezes should know: a part, or a fold's test part, without one of the classes."""
        found: list[str] = []
        for name, parts in self._parts_by_fold():
            counts = Counter((part, row["label"]) for part, row in zip(parts, self.rows, strict=True))
            found += [
                f"{name}the {part} part holds no {label.replace('_', ' ')} case."
                for part in (Part.TRAINING.value, Part.VALIDATION.value, Part.TEST.value)
                for label in _CLASSES
                if not counts[part, label]
            ]
        return [sentence[0].upper() + sentence[1:] for sentence in found]

    def _parts_by_fold(self) -> list[tuple[str, list[str]]]:
        if self.folds is None:
            return [("", [row["part"] for row in self.rows])]
        return [
            (f"In repeat {repeat}, fold {fold}, ", parts_of(self.folds, self.rows, repeat, fold))
            for repeat in range(1, self.folds.repeats + 1)
            for fold in range(1, self.folds.count + 1)
        ]

    def proof(self) -> dict[str, Any]:
        return prove_disjointness(self.rows, [radiograph.pk for radiograph in self.radiographs])


def parts_of(folds: Folds, rows: Sequence[Mapping[str, Any]], repeat: int, fold: int) -> list[str]:
    """The part of every row in one fold of one repeat."""
    return [
        part_in_fold(folds.scheme, folds.count, FoldPlace(tuple(row["folds"]), row["held_for_validation"]),
                     repeat=repeat, fold=fold)
        for row in rows
    ]  # fmt: skip


def plan_version(study: Study, split: Split, selection: Selection) -> VersionPlan:
    """All eligible cases of today that pass the filters, divided by patient. Reads only."""
    eligible = eligible_radiographs(study)
    labels = current_labels(eligible)
    radiographs, left_out = select_radiographs(study, selection, eligible, labels)
    candidates = _candidates(radiographs, labels)
    split.check()
    if isinstance(split, RatioSplit):
        parts, folds = assign_parts(candidates, split), None
    else:
        folds = assign_folds(candidates, split)
        parts = {key: part_in_fold(folds.scheme, folds.count, place) for key, place in folds.places.items()}
    rows = _rows(study, radiographs, labels, parts, folds)
    tested = {r.hip_id for r in radiographs if r.hip_id and (folds or parts[str(r.pk)] == Part.TEST)}
    return VersionPlan(radiographs, labels, rows, folds, left_out, open_before(study, tested))


def plan_practice_set(study: Study) -> VersionPlan:
    radiographs = eligible_radiographs(study, teaching=True)
    labels = current_labels(radiographs)
    parts = {str(radiograph.pk): Part.PRACTICE.value for radiograph in radiographs}
    return VersionPlan(radiographs, labels, _rows(study, radiographs, labels, parts, None))


def _candidates(radiographs: Sequence[Radiograph], labels: Mapping[int, Label]) -> list[Candidate]:
    candidates = []
    for radiograph in radiographs:
        hip = radiograph.hip
        assert hip is not None
        candidates.append(
            Candidate(hip.patient.pseudonym, hip.patient.site.code, labels[hip.pk].value, str(radiograph.pk))
        )
    return candidates


def _rows(
    study: Study, radiographs: Sequence[Radiograph], labels: Mapping[int, Label], parts: Mapping[str, str],
    folds: Folds | None,
) -> list[dict[str, Any]]:  # fmt: skip
    rows = []
    for number, radiograph in enumerate(radiographs, start=1):
        row = _row(number, radiograph, labels, parts[str(radiograph.pk)])
        if folds is not None:
            place = folds.places[str(radiograph.pk)]
            row |= {"folds": list(place.folds), "held_for_validation": place.validates}
        rows.append(with_nonce(study.slug, row))
    return rows


def _row(number: int, radiograph: Radiograph, labels: Mapping[int, Label], part: str) -> dict[str, Any]:
    hip = radiograph.hip
    assert hip is not None
    label = labels[hip.pk]
    return {
        "case": number,
        "patient": hip.patient.pseudonym,
        "side": hip.side,
        "site": hip.patient.site.code,
        "label": label.value,
        "rung": label.rung,
        "label_version": label.version,
        "part": part,
        "pixel_sha256": radiograph.pixel_sha256,
        "perceptual_hash": radiograph.perceptual_hash,
    }
