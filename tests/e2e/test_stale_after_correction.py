"""A late correction of a label and all that it makes stale. The last of the browser tests: the version stays so."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenAs


def _api(page: Page, path: str) -> Any:
    answer = page.request.get(f"/api/v1/studies/demo{path}")
    assert answer.ok, answer.text()
    return answer.json()


def _correct(page: Page, value: str, reason: str) -> None:
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("button", name="Correct with a reason").click()
    dialog = page.get_by_role("dialog").filter(has_text="Correct the label of")
    dialog.get_by_label(value, exact=True).check()
    dialog.get_by_label("Reason").fill(reason)
    dialog.get_by_role("button", name="Make the new version").click()
    expect(dialog).to_have_count(0)


def test_it_shows_what_a_correction_has_made_stale(open_as: OpenAs) -> None:
    page = open_as("coordinator", "/studies/demo/labels")
    rows = _api(page, "/labels?rung=frozen&value=loose&limit=1000")["results"]
    label = next(row for row in rows if row["rung"] == "note_confirmed")
    page.goto(f"/studies/demo/labels?label={label['id']}")
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text(re.compile("In dataset version 1"))).to_be_visible()
    expect(drawer.get_by_text("All of it rests on the label as it is now.")).to_be_visible()
    _correct(page, "Not confirmed", "A late culture was positive.")
    expect(drawer.get_by_text(re.compile("rest on an earlier version"))).to_be_visible()
    fresh = _api(page, f"/labels?patient={label['patient']}")["results"]
    (now,) = [row for row in fresh if row["side"] == label["side"]]
    detail = _api(page, f"/labels/{now['id']}")
    assert [step["rung"] for step in detail["ladder"]][-2:] == ["frozen", "adjudicated"]
    assert all(row["is_stale"] for row in detail["dependents"])
    page.goto("/studies/demo/datasets/1")
    expect(page.get_by_text("A late culture was positive.").first).to_be_visible()
    # The culture proves contaminated: the hip is loose again, by a third version, and the flow has its 118 hips back.
    page.goto(f"/studies/demo/labels?label={now['id']}")
    _correct(page, "Loose", "The culture was contaminated.")
    expect(drawer.get_by_text("The culture was contaminated.")).to_be_visible()
