"""What rules would make of the registry, before anything is saved or built."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from annotations.cohorts.cohort_queries import count_decisions
from annotations.cohorts.flow import comparison_pool, steps_of
from annotations.cohorts.rules import read_rules
from studies.models import Study


@dataclass(frozen=True, slots=True)
class PreviewStep:
    key: str
    patients_in: int
    patients_out: int
    excluded: list[dict[str, Any]]
    expected: int | None


def preview_flow(study: Study, rules: dict[str, Any]) -> list[PreviewStep]:
    """Patients at every step that the codes decide, and those eligible for comparison."""
    counts = count_decisions(study, read_rules(rules))
    expected = rules.get("expected") or {}
    steps = [
        PreviewStep(step.key, step.patients_in, step.patients_out, _listed(step.excluded), step.expected)
        for step in steps_of(counts, expected)
    ]
    pool, excluded = comparison_pool(counts)
    eligible = pool - sum(excluded.values())
    return [*steps, PreviewStep("eligible", pool, eligible, _listed(excluded), expected.get("eligible"))]


def _listed(excluded: dict[str, int]) -> list[dict[str, Any]]:
    return [{"reason": reason, "patients": patients} for reason, patients in excluded.items()]
