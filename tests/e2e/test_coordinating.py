"""A coordinator's work: the flow with its counts, a label confirmed from its note, radiographs and their reports."""

from __future__ import annotations

import re
import secrets
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from demo.phantom import PhantomCase, PhantomHeader, phantom_dicom
from tests.e2e.conftest import OpenAs


@pytest.mark.parametrize("count", ["15,277", "9,198", "316", "118"])
def test_it_shows_the_published_attrition(open_as: OpenAs, count: str) -> None:
    page = open_as("coordinator", "/studies/demo/cohort")
    expect(page.get_by_text(f"n = {count}").first).to_be_visible()


def test_it_opens_the_patients_behind_a_box(open_as: OpenAs) -> None:
    page = open_as("coordinator", "/studies/demo/cohort")
    page.get_by_text("A second reason beside loosening").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text(re.compile("P-[0-9A-F]{10}")).first).to_be_visible()
    drawer.get_by_text(re.compile("P-[0-9A-F]{10}")).first.click()
    expect(drawer.get_by_text(re.compile("27130")).first).to_be_visible()


def _give_verdict(page: Page) -> None:
    for group, answer in (("Cup", "Loose"), ("Stem", "Not stated"), ("Infection", "None")):
        page.get_by_role("group", name=group).get_by_role("radio", name=re.compile(answer)).click()
    agree = page.get_by_role("group", name="Pre- and post-operative diagnosis agree")
    agree.get_by_role("radio", name=re.compile("Yes")).click()


def test_it_confirms_a_label_from_its_note(open_as: OpenAs) -> None:
    page = open_as("coordinator", "/studies/demo/notes")
    waiting = page.request.get("/api/v1/studies/demo/notes").json()["progress"]
    page.get_by_role("button", name="Read the next note").click()
    expect(page.get_by_role("heading", name=re.compile(r"Note \d+, (left|right) hip"))).to_be_visible()
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)
    _give_verdict(page)
    page.get_by_role("button", name="Submit and go on").click()
    mine, left = waiting["mine"] + 1, waiting["waiting_for_me"] - 1
    expect(page.get_by_text(f"{mine} read by you, {left} waiting")).to_be_visible()
    # What became of the label is told only if the other reader found the same.
    told = page.get_by_text(re.compile("Label of P-[0-9A-F]{10}")).or_(page.get_by_text("Kept: note"))
    expect(told.first).to_be_visible()


def _upload(page: Page, folder: Path, files: dict[str, bytes]) -> None:
    paths = []
    for name, data in files.items():
        path = folder / name
        path.write_bytes(data)
        paths.append(str(path))
    page.locator("input[type=file]").first.set_input_files(paths)


def test_it_takes_radiographs_in_and_says_why_one_is_refused(open_as: OpenAs, tmp_path: Path) -> None:
    # A film that no earlier run on the same stack has taken in.
    case = PhantomCase(seed=secrets.randbits(40), side="L", loose=False, component="", site="S03")
    header = PhantomHeader(
        patient_id="S03-000000", patient_name="Nobody^At^All", birth_date=date(1950, 1, 2), sex="F",
        acquired_on=date(2020, 2, 3), accession="A1", referring="Nobody^Else",
    )  # fmt: skip
    page = open_as("coordinator", "/studies/demo/radiographs/upload")
    _upload(page, tmp_path, {"film.dcm": phantom_dicom(case, header), "letter.dcm": b"%PDF-1.7 no radiograph"})
    expect(page.get_by_text("The file is a document, not a radiograph.")).to_be_visible()
    expect(page.get_by_text(re.compile("The patient of this file is not in the registry")).first).to_be_visible()
    page.get_by_role("row").filter(has_text="film.dcm").get_by_role("link", name=re.compile("^Radiograph")).click()
    expect(page.get_by_text("lucency-1").first).to_be_visible()
    for kind in ("Kept", "Replaced", "Rebuilt", "Dropped"):
        expect(page.get_by_text(re.compile(rf"{kind}: [1-9]\d*"))).to_be_visible()
    answer = page.request.get("/api/v1/" + page.url.split("/", 3)[3])
    assert "PatientBirthDate" in answer.json()["report"]["dropped"]
    assert "Nobody" not in answer.text()


def test_it_shows_the_reference_standard_with_its_rungs(open_as: OpenAs) -> None:
    page = open_as("coordinator", "/studies/demo/labels")
    expect(page.get_by_role("main").get_by_text("118").first).to_be_visible()
    expect(page.get_by_text(re.compile("P-[0-9A-F]{10}")).first).to_be_visible()
