"""Where a note speaks of loosening, fixation or infection: suggestions for the eye, never an answer.

Small rules of our own after ConText (Harkema 2009, J Biomed Inform 42:839): a term, the words before and behind it that
deny it, leave it open or only seem to deny it, where their reach ends, and the section, component, side, person and
time that it is about. They work offline. Measured on hand-written sentences in
tests/labels_tests/test_evidence_sentences.py
and on the demo's notes in tests/demo_tests/test_notes_evidence.py.
"""

from annotations.labels.evidence.marks import Evidence
from annotations.labels.evidence.rules import MOST_CHARACTERS, MOST_MARKS, RULES_VERSION, find_evidence
from annotations.labels.evidence.suggestion import Suggestion, suggest

__all__ = ["MOST_CHARACTERS", "MOST_MARKS", "RULES_VERSION", "Evidence", "Suggestion", "find_evidence", "suggest"]
