"""What a person should do next in a study: each app says it for the roles it serves.

Apps further up register a function here when they are loaded; `studies` itself knows none of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from accounts.models import Person
from studies.models import Study


@dataclass(frozen=True, slots=True)
class NextStep:
    """One line of the first page. `key` names its title and detail in the message catalogue."""

    key: str
    role: str
    href: str
    done: int
    total: int
    order: int

    @property
    def is_done(self) -> bool:
        return self.total > 0 and self.done >= self.total


StepSource = Callable[[Person, Study], list[NextStep]]
_sources: dict[str, tuple[str, StepSource]] = {}


def register(name: str, role: str, source: StepSource) -> None:
    _sources[name] = (role, source)


def next_steps(actor: Person, study: Study, roles: set[str]) -> list[NextStep]:
    steps = [step for role, source in _sources.values() if role in roles for step in source(actor, study)]
    return sorted(steps, key=lambda step: step.order)
