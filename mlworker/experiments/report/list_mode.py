"""The reads in the list-mode forms of two programs for multi-reader multi-case studies."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from mlworker.experiments.report.table import safe
from mlworker.experiments.tidy_table import TidyRow

READERS = "readers"


def _scored(rows: Sequence[TidyRow]) -> list[TidyRow]:
    """First sessions with a score: a second one is no independent reading of the same modality."""
    first: dict[str, int] = {}
    for row in rows:
        first[row.rater] = min(first.get(row.rater, row.session), row.session)
    return [row for row in rows if row.score is not None and row.session == first[row.rater]]


def _modality(row: TidyRow) -> str:
    """Each model is a modality of its own with one reader, itself; all surgeons read in one."""
    return READERS if row.kind == "reader" else row.rater


def imrmc_file(rows: Sequence[TidyRow], *, title: str) -> str:
    """For iMRMC: a free header, the counts, then reader, case, modality, score; truth in lines of reader −1.

    Higher scores mean loose. Cases are given by number; their truth is 0 or 1 under modality 0.
    """
    kept = _scored(rows)
    truth = {row.case: row.truth for row in rows}
    positives = sum(truth.values())
    readers, modalities = {row.rater for row in kept}, {_modality(row) for row in kept}
    head = [
        " ".join(title.split()),
        "Scores: a model's probability of loose, a reader's signed confidence (negative for well fixed).",
        "",
        f"N0:  {len(truth) - positives}",
        f"N1:  {positives}",
        f"NR:  {len(readers)}",
        f"NM:  {len(modalities)}",
        "",
        "BEGIN DATA:",
    ]
    lines = [f"-1,{case},0,{value}" for case, value in sorted(truth.items())]
    lines += [f"{row.rater},{row.case},{_modality(row)},{row.score!r}" for row in kept]
    return "\n".join([*head, *lines]) + "\n"


def mrmcaov_file(rows: Sequence[TidyRow]) -> str:
    """For R's MRMCaov: one line for each reader, treatment and case with its rating and truth (1: loose)."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(("reader", "treatment", "case", "truth", "rating"))
    for row in _scored(rows):
        writer.writerow((safe(row.rater), safe(_modality(row)), row.case, row.truth, row.score))
    return buffer.getvalue()
