"""The proof of disjointness once more, after images have come or have been linked anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from django.db import transaction

from annotations.datasets.disjointness import bit_distances, hash_bits
from annotations.datasets.look_alikes import COMPARED_BITS, are_alike, compared, details_of
from annotations.datasets.models import CaseFold, DatasetCase, DatasetVersion, StaleReason
from annotations.imaging.models import Radiograph
from common import audit
from studies.models import Study


@dataclass(frozen=True, slots=True)
class _Case:
    number: int
    hip: int
    patient: int
    radiograph: int
    linked_to: int | None
    perceptual_hash: str
    # Its part, or its fold in every repeat.
    place: Hashable


@dataclass(slots=True)
class _Found:
    """Reasons by radiograph, of one version."""

    reasons: dict[int, str] = field(default_factory=dict)

    def add(self, radiograph: int, sentence: str) -> None:
        self.reasons.setdefault(radiograph, sentence)


@transaction.atomic
def recheck_disjointness(study: Study, radiographs: Iterable[Radiograph] | None = None) -> int:
    """Compare the images of today with every frozen version; each finding makes the version stale, with its reason.

    Finds a case whose radiograph is linked to another hip now, and a radiograph taken in after the freezing that looks
    like a case of another part than its patient's, or like cases of two parts. A finding that no longer holds is taken
    back. `radiographs` limits the check to these. Returns how many findings there are.
    """
    scope = None if radiographs is None else {radiograph.pk for radiograph in radiographs}
    versions = DatasetVersion.objects.filter(study=study, is_practice=False)
    return sum(_recheck(version, scope) for version in versions.defer("manifest", "disjointness"))


def recheck_radiograph(radiograph: Radiograph) -> None:
    """One radiograph was taken in, or its link has changed."""
    recheck_disjointness(radiograph.study, [radiograph])


def _recheck(version: DatasetVersion, scope: set[int] | None) -> int:
    cases = _cases(version)
    found = _Found()
    for case in cases:
        if case.linked_to != case.hip:
            words = "another hip" if case.linked_to else "no hip"
            found.add(case.radiograph, f"The radiograph of case {case.number} is linked to {words} now.")
    _look_alikes(version, cases, scope, found)
    reasons = {pk: text for pk, text in found.reasons.items() if scope is None or pk in scope}
    _keep(version, reasons, scope)
    return len(reasons)


def _cases(version: DatasetVersion) -> list[_Case]:
    places: dict[int, list[Hashable]] = defaultdict(list)
    folds = CaseFold.objects.filter(case__version=version).order_by("repeat")
    for case, fold, held in folds.values_list("case_id", "fold", "held_for_validation"):
        places[case].append((fold, held))
    rows = DatasetCase.objects.filter(version=version).values_list(
        "pk", "number", "hip_id", "patient_id", "radiograph_id", "radiograph__hip_id", "radiograph__perceptual_hash",
        "part",
    )  # fmt: skip
    return [_Case(*row[1:7], place=tuple(places[row[0]]) or row[7]) for row in rows.order_by("number")]


def _look_alikes(version: DatasetVersion, cases: Sequence[_Case], scope: set[int] | None, found: _Found) -> None:
    hashed = [case for case in cases if case.perceptual_hash]
    new = Radiograph.objects.filter(study=version.study, accepted_at__gt=version.frozen_at).exclude(perceptual_hash="")
    if scope is not None:
        new = new.filter(pk__in=scope)
    later = list(new.select_related("hip").order_by("pk"))
    if not hashed or not later:
        return
    place_of = {case.patient: case.place for case in cases}
    bits = hash_bits([case.perceptual_hash for case in hashed])
    for radiograph in later:
        distance = bit_distances(hash_bits([radiograph.perceptual_hash]), bits)[0]
        near = {hashed[i].radiograph: int(distance[i]) for i in np.flatnonzero(distance <= COMPARED_BITS).tolist()}
        alike = _alike(radiograph, near)
        sentence = _sentence(radiograph, [case for case in hashed if case.radiograph in alike], place_of)
        if sentence:
            found.add(radiograph.pk, sentence)


def _alike(radiograph: Radiograph, near: Mapping[int, int]) -> set[int]:
    """Which of the radiographs with a near hash, given with its distance, look like this one."""
    seen = compared([(radiograph.pk, pk) for pk in near], details_of([radiograph.pk, *near]))
    return {pk for pk, bits in near.items() if are_alike(bits, seen.get((radiograph.pk, pk)))}


def _sentence(radiograph: Radiograph, near: Sequence[_Case], place_of: Mapping[int, Hashable]) -> str:
    near = [case for case in near if case.radiograph != radiograph.pk]
    own = place_of.get(radiograph.hip.patient_id) if radiograph.hip else None
    if own is not None:
        elsewhere = [case.number for case in near if case.place != own]
        if elsewhere:
            return f"A radiograph taken in since looks like {_named(elsewhere)}, and its patient is in another part."
    elif len({case.place for case in near}) > 1:
        numbers = [case.number for case in near]
        return f"A radiograph taken in since looks like {_named(numbers)}, which are in different parts."
    return ""


def _named(numbers: Sequence[int]) -> str:
    return f"case {numbers[0]}" if len(numbers) == 1 else f"cases {', '.join(str(number) for number in numbers)}"


def _keep(version: DatasetVersion, reasons: Mapping[int, str], scope: set[int] | None) -> None:
    known = StaleReason.objects.filter(version=version, radiograph__isnull=False)
    if scope is not None:
        known = known.filter(radiograph_id__in=scope)
    before = dict(known.values_list("radiograph_id", "reason"))
    if before == reasons:
        return
    gone = [pk for pk, reason in before.items() if reasons.get(pk) != reason]
    known.filter(radiograph_id__in=gone).delete()
    StaleReason.objects.bulk_create(
        [StaleReason(version=version, radiograph_id=pk, reason=text)
         for pk, text in reasons.items() if before.get(pk) != text],
        ignore_conflicts=True,
    )  # fmt: skip
    audit.record(
        actor=None, action="disjointness_rechecked", subject=f"dataset_version:{version.pk}",
        study_slug=version.study.slug, payload={"number": version.number, "findings": len(reasons), "gone": len(gone)},
    )  # fmt: skip
