"""Invented operative notes, each with the truth that a careful abstractor would find in it."""

from demo.notes.facts import EvidenceSpan, Identifier, Note, NoteFacts, NoteTruth, Outcome
from demo.notes.write import write_note

__all__ = ["EvidenceSpan", "Identifier", "Note", "NoteFacts", "NoteTruth", "Outcome", "write_note"]
