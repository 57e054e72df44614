"""The full form by keys and clicks, back and forth between cases, and a correction."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenAs
from tests.e2e.stack import Stack

# Of the researcher's making; there is one of each in the study as soon as a test of this file has run.
_PROTOCOL = """
from accounts.models import Person
from annotations.reads.models import ReadProtocol
from annotations.reads.services import create_protocol, freeze_protocol
first = ReadProtocol.objects.order_by("pk").first()
reader = Person.objects.get(email={email!r})
made = create_protocol(
    study=first.study, title={title!r}, dataset_version=first.dataset_version, part=first.part, practice_version=None,
    instructions="", actor=None, readers=[reader],
    settings={{"form": {form!r}, "navigation": {navigation!r}, "batch_size": 0}},
)
freeze_protocol(protocol=made, actor=first.created_by or reader)
print("session", made.sessions.get().pk)
"""


def _session(stack: Stack, form: str, navigation: str) -> int:
    email = stack.people()["surgeon"].email
    script = _PROTOCOL.format(email=email, title=f"{form}, {navigation}", form=form, navigation=navigation)
    found = re.search(r"session (\d+)", stack.manage("shell", "-c", script))
    assert found
    return int(found[1])


@pytest.fixture(scope="module")
def full(stack: Stack) -> int:
    return _session(stack, "full", "forward")


@pytest.fixture(scope="module")
def free(stack: Stack) -> int:
    return _session(stack, "quick", "free")


def _begin(page: Page) -> None:
    begin = page.get_by_role("button", name="I have read this; begin")
    heading = page.get_by_role("heading", name=re.compile("Case .* of"))
    expect(begin.or_(heading)).to_be_visible()
    if begin.is_visible():
        begin.click()
    expect(heading).to_be_visible()


def _type(page: Page, keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_it_fills_the_form_by_keys_and_locks_the_worse_component(open_as: OpenAs, full: int) -> None:
    page = open_as("surgeon", f"/studies/demo/reading/{full}")
    _begin(page)
    expect(page.get_by_role("radio", name="Right hip")).to_be_enabled()
    # Left side, good image, no lucency but in Gruen zone 3, which is scalloped; cup fixed, stem loose.
    _type(page, "21")
    expect(page.locator("svg[data-side=L]")).to_be_visible()
    page.keyboard.press("Shift+Digit3")
    _type(page, "s4")
    expect(page.get_by_role("button", name="Gruen zone 3: over 2 mm, Endosteal scalloping")).to_be_visible()
    _type(page, "z116113")
    expect(page.get_by_text("The case: Loose (possibly loose)")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Case 2 of")).to_be_visible()


def test_it_keeps_clicked_zones_and_a_mark_over_a_new_page(open_as: OpenAs, full: int) -> None:
    page = open_as("surgeon", f"/studies/demo/reading/{full}")
    _begin(page)
    right = page.get_by_role("radio", name="Right hip")
    expect(right).to_be_enabled()
    _type(page, "1")
    zone = page.locator("g[data-zone=G2]").first
    zone.click()
    zone.click()
    expect(zone).to_have_attribute("data-width", "none")
    # A line by keyboard: a point in the middle, the picture moved below it, the other point.
    for key in ("l", "Space", "Control+ArrowRight", "Space"):
        page.keyboard.press(key)
    expect(page.locator("[data-mark=line][data-zone=G2]")).to_have_count(1)
    expect(page.get_by_text("Draft saved")).to_be_visible()
    page.reload()
    expect(page.locator("[data-mark=line][data-zone=G2]")).to_have_count(1)
    expect(right).to_be_checked()
    page.keyboard.press("Control+z")
    expect(page.locator("[data-mark=line]")).to_have_count(1)


def test_it_goes_back_to_marked_cases_signs_and_corrects(open_as: OpenAs, stack: Stack, free: int) -> None:
    page = open_as("surgeon", f"/studies/demo/reading/{free}")
    password = stack.people()["surgeon"].password
    _begin(page)
    heading = page.get_by_role("heading", name=re.compile("Case 1 of")).inner_text()
    total = int(heading.rpartition(" ")[2])
    for position in range(1, total + 1):
        expect(page.get_by_role("heading", name=f"Case {position} of {total}")).to_be_visible()
        expect(page.get_by_role("radio", name="Loose")).to_be_enabled()
        _type(page, "q" if position == 1 else "l8")
        page.keyboard.press("Enter")
    expect(
        page.get_by_text(f"{total - 1} of {total} cases are answered, 1 marked to be looked at again.")
    ).to_be_visible()
    expect(page.get_by_role("button", name="Sign", exact=True)).to_be_disabled()
    page.get_by_role("button", name="Open: 1", exact=True).click()
    expect(page.get_by_role("radio", name="Loose")).to_be_enabled()
    _type(page, "w7")
    page.get_by_role("button", name="Summary").click()
    expect(page.get_by_text(f"{total} of {total} cases are answered")).to_be_visible()
    page.get_by_label("Your password, again").fill(password)
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_text("SHA-256 of all reads")).to_be_visible()
    page.get_by_role("button", name="Correct: 2", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Well fixed").click()
    dialog.get_by_label("Reason of the correction").fill("Read too fast.")
    dialog.get_by_label("Your password, again").fill(password)
    dialog.get_by_role("button", name="Keep the correction").click()
    expect(page.get_by_text("Version 2: Well fixed, 80 % sure. Read too fast.")).to_be_visible()


def test_it_remembers_the_check_of_the_monitor(open_as: OpenAs) -> None:
    page = open_as("surgeon", "/studies/demo/reading/monitor")
    page.get_by_label("I see the square on black").check()
    page.get_by_label("I see the square on white").check()
    page.get_by_role("button", name="Keep this check").click()
    page.reload()
    expect(page.get_by_text("both squares were seen")).to_be_visible()
    expect(page.get_by_label("I see the square on black")).to_be_checked()
