from __future__ import annotations

import re

from django.core.management import get_commands

from tests.deploy_tests.settings_in_code import ROOT, variables_in_code

PAGE = (ROOT / "docs" / "operations.md").read_text()


def _first_cells(heading: str) -> str:
    section = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return "\n".join(line.split("|")[1] for line in section.splitlines() if line.startswith("| `"))


def test_it_explains_every_environment_variable_and_none_that_is_not_there() -> None:
    documented = set(re.findall(r"`([A-Z_]+)`", _first_cells("Environment variables")))
    assert documented == variables_in_code()


def test_it_names_only_commands_that_exist_and_all_of_ours() -> None:
    documented = set(re.findall(r"^ `([a-z_]+)", _first_cells("Commands"), re.MULTILINE))
    everything = get_commands()
    ours = {name for name, app in everything.items() if not app.startswith(("django.", "rest_framework", "drf_", "pg"))}
    assert documented <= set(everything)
    assert ours <= documented


def test_it_is_linked_from_pages_whose_links_all_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").glob("*.md")]
    broken = []
    for page in pages:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
            if "://" not in target and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert not broken
