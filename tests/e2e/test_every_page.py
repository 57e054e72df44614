"""Every page of every role: readable for everybody in both themes, nothing cut, nothing failed.

Pages are only looked at: no case is opened for reading, nothing is sent.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenAs
from tests.e2e.stack import ROOT

_AXE = (ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
_RUN_AXE = """async () => {
  const { violations } = await axe.run(document);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
    `${id}: ${target.join(" ")}: ${failureSummary.replace(/\\s+/g, " ")}`));
}"""
# The page itself, and whatever in it would have to be scrolled sideways to be read.
_CUT = """() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  const page = scrollWidth > clientWidth ? [`the page: ${scrollWidth} in ${clientWidth}`] : [];
  const cut = [...document.querySelectorAll("main *")].filter((element) =>
    ["auto", "scroll"].includes(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth + 1);
  return [...page, ...cut.map((element) =>
    `${element.className}: ${element.scrollWidth} in ${element.clientWidth}: ${element.innerText.slice(0, 60)}`)];
}"""
# Each theme is opened in one window; what only the wide one shows is looked at in the dark theme too.
_WIDE, _NARROW = (1440, 900), (1024, 768)
_THEME = "mantine-color-scheme-value"
# Pages behind a page of the navigation: the first thing it lists. Opening a reading session would change it.
_LISTS = ("registry", "notes", "radiographs", "datasets", "training", "comparisons")
_FORMS = {
    "coordinator": ("cohort/rules", "radiographs/upload", "radiographs/linking"),
    "researcher": ("training/new", "training/search", "training/compare", "comparisons/new", "comparisons/published"),
    "surgeon": ("reading/monitor",),
}
_TABS = ("scores", "saliency")


@pytest.mark.parametrize("role", ["administrator", "coordinator", "surgeon", "researcher"])
def test_it_can_be_read_on_every_page(open_as: OpenAs, role: str) -> None:
    page = open_as(role)
    faults = [fault for address in _addresses(page, role) for fault in _faults(page, address)]
    assert faults == []


def test_it_can_be_read_before_signing_in(visitor: Page) -> None:
    visitor.goto("/")
    assert _faults(visitor, "/") == []


def test_it_names_every_page_in_the_window(open_as: OpenAs) -> None:
    page = open_as("coordinator")
    titles = []
    for address in _navigation(page):
        _open(page, address)
        expect(page).to_have_title(re.compile(r".+ · Lucency$"))
        titles.append(page.title())
    assert len(set(titles)) == len(titles)


def _addresses(page: Page, role: str) -> list[str]:
    navigation = _navigation(page)
    found = [*navigation, *(f"/studies/demo/{form}" for form in _FORMS.get(role, ()))]
    for address in navigation:
        name = address.rpartition("/")[2]
        if name not in _LISTS:
            continue
        _open(page, address)
        first = _first_link_below(page, address)
        if first:
            found.append(first)
        if first and name == "training":
            found += [f"{first}/{tab}" for tab in _TABS]
    return found


def _navigation(page: Page) -> list[str]:
    links = page.get_by_role("navigation", name="Pages of the study").get_by_role("link")
    expect(links.first).to_be_visible()
    return [str(link.get_attribute("href")) for link in links.all()]


def _first_link_below(page: Page, address: str) -> str | None:
    for link in page.get_by_role("main").get_by_role("link").all():
        href = link.get_attribute("href") or ""
        if re.fullmatch(re.escape(address) + r"/\d+", href):
            return href
    return None


def _open(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_load_state("networkidle")


def _faults(page: Page, address: str) -> list[str]:
    """In words, each with the page, the theme and the window it was seen in."""
    try:
        return [*_seen(page, address, "light", [_WIDE]), *_seen(page, address, "dark", [_NARROW, _WIDE])]
    finally:
        page.evaluate("(key) => localStorage.removeItem(key)", _THEME)


def _seen(page: Page, address: str, theme: str, sizes: list[tuple[int, int]]) -> list[str]:
    page.evaluate("([key, theme]) => localStorage.setItem(key, theme)", [_THEME, theme])
    _resize(page, sizes[0])
    _open(page, address)
    page.evaluate(_AXE)
    faults = []
    for size in sizes:
        _resize(page, size)
        seen = [f"cut: {what}" for what in _asked(page, _CUT)] + _asked(page, _RUN_AXE)
        faults += [f"{address}, {theme}, {size[0]} wide: {what}" for what in seen]
    return faults


def _resize(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    # Figures are drawn anew for their width in the next frames.
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def _asked(page: Page, script: str) -> list[str]:
    answer: Any = page.evaluate(script)
    return [str(line) for line in answer]
