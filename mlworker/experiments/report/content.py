"""What the report says, as blocks in their order: the web page and the PDF set the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mlworker.experiments.figures import drawing_of, figure_names
from mlworker.experiments.figures.drawing import Drawing
from mlworker.experiments.models import ReportingAnswer
from mlworker.experiments.report.checklist import answers_of, filled_in
from mlworker.experiments.report.facts import Known, facts_of
from mlworker.experiments.report.flow_drawing import flow_drawing
from mlworker.experiments.report.guidelines import GUIDELINES
from mlworker.experiments.report.sections import HASHES, LIMITS, SECTIONS
from mlworker.experiments.report.table import Column, Table
from mlworker.experiments.report.tables import tables_of

CAPTIONS = {
    "flow": "Flow of patients. Every exclusion has one first reason.",
    "roc": "ROC curves with pointwise bands. Circles: models at the threshold fixed on validation; diamonds: readers "
    "at their calls, with dashed curves from their own confidence. Crosses: intervals of both figures.",
    "accuracy": "Sensitivity and specificity with intervals, and counts.",
    "differences": "Paired differences, first minus second, with Tango's interval.",
    "calibration": "Reliability diagram; the number beside a point is the n of its bin.",
    "decision-curve": "Decision curves at the sample's own prevalence, which the design gave.",
    "subgroups": "Subgroups: n (loose + well fixed) and intervals. Fewer than 10 cases: n only.",
}
_STATUS_WORDS = {
    "reported": "Reported", "partly": "Partly", "not_reported": "Not", "not_applicable": "NA",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Attributes: `lead` is what it is about, in bold before the text."""

    text: str
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    drawing: Drawing
    caption: str


Block = Heading | Paragraph | Table | Figure


@dataclass(frozen=True, slots=True)
class Content:
    """Everything of the report, and what the archive needs of it apart."""

    title: str
    subtitle: str
    blocks: tuple[Block, ...]
    tables: tuple[Table, ...]
    checklists: tuple[Table, ...]
    drawings: tuple[Drawing, ...]
    facts: Mapping[str, str]


def content_of(known: Known, answers: Mapping[tuple[str, str], ReportingAnswer]) -> Content:
    facts = facts_of(known)
    tables = {table.name: table for table in tables_of(known)}
    drawings = {drawing.name: drawing for drawing in _drawings(known)}
    checklists = _checklists(facts, answers)
    comparison = known.comparison
    subtitle = (
        f"{comparison.study.title}. {comparison.part.capitalize()} part of dataset version "
        f"{comparison.dataset_version.number}; computed {comparison.finished_at:%Y-%m-%d %H:%M} UTC."
    )
    blocks = tuple(_blocks(known, facts, tables, drawings, checklists))
    return Content(
        comparison.title, subtitle, blocks, tuple(tables.values()), checklists, tuple(drawings.values()), facts
    )


def _drawings(known: Known) -> list[Drawing]:
    counts = Counter((case.part, case.label_value) for case in known.cases)
    parts = [
        (part, counts[part, "loose"], counts[part, "well_fixed"])
        for part in ("training", "validation", "test")
        if counts[part, "loose"] or counts[part, "well_fixed"]
    ]
    made = [drawing_of(name, known.result, known.rows) for name in figure_names(known.result)]
    flow = [flow_drawing(known.flow, parts)] if known.flow else []
    return [*flow, *(drawing for drawing in made if drawing is not None)]


def _checklists(facts: Mapping[str, str], answers: Mapping[tuple[str, str], ReportingAnswer]) -> tuple[Table, ...]:
    columns = (
        Column("item", "Item", "number of the item", weight=0.6),
        Column("section", "Section", "of the guideline", weight=1.2),
        Column("asks", "Asks for", "in our own short words", weight=2.6),
        Column("status", "Status", "Reported, Partly, Not or NA", weight=0.9),
        Column("where", "Where", "a person's answer, then the report's sections with their facts", weight=3.6),
        Column("platform", "The platform", "what the platform knows of the item, in full", printed=False),
        Column("by", "Answered by", "person; empty: the platform alone", printed=False),
        Column("version", "Version", "of the person's answer", number=True, printed=False),
    )
    tables = []
    for guideline in GUIDELINES.values():
        rows = tuple(
            (row.item.number, row.item.section, row.item.asks, _STATUS_WORDS[row.status], row.where or None,
             row.platform or None, row.answered_by, row.version or None)
            for row in filled_in(guideline, facts, answers_of(guideline, answers))
        )  # fmt: skip
        note = f"{guideline.numbering} Filled in by the platform where it knows; no score is made of it."
        tables.append(Table(guideline.key.replace("_", "-"), guideline.title, note, columns, rows))
    return tuple(tables)


def _blocks(
    known: Known, facts: Mapping[str, str], tables: Mapping[str, Table], drawings: Mapping[str, Drawing],
    checklists: Sequence[Table],
) -> list[Block]:  # fmt: skip
    blocks: list[Block] = [Heading(LIMITS)]
    blocks += [Paragraph(note["message"]) for note in known.result["notes"]]
    for section in SECTIONS:
        inside: list[Block] = [
            Paragraph(facts[name], name.replace("_", " ").capitalize()) for name in section.facts if name in facts
        ]
        inside += [Figure(drawings[name], CAPTIONS[name]) for name in section.figures if name in drawings]
        inside += [tables[name] for name in section.tables if name in tables]
        if inside:
            blocks += [Heading(section.title), *inside]
    blocks += [Heading("Reporting guidelines"), *checklists, Heading(HASHES), Paragraph(facts["hashes"])]
    return blocks
