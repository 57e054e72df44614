"""The archive of a comparison: everything that a paper needs, under one manifest; the same content, the same bytes."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mlworker.experiments.figures.pdf import pdf_of
from mlworker.experiments.figures.svg import svg_of
from mlworker.experiments.models import ReportingAnswer
from mlworker.experiments.report.content import Content, content_of
from mlworker.experiments.report.facts import Known
from mlworker.experiments.report.list_mode import imrmc_file, mrmcaov_file
from mlworker.experiments.report.model_card import model_cards
from mlworker.experiments.report.pdf_pages import pdf_of_report
from mlworker.experiments.report.table import codebook_csv, table_csv
from mlworker.experiments.report.web_page import page_of
from mlworker.experiments.tidy_table import table_as_csv

# The earliest that a ZIP file can tell; files of an archive carry no time of their own.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
Tell = Callable[[int, str], None]
_ROWS_MEANING = (
    ("case", "number of the case in the dataset version"),
    ("patient", "number within this file, the same for all cases of one patient"),
    ("truth", "1 loose, 0 well fixed, by the reference standard"),
    ("rater", "key of the model or reader"),
    ("name", "its name"),
    ("kind", "model or reader"),
    ("session", "a reader's passage through the cases; 1 for a model"),
    ("answer", "loose, well_fixed or cannot_assess, as given"),
    ("call", "as analysed: 1 loose, 0 well fixed, empty: left out by the protocol"),
    ("score", "model: probability of loose; reader: confidence, negative for well fixed"),
    ("site", "code of the centre"),
    ("side", "R or L"),
    ("sex", "F, M or O"),
    ("age_band", "age in the year of the index procedure"),
    ("component", "loose component; empty for a well-fixed hip"),
)


@dataclass(frozen=True, slots=True)
class Archive:
    data: bytes
    files: list[dict[str, Any]]


def archive_of(known: Known, answers: Mapping[tuple[str, str], ReportingAnswer], tell: Tell) -> Archive:
    tell(0, "Gathering what the platform knows")
    content = content_of(known, answers)
    tell(1, "Writing tables")
    files = _tables(known, content)
    tell(2, "Drawing figures")
    for drawing in content.drawings:
        files[f"figures/{drawing.name}.svg"] = svg_of(drawing).encode()
        files[f"figures/{drawing.name}.pdf"] = pdf_of(drawing)
    tell(3, "Setting the web page")
    files["report.html"] = page_of(content).encode()
    tell(4, "Setting the PDF")
    files["report.pdf"] = pdf_of_report(content)
    tell(5, "Packing")
    return _packed(known, files)


def _tables(known: Known, content: Content) -> dict[str, bytes]:
    files = {f"tables/{table.name}.csv": table_csv(table) for table in content.tables}
    files |= {f"guidelines/{table.name}.csv": table_csv(table) for table in content.checklists}
    files["reads-and-scores.csv"] = table_as_csv(known.rows)
    others = [("reads-and-scores.csv", column, meaning) for column, meaning in _ROWS_MEANING]
    others += [
        (f"guidelines/{table.name}.csv", column.key, column.meaning)
        for table in content.checklists
        for column in table.columns
    ]
    files["codebook.csv"] = codebook_csv(content.tables, others)
    files["list-mode/imrmc.imrmc"] = imrmc_file(known.rows, title=known.comparison.title)
    files["list-mode/mrmcaov.csv"] = mrmcaov_file(known.rows)
    files["model-card.json"] = _json(model_cards(known, dict(content.facts)))
    files["result.json"] = known.comparison.result + "\n"
    return {name: text.encode() for name, text in files.items()}


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _packed(known: Known, files: Mapping[str, bytes]) -> Archive:
    listed = [
        {"path": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in sorted(files.items())
    ]
    comparison = known.comparison
    manifest = {
        "comparison": comparison.title,
        "study": comparison.study.slug,
        "dataset_sha256": comparison.dataset_version.sha256,
        "inputs_sha256": comparison.inputs_sha256,
        "result_sha256": comparison.result_sha256,
        "files": listed,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, data in (("manifest.json", _json(manifest).encode()), *sorted(files.items())):
            entry = zipfile.ZipInfo(name, date_time=_NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return Archive(buffer.getvalue(), listed)
