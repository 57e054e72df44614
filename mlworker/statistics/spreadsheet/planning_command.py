"""`python -m mlworker.statistics plan …`: power and precision of the next study, a sentence or JSON each."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace, _SubParsersAction
from pathlib import Path
from typing import TYPE_CHECKING

from mlworker.statistics.covariance import Quantity
from mlworker.statistics.inputs import StatisticsInputError
from mlworker.statistics.intervals import hanley_mcneil
from mlworker.statistics.paired import attainable
from mlworker.statistics.panel_planning import panel_cases_needed, panel_power
from mlworker.statistics.planning import (
    auc_cases_needed,
    auc_precision,
    mcnemar_cases_needed,
    mcnemar_power,
    proportion_cases_needed,
    proportion_precision,
)
from mlworker.statistics.results import Result
from mlworker.statistics.spreadsheet.cells import read_sheet
from mlworker.statistics.spreadsheet.panel_results import readers_and_cases_random
from mlworker.statistics.spreadsheet.rater_results import Options
from mlworker.statistics.spreadsheet.table import table_of

if TYPE_CHECKING:
    Subparsers = _SubParsersAction[ArgumentParser]

Told = tuple[Result, str]


def add_planning(commands: Subparsers) -> None:
    plan = commands.add_parser("plan", help="power and precision of the next study")
    kinds = plan.add_subparsers(dest="plan", required=True)
    paired = kinds.add_parser("mcnemar", help="two raters on the same cases of one class: exact McNemar")
    paired.add_argument("--only-first", type=float, required=True, help="expected share with only the first right")
    paired.add_argument("--only-second", type=float, required=True, help="expected share with only the second right")
    paired.add_argument("--n", type=int, help="cases of that class; without it, the number for --power is sought")
    margins = kinds.add_parser("margins", help="what two margins allow, whatever the pairing")
    for name in ("--first", "--second", "--n"):
        margins.add_argument(name, type=int, required=True)
    area = kinds.add_parser("auc", help="precision of an AUC, expected or published")
    area.add_argument("--auc", type=float, required=True)
    area.add_argument("--positives", type=int)
    area.add_argument("--negatives", type=int)
    area.add_argument("--negatives-per-positive", type=float, default=1.0)
    share = kinds.add_parser("proportion", help="precision of a sensitivity or specificity")
    share.add_argument("--expected", type=float, required=True)
    share.add_argument("--n", type=int, help="cases of that class; without it, the number for --half-width is sought")
    for one in (area, share):
        one.add_argument("--half-width", type=float, help="of the interval that is sought")
        one.add_argument("--level", type=float, default=0.95)
    panel = kinds.add_parser("panel", help="a model against a panel of readers, from a study's spreadsheet")
    panel.add_argument("file", type=Path)
    panel.add_argument("--model", required=True)
    panel.add_argument("--quantity", choices=("auc", "sensitivity", "specificity"), default="auc")
    panel.add_argument("--difference", type=float, required=True, help="the difference that shall be found")
    panel.add_argument("--readers", type=int, required=True)
    panel.add_argument("--cases", type=int, help="without it, the number for --power is sought")
    for one in (paired, panel):
        one.add_argument("--power", type=float, default=0.8)
    for one in (paired, panel, margins):
        one.add_argument("--alpha", type=float, default=0.05)
    for one in (paired, margins, area, share, panel):
        one.add_argument("--json", action="store_true", help="all figures, unrounded")


def planned(arguments: Namespace) -> Told:
    return {"mcnemar": _mcnemar, "margins": _margins, "auc": _auc, "proportion": _proportion, "panel": _panel}[
        arguments.plan
    ](arguments)


def _mcnemar(a: Namespace) -> Told:
    if a.n is not None:
        found = mcnemar_power(a.n, a.only_first, a.only_second, alpha=a.alpha)
    else:
        found = mcnemar_cases_needed(a.only_first, a.only_second, power=a.power, alpha=a.alpha)
    return found, f"{found.n} cases of the class give the exact McNemar test a power of {found.power:.3f}."


def _margins(a: Namespace) -> Told:
    found = attainable(a.first, a.second, a.n, alpha=a.alpha)
    return found, found.statement


def _auc(a: Namespace) -> Told:
    if a.half_width is not None:
        needed = auc_cases_needed(a.auc, a.half_width, negatives_per_positive=a.negatives_per_positive, level=a.level)
        text = (
            f"{needed.n_pos} positive and {needed.n_neg} negative cases give a half width of {needed.half_width:.4f}."
        )
        return needed, text
    if a.positives is None or a.negatives is None:
        raise StatisticsInputError("Give --positives and --negatives, or --half-width.")
    precision = auc_precision(a.auc, a.positives, a.negatives, level=a.level)
    shown = hanley_mcneil(a.auc, a.positives, a.negatives, level=a.level)
    limits = shown.note if shown.lower is None else f"{shown.lower:.4f} to {shown.upper:.4f}"
    return shown if shown.lower is not None else precision, (
        f"AUC {a.auc:g} of {a.positives} positive and {a.negatives} negative cases: standard error {precision.se:.4f} "
        f"(Hanley and McNeil), {a.level:.0%} interval on the logit scale {limits}, "
        f"half width {precision.half_width:.4f}."
    )


def _proportion(a: Namespace) -> Told:
    if a.half_width is not None:
        found = proportion_cases_needed(a.expected, a.half_width, level=a.level)
    elif a.n is not None:
        found = proportion_precision(a.expected, a.n, level=a.level)
    else:
        raise StatisticsInputError("Give --n or --half-width.")
    return found, f"{found.n_pos} cases of the class give a half width of {found.half_width:.4f} (Wilson)."


def _panel(a: Namespace) -> Told:
    table = table_of(read_sheet(a.file))
    readers = readers_and_cases_random(table, Options(), clustered=False)
    quantity: Quantity = a.quantity
    pilots = {against.model: against.result for against in readers.models.get(quantity, ())}
    model = {m.rater: m.key for m in table.models()}.get(a.model, a.model)
    if model not in pilots:
        known = ", ".join(pilots) or "none"
        raise StatisticsInputError(f"There is no model {a.model} with this figure beside a panel; there are: {known}.")
    if a.cases is not None:
        found = panel_power(pilots[model], difference=a.difference, readers=a.readers, cases=a.cases, alpha=a.alpha)
    else:
        found = panel_cases_needed(
            pilots[model], difference=a.difference, readers=a.readers, power=a.power, alpha=a.alpha
        )
    return found, f"{found.readers} readers and {found.cases} cases give a power of {found.power:.3f}."
