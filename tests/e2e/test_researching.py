"""A researcher's day: a training run that survives its worker, the sealed part, a map, a comparison."""

from __future__ import annotations

import re
import secrets

import psutil
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenAs
from tests.e2e.stack import Stack

# A run of some epochs and a lost lease of 45 seconds take their time on a busy machine.
_LONG = 15 * 60_000
# Another name in every run of the tests, should the stack be kept.
_NAME = f"Compact CNN, in the browser {secrets.token_hex(2)}"


def test_it_says_before_the_start_that_pretrained_weights_are_missing(open_as: OpenAs) -> None:
    page = open_as("researcher", "/studies/demo/training/new")
    for title in ("VGG-19", "Inception-V3", "ResNet-50", "Inception-ResNet-V2", "Xception", "DenseNet-201"):
        expect(page.get_by_role("checkbox", name=re.compile(title)).first).to_be_visible()
    page.get_by_role("radio", name=re.compile("As published")).click()
    page.get_by_role("checkbox", name=re.compile("DenseNet-201")).click()
    expect(page.get_by_text(re.compile("DenseNet-201: the ImageNet weights are not on this machine"))).to_be_visible()


def test_it_trains_on_although_its_worker_is_killed(open_as: OpenAs, stack: Stack) -> None:
    page = open_as("researcher", "/studies/demo/training/new")
    page.get_by_label("Name of the run").fill(_NAME)
    page.get_by_label("Epochs", exact=True).fill("5")
    page.get_by_role("button", name="Start 1 run").click()
    expect(page.get_by_role("heading", name=_NAME)).to_be_visible()
    expect(page.get_by_text(re.compile("Epoch 1 of 5 finished")).first).to_be_visible(timeout=_LONG)
    _kill_the_training_worker(stack)
    expect(page.get_by_text(re.compile("The worker stopped answering")).first).to_be_visible(timeout=_LONG)
    expect(page.get_by_text(re.compile("A worker has taken the run, attempt 2")).first).to_be_visible(timeout=_LONG)
    expect(page.get_by_text(re.compile("5 of 5 epochs")).first).to_be_visible(timeout=_LONG)
    expect(page.get_by_text(re.compile("Finished after")).first).to_be_visible(timeout=_LONG)


def _kill_the_training_worker(stack: Stack) -> None:
    house = psutil.Process(stack.pid)
    workers = [child for child in house.children(recursive=True) if "training@%h" in " ".join(child.cmdline())]
    assert workers
    for worker in workers:
        for process in (*worker.children(recursive=True), worker):
            if process.is_running():
                process.kill()


@pytest.fixture
def run_page(open_as: OpenAs) -> Page:
    page = open_as("researcher", "/studies/demo/training")
    page.get_by_role("link", name=_NAME).click()
    return page


def test_it_scores_the_sealed_part_once_with_a_reason(run_page: Page) -> None:
    run_page.get_by_role("link", name="Scores").click()
    expect(run_page.get_by_text("The test part is sealed")).to_be_visible()
    run_page.get_by_role("button", name="Score the test part").click()
    dialog = run_page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("Shown by the browser test")
    dialog.get_by_role("button", name="Score the test part").click()
    expect(run_page.get_by_role("heading", name="Scores of the test part")).to_be_visible(timeout=_LONG)
    expect(run_page.get_by_text("The test part of version 1 has been touched 2 times")).to_be_visible()


def test_it_draws_a_map_with_its_warning(run_page: Page) -> None:
    run_page.get_by_role("link", name="Saliency maps").click()
    expect(run_page.get_by_text("A map shows what moved the score, not where disease is.")).to_be_visible()
    run_page.get_by_role("button", name="Draw the map").click()
    expect(run_page.get_by_alt_text(re.compile("Map of what moved the score"))).to_be_visible(timeout=_LONG)
    expect(run_page.get_by_text("Raw maximum").first).to_be_visible()


def test_it_compares_models_and_readers_with_intervals(open_as: OpenAs) -> None:
    page = open_as("researcher", "/studies/demo/comparisons/new")
    page.get_by_label("Title").fill("Two models and two readers")
    for rater in (_NAME, "Compact CNN, first run", "Surgeon A", "Surgeon B"):
        page.get_by_role("checkbox", name=re.compile(re.escape(rater))).check()
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_role("heading", name="Two models and two readers")).to_be_visible(timeout=_LONG)
    table = page.get_by_role("table").first
    expect(table).to_be_visible(timeout=_LONG)
    for rater in (_NAME, "Compact CNN, first run", "Surgeon A (simulated)", "Surgeon B (simulated)"):
        row = table.get_by_role("row").filter(has_text=rater)
        expect(row).to_contain_text(re.compile(r"0\.\d{3}.{1,4}[01]\.\d{3}"))
    expect(page.get_by_text(re.compile("Surgeon A \\(simulated\\) is a simulated reader"))).to_be_visible()


def test_it_shows_a_frozen_version_with_its_hash_and_proof(open_as: OpenAs) -> None:
    page = open_as("researcher", "/studies/demo/datasets")
    page.get_by_role("link", name=re.compile("All confirmed hips")).click()
    expect(page.get_by_text(re.compile("[0-9a-f]{64}")).first).to_be_visible()
