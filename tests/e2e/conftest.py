"""A browser on the real stack. Everything here lives as long as this package's tests and no longer."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.e2e.chromium import chromium_arguments, chromium_path
from tests.e2e.stack import Stack

# How long a wait may be on a busy machine; what is there at once is seen at once.
expect.set_options(timeout=60_000)
OpenAs = Callable[..., Page]
_FLAGS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
          "--disable-component-update", "--disable-sync"]  # fmt: skip


@pytest.fixture(scope="package")
def stack() -> Iterator[Stack]:
    running = Stack()
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=[*chromium_arguments(), *_FLAGS])
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def signed_in(browser: Browser, stack: Stack) -> Iterator[dict[str, BrowserContext]]:
    """One signed-in browser profile for each role, made when it is first asked for."""
    contexts: dict[str, BrowserContext] = {}
    yield contexts
    for context in contexts.values():
        context.close()


@pytest.fixture
def visitor(browser: Browser, stack: Stack) -> Iterator[Page]:
    """Nobody has signed in here."""
    context = browser.new_context(base_url=stack.url, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


@pytest.fixture
def open_as(browser: Browser, stack: Stack, signed_in: dict[str, BrowserContext]) -> Iterator[OpenAs]:
    """A page of this role at this address. Errors on the browser's console fail the test."""
    pages: list[Page] = []
    errors: list[str] = []

    def open_page(role: str, address: str = "/studies/demo", *, width: int = 1440, height: int = 900) -> Page:
        if role not in signed_in:
            signed_in[role] = _sign_in(browser, stack, role)
        page = signed_in[role].new_page()
        pages.append(page)
        page.set_default_timeout(60_000)
        page.set_viewport_size({"width": width, "height": height})
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if _is_a_fault(message) else None)
        page.goto(address)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert errors == []


def _is_a_fault(message: ConsoleMessage) -> bool:
    """Chromium says so itself when a test takes the network away."""
    return message.type == "error" and "ERR_INTERNET_DISCONNECTED" not in message.text


def _sign_in(browser: Browser, stack: Stack, role: str) -> BrowserContext:
    person = stack.people()[role]
    context = browser.new_context(base_url=stack.url, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto("/")
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password", exact=True).fill(person.password)
    page.get_by_role("button", name="Sign in").click()
    # Whoever is in one study is led into it, whoever is in several to a choice: the form is gone for both.
    expect(page.get_by_label("Password", exact=True)).to_have_count(0)
    page.close()
    return context
