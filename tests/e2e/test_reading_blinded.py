"""A surgeon's evening: instructions, practice with feedback, blinded cases by keyboard, signature."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, Response, expect

from tests.e2e.conftest import OpenAs
from tests.e2e.stack import Stack

PRACTICE = 8
# What a reader must never be sent: names of fields and the words of what is known.
_FORBIDDEN_KEYS = {"label", "label_value", "truth", "pseudonym", "patient", "site", "hip", "probability", "logit",
                   "radiograph", "sop_instance_uid", "study_instance_uid", "acquired_on", "number"}  # fmt: skip


class Overheard:
    """Every JSON answer of the reading API while a case is on the screen."""

    def __init__(self, page: Page) -> None:
        self.bodies: list[tuple[str, Any]] = []
        page.on("response", self._hear)

    def _hear(self, response: Response) -> None:
        if "/api/v1/reading/cases/" in response.url and "json" in response.headers.get("content-type", ""):
            self.bodies.append((response.url, json.loads(response.text())))


def _keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {key for item in value.values() for key in _keys(item)}
    return {key for item in value for key in _keys(item)} if isinstance(value, list) else set()


def _answer(page: Page, keys: str) -> None:
    """Waits until the case takes answers, then types; Enter submits and locks."""
    expect(page.get_by_role("radio", name="Loose")).to_be_enabled()
    for key in keys:
        page.keyboard.press(key)
    expect(page.get_by_role("button", name="Submit and lock")).to_be_enabled()
    page.keyboard.press("Enter")


@pytest.fixture(scope="module")
def read_to_the_end() -> dict[str, Any]:
    """What the tests of this file, which run in order, tell each other."""
    return {}


def test_it_shows_practice_cases_first_with_feedback(open_as: OpenAs) -> None:
    page = open_as("surgeon", "/studies/demo/reading")
    page.get_by_role("link", name=re.compile("Begin|Go on")).first.click()
    page.get_by_role("button", name="I have read this; begin").click()
    for position in range(1, PRACTICE + 1):
        expect(page.get_by_text(f"Practice {position} of {PRACTICE}")).to_be_visible()
        expect(page.get_by_role("radio", checked=True)).to_have_count(0)
        _answer(page, "l80")
        expect(page.get_by_text(re.compile("What is known of this hip: (loose|well fixed)"))).to_be_visible()
        page.keyboard.press("Enter")
    expect(page.get_by_text("Practice is over")).to_be_visible()


def test_it_keeps_a_draft_over_a_lost_network_and_a_new_page(open_as: OpenAs) -> None:
    page = open_as("surgeon", "/studies/demo/reading")
    page.get_by_role("link", name="Go on").first.click()
    page.get_by_role("button", name="Begin reading").click()
    expect(page.get_by_text(re.compile("Case 1 of"))).to_be_visible()
    expect(page.get_by_role("radio", name="Loose")).to_be_enabled()
    page.context.set_offline(True)
    page.keyboard.press("w")
    expect(page.get_by_text("No network: your draft is kept on this computer and sent later")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("Draft saved")).to_be_visible()
    page.reload()
    begin = page.get_by_role("button", name="Begin reading")
    expect(begin.or_(page.get_by_role("radio", name="Well fixed"))).to_be_visible()
    if begin.is_visible():
        begin.click()
    expect(page.get_by_role("radio", name="Well fixed")).to_be_checked()


def test_it_reads_to_the_end_by_keyboard_and_tells_nothing_but_the_image(
    open_as: OpenAs, stack: Stack, read_to_the_end: dict[str, Any]
) -> None:
    page = open_as("surgeon", "/studies/demo/reading")
    overheard = Overheard(page)
    page.get_by_role("link", name="Go on").first.click()
    begin = page.get_by_role("button", name="Begin reading")
    expect(begin.or_(page.get_by_text(re.compile("Case 1 of")))).to_be_visible()
    if begin.is_visible():
        begin.click()
    total = int(re.findall(r"of (\d+)", page.get_by_text(re.compile(r"Case \d+ of \d+")).inner_text())[0])
    for position in range(1, total + 1):
        expect(page.get_by_text(f"Case {position} of {total}")).to_be_visible()
        _answer(page, "w65" if position % 2 else "l90")
        expect(page.get_by_text(re.compile("What is known"))).to_have_count(0)
    expect(page.get_by_role("button", name="Sign")).to_be_visible()
    assert len(overheard.bodies) >= 3 * total
    for url, body in overheard.bodies:
        assert not _keys(body) & _FORBIDDEN_KEYS, url
        if url.endswith("/submit"):
            assert body["feedback"] is None
    read_to_the_end["total"] = total


def test_it_signs_with_the_password_again(open_as: OpenAs, stack: Stack, read_to_the_end: dict[str, Any]) -> None:
    page = open_as("surgeon", "/studies/demo/reading")
    page.get_by_role("link", name="Sign").first.click()
    expect(page.get_by_text(f"All {read_to_the_end['total']} cases are read and locked.")).to_be_visible()
    page.get_by_label("Your password, again").fill(stack.people()["surgeon"].password)
    page.get_by_role("button", name="Sign").click()
    expect(page.get_by_text("SHA-256 of all reads")).to_be_visible()
    expect(page.get_by_text(re.compile("^[0-9a-f]{64}$"))).to_be_visible()


def test_it_hides_everything_else_from_a_surgeon(open_as: OpenAs) -> None:
    page = open_as("surgeon")
    for address in ("cohort", "notes", "labels", "radiographs", "datasets", "training/runs", "comparisons", "people"):
        answer = page.request.get(f"/api/v1/studies/demo/{address}")
        assert answer.status in (403, 404), address
