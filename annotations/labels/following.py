"""Labels follow the cohort: hips that come into the study get one, those of hips that leave it say so."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Person
from annotations.cohorts.models import Cohort, ComparisonHip
from annotations.cohorts.selectors import index_hips
from annotations.labels.models import Label, LabelValue, Rung
from annotations.labels.services import on_label_changed

LEFT = "left_the_cohort"


@transaction.atomic
def follow_cohort(*, cohort: Cohort, actor: Person | None) -> None:
    """After a cohort was built or its comparison group drawn: what is frozen with a hip that left is marked stale."""
    loosening = {hip for hip in index_hips(cohort).values_list("hip_id", flat=True) if hip is not None}
    drawn = set(ComparisonHip.objects.filter(draw__cohort=cohort).values_list("hip_id", flat=True))
    current = {
        label.hip_id: label
        for label in Label.objects.select_for_update()
        .filter(study=cohort.study_id, is_current=True)
        .exclude(rung=Rung.TEACHING)
    }
    for hip, label in current.items():
        if hip not in loosening | drawn and label.reason != LEFT:
            _next_version(label, LabelValue.NOT_CONFIRMED, label, LEFT, actor)
    for hip in sorted(loosening | drawn):
        _enter(cohort, hip, current.get(hip), well_fixed=hip in drawn, actor=actor)


def _enter(cohort: Cohort, hip: int, label: Label | None, *, well_fixed: bool, actor: Person | None) -> None:
    """A hip of the study has a label of its own arm. Who returns has the one from before."""
    if label is not None and label.reason != LEFT and (label.rung == Rung.FOLLOW_UP_DERIVED) == well_fixed:
        return
    value, rung, reason = (
        (LabelValue.WELL_FIXED, Rung.FOLLOW_UP_DERIVED, "no_complication_reported")
        if well_fixed
        else (LabelValue.LOOSE, Rung.CODE_DERIVED, "selected_by_codes")
    )
    if label is None:
        Label.objects.create(
            study=cohort.study, hip_id=hip, version=1, value=value, rung=rung, reason=reason, decided_by=actor
        )
        return
    earlier = Label.objects.filter(hip=hip).exclude(reason=LEFT).order_by("-version").first()
    if earlier is not None and (earlier.rung == Rung.FOLLOW_UP_DERIVED) == well_fixed:
        _next_version(label, earlier.value, earlier, earlier.reason, actor)
    else:
        _next_version(label, value, Label(rung=rung), reason, actor)


def _next_version(label: Label, value: str, like: Label, reason: str, actor: Person | None) -> None:
    Label.objects.filter(pk=label.pk).update(is_current=False)
    changed = Label.objects.create(
        study_id=label.study_id, hip_id=label.hip_id, version=label.version + 1, value=value, rung=like.rung,
        cup=like.cup, stem=like.stem, reason=reason, decided_by=actor,
    )  # fmt: skip
    for follow in on_label_changed:
        follow(changed)
