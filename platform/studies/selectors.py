from __future__ import annotations

from accounts.models import Person
from common.errors import Forbidden, NotFound
from studies.models import Membership, Study


def studies_of(actor: Person) -> list[Study]:
    return list(Study.objects.filter(memberships__person=actor).distinct().order_by("title"))


def roles_by_study(actor: Person) -> dict[int, set[str]]:
    """The person's roles in every study of theirs, by the study's key."""
    held: dict[int, set[str]] = {}
    for study, role in Membership.objects.filter(person=actor).values_list("study_id", "role"):
        held.setdefault(study, set()).add(role)
    return held


def roles_of(actor: Person, study: Study) -> set[str]:
    return set(Membership.objects.filter(person=actor, study=study).values_list("role", flat=True))


def study_for(actor: Person, slug: str, *roles: str) -> Study:
    """The study if the person holds one of `roles` there (any role when none is named).

    A study in which the person holds no role does not exist for them. A role that the person lacks in a study of
    theirs is said openly, except to surgeons: for a reader everything outside reading does not exist.
    """
    study = Study.objects.filter(slug=slug, memberships__person=actor).distinct().first()
    if study is None:
        raise NotFound("There is no such study.")
    held = roles_of(actor, study)
    if roles and not held.intersection(roles):
        if held == {"surgeon"}:
            raise NotFound()
        raise Forbidden("Your role in this study does not include this.")
    return study


def members(study: Study) -> list[Membership]:
    return list(Membership.objects.filter(study=study).select_related("person").order_by("person__name", "role"))
