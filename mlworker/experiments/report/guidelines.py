"""Items of three reporting guidelines, in our own short words with their published numbers.

Each item names the facts of the platform that answer it (`report.facts`): all of them make it reported, or partly
reported where a person has to add something. An item without facts is a person's to answer. No score is made of them.

Sources: CLAIM 2024 (Tejani et al., Radiol Artif Intell 2024;6:e240300); TRIPOD+AI (Collins et al., BMJ
2024;385:e078378); STARD 2015 (Bossuyt et al., BMJ 2015;351:h5527) with what STARD-AI (Sounderajah et al., Nat Med 2025)
asks beyond it, under numbers of our own that begin with "AI".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mlworker.experiments.report import claim, stard_ai, tripod_ai


@dataclass(frozen=True, slots=True)
class Item:
    """Attributes: `facts` answer it; `whole` False where they do so in part only."""

    number: str
    section: str
    asks: str
    facts: tuple[str, ...] = ()
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Guideline:
    key: str
    title: str
    numbering: str
    items: tuple[Item, ...]

    def item(self, number: str) -> Item | None:
        return next((item for item in self.items if item.number == number), None)


def _items(rows: str) -> tuple[Item, ...]:
    """From lines "number | section | asks | facts"; a "~" before the facts says that they answer in part."""
    items = []
    for row in rows.strip().splitlines():
        number, section, asks, facts = (cell.strip() for cell in row.split("|"))
        items.append(Item(number, section, asks, tuple(facts.lstrip("~").split()), not facts.startswith("~")))
    return tuple(items)


GUIDELINES: Mapping[str, Guideline] = {
    guideline.key: guideline
    for guideline in (
        Guideline(
            "stard_ai",
            "STARD-AI",
            "Numbers are those of STARD 2015; rows AI 1 to AI 12 hold what STARD-AI adds, numbered here.",
            _items(stard_ai.ROWS),
        ),
        Guideline("claim", "CLAIM 2024", "Numbers are those of the 2024 update.", _items(claim.ROWS)),
        Guideline("tripod_ai", "TRIPOD+AI", "Numbers are those of the 2024 statement.", _items(tripod_ai.ROWS)),
    )
}
