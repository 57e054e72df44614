"""An administrator gives and takes roles, and sees who has read."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.conftest import OpenAs


def test_it_lists_everybody_with_their_roles(open_as: OpenAs) -> None:
    page = open_as("administrator", "/studies/demo/people")
    for name in ("Cora Coordinator", "Sol Surgeon", "Remy Researcher", "Surgeon A (simulated)"):
        expect(page.get_by_text(name).first).to_be_visible()


def test_it_shows_who_has_read_and_what_is_unblinded(open_as: OpenAs) -> None:
    page = open_as("administrator", "/studies/demo/protocols")
    finished = page.get_by_text("Surgeons beside the CNN (finished)").first
    expect(finished).to_be_visible()
    expect(page.get_by_text(re.compile("Sol Surgeon")).first).to_be_visible()


def test_it_drafts_a_protocol_and_shows_what_it_comes_to(open_as: OpenAs) -> None:
    page = open_as("administrator", "/studies/demo/protocols")
    page.get_by_role("button", name="New protocol").click()
    page.get_by_label("Title").fill("Drafted in a browser")
    page.get_by_role("checkbox", name=re.compile("Sol Surgeon")).check()
    expect(page.get_by_text("reads in all")).to_be_visible()
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text("Drafted in a browser").first).to_be_visible()
    expect(page.get_by_role("button", name="Freeze").first).to_be_visible()
