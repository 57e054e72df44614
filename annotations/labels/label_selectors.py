"""The reference standard as a list and as a ladder: what each label rests on, and what rests on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Case, CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from accounts.models import Person
from annotations.cohorts.models import CohortDecision, OperativeNote
from annotations.cohorts.selectors import current_cohort, index_hips
from annotations.labels.models import Label, LabelValue, NoteAssessment, Rung
from annotations.labels.selectors import withheld_hips
from annotations.labels.verdicts import READERS_DIFFER
from common.errors import NotFound
from studies.models import Role
from studies.selectors import study_for

LABEL_READERS = (Role.COORDINATOR, Role.ADMINISTRATOR)
WITHHELD = "withheld_from_abstractor"


@dataclass(frozen=True, slots=True)
class Freezing:
    """The step from a label to a case of an immutable dataset version."""

    label_id: int
    version: int
    name: str
    frozen_at: datetime
    frozen_by: str | None


@dataclass(frozen=True, slots=True)
class Dependent:
    """Something made from a label: a dataset version, run, scoring or comparison; `href` is below the study."""

    kind: str
    name: str
    href: str
    is_stale: bool


# Apps further up say here in which versions labels are frozen, and what was made from a hip's label.
freezings: list[Callable[[Collection[int]], list[Freezing]]] = []
dependents: list[Callable[[int], list[Dependent]]] = []


def labels_of(actor: Person, slug: str) -> QuerySet[Any]:
    study = study_for(actor, slug, *LABEL_READERS)
    cohort = current_cohort(study)
    index = index_hips(cohort) if cohort else CohortDecision.objects.none()
    procedure = index.filter(hip_id=OuterRef("hip_id")).values("index_procedure_id")[:1]
    notes = OperativeNote.objects.filter(procedure_id=OuterRef("index_procedure"))
    readers = (
        NoteAssessment.objects.filter(note__procedure_id=OuterRef("index_procedure"))
        .order_by()
        .values("note_id")
        .annotate(people=Count("abstractor_id", distinct=True))
        .values("people")
    )
    labels: QuerySet[Any] = Label.objects.filter(study=study, is_current=True).select_related(
        "hip__patient__site", "decided_by"
    )
    shown: QuerySet[Any] = (
        _shown(labels, withheld_hips(actor, study))
        .annotate(index_procedure=Subquery(procedure))
        .annotate(note_id=Subquery(notes.values("pk")[:1]), note_readers=Coalesce(Subquery(readers[:1]), 0))
        .order_by("hip__patient__pseudonym", "hip__side")
    )
    return shown


def _shown(labels: QuerySet[Any], withheld: Collection[int]) -> QuerySet[Any]:
    """As this person may know them: of a withheld label no more than that codes select the hip."""
    is_withheld = Q(hip_id__in=withheld)

    def unless_withheld(field: str, instead: str) -> Case:
        return Case(When(is_withheld, then=Value(instead)), default=F(field), output_field=CharField())

    shown: QuerySet[Any] = labels.annotate(
        is_withheld=Case(When(is_withheld, then=True), default=False, output_field=BooleanField()),
        shown_value=unless_withheld("value", LabelValue.LOOSE),
        shown_rung=unless_withheld("rung", Rung.CODE_DERIVED),
        shown_reason=unless_withheld("reason", WITHHELD),
    )
    return shown


def filtered_labels(labels: QuerySet[Any], *, value: str, rung: str, patient: str) -> QuerySet[Any]:
    if value:
        labels = labels.filter(shown_value=value)
    if rung == Rung.FROZEN:
        labels = labels.filter(pk__in=frozen_in([label.pk for label in labels]))
    elif rung:
        labels = labels.filter(shown_rung=rung)
    return labels.filter(hip__patient__pseudonym__icontains=patient) if patient else labels


def label_totals(labels: QuerySet[Any]) -> list[dict[str, Any]]:
    """Hips by value and rung, and how many of them are frozen in a dataset version as they are now."""
    frozen = frozen_in(list(labels.values_list("pk", flat=True)))
    rows = labels.order_by().values("shown_value", "shown_rung")
    counted = rows.annotate(hips=Count("pk"), frozen=Count("pk", filter=Q(pk__in=frozen)))
    return [
        {"value": row["shown_value"], "rung": row["shown_rung"], "hips": row["hips"], "frozen": row["frozen"]}
        for row in counted.order_by("shown_value", "shown_rung")
    ]


def label_for(actor: Person, slug: str, label_id: int, *roles: str) -> Label:
    study = study_for(actor, slug, *(roles or LABEL_READERS))
    labels = Label.objects.filter(study=study, pk=label_id).select_related("hip__patient__site", "decided_by")
    label: Label | None = _shown(labels, withheld_hips(actor, study)).first()
    if label is None:
        raise NotFound("There is no such label.")
    return label


def label_history(actor: Person, label: Label) -> QuerySet[Any]:
    withheld = withheld_hips(actor, label.study)
    versions = Label.objects.filter(hip_id=label.hip_id).select_related("hip__patient__site", "decided_by")
    if label.hip_id in withheld:
        versions = versions.filter(rung=Rung.CODE_DERIVED).exclude(reason=READERS_DIFFER)
    return _shown(versions, ()).order_by("version")


def frozen_in(labels: Collection[int]) -> dict[int, list[int]]:
    """The numbers of the dataset versions that hold these labels, by label."""
    found: dict[int, list[int]] = defaultdict(list)
    for freezing in freezings_of(labels):
        found[freezing.label_id].append(freezing.version)
    return found


def freezings_of(labels: Collection[int]) -> list[Freezing]:
    return sorted((one for source in freezings for one in source(labels)), key=lambda one: (one.version, one.label_id))


def ladder_of(history: list[Label]) -> list[dict[str, Any]]:
    """Every step of a hip's labels in time: which rung, who, when and why; freezing is a step of its own."""
    steps = [
        {
            "rung": label.rung, "value": label.value, "version": label.version, "at": label.decided_at,
            "by": label.decided_by.name if label.decided_by else None, "why": label.reason, "dataset_version": None,
        }
        for label in history
    ]  # fmt: skip
    by_id = {label.pk: label for label in history}
    steps += [
        {
            "rung": Rung.FROZEN.value, "value": by_id[one.label_id].value, "version": by_id[one.label_id].version,
            "at": one.frozen_at, "by": one.frozen_by, "why": one.name, "dataset_version": one.version,
        }
        for one in freezings_of(list(by_id))
    ]  # fmt: skip
    return sorted(steps, key=lambda step: step["at"])


def dependents_of(label: Label) -> list[Dependent]:
    """What was made from this hip's label, from dataset versions to comparisons, and what of it is stale."""
    return [one for source in dependents for one in source(label.hip_id)]
