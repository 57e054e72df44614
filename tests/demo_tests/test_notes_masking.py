"""Masking, measured against the names, numbers and dates that were planted in the demo's notes."""

from __future__ import annotations

import pytest

from annotations.labels.masking import mask_note
from demo.registry import RegistryTables, generate_registry

COVER = "▒"


@pytest.fixture(scope="module", params=[3, 2_026])
def tables(request: pytest.FixtureRequest) -> RegistryTables:
    seed: int = request.param
    return generate_registry(seed)


def test_it_hides_every_planted_name_number_and_date(tables: RegistryTables) -> None:
    shown = []
    for row in tables.notes:
        masked = mask_note(row.text).text
        for mark in tables.note_truth[row.note_id].identifiers:
            left = masked[mark.start : mark.end].replace(COVER, "").strip(" ,.")
            if left:
                shown.append((mark.kind, mark.text, left))
    assert shown == []


def test_it_leaves_the_clinical_words_readable(tables: RegistryTables) -> None:
    hidden_elsewhere = letters = 0
    for row in tables.notes:
        masked = mask_note(row.text).text
        assert len(masked) == len(row.text)
        truth = tables.note_truth[row.note_id]
        for span in truth.evidence:
            assert masked[span.start : span.end] == row.text[span.start : span.end]
        planted = {at for mark in truth.identifiers for at in range(mark.start, mark.end)}
        open_letters = [at for at, letter in enumerate(row.text) if letter.isalnum() and at not in planted]
        letters += len(open_letters)
        hidden_elsewhere += sum(masked[at] == COVER for at in open_letters)
    # Titles in a heading go with the name ("Surgeon: Dr …"); hardly anything else may.
    assert hidden_elsewhere / letters < 0.005


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Seen with Dr Ada Marchbank on 3 May 2019.", ["Ada Marchbank", "3 May 2019"]),
        ("DR. MARCHBANK TOLD MRS HALLORAN.", ["MARCHBANK", "HALLORAN"]),
        ("Surgeon: A. Marchbank / Asst: T. Halloran", ["A. Marchbank", "T. Halloran"]),
        ("Ada Marchbank, M.D.\nThe cup was shown to Marchbank.", ["Ada Marchbank", "Marchbank."[:-1]]),
        ("MRN 00-12-77, pager 4471, lot 7K88123, REF 71-2208-54", ["00-12-77", "4471", "7K88123", "71-2208-54"]),
        ("Call +44 1632 960 123 or (415) 555-0134, ext. 2210.", ["1632 960 123", "(415) 555-0134", "2210"]),
        ("This 93-year-old man, seen in June 2015.", ["93", "June 2015"]),
    ],
)
def test_it_hides_identifiers_that_the_grammar_does_not_know(text: str, hidden: list[str]) -> None:
    masked = mask_note(text).text
    for words in hidden:
        assert words not in masked
        at = text.rindex(words)
        assert set(masked[at : at + len(words)]) <= {COVER, " "}


@pytest.mark.parametrize(
    "text",
    [
        "Paprosky type IIIA defect; Charnley retractor; Hardinge approach; Gruen zone 4; Vancouver B2.",
        "EBL 350-400 ml, a 56 mm shell, a 36 mm head, stem size 14, 190 mm.",
        "Procedure: revision of the left acetabular component (CPT 27137).",
        "The patient was stable. The case was long; the nurse counted. In May the pain began.",
        "FINDINGS: THE STEM WAS GROSSLY LOOSE. THE CUP WAS WELL FIXED.",
    ],
)
def test_it_hides_nothing_clinical(text: str) -> None:
    assert mask_note(text).text == text
