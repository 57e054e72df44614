"""Agreement by item with intervals, between two abstractors and between people and the rules' suggestions."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from annotations.labels.agreement import between_abstractors, measure, with_suggestions
from annotations.labels.services import adjudicate, assess_note
from studies.models import Role
from tests.factories import LOOSE, client_of, make_member
from tests.labels_tests.notes_study import cohort_of, make_notes_study, notes_of, write_note


def test_it_measures_kappa_and_its_interval() -> None:
    """Twenty-five and twenty-five: 35 of 50 the same. By hand, kappa is (0.7 - 0.5) / 0.5."""
    cells = (
        ("loose", "loose", 20),
        ("loose", "well_fixed", 5),
        ("well_fixed", "loose", 10),
        ("well_fixed", "well_fixed", 15),
    )
    measured = measure("cup", [(first, second) for first, second, times in cells for _ in range(times)])
    assert (measured.notes, measured.agree, measured.share) == (50, 35, 0.7)
    assert measured.kappa == pytest.approx(0.4)
    # Fleiss, Cohen & Everitt 1969, written out for two categories.
    p = {(a, b): times / 50 for a, b, times in cells}
    rows = {"loose": 0.5, "well_fixed": 0.5}
    columns = {"loose": 0.6, "well_fixed": 0.4}
    first = sum(p[k, k] * ((1 - 0.5) - (rows[k] + columns[k]) * (1 - 0.7)) ** 2 for k in rows)
    second = (1 - 0.7) ** 2 * sum(p[a, b] * (rows[b] + columns[a]) ** 2 for a in rows for b in rows if a != b)
    error = math.sqrt((first + second - (0.7 * 0.5 - 2 * 0.5 + 0.7) ** 2) / (50 * 0.5**4))
    assert measured.kappa_low == pytest.approx(0.4 - 1.959964 * error, abs=1e-6)
    assert measured.kappa_high == pytest.approx(0.4 + 1.959964 * error, abs=1e-6)
    # Wilson 1927.
    z2 = 1.959964**2
    middle, half = (35 + z2 / 2) / (50 + z2), 1.959964 * math.sqrt(35 * 15 / 50 + z2 / 4) / (50 + z2)
    assert measured.share_low == pytest.approx(middle - half, abs=1e-6)
    assert measured.share_high == pytest.approx(middle + half, abs=1e-6)
    assert measured.table[0][:2] == [20, 5]


def test_it_says_why_there_is_no_kappa() -> None:
    alike = measure("infection", [("none", "none")] * 4)
    assert (alike.share, alike.kappa) == (1.0, None)
    assert "one and the same category" in alike.undefined
    nothing = measure("cup", [])
    assert (nothing.notes, nothing.share, nothing.kappa) == (0, None, None)


@pytest.mark.django_db
def test_it_compares_the_latest_verdicts_of_notes_that_two_have_read(tmp_path: Path) -> None:
    study = make_notes_study(tmp_path, 3)
    first, second = (make_member(study, Role.ABSTRACTOR) for _ in range(2))
    notes = notes_of(study)
    for note in notes:
        assess_note(note=note, abstractor=first, verdict=LOOSE)
    for note in notes[:2]:
        assess_note(note=note, abstractor=second, verdict=replace(LOOSE, infection="suspected"))
    assess_note(note=notes[0], abstractor=second, verdict=LOOSE)
    by_item = {row.item: row for row in between_abstractors(cohort_of(study))}
    assert {item: (row.notes, row.agree) for item, row in by_item.items()} == {
        "cup": (2, 2), "stem": (2, 2), "infection": (2, 1), "diagnoses_agree": (2, 2)
    }  # fmt: skip


@pytest.mark.django_db
def test_it_measures_suggestions_against_what_people_settled_on(tmp_path: Path) -> None:
    study = make_notes_study(tmp_path, 4)
    texts = (
        "FINDINGS: The cup was loose. The stem was well fixed. No sign of infection.",
        "FINDINGS: The cup was loose, the stem was well fixed.",
        "PREOPERATIVE DIAGNOSIS: Loose cup. FINDINGS: Cup and stem were well fixed.",
        "FINDINGS: Nobody has settled this one: the stem was loose.",
    )
    notes = [write_note(note, text) for note, text in zip(notes_of(study), texts, strict=True)]
    first, second = (make_member(study, Role.ABSTRACTOR) for _ in range(2))
    for note in notes[:2]:
        for person in (first, second):
            assess_note(note=note, abstractor=person, verdict=LOOSE)
    assess_note(note=notes[2], abstractor=first, verdict=LOOSE)
    assess_note(note=notes[2], abstractor=second, verdict=replace(LOOSE, cup="not_stated"))
    adjudicator = make_member(study, Role.ADJUDICATOR)
    adjudicate(note=notes[2], adjudicator=adjudicator, verdict=replace(LOOSE, cup="loose"), reason="As I read it.")
    assess_note(note=notes[3], abstractor=first, verdict=LOOSE)
    by_item = {row.item: (row.notes, row.agree) for row in with_suggestions(cohort_of(study))}
    # In the third note the people found a loose cup where the rules suggest a fixed one.
    assert by_item == {"cup": (3, 2), "stem": (3, 3), "infection": (3, 3)}
    body = client_of(adjudicator).get(f"/api/v1/studies/{study.slug}/notes/agreement").json()
    assert body["with_suggestions"][0]["categories"] == ["loose", "well_fixed", "not_stated"]
    assert body["with_suggestions"][0]["table"] == [[2, 0, 0], [1, 0, 0], [0, 0, 0]]
