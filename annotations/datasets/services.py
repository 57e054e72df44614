from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max

from accounts.models import Person
from annotations.datasets.folds import Split
from annotations.datasets.manifest import FORMAT, manifest_sha256
from annotations.datasets.models import CaseFold, DatasetCase, DatasetVersion, StaleReason
from annotations.datasets.planning import VersionPlan, plan_practice_set, plan_version
from annotations.datasets.selection import UNIT, Selection
from annotations.imaging.models import Radiograph
from annotations.labels.models import Label, Rung
from common import audit
from common.errors import Conflict, Invalid
from studies.models import Study


@transaction.atomic
def freeze_dataset_version(
    *,
    study: Study,
    name: str,
    split: Split,
    actor: Person | None,
    selection: Selection | None = None,
    previewed_sha256: str = "",
) -> DatasetVersion:
    """Freeze the eligible cases of today that pass the filters, divided by patient, under a hash of the manifest.

    With `previewed_sha256`, the hash that a preview gave, nothing else is frozen than what was looked at.
    """
    _take_turns(study)
    chosen = selection or Selection()
    plan = plan_version(study, split, chosen)
    if plan.problems:
        raise Invalid(
            "There are too few confirmed cases with a radiograph to freeze a version.",
            code="too_few_cases",
            details=plan.problems,
        )
    if previewed_sha256 and previewed_sha256 != plan.sha256:
        raise Conflict(
            "Labels or radiographs have changed since the preview. Look at the new one before you freeze.",
            code="changed_since_preview",
        )
    head = {"name": name, "split": split.as_json(), "selection": chosen.as_json()}
    return _freeze(study=study, plan=plan, head=head, actor=actor, is_practice=False)


@transaction.atomic
def freeze_practice_set(*, study: Study, name: str, actor: Person | None) -> DatasetVersion:
    """Freeze the teaching cases, whose truth readers may be shown while they practise."""
    _take_turns(study)
    plan = plan_practice_set(study)
    if not plan.rows:
        raise Invalid("There are no teaching cases with a radiograph.", code="too_few_cases")
    head = {"name": name, "split": {"scheme": "practice"}, "selection": {"unit": UNIT}}
    return _freeze(study=study, plan=plan, head=head, actor=actor, is_practice=True)


def _take_turns(study: Study) -> None:
    """Two freezings at once get two numbers, and each plans with what the other has left."""
    Study.objects.select_for_update().get(pk=study.pk)


def _freeze(
    *, study: Study, plan: VersionPlan, head: dict[str, Any], actor: Person | None, is_practice: bool
) -> DatasetVersion:
    last = DatasetVersion.objects.filter(study=study).aggregate(last=Max("number"))["last"] or 0
    manifest = {"format": FORMAT, "study": study.slug, "version": last + 1, **head, "cases": plan.rows}
    proof = plan.proof()
    if proof["problems"]:
        raise Conflict(
            "The parts are not disjoint.",
            code="parts_overlap",
            details=[{"message": problem} for problem in proof["problems"]],
        )
    version = DatasetVersion.objects.create(
        study=study, number=last + 1, is_practice=is_practice, manifest=manifest, sha256=manifest_sha256(manifest),
        disjointness=proof | {"open_before": plan.open_before, "remarks": [] if is_practice else plan.remarks},
        frozen_by=actor, **head,
    )  # fmt: skip
    _write_cases(version, plan)
    audit.record(
        actor=actor,
        action="dataset_version_frozen",
        subject=f"dataset_version:{version.pk}",
        study_slug=study.slug,
        payload={"number": version.number, "sha256": version.sha256, "cases": len(plan.rows)},
    )
    return version


def _write_cases(version: DatasetVersion, plan: VersionPlan) -> None:
    cases = DatasetCase.objects.bulk_create(
        _case(version, row, radiograph, plan.labels)
        for row, radiograph in zip(plan.rows, plan.radiographs, strict=True)
    )
    CaseFold.objects.bulk_create(
        CaseFold(case=case, repeat=repeat, fold=fold, held_for_validation=row["held_for_validation"])
        for case, row in zip(cases, plan.rows, strict=True)
        for repeat, fold in enumerate(row.get("folds", ()), start=1)
    )


def _case(
    version: DatasetVersion, row: dict[str, Any], radiograph: Radiograph, labels: dict[int, Label]
) -> DatasetCase:
    hip = radiograph.hip
    assert hip is not None
    return DatasetCase(
        version=version, number=row["case"], patient_id=hip.patient_id, hip=hip, radiograph=radiograph,
        label=labels[hip.pk], label_value=row["label"], part=row["part"],
    )  # fmt: skip


def record_sealed_rows_given(*, version: DatasetVersion, actor: Person, cases: int) -> None:
    """A coordinator took sealed rows away: on record, as every touch of the sealed part is."""
    audit.record(
        actor=actor, action="sealed_rows_given", subject=f"dataset_version:{version.pk}",
        study_slug=version.study.slug, payload={"number": version.number, "cases": cases},
    )  # fmt: skip


def mark_stale(label: Label) -> None:
    """A label got a new version: every frozen version that holds its hip says so from now on."""
    # By cases, not by exclude() over versions: that would take the hip of one case and the value of another.
    holding = DatasetCase.objects.filter(hip_id=label.hip_id)
    # Who fell back to the codes alone (two abstractors differ) is confirmed no longer, whatever the value.
    if label.rung != Rung.CODE_DERIVED:
        holding = holding.exclude(label_value=label.value)
    changed = DatasetVersion.objects.filter(pk__in=holding.values("version_id"))
    StaleReason.objects.bulk_create(
        [StaleReason(version=version, label=label, reason=label.reason) for version in changed],
        ignore_conflicts=True,
    )
