"""The phrases of the grammar, by what they say."""

from demo.notes.phrases.diagnoses import DIAGNOSES
from demo.notes.phrases.findings import FINDINGS
from demo.notes.phrases.infection import INFECTION
from demo.notes.phrases.technique import TECHNIQUE

BANKS: dict[str, tuple[str, ...]] = {**FINDINGS, **INFECTION, **DIAGNOSES, **TECHNIQUE}

__all__ = ["BANKS"]
