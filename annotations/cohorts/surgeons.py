"""The surgeons of the registry: pseudonyms, of which some are linked to an account."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count

from accounts.models import Person
from annotations.cohorts.models import Procedure, SurgeonLink
from common import audit
from common.errors import Invalid, NotFound
from studies.models import Membership, Role, Study
from studies.selectors import study_for


@dataclass(frozen=True, slots=True)
class Surgeon:
    surgeon: str
    procedures: int
    person_id: int | None
    person: str | None


def surgeons_of_registry(actor: Person, slug: str) -> list[Surgeon]:
    """Every pseudonym that operated in the registry, the busiest first, with the account behind it where known."""
    study = study_for(actor, slug, Role.COORDINATOR, Role.ADMINISTRATOR)
    counted = Procedure.objects.filter(study=study).exclude(surgeon="").values_list("surgeon").annotate(n=Count("pk"))
    linked = {link.surgeon: link.person for link in SurgeonLink.objects.filter(study=study).select_related("person")}
    numbers = dict.fromkeys(linked, 0) | dict(counted.order_by())
    people = ((surgeon, number, linked.get(surgeon)) for surgeon, number in numbers.items())
    rows = [Surgeon(name, number, person.pk if person else None, person.name if person else None)
            for name, number, person in people]  # fmt: skip
    return sorted(rows, key=lambda row: (-row.procedures, row.surgeon))


def people_to_link(actor: Person, slug: str) -> list[Person]:
    """Who may stand behind a pseudonym: the members of the study."""
    study = study_for(actor, slug, Role.COORDINATOR, Role.ADMINISTRATOR)
    return list(Person.objects.filter(memberships__study=study).distinct().order_by("name", "pk"))


def surgeon_codes_of(person: Person, study: Study) -> set[str]:
    """The pseudonyms under which this person operated."""
    return set(SurgeonLink.objects.filter(study=study, person=person).values_list("surgeon", flat=True))


@transaction.atomic
def link_surgeon(*, study: Study, surgeon: str, person_id: int | None, actor: Person | None) -> None:
    """Say which member of the study operated under this pseudonym; None takes the link away."""
    existing = SurgeonLink.objects.select_for_update().filter(study=study, surgeon=surgeon).first()
    if existing is None and not Procedure.objects.filter(study=study, surgeon=surgeon).exists():
        raise NotFound("No procedure of this registry names that surgeon.")
    if person_id is not None and not Membership.objects.filter(study=study, person_id=person_id).exists():
        message = "is no member of this study"
        raise Invalid(f"This person {message}.", details=[{"field": "person", "message": message}])
    if person_id == (existing.person_id if existing else None):
        return
    if person_id is None:
        SurgeonLink.objects.filter(study=study, surgeon=surgeon).delete()
    else:
        SurgeonLink.objects.update_or_create(
            study=study, surgeon=surgeon, defaults={"person_id": person_id, "linked_by": actor}
        )
    audit.record(
        actor=actor, action="surgeon_linked" if person_id else "surgeon_unlinked", subject=f"surgeon:{surgeon}",
        study_slug=study.slug, payload={"person": person_id, "before": existing.person_id if existing else None},
    )  # fmt: skip
