"""What abstractors see of a note: identifying places covered at their own length, and marks that lie where they say."""

from __future__ import annotations

import pytest

from annotations.labels.evidence import find_evidence
from annotations.labels.masking import mask_note

NOTE = """PATIENT: Jane Doe   MRN: 4711234
DATE OF SURGERY: 06/01/2020
SURGEON: Dr. Kessler
PREOPERATIVE DIAGNOSIS: Loosening of the cup.
FINDINGS: The cup was grossly loose. The stem was well fixed. No purulence was seen.
"""


def test_it_covers_names_numbers_and_dates_at_their_own_length() -> None:
    masked = mask_note(NOTE)
    assert len(masked.text) == len(NOTE)
    for hidden in ("Jane", "Doe", "4711234", "06/01/2020", "Kessler"):
        assert hidden not in masked.text
    assert set(masked.hidden) >= {"name", "number", "date"}
    for shown in ("grossly loose", "well fixed", "PREOPERATIVE DIAGNOSIS"):
        assert masked.text.index(shown) == NOTE.index(shown)


@pytest.mark.parametrize(
    ("sentence", "kind", "polarity"),
    [
        ("FINDINGS: The cup was grossly loose.", "loose", "affirmed"),
        ("FINDINGS: The stem was not loose.", "loose", "negated"),
        ("FINDINGS: There was no evidence of infection.", "infection", "negated"),
        ("FINDINGS: Infection was ruled out.", "infection", "negated"),
        ("FINDINGS: Possible loosening of the cup.", "loose", "hedged"),
        ("FINDINGS: No pus was seen, but the stem was loose.", "loose", "affirmed"),
    ],
)
def test_it_hears_negation_and_doubt(sentence: str, kind: str, polarity: str) -> None:
    marks = [mark for mark in find_evidence(sentence) if mark.kind == kind]
    assert [mark.polarity for mark in marks] == [polarity]


def test_it_counts_findings_and_not_what_was_expected_before() -> None:
    loose = [mark for mark in find_evidence(NOTE) if mark.kind == "loose"]
    assert [mark.counts for mark in loose] == [False, True]


def test_it_does_not_take_aseptic_for_septic() -> None:
    marks = find_evidence("FINDINGS: Aseptic loosening of the stem.")
    assert [mark.kind for mark in marks] == ["loose"]


def test_it_gives_places_that_lie_in_the_note() -> None:
    for mark in find_evidence(NOTE):
        assert 0 <= mark.start < mark.end <= len(NOTE)
        assert NOTE[mark.start : mark.end].strip()
