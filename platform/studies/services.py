from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from accounts.models import Person
from common import audit
from common.errors import Conflict, Invalid
from studies.models import Membership, Role, Study

# Apps further up say here what keeps a person from a role (a reader of radiographs, say): a reason, or "".
role_guards: list[Callable[[Person, Study, str], str]] = []


@transaction.atomic
def create_study(*, slug: str, title: str, description: str = "", is_demo: bool = False) -> Study:
    if Study.objects.filter(slug=slug).exists():
        raise Conflict(f"There is already a study with the slug “{slug}”.", code="slug_taken")
    return Study.objects.create(slug=slug, title=title, description=description, is_demo=is_demo)


@transaction.atomic
def grant_role(*, study: Study, person: Person, role: str, actor: Person | None) -> Membership:
    if role not in Role.values:
        message = f"“{role}” is not a role. Choose one of {', '.join(Role.values)}."
        raise Invalid(message, details=[{"field": "role", "message": message}])
    for guard in role_guards:
        refusal = guard(person, study, role)
        if refusal:
            raise Conflict(refusal, code="still_reading")
    membership, created = Membership.objects.get_or_create(study=study, person=person, role=role)
    if created:
        audit.record(
            actor=actor,
            action="role_granted",
            subject=f"person:{person.pk}",
            study_slug=study.slug,
            payload={"role": role},
        )
    return membership


@transaction.atomic
def withdraw_role(*, study: Study, person: Person, role: str, actor: Person) -> None:
    # Two administrators who send each other away take turns, and the second is refused.
    Study.objects.select_for_update(no_key=True).get(pk=study.pk)
    memberships = Membership.objects.filter(study=study, role=role)
    if role == Role.ADMINISTRATOR and not memberships.exclude(person=person).exists():
        raise Conflict("A study keeps at least one administrator.", code="last_administrator")
    deleted, _ = memberships.filter(person=person).delete()
    if not deleted:
        raise Conflict("This person does not hold that role.", code="role_not_held")
    audit.record(
        actor=actor,
        action="role_withdrawn",
        subject=f"person:{person.pk}",
        study_slug=study.slug,
        payload={"role": role},
    )
