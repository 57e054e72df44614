from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max

from accounts.models import Person
from annotations.datasets.disjointness import prove_disjointness
from annotations.datasets.models import DatasetCase, DatasetVersion, Part, StaleReason
from annotations.datasets.selectors import candidates_of, current_labels, eligible_radiographs
from annotations.datasets.split import Candidate, RatioSplit, assign_parts
from annotations.imaging.models import Radiograph
from annotations.labels.models import Label, LabelValue
from common import audit
from common.errors import Conflict, Invalid
from studies.models import Study

MINIMUM_PER_CLASS = 3


def _check_sizes(candidates: Sequence[Candidate]) -> None:
    counts = Counter(candidate.label for candidate in candidates)
    problems = [
        {"field": value, "message": f"{counts[value]} cases; at least {MINIMUM_PER_CLASS} are needed"}
        for value in (LabelValue.LOOSE.value, LabelValue.WELL_FIXED.value)
        if counts[value] < MINIMUM_PER_CLASS
    ]
    if problems:
        raise Invalid(
            "There are too few confirmed cases with a radiograph to freeze a version.",
            code="too_few_cases",
            details=problems,
        )


@transaction.atomic
def freeze_dataset_version(*, study: Study, name: str, split: RatioSplit, actor: Person | None) -> DatasetVersion:
    """Freeze all eligible cases of today, divided by patient, under a hash of the whole manifest."""
    radiographs = eligible_radiographs(study)
    labels = current_labels(radiographs)
    candidates = candidates_of(radiographs)
    _check_sizes(candidates)
    parts = assign_parts(candidates, split)
    return _freeze(
        study=study, name=name, split=split.as_json(), radiographs=radiographs, labels=labels, parts=parts,
        actor=actor, is_practice=False,
    )  # fmt: skip


@transaction.atomic
def freeze_practice_set(*, study: Study, name: str, actor: Person | None) -> DatasetVersion:
    """Freeze the teaching cases, whose truth readers may be shown while they practise."""
    radiographs = eligible_radiographs(study, teaching=True)
    if not radiographs:
        raise Invalid("There are no teaching cases with a radiograph.", code="too_few_cases")
    parts = {str(radiograph.pk): Part.PRACTICE.value for radiograph in radiographs}
    return _freeze(
        study=study, name=name, split={"scheme": "practice"}, radiographs=radiographs,
        labels=current_labels(radiographs), parts=parts, actor=actor, is_practice=True,
    )  # fmt: skip


def _freeze(
    *,
    study: Study,
    name: str,
    split: dict[str, Any],
    radiographs: Sequence[Radiograph],
    labels: dict[int, Label],
    parts: dict[str, str],
    actor: Person | None,
    is_practice: bool,
) -> DatasetVersion:
    Study.objects.select_for_update().get(pk=study.pk)
    last = DatasetVersion.objects.filter(study=study).aggregate(last=Max("number"))["last"] or 0
    rows = [_manifest_row(i, r, labels, parts) for i, r in enumerate(radiographs, start=1)]
    manifest = {"study": study.slug, "version": last + 1, "name": name, "split": split, "cases": rows}
    proof = prove_disjointness(rows)
    if proof["problems"]:
        raise Conflict(
            "The parts are not disjoint.",
            code="parts_overlap",
            details=[{"message": problem} for problem in proof["problems"]],
        )
    version = DatasetVersion.objects.create(
        study=study, number=last + 1, name=name, is_practice=is_practice, split=split, manifest=manifest,
        sha256=manifest_sha256(manifest), disjointness=proof, frozen_by=actor,
    )  # fmt: skip
    DatasetCase.objects.bulk_create(
        _case(version, row, radiograph, labels) for row, radiograph in zip(rows, radiographs, strict=True)
    )
    audit.record(
        actor=actor,
        action="dataset_version_frozen",
        subject=f"dataset_version:{version.pk}",
        study_slug=study.slug,
        payload={"number": version.number, "sha256": version.sha256, "cases": len(rows)},
    )
    return version


def manifest_sha256(manifest: dict[str, Any]) -> str:
    canonical = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _manifest_row(
    number: int, radiograph: Radiograph, labels: dict[int, Label], parts: dict[str, str]
) -> dict[str, Any]:
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
        "part": parts[str(radiograph.pk)],
        "pixel_sha256": radiograph.pixel_sha256,
        "perceptual_hash": radiograph.perceptual_hash,
    }


def _case(
    version: DatasetVersion, row: dict[str, Any], radiograph: Radiograph, labels: dict[int, Label]
) -> DatasetCase:
    hip = radiograph.hip
    assert hip is not None
    return DatasetCase(
        version=version, number=row["case"], patient_id=hip.patient_id, hip=hip, radiograph=radiograph,
        label=labels[hip.pk], label_value=row["label"], part=row["part"],
    )  # fmt: skip


def mark_stale(label: Label) -> None:
    """A label got a new version: every frozen version that holds its hip says so from now on."""
    # By cases, not by exclude() over versions: that would take the hip of one case and the value of another.
    holding = DatasetCase.objects.filter(hip_id=label.hip_id).exclude(label_value=label.value)
    changed = DatasetVersion.objects.filter(pk__in=holding.values("version_id"))
    StaleReason.objects.bulk_create(
        [StaleReason(version=version, label=label, reason=label.reason) for version in changed],
        ignore_conflicts=True,
    )
