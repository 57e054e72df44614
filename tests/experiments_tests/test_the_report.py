from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from common import storage
from mlworker.experiments.models import Comparison, ComparisonReport, ReportingAnswer
from mlworker.experiments.report.checklist import answer_item
from mlworker.experiments.report.facts import FACT_NAMES
from mlworker.experiments.report.guidelines import GUIDELINES
from mlworker.experiments.report.sections import SECTION_OF_FACT
from mlworker.experiments.report.services import request_report
from mlworker.experiments.tasks import build_report
from tests.experiments_tests.small_study import SmallStudy
from tests.experiments_tests.three_models import made
from tests.factories import client_of
from tests.messages import Messages

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def three(transactional_db: None) -> tuple[SmallStudy, Comparison]:
    return made()


def built(comparison: Comparison) -> ComparisonReport:
    report = request_report(comparison=comparison, actor=None)
    build_report(report_id=report.pk)
    report.refresh_from_db()
    assert report.status == "succeeded", report.failure_reason
    return report


def files_of(report: ComparisonReport) -> dict[str, bytes]:
    with zipfile.ZipFile(storage.resolve(report.name)) as archive:
        assert archive.testzip() is None
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def test_it_packs_the_same_bytes_for_the_same_content(three: tuple[SmallStudy, Comparison], tmp_path: Path) -> None:
    small, comparison = three
    first, second = built(comparison), built(comparison)
    assert first.sha256 == second.sha256
    files = files_of(first)
    _it_lists_every_file_with_its_hash(files)
    _it_holds_the_figures_that_the_page_shows(small, comparison, files)
    _it_writes_tables_that_a_spreadsheet_can_open(files)
    _it_writes_reads_and_scores_for_the_command_line(files, tmp_path)
    _it_writes_list_mode_files(files)
    _it_writes_a_report_that_can_be_read(files)
    assert b"P-0" not in b"".join(content for name, content in files.items() if not name.endswith(".pdf"))
    answer_item(study=small.study, guideline="claim", number="44", status="reported", where="No funds.", actor=None)
    assert built(comparison).sha256 != first.sha256, "an answer given later comes into the next report"
    assert files_of(first) == files, "and the earlier one stays"


def _it_lists_every_file_with_its_hash(files: dict[str, bytes]) -> None:
    manifest = json.loads(files["manifest.json"])
    listed = {entry["path"]: entry["sha256"] for entry in manifest["files"]}
    assert listed == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items() if name != "manifest.json"
    }


def _it_holds_the_figures_that_the_page_shows(
    small: SmallStudy, comparison: Comparison, files: dict[str, bytes]
) -> None:
    page = client_of(small.researcher)
    address = f"/api/v1/studies/{small.study.slug}/comparisons/{comparison.pk}"
    for name in page.get(address).json()["figures"]:
        assert page.get(f"{address}/figures/{name}").content == files[f"figures/{name}.svg"], name
        assert page.get(f"{address}/figures/{name}", {"form": "pdf"}).content == files[f"figures/{name}.pdf"], name


def _it_writes_tables_that_a_spreadsheet_can_open(files: dict[str, bytes]) -> None:
    codebook = {(row["file"], row["column"]): row["meaning"] for row in _rows(files["codebook.csv"])}
    tables = [name for name in files if name.endswith(".csv") and name.startswith(("tables/", "guidelines/"))]
    assert {"tables/accuracy.csv", "tables/differences.csv", "guidelines/claim.csv"} <= set(tables)
    for name in [*tables, "reads-and-scores.csv"]:
        rows = list(csv.reader(io.StringIO(files[name].decode())))
        assert all(codebook[name, column] for column in rows[0]), name
        assert {len(row) for row in rows} == {len(rows[0])}, name
        live = [cell for row in rows for cell in row if cell[:1] in ("=", "@") or re.match(r"[-+][^\d.]", cell)]
        assert live == [], name
    accuracy = _rows(files["tables/accuracy.csv"])
    assert [row["rater"] for row in accuracy][2] == "'=VGG-19"
    assert float(accuracy[0]["sensitivity"]) == 11 / 12


def _it_writes_reads_and_scores_for_the_command_line(files: dict[str, bytes], folder: Path) -> None:
    path = folder / "reads.csv"
    path.write_bytes(files["reads-and-scores.csv"])
    done = subprocess.run(
        [sys.executable, "-m", "mlworker.statistics", "compare", str(path), "--json", "--replicates", "50"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "0.9166666666666666" in done.stdout


def _it_writes_list_mode_files(files: dict[str, bytes]) -> None:
    lines = files["list-mode/imrmc.imrmc"].decode().splitlines()
    head, data = lines[: lines.index("BEGIN DATA:")], lines[lines.index("BEGIN DATA:") + 1 :]
    assert {"N0:  12", "N1:  12", "NR:  5", "NM:  4"} <= set(head)
    truth = [line.split(",") for line in data if line.startswith("-1,")]
    assert len(truth) == 24
    assert sum(int(row[3]) for row in truth) == 12
    assert len(data) == 24 + 5 * 24
    rows = _rows(files["list-mode/mrmcaov.csv"])
    assert len(rows) == 5 * 24
    assert {row["treatment"] for row in rows if row["reader"].startswith("reader-")} == {"readers"}


def _it_writes_a_report_that_can_be_read(files: dict[str, bytes]) -> None:
    page = files["report.html"].decode()
    assert "<script" not in page
    assert re.findall(r"""(?:src|href|url)\s*[=(]""", page) == [], "nothing is fetched"
    for words in ("STARD-AI", "CLAIM 2024", "TRIPOD+AI", "Every run that was tried", "Wilson 1927"):
        assert words in page, words
    assert len(re.findall(rb"/Type /Page\b", files["report.pdf"])) > 5
    cards = json.loads(files["model-card.json"])
    assert [card["model"]["name"] for card in cards] == ["DenseNet-201", "Xception", "=VGG-19"]
    assert cards[0]["threshold"]["value"] == 0.5


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_it_is_asked_for_on_the_page_and_wakes_a_worker(
    three: tuple[SmallStudy, Comparison], messages: Messages
) -> None:
    small, comparison = three
    messages.forget()
    page = client_of(small.researcher)
    address = f"/api/v1/studies/{small.study.slug}/comparisons/{comparison.pk}/reports"
    asked = page.post(address)
    assert asked.status_code == 201, asked.json()
    number = asked.json()["id"]
    assert messages.in_queue("scoring") == [("experiments.report", {"report_id": number})]
    assert page.get(f"{address}/{number}/archive").status_code == 404, "not before it is built"
    build_report(report_id=number)
    (listed,) = page.get(address).json()
    assert listed["job"]["status"] == "succeeded"
    archive = page.get(f"{address}/{number}/archive")
    content: bytes = archive.getvalue()
    assert hashlib.sha256(content).hexdigest() == listed["sha256"]
    assert len(content) == listed["size"]


def test_it_lets_people_answer_what_the_platform_cannot_know(three: tuple[SmallStudy, Comparison]) -> None:
    small, comparison = three
    page = client_of(small.researcher)
    address = f"/api/v1/studies/{small.study.slug}/comparisons/{comparison.pk}/guidelines"

    def row(number: str, guideline: str = "claim") -> dict[str, Any]:
        found = next(one for one in page.get(address).json() if one["key"] == guideline)
        return next(dict(one) for one in found["rows"] if one["number"] == number)

    assert (row("44")["status"], row("44")["platform"]) == ("not_reported", "")
    assert row("20")["status"] == "reported"
    assert "disjoint by patient" in row("20")["platform"]
    assert row("26")["status"] == "reported"
    assert "before its first scoring" in row("26")["platform"]
    body = {"guideline": "claim", "number": "44", "status": "reported", "where": "Page 9: no funds."}
    assert page.post(address, body, format="json").status_code == 201
    assert page.post(address, body | {"where": "Page 10."}, format="json").json()["version"] == 2
    told = row("44")
    assert (told["status"], told["where"]) == ("reported", "Page 10.")
    assert [version["where"] for version in told["versions"]] == ["Page 9: no funds.", "Page 10."]
    assert told["versions"][1]["by"] == "Rosa Researcher"
    assert page.post(address, body | {"number": "99"}, format="json").status_code == 404
    assert page.post(address, body | {"status": "perfect"}, format="json").status_code == 400
    assert ReportingAnswer.objects.count() == 2


def test_it_knows_every_fact_that_a_guideline_asks_for_and_a_section_for_each() -> None:
    asked = {name for guideline in GUIDELINES.values() for item in guideline.items for name in item.facts}
    assert asked <= FACT_NAMES
    assert set(SECTION_OF_FACT) == FACT_NAMES
    counts = {key: len(guideline.items) for key, guideline in GUIDELINES.items()}
    assert counts == {"claim": 44, "stard_ai": 46, "tripod_ai": 52}
    for guideline in GUIDELINES.values():
        numbers = [item.number for item in guideline.items]
        assert len(set(numbers)) == len(numbers)
