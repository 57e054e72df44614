"""Signing in, and what each role finds first."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenAs


def test_it_says_when_the_password_is_wrong(visitor: Page) -> None:
    visitor.goto("/")
    visitor.get_by_label("E-mail").fill("coordinator@lucency.example")
    visitor.get_by_label("Password", exact=True).fill("not the password")
    visitor.get_by_role("button", name="Sign in").click()
    expect(visitor.get_by_text("E-mail and password do not match.")).to_be_visible()


@pytest.mark.parametrize(
    ("role", "step"),
    [
        ("administrator", "People"),
        ("coordinator", "notes"),
        ("surgeon", "Read the cases"),
        ("researcher", "Train"),
    ],
)
def test_it_says_what_to_do_next(open_as: OpenAs, role: str, step: str) -> None:
    page = open_as(role)
    expect(page.get_by_role("main").get_by_text(re.compile(step, re.I)).first).to_be_visible()


@pytest.mark.parametrize("role", ["administrator", "coordinator", "surgeon", "researcher"])
def test_it_has_no_text_without_words(open_as: OpenAs, role: str) -> None:
    """A key of the catalogue that nobody wrote would stand on the page as it is."""
    page = open_as(role)
    expect(page.get_by_role("heading").first).to_be_visible()
    assert re.findall(r"next_steps\.\w+", page.inner_text("body")) == []
