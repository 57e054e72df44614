"""What is true of a note is what an honest abstractor would find in it, in the platform's own words."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from annotations.labels.services import Verdict
from demo.notes import Outcome
from demo.notes.phrases import BANKS
from demo.notes.write import LONGEST, SHORTEST
from demo.registry import RegistryTables, generate_registry


@pytest.fixture(scope="module")
def tables() -> RegistryTables:
    return generate_registry(11)


def test_it_gives_the_reason_that_the_platform_gives_for_the_same_verdict(tables: RegistryTables) -> None:
    for truth in tables.note_truth.values():
        verdict = Verdict(truth.cup, truth.stem, truth.infection, truth.diagnoses_agree)
        verdict.check()
        assert (truth.confirmed, truth.reason) == (verdict.confirms_loosening, verdict.reason)


def test_it_means_what_the_outcome_says(tables: RegistryTables) -> None:
    expected = {
        Outcome.CONFIRMED: "confirmed_at_surgery",
        Outcome.WELL_FIXED: "no_loosening_at_surgery",
        Outcome.INFECTION_SUSPECTED: "infection_suspected",
        Outcome.INFECTION_CONFIRMED: "infection_confirmed",
        Outcome.DIAGNOSIS_DIFFERS: "diagnoses_differ",
        Outcome.NOT_STATED: "no_loosening_at_surgery",
        Outcome.SIDE_DIFFERS: "no_loosening_at_surgery",
        Outcome.OTHER_CAUSE: "no_loosening_at_surgery",
        Outcome.PRIMARY: "no_loosening_at_surgery",
    }
    seen = {truth.outcome: truth.reason for truth in tables.note_truth.values()}
    assert seen == expected
    for truth in tables.note_truth.values():
        assert truth.reason == expected[truth.outcome]
        if truth.outcome in (Outcome.NOT_STATED, Outcome.SIDE_DIFFERS, Outcome.PRIMARY):
            assert (truth.cup, truth.stem) == ("not_stated", "not_stated")


def test_it_finds_a_component_loose_only_where_the_text_says_so(tables: RegistryTables) -> None:
    for truth in tables.note_truth.values():
        loose = {
            span.component
            for span in truth.evidence
            if (span.kind, span.polarity, span.role) == ("loose", "affirmed", "decisive")
        }
        assert loose == {name for name in ("cup", "stem") if getattr(truth, name) == "loose"}, truth.outcome


def test_it_revises_the_component_that_was_loose(tables: RegistryTables) -> None:
    cpt = {row.procedure_id: row.cpt for row in tables.procedures}
    revised = {"27134": {"cup", "stem"}, "27137": {"cup"}, "27138": {"stem"}}
    for row in tables.notes:
        truth = tables.note_truth[row.note_id]
        loose = {name for name in ("cup", "stem") if getattr(truth, name) == "loose"}
        assert loose <= revised.get(cpt[row.procedure_id], set())


def test_it_writes_notes_of_many_kinds_and_sensible_length(tables: RegistryTables) -> None:
    words = [len(row.text.split()) for row in tables.notes]
    assert min(words) >= SHORTEST
    assert max(words) <= LONGEST
    styles = Counter(truth.style for truth in tables.note_truth.values())
    assert set(styles) == {"sectioned", "capitals", "terse", "narrative", "run_on"}
    assert min(styles.values()) > 0.08 * len(tables.notes)
    assert len({row.text for row in tables.notes}) == len(tables.notes)
    assert sum(len(bank) for bank in BANKS.values()) > 250


def test_it_leaves_no_mark_of_the_grammar_in_a_note(tables: RegistryTables) -> None:
    for row in tables.notes:
        assert not re.search(r"[<>{}\[\]|]", row.text), row.text


def test_it_knows_where_each_mark_stands(tables: RegistryTables) -> None:
    for row in tables.notes:
        truth = tables.note_truth[row.note_id]
        for mark in truth.identifiers:
            assert row.text[mark.start : mark.end] == mark.text
            assert mark.text.strip() == mark.text != ""
        for span in truth.evidence:
            assert row.text[span.start : span.end].strip()
