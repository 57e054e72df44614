"""The tables of the report: of the study, its runs and its readers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from annotations.reads.models import Read, ReadState
from mlworker.experiments.case_facts import age_bands
from mlworker.experiments.figures.forests import VARIABLE_NAMES, value_name
from mlworker.experiments.report.data_facts import STEP_WORDS
from mlworker.experiments.report.facts import Known
from mlworker.experiments.report.model_facts import all_runs, compared_scorings
from mlworker.experiments.report.reader_facts import compared_sessions
from mlworker.experiments.report.result_tables import RESULT_TABLES
from mlworker.experiments.report.table import Cell, Column, Table
from mlworker.experiments.selectors import test_part_touches

_CLASSES = ("loose", "well_fixed")


def tables_of(known: Known) -> list[Table]:
    """In the order of the report; a table without rows is left out."""
    made = [make(known) for make in (_flow, _characteristics, *RESULT_TABLES, _runs, _settings, _touches, _readers)]
    return [table for table in made if table.rows]


def _flow(known: Known) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for step in known.flow["steps"] if known.flow else []:
        label = STEP_WORDS.get(step["key"], step["key"])
        rows.append((label, "left", step["patients_in"], step["patients_out"]))
        excluded = [entry for entry in step["excluded"] if entry["patients"]]
        rows += [(label, entry["reason"].replace("_", " "), None, entry["patients"]) for entry in excluded]
    rows += _comparison_rows(known.flow) if known.flow else []
    columns = (
        Column("step", "Step", "step of the flow", weight=2.6),
        Column(
            "what", "Left or first reason of exclusion", "“left”, or the first reason for which patients left", weight=2
        ),
        Column("patients_in", "In", "patients who entered the step", number=True),
        Column("patients", "Patients", "patients left after the step, or excluded for this reason", number=True),
    )
    return Table("flow", "Flow of patients", "Each exclusion has one first reason.", columns, tuple(rows))


def _comparison_rows(flow: dict[str, Any]) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    group, draw = flow["comparison"], flow["comparison"]["draw"]
    if draw:
        eligible = draw["eligible_when_drawn"]
        rows.append(("Comparison group", "eligible by rule", group["pool"], eligible))
        rows.append(("Comparison group", f"drawn at random, seed {draw['seed']}", eligible, draw["drawn"]))
    rows += [("Radiographs", value.replace("_", " "), None, count) for value, count in flow["radiographs"].items()]
    return rows


def _characteristics(known: Known) -> Table:
    bands = age_bands(known.cases)
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for case in known.cases:
        told = {
            "sex": case.patient.sex,
            "age_band": bands[case.pk],
            "side": case.hip.side,
            "site": case.patient.site.code,
        }
        counts[case.part, case.label_value, "", ""] += 1
        for variable, value in told.items():
            counts[case.part, case.label_value, variable, value] += 1
    parts = [part for part in ("training", "validation", "test") if any(case.part == part for case in known.cases)]
    parts = parts or sorted({case.part for case in known.cases})
    kinds = sorted({(variable, value) for _, _, variable, value in counts}, key=lambda kind: (_place(kind[0]), kind[1]))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            VARIABLE_NAMES.get(variable, "Cases"),
            value_name(variable, value) or "all",
            *(counts[part, label, variable, value] for part in parts for label in _CLASSES),
        )
        for variable, value in kinds
    )
    columns = (
        Column("variable", "Variable", "what is counted", weight=1.4),
        Column("value", "Value", "its value", weight=1.6),
        *(
            Column(f"{part}_{label}", f"{part.capitalize()}, {label.replace('_', ' ')}",
                   f"cases of the {part} part that are {label.replace('_', ' ')}", number=True)
            for part in parts
            for label in _CLASSES
        ),
    )  # fmt: skip
    note = "Cases by part and reference standard. Age in the year of the index procedure."
    return Table("characteristics", "Characteristics by part", note, columns, rows)


def _place(variable: str) -> int:
    return ("", "sex", "age_band", "side", "site").index(variable)


def _runs(known: Known) -> Table:
    compared = {scoring.run_id for scoring in compared_scorings(known)}
    rows = tuple(
        (
            run.name, run.backbone, run.preset, run.status, run.configuration.get("seed"),
            run.configuration.get("epochs"), run.validation_metrics.get("validation_auc"), run.threshold,
            "yes" if run.pk in compared else "no", _time(run.queued_at), run.failure_reason, run.configuration_sha256,
            run.model_sha256,
        )
        for run in all_runs(known)
    )  # fmt: skip
    columns = (
        Column("run", "Run", "name of the run", weight=2.2),
        Column("backbone", "Backbone", "its backbone", weight=1.3),
        Column("preset", "Preset", "preset it was begun from", printed=False),
        Column("status", "State", "how it ended", weight=1.1),
        Column("seed", "Seed", "seed of the training", number=True),
        Column("epochs", "Epochs", "epochs asked for", number=True),
        Column("validation_auc", "AUC, validation", "AUC on the validation part at the end", number=True),
        Column("threshold", "Threshold", "fixed on the validation part", number=True),
        Column("compared", "Compared", "whether it is in this comparison"),
        Column("queued_at", "Queued, UTC", "when it was queued", weight=1.5),
        Column("failure", "Failure", "why it failed", printed=False),
        Column("configuration_sha256", "Configuration", "hash of its configuration", printed=False),
        Column("model_sha256", "Model", "hash of its model file", printed=False),
    )
    note = (
        "All runs on this dataset version, with those that failed or were cancelled: choosing among many is a test too."
    )
    return Table("runs", "Every run that was tried", note, columns, rows)


def _settings(known: Known) -> Table:
    runs = [scoring.run for scoring in compared_scorings(known)]
    names = sorted({name for run in runs for name in run.configuration})
    rows = tuple((name, *(str(run.configuration.get(name, "")) for run in runs)) for name in names)
    columns = (
        Column("setting", "Setting", "hyper-parameter"),
        *(Column(f"run_{i}", run.name, f"its value in “{run.name}”") for i, run in enumerate(runs, start=1)),
    )
    return Table("hyper-parameters", "Hyper-parameters of the compared models", "", columns, rows if runs else ())


def _touches(known: Known) -> Table:
    rows = tuple(
        (
            i, touch.run.name, _time(touch.run.threshold_fixed_at), _time(touch.queued_at), touch.reason,
            touch.requested_by.name if touch.requested_by else "the platform",
        )
        for i, touch in enumerate(test_part_touches(known.comparison.dataset_version), start=1)
    )  # fmt: skip
    columns = (
        Column("number", "No.", "in the order of time", number=True, weight=0.5),
        Column("run", "Run", "model that scored the test part", weight=1.8),
        Column("threshold_fixed_at", "Threshold fixed, UTC", "when its threshold was fixed on validation", weight=1.6),
        Column("touched_at", "Touched, UTC", "when the scoring was asked for", weight=1.6),
        Column("reason", "Reason", "as it was given", weight=3),
        Column("by", "By", "who asked", weight=1.4),
    )
    return Table("touches", "Touches of the sealed test part", "", columns, rows)


def _readers(known: Known) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for session in compared_sessions(known):
        reads = Read.objects.filter(session=session, is_practice=False, state=ReadState.SIGNED)
        seconds = sorted(
            (read.submitted_at - read.opened_at).total_seconds()
            for read in reads
            if read.submitted_at and read.opened_at
        )
        signature = getattr(session, "signature", None)
        rows.append(
            (
                session.reader.name, "yes" if session.reader.is_simulated else "no", session.number, len(reads),
                _median(seconds), _time(signature.signed_at if signature else None),
                signature.reads_sha256 if signature else None,
            )
        )  # fmt: skip
    columns = (
        Column("reader", "Reader", "name", weight=2),
        Column("simulated", "Simulated", "whether a program gave the answers"),
        Column("session", "Session", "passage through the cases", number=True),
        Column("reads", "Reads", "signed reads", number=True),
        Column("median_seconds", "Seconds a case", "median from opening to submitting", number=True, digits=1),
        Column("signed_at", "Signed, UTC", "when the reads were signed", number=True, weight=1.7),
        Column("reads_sha256", "Reads SHA-256", "hash that was signed", printed=False),
    )
    return Table("readers", "Readers and sessions", "", columns, tuple(rows))


def _median(values: Sequence[float]) -> float | None:
    if not values:
        return None
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def _time(value: object) -> str | None:
    return f"{value:%Y-%m-%d %H:%M:%S}" if value else None
