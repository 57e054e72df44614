"""What the gallery shows of a discordant case beside the answers: radiograph, maps, the note's released words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from annotations.datasets.models import DatasetCase
from annotations.imaging.models import Radiograph
from annotations.labels.quotes import released_quotes
from annotations.reads.findings import ZONES, LucencyWidth
from annotations.reads.models import ProtocolStatus, Read, ReadProtocol
from common.models import JobStatus
from mlworker.experiments.models import Comparison, SaliencyMap


@dataclass(slots=True)
class GalleryFacts:
    radiograph: Radiograph
    maps: list[dict[str, Any]] = field(default_factory=list)
    quotes: list[str] = field(default_factory=list)
    # What readers saw by the full form, one sentence a reader.
    findings: list[str] = field(default_factory=list)


def gallery_facts(comparison: Comparison, numbers: Sequence[int]) -> dict[int, GalleryFacts]:
    """By case number. Maps only of the compared models; a map that was not drawn is not drawn here."""
    found = DatasetCase.objects.filter(
        version=comparison.dataset_version_id, part=comparison.part, number__in=numbers
    ).select_related("radiograph", "hip")
    cases = {case.pk: case for case in found}
    facts = {case.number: GalleryFacts(case.radiograph) for case in cases.values()}
    maps = SaliencyMap.objects.filter(
        case_id__in=cases, run__scorings__in=comparison.scorings.all(), status=JobStatus.SUCCEEDED
    ).select_related("run")
    for one in maps.distinct().order_by("run_id", "method"):
        told = {"run": one.run_id, "run_name": one.run.name, "map": one.pk, "method": one.method}
        facts[cases[one.case_id].number].maps.append(told)
    _add_findings(comparison, cases, facts)
    if not _is_still_read_blinded(comparison):
        released = released_quotes([case.hip_id for case in cases.values()])
        for case in cases.values():
            facts[case.number].quotes = [quote.text for quote in released.get(case.hip_id, [])]
    return facts


def _add_findings(comparison: Comparison, cases: Mapping[int, DatasetCase], facts: Mapping[int, GalleryFacts]) -> None:
    reads = Read.objects.filter(session__in=comparison.sessions.all(), case_id__in=cases, is_practice=False)
    for read in reads.exclude(findings={}).select_related("session__reader").order_by("session_id", "is_repeat"):
        words = "; ".join(findings_in_words(read.findings))
        told = f"{read.session.reader.name}: {words}"
        if words:
            facts[cases[read.case_id].number].findings.append(told)


def findings_in_words(findings: Mapping[str, Any]) -> Iterator[str]:
    """G1 over 2 mm, D2 1 to 2 mm; scalloping G7; cup possibly loose."""
    zones = findings.get("zones") or {}
    seen = [
        f"{zone} {LucencyWidth(zones[zone]).label}"
        for zone in ZONES
        if zones.get(zone) not in (None, LucencyWidth.NONE, LucencyWidth.NOT_VISIBLE)
    ]
    yield ", ".join(seen) if seen else "no lucency"
    if findings.get("scalloping"):
        yield f"scalloping {', '.join(findings['scalloping'])}"
    for component in ("cup", "stem"):
        conclusion = (findings.get(component) or {}).get("conclusion")
        if conclusion:
            yield f"{component} {conclusion.replace('_', ' ')}"


def _is_still_read_blinded(comparison: Comparison) -> bool:
    """Whether somebody may still read these cases: then a note's words are told to nobody."""
    protocols = ReadProtocol.objects.filter(dataset_version=comparison.dataset_version_id, part=comparison.part)
    return protocols.exclude(status=ProtocolStatus.UNBLINDED).exists()
