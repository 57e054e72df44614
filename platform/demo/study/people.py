"""The demo's people: four for the visitor, and those that a program plays."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from accounts.models import Person
from studies.models import Role, Study
from studies.services import grant_role

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody in the demo study."""

    administrator: Person
    coordinator: Person
    surgeon: Person
    researcher: Person
    abstractors: tuple[Person, Person]
    adjudicator: Person
    readers: tuple[Person, Person]


# The first role is what a person is called by; the visitor's coordinator reads and adjudicates notes as well.
_VISITORS = (
    ((Role.ADMINISTRATOR,), "Ada Administrator", "administrator@lucency.example"),
    ((Role.COORDINATOR, Role.ABSTRACTOR, Role.ADJUDICATOR), "Cora Coordinator", "coordinator@lucency.example"),
    ((Role.SURGEON,), "Sol Surgeon", "surgeon@lucency.example"),
    ((Role.RESEARCHER,), "Remy Researcher", "researcher@lucency.example"),
)
_SIMULATED = (
    ((Role.ABSTRACTOR,), "Abstractor 1 (simulated)", "abstractor-1@lucency.example"),
    ((Role.ABSTRACTOR,), "Abstractor 2 (simulated)", "abstractor-2@lucency.example"),
    ((Role.ADJUDICATOR,), "Adjudicator (simulated)", "adjudicator@lucency.example"),
    ((Role.SURGEON,), "Surgeon A (simulated)", "surgeon-a@lucency.example"),
    ((Role.SURGEON,), "Surgeon B (simulated)", "surgeon-b@lucency.example"),
)


def cast_of(study: Study) -> Cast:
    """The demo's people; made if they are not there. Simulated people cannot sign in."""
    administrator, coordinator, surgeon, researcher = (
        _member(study, *entry, is_simulated=False) for entry in _VISITORS
    )
    first, second, adjudicator, reader_a, reader_b = (_member(study, *entry, is_simulated=True) for entry in _SIMULATED)
    return Cast(
        administrator, coordinator, surgeon, researcher,
        abstractors=(first, second), adjudicator=adjudicator, readers=(reader_a, reader_b),
    )  # fmt: skip


def _member(study: Study, roles: Sequence[str], name: str, email: str, *, is_simulated: bool) -> Person:
    person = Person.objects.filter(email=email).first()
    if person is None:
        person = Person.objects.create_person(email=email, name=name, password=None, is_simulated=is_simulated)
    for role in roles:
        grant_role(study=study, person=person, role=role, actor=None)
    return person


def write_passwords(cast: Cast, path: Path) -> None:
    """New random passwords for the visitor's people, into a file that only its owner reads."""
    entries = []
    for (roles, _, email), person in zip(_VISITORS, _visitors_of(cast), strict=True):
        password = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(3))
        person.set_password(password)
        person.save(update_fields=["password"])
        entries.append({"role": str(roles[0]), "email": email, "password": password})
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.touch(mode=0o600)
    temporary.write_text(json.dumps(entries, indent=1))
    temporary.replace(path)


def passwords_work(cast: Cast, path: Path) -> bool:
    """Whether the file is there and opens the accounts of this database."""
    try:
        entries = json.loads(path.read_text())
        known = {entry["email"]: entry["password"] for entry in entries}
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return all(person.check_password(known.get(person.email, "")) for person in _visitors_of(cast))


def _visitors_of(cast: Cast) -> tuple[Person, Person, Person, Person]:
    return (cast.administrator, cast.coordinator, cast.surgeon, cast.researcher)
