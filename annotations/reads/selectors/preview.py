"""What a protocol would come to, before anything is kept: asked as often as one likes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from accounts.models import Person
from annotations.datasets.models import DatasetCase, Part
from annotations.reads.models import ReadProtocol
from annotations.reads.plan import planned_order, with_repeats
from annotations.reads.protocol_settings import check_settings
from annotations.reads.selectors.blinding import recused_cases
from studies.models import Membership, Role, Study

_EXAMPLE_SEED = 1


@dataclass(frozen=True, slots=True)
class PreviewedReader:
    id: int
    name: str
    reads: int
    recused: int
    # Why this person cannot read; empty for everybody who can.
    refusal: str


@dataclass(frozen=True, slots=True)
class Preview:
    """Counts of one session in an example order, and of all sessions of all readers."""

    cases: int
    practice: int
    repeats: int
    batches: int
    reads_in_all: int
    patients_with_both_hips: int
    # How many places lie between two cases of one patient at the least; None without such a patient.
    fewest_places_between: int | None
    readers: list[PreviewedReader]


def preview_protocol(study: Study, settings: Mapping[str, Any], readers: Sequence[Person]) -> Preview:
    """Reads and never writes; refuses settings that could not be kept."""
    check_settings(study, settings)
    protocol = ReadProtocol(study=study, **settings)
    cases = _cases(protocol.dataset_version_id, protocol.part)
    practice = _cases(protocol.practice_version_id, Part.PRACTICE) if protocol.practice_version_id else []
    plan = with_repeats(planned_order(cases, _EXAMPLE_SEED), protocol.repeated_percent, _EXAMPLE_SEED)
    previewed = [_reader(protocol, reader, cases) for reader in readers]
    first = [case for case, again in plan if not again]
    return Preview(
        cases=len(cases), practice=len(practice), repeats=len(plan) - len(cases),
        batches=-(-len(plan) // protocol.batch_size) if protocol.batch_size else 1,
        reads_in_all=sum(reader.reads for reader in previewed) * protocol.sessions_per_reader,
        patients_with_both_hips=len(cases) - len({case.patient_id for case in cases}),
        fewest_places_between=_fewest_between(first), readers=previewed,
    )  # fmt: skip


def _cases(version_id: int, part: str) -> list[DatasetCase]:
    cases = DatasetCase.objects.filter(version=version_id, part=part)
    return list(cases.only("number", "patient_id").order_by("number"))


def _reader(protocol: ReadProtocol, reader: Person, cases: Sequence[DatasetCase]) -> PreviewedReader:
    roles = set(Membership.objects.filter(study=protocol.study, person=reader).values_list("role", flat=True))
    refusal = "" if roles == {Role.SURGEON} else "other_roles" if Role.SURGEON in roles else "not_a_surgeon"
    known = recused_cases(protocol, reader)
    left = [case for case in cases if case.pk not in known]
    if not left and not refusal:
        refusal = "all_recused"
    reads = len(with_repeats(planned_order(left, _EXAMPLE_SEED), protocol.repeated_percent, _EXAMPLE_SEED))
    return PreviewedReader(reader.pk, reader.name, 0 if refusal else reads, len(known), refusal)


def _fewest_between(order: Sequence[DatasetCase]) -> int | None:
    places: dict[int, list[int]] = {}
    for place, case in enumerate(order):
        places.setdefault(case.patient_id, []).append(place)
    gaps = [later - earlier - 1 for found in places.values() for earlier, later in combinations(found, 2)]
    return min(gaps, default=None)
