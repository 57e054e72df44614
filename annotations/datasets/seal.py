"""The seal: until a model has scored them, nobody who may act as a researcher sees labels or images of test cases.

Which cases have been scored is known further up; that app registers here how to find out.
"""

from __future__ import annotations

from collections.abc import Callable

from accounts.models import Person
from annotations.datasets.folds import FOLD_SCHEMES
from annotations.datasets.models import DatasetCase, DatasetVersion, Part
from studies.models import Role, Study
from studies.selectors import roles_of

ScoredCases = Callable[[Study], set[int]]
_sources: list[ScoredCases] = []


def register_scored_cases(source: ScoredCases) -> None:
    """`source` gives the primary keys of all cases of a study that a test scoring has been finished for."""
    if source not in _sources:
        _sources.append(source)


def may_see_sealed(actor: Person, study: Study) -> bool:
    """Coordinators know the labels anyway; who is a researcher too is held to the researchers' rule."""
    roles = roles_of(actor, study)
    return Role.COORDINATOR in roles and Role.RESEARCHER not in roles


def sealed_hips(study: Study) -> set[int]:
    """Hips in the test part of any version that nobody has scored yet: sealed there, they are sealed everywhere."""
    versions = DatasetVersion.objects.filter(study=study, is_practice=False).values_list("pk", "split")
    fixed = [pk for pk, split in versions if split.get("scheme") not in FOLD_SCHEMES]
    cases = DatasetCase.objects.filter(version_id__in=fixed, part=Part.TEST).exclude(pk__in=_scored(study))
    return set(cases.values_list("hip_id", flat=True))


def sealed_numbers(version: DatasetVersion) -> set[int]:
    """Case numbers that are withheld from researchers.

    In a version of folds each case is a test case once, so its label stays sealed until it has been scored there.
    """
    if version.is_practice:
        return set()
    cases = DatasetCase.objects.filter(version=version)
    hips = sealed_hips(version.study)
    if version.split.get("scheme") in FOLD_SCHEMES:
        scored = _scored(version.study)
        return {n for n, pk, hip in cases.values_list("number", "pk", "hip_id") if pk not in scored or hip in hips}
    return set(cases.filter(hip_id__in=hips).values_list("number", flat=True))


def withheld_numbers(actor: Person, version: DatasetVersion) -> set[int]:
    return set() if may_see_sealed(actor, version.study) else sealed_numbers(version)


def open_before(study: Study, hips: set[int]) -> int:
    """How many of these hips an earlier version showed to researchers, with their labels."""
    versions = DatasetVersion.objects.filter(study=study, is_practice=False).values_list("pk", "split")
    fixed = [pk for pk, split in versions if split.get("scheme") not in FOLD_SCHEMES]
    shown = DatasetCase.objects.filter(version_id__in=fixed).exclude(part=Part.TEST)
    scored = DatasetCase.objects.filter(pk__in=_scored(study))
    known = set(shown.values_list("hip_id", flat=True)) | set(scored.values_list("hip_id", flat=True))
    return len(known & hips)


def _scored(study: Study) -> set[int]:
    return {case for source in _sources for case in source(study)}
