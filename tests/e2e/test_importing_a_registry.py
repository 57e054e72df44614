"""A coordinator brings a registry in on the page: columns named, changes seen, refused rows corrected, one decision."""

from __future__ import annotations

import base64
import re
import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenAs
from tests.e2e.stack import ROOT, Stack

SITES = "site,name,country\nA,Hospital A,Nowhere\n"
# As a hospital's own system writes it: other names, semicolons, Windows' encoding.
PATIENTS = "PatNr;Standort;Geburtsjahr;Geschlecht;Bemerkung\n1001;A;1950;F;Müller\n1002;A;1944;M;\n1003;A;1939;F;\n"
PROCEDURES = (
    "procedure_id,patient_id,performed_on,side,cpt,modifiers,surgeon,cup_fixation,stem_fixation\n"
    "OP-1,1001,2012-03-01,R,27130,,S-07,cementless,cementless\n"
    "OP-2,1002,01.04.2013,L,27130,,S-07,cementless,cementless\n"
    "OP-3,1003,2014-05-06,L,27130,,S-09,cementless,cementless\n"
)
DROP = """({ name, data }) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const carried = new DataTransfer();
    carried.items.add(new File([bytes], name, { type: "text/csv" }));
    const zone = document.querySelector('[aria-label="Registry files"]');
    for (const kind of ["dragover", "drop"]) {
        zone.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: carried }));
    }
}"""


@pytest.fixture
def study(open_as: OpenAs, stack: Stack) -> str:
    """An empty study of the demo's coordinator, who is signed in already and so does not meet a choice of studies."""
    open_as("coordinator")
    slug, email = f"import-{secrets.token_hex(4)}", stack.people()["coordinator"].email

    def manage(*arguments: str) -> None:
        subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=stack.environment, check=True, capture_output=True
        )

    manage("create_study", slug, "A study to import into", "--administrator", email)
    manage("grant_role", slug, email, "coordinator")
    return slug


def _send(page: Page, study: str, act: Callable[[], None]) -> None:
    """Send files and wait until they are checked."""
    page.goto(f"/studies/{study}/registry")
    expect(page.get_by_role("heading", name="Imports")).to_be_visible()
    act()
    page.wait_for_url(re.compile(r"/registry/\d+$"))
    expect(page.get_by_text("Waits for you")).to_be_visible()


def _choose(page: Page, folder: Path, **files: bytes) -> Callable[[], None]:
    paths = []
    for name, data in files.items():
        path = folder / f"{name}.csv"
        path.write_bytes(data)
        paths.append(str(path))
    return lambda: page.get_by_label("Registry files").and_(page.locator("input")).set_input_files(paths)


def _counts(page: Page, name: str) -> list[str]:
    row = page.get_by_role("row").filter(has_text=name).first
    return [cell.strip() for cell in row.get_by_role("cell").all_inner_texts()[2:]]


def _decide(page: Page, verb: str) -> None:
    page.get_by_role("button", name=verb).click()
    page.get_by_role("dialog").get_by_role("button", name=verb).click()


def test_it_imports_checks_corrects_and_decides(open_as: OpenAs, study: str, tmp_path: Path) -> None:
    page = open_as("coordinator", f"/studies/{study}/registry")
    files = _choose(
        page, tmp_path, sites=SITES.encode(), export=PATIENTS.encode("cp1252"), procedures=PROCEDURES.encode()
    )
    _send(page, study, files)
    # Nothing can be applied while a file's columns are not understood.
    expect(page.get_by_role("button", name="Apply all of it")).to_be_disabled()
    assert page.get_by_role("combobox", name="Column of the file for birth_year").input_value() == "Geburtsjahr"
    expect(page.get_by_text("1001", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Use these columns and check again").click()
    expect(page.get_by_role("button", name="Apply all of it")).to_be_enabled()
    assert _counts(page, "export.csv") == ["3", "3", "0", "0", "0"]
    assert _counts(page, "procedures.csv") == ["3", "2", "0", "0", "1"]
    expect(page.get_by_text("is not a date of the form")).to_be_visible()

    page.get_by_role("button", name="Download to correct").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem").first.click()
    refused = Path(download.value.path()).read_bytes()
    assert b"01.04.2013" in refused

    _decide(page, "Apply all of it")
    page.reload()
    expect(page.get_by_text("This import is in the registry")).to_be_visible()
    expect(page.get_by_role("button", name="Discard")).to_have_count(0)

    _send(page, study, _choose(page, tmp_path, corrected=refused.replace(b"01.04.2013", b"2013-04-01")))
    assert _counts(page, "corrected.csv") == ["1", "1", "0", "0", "0"]
    _decide(page, "Apply all of it")
    expect(page.get_by_text("This import is in the registry")).to_be_visible()

    # The same again, dropped this time: its columns are remembered, and nothing would change.
    data = base64.b64encode(PATIENTS.replace("1950", "1951").encode("cp1252")).decode()
    _send(page, study, lambda: page.evaluate(DROP, {"name": "export.csv", "data": data}))
    assert _counts(page, "export.csv") == ["3", "0", "1", "2", "0"]
    page.get_by_role("button", name=re.compile("Changes: Patients")).click()
    expect(page.get_by_text("1950")).to_be_visible()
    _decide(page, "Discard")
    expect(page.get_by_text("Discarded")).to_be_visible()


def test_it_links_a_surgeon_to_an_account_and_gives_templates(open_as: OpenAs, study: str, tmp_path: Path) -> None:
    page = open_as("coordinator", f"/studies/{study}/registry")
    patients = PATIENTS.replace(
        "PatNr;Standort;Geburtsjahr;Geschlecht;Bemerkung", "patient_id;site;birth_year;sex;note"
    )
    _send(page, study, _choose(page, tmp_path, sites=SITES.encode(), patients=patients.encode(),
                               procedures=PROCEDURES.replace("01.04.2013", "2013-04-01").encode()))  # fmt: skip
    _decide(page, "Apply all of it")
    expect(page.get_by_text("This import is in the registry")).to_be_visible()
    page.goto(f"/studies/{study}/registry")
    page.get_by_role("combobox", name="Account of S-07").click()
    page.get_by_role("option").first.click()
    expect(page.get_by_role("combobox", name="Account of S-07")).not_to_have_value("")
    page.reload()
    expect(page.get_by_role("combobox", name="Account of S-07")).not_to_have_value("")
    expect(page.get_by_role("combobox", name="Account of S-09")).to_have_value("")
    with page.expect_download() as download:
        page.get_by_role("link", name="Template for Procedures").click()
    assert Path(download.value.path()).read_bytes().lstrip(b"\xef\xbb\xbf").startswith(b"procedure_id")
