"""Reading an operative note by keys alone, deciding where two others differ, and releasing words of it.

After test_coordinating.py on purpose: a verdict that differs takes a hip out of the published 118 until it is decided.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenAs

NOTES = "/studies/demo/notes"


def _api(page: Page, path: str) -> Any:
    answer = page.request.get(f"/api/v1/studies/demo{path}")
    assert answer.ok, answer.text()
    return answer.json()


def _keys(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_it_reads_a_note_by_keys_alone_and_takes_the_verdict_back(open_as: OpenAs) -> None:
    page = open_as("coordinator", NOTES)
    before = _api(page, "/notes")
    if not before["queue"]:
        pytest.skip("an earlier run on this stack has read every note")
    page.get_by_role("button", name="Read the next note").click()
    expect(page.get_by_role("heading", name=re.compile(r"Note \d+, (left|right) hip"))).to_be_visible()
    first = int(page.url.rsplit("/", 1)[1])
    # Nothing is answered before the person answers: marks are suggestions.
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)
    _keys(page, "s")
    quotation = page.get_by_role("complementary").or_(page.locator("blockquote")).first
    expect(quotation).to_be_visible()
    whole = quotation.inner_text()
    _keys(page, "Shift+ArrowLeft")
    expect(quotation).not_to_have_text(whole)
    _keys(page, "1", "5", "7", "y")
    expect(page.get_by_role("radio", checked=True)).to_have_count(4)
    _keys(page, "Control+Enter")
    expect(page.get_by_text(f"{before['progress']['mine'] + 1} read by you")).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile(rf"Note (?!{first},)\d+, "))).to_be_visible()
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)
    # Undo: the last verdict stands open again, and what is submitted is its next version.
    _keys(page, "u")
    expect(page.get_by_text("Your verdict anew")).to_be_visible()
    assert page.url.endswith(f"/{first}")
    expect(page.get_by_role("radio", checked=True)).to_have_count(4)
    _keys(page, "2", "Control+Enter")
    expect(page.get_by_text("kept as version 2").or_(page.get_by_text(re.compile("Label of P-"))).first).to_be_visible()
    mine = _api(page, f"/notes/{first}")["mine"]
    assert (mine["version"], mine["cup"], mine["stem"]) == (2, "well_fixed", "well_fixed")
    assert mine["quote_end"] > mine["quote_start"]
    expect(page.get_by_role("heading", name=re.compile(rf"Note (?!{first},)\d+, "))).to_be_visible()
    # Back and forth between the notes.
    _keys(page, "k")
    expect(page.get_by_role("heading", name=re.compile(rf"Note {first}, "))).to_be_visible()
    _keys(page, "j")
    expect(page.get_by_role("heading", name=re.compile(rf"Note {first}, "))).not_to_be_visible()


def test_it_decides_a_dispute_without_names(open_as: OpenAs) -> None:
    page = open_as("coordinator", NOTES)
    disputed = _api(page, "/notes")["disputed"]
    if not disputed:
        pytest.skip("an earlier run on this stack has decided every dispute")
    page.get_by_role("link", name="Decide the next dispute").click()
    expect(page.get_by_text("Reader A")).to_be_visible()
    expect(page.get_by_text("Abstractor 1")).to_have_count(0)
    _keys(page, "1", "5", "7", "y")
    page.get_by_label("Reason of the decision").fill("The findings say so.")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text(re.compile("Label of P-[0-9A-F]{10}")).first).to_be_visible()
    expect(page.get_by_text("The decision of a third person stands.").first).to_be_visible()
    # The decision is a record of its own, with its reason, for those who may open the note.
    assert _api(page, f"/notes/{disputed[0]['id']}")["decision"]["reason"] == "The findings say so."


def test_it_releases_words_of_a_note_and_withdraws_them(open_as: OpenAs) -> None:
    page = open_as("coordinator", NOTES)
    data = _api(page, "/notes")
    note = (data["read"] or data["queue"])[-1]["id"]
    page.goto(f"{NOTES}/{note}")
    if page.get_by_role("button", name="Undo: change my verdict").is_visible():
        page.get_by_role("button", name="Undo: change my verdict").click()
    expect(page.get_by_role("heading", name=re.compile(r"Note \d+"))).to_be_visible()
    text = page.locator("[lang=en] [data-start]").first
    text.click(click_count=3)
    page.get_by_role("button", name="Release the quoted words (R)").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("Shows it.")
    dialog.get_by_role("button", name="Release").click()
    expect(page.get_by_text(re.compile("Released by .*Shows it."))).to_be_visible()
    page.get_by_role("button", name="Withdraw", exact=True).first.click()
    dialog.get_by_label("Reason").fill("A test.")
    dialog.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text(re.compile("Released by"))).to_have_count(0)
