"""Identifiers as notes write them, and clinical words that look like them. Written before the rules of version 2.

Between double square brackets stands what has to be hidden; everything else has to stay readable.
"""

from __future__ import annotations

import re

import pytest

from annotations.labels.masking import COVER, mask_note

_IDENTIFIER = re.compile(r"\[\[(.*?)\]\]")
TO_HIDE = {
    "name": [
        "[[John Smith]] is a 67-year-old man with a painful hip.",
        "Patient: [[SMITH, JOHN A.]]",
        "Pt. Name - [[Maria Fernandez]]",
        "Surgeon: Dr. [[J. O'Connor]]   Assistant: [[Peter Lindgren]]",
        "Drs. [[Miller]] and [[Jones]] were present.",
        "cc: Dr. [[Weber]], Dr. [[Hoffmann]]",
        "The case was assisted by [[Karen Whitfield]], PA-C.",
        "Electronically signed by [[Thomas R. Becker]], MD",
        "I discussed this with Ms. [[Olsen]] and her husband [[Erik]].",
        "Attending: [[Anna-Lena Müller]]",
        "Referred by Dr. [[van den Berg]].",
        "ANESTHESIOLOGIST: [[MARY K. JOHNSON]], M.D.",
        "Mr. [[Peterson]] was positioned. [[Peterson]] had a stiff hip.",
        "The patient, [[Elisabeth Brandt]], consented.",
    ],
    "date": [
        "Operated on the [[3rd of May 2019]].",
        "Seen again on [[May 3rd]].",
        "DOS: [[05/03/19]], DOB [[1950-01-02]]",
        "Admitted [[12 Mar 2018]] and discharged [[Mar. 19, 2018]].",
        "First operation [[12.3.2009]], revision [[03-MAY-2019]].",
        "The implant was put in in [[May of 2011]].",
        "Culture report of [[5/2019]].",
        "On the [[12th of March]] he fell.",
        "Dictated [[2019-05-03]]T10:15",
    ],
    "number": [
        "MRN: [[123-45-678]]",
        "NHS number [[943 476 5919]]",
        "SSN [[123-45-6789]]",
        "Acct # [[4711234]]",
        "Encounter no. [[E1234567]]",
        "Tel. [[+49 30 1234567]] or [[(415) 555-0134]]",
        "Serial number [[12AB3456]], lot [[7K88123]]",
    ],
    "e-mail": ["Write to [[ada.marchbank@example.org]]."],
    "address": ["See [[www.example.org/notes]] or [[https://example.org/x]].", "She lives at [[12 Oak Street]]."],
    "place": [
        "Transferred from [[St. Mary's Hospital]].",
        "Records of the [[Northgate University Hospital]] were read.",
        "He was first operated at [[Lakeside Clinic]].",
    ],
    "age": ["This [[93]]-year-old woman fell.", "A [[101]] y.o. man.", "Aged [[94]], she lives alone."],
}
TO_SHOW = [
    "A Hardinge approach was used; Hohmann and Charnley retractors were placed.",
    "Paprosky 3A defect, Gruen zones 1 and 7, Vancouver B2 fracture, Brooker II.",
    "Through a Smith-Petersen interval; the Watson-Jones approach was not used.",
    "A Robert Jones bandage was applied. The Harris hip score was 54.",
    "A Kocher clamp, a Cobb elevator and Moreland osteotomes were used.",
    "The cup was 56 mm with a 36 mm head, offset +4, leg length 12 mm.",
    "Blood loss 400-500 ml, 3 of 5 samples, 10 PMN per high-power field.",
    "The Wagner stem of 14/225 mm was implanted; an Exeter stem was removed.",
    "He had been revised in 2011 for a loose cup and was 89 years old.",
    "Anteversion 15-20 degrees, abduction 40 degrees, flexion to 110.",
    "CPT 27134, ICD T84.030A, T84.031A.",
    "The Hospital's protocol was followed. Surgeon: as above.",
    "In May the pain began; the march of symptoms was slow.",
    "Two months later, 3/4 of the rim was intact and 1/2 of the screws were loose.",
    "The Patient was Prone. The Left Hip was Prepped and Draped.",
    "FINDINGS: THE ACETABULAR COMPONENT WAS GROSSLY LOOSE.",
]


def _wanted(kind: str) -> list[tuple[str, str]]:
    return [(kind, text) for text in TO_HIDE[kind]]


@pytest.mark.parametrize(
    ("kind", "written"), [pair for kind in TO_HIDE for pair in _wanted(kind)], ids=lambda value: value[:40]
)
def test_it_hides_the_identifier_and_nothing_but_it(kind: str, written: str) -> None:
    text = _IDENTIFIER.sub(r"\1", written)
    masked = mask_note(text)
    hidden = set()
    for match, shift in zip(_IDENTIFIER.finditer(written), range(0, 400, 4), strict=False):
        hidden |= set(range(match.start() - shift, match.end() - shift - 4))
    for at, (shown, letter) in enumerate(zip(masked.text, text, strict=True)):
        if at in hidden:
            assert shown == COVER or not letter.isalnum(), (masked.text, letter)
        else:
            assert shown == letter, masked.text
    assert masked.hidden.get(kind, 0) >= 1, masked.hidden


@pytest.mark.parametrize("text", TO_SHOW)
def test_it_leaves_clinical_words_alone(text: str) -> None:
    assert mask_note(text).text == text


def test_it_reports_how_many_of_each_kind_it_hid() -> None:
    masked = mask_note("Dr. Weber saw Mr. Olsen on 12/03/2019 and on 13/03/2019. Olsen wrote to a@example.org.")
    assert masked.hidden == {"name": 3, "date": 2, "e-mail": 1}
