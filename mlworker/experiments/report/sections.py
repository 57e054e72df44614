"""The sections of the report: which facts, figures and tables stand in which, and so where an item is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LIMITS = "What this sample can and cannot show"
HASHES = "Hashes"


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    facts: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()


SECTIONS = (
    Section(
        "Study and participants",
        ("design", "sources", "sites", "eligibility", "flow", "comparison_group", "reference", "annotators",
         "components", "sample", "characteristics"),
        ("flow",),
        ("flow", "characteristics"),
    ),
    Section("Dataset", ("dataset", "partitions", "disjointness", "deidentification", "acquisition")),
    Section(
        "Models",
        ("models", "preprocessing", "training", "initialisation", "software", "hardware", "runs", "ensembling",
         "updating", "thresholds", "touches", "maps"),
        (),
        ("runs", "touches", "hyper-parameters"),
    ),
    Section(
        "Readers",
        ("readers", "protocol", "blinding", "washout", "unblinding", "deviations", "missing"),
        (),
        ("readers",),
    ),
    Section(
        "Accuracy", ("endpoint", "metrics", "intervals", "tests", "performance"), ("roc", "accuracy"), ("accuracy",)
    ),
    Section("Differences", (), ("differences",), ("differences", "panel", "operating-points")),
    Section("Agreement", (), (), ("agreement",)),
    Section("Calibration and use", (), ("calibration", "decision-curve"), ("calibration",)),
    Section("Subgroups", ("subgroups",), ("subgroups",), ("subgroups",)),
    Section("Discordant cases", ("discordant",), (), ("discordant",)),
)  # fmt: skip

SECTION_OF_FACT: Mapping[str, str] = {
    **{name: section.title for section in SECTIONS for name in section.facts},
    "limits": LIMITS,
    "hashes": HASHES,
}
