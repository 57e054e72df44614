"""The whole analysis of a tidy table, as one frozen result, with remarks in words on what it cannot show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mlworker.statistics.clustered import several_cases
from mlworker.statistics.delong import Auc, auc_delong
from mlworker.statistics.intervals import proportion
from mlworker.statistics.multiplicity import adjust
from mlworker.statistics.results import Estimate, Result
from mlworker.statistics.spreadsheet.cells import SpreadsheetError
from mlworker.statistics.spreadsheet.pair_results import PairResult, pair_results
from mlworker.statistics.spreadsheet.panel_results import (
    Agreement,
    AllAlike,
    Readers,
    agreement,
    all_alike,
    readers_and_cases_random,
)
from mlworker.statistics.spreadsheet.rater_results import Options, RaterResult, rater_result, why_no_scores
from mlworker.statistics.spreadsheet.table import Rater, Table, listed

SMALLEST_SUBGROUP = 10
_MOST_VALUES = 12
_QUANTITIES = ("sensitivity", "specificity", "auc")


@dataclass(frozen=True)
class Family(Result):
    """p-values that answer one question, Holm-adjusted together. `undefined`: comparisons that have none."""

    name: str
    comparisons: tuple[str, ...]
    raw: tuple[float, ...]
    adjusted: tuple[float, ...]
    method: str
    undefined: tuple[str, ...]


@dataclass(frozen=True)
class SubgroupOfRater(Result):
    key: str
    cases: int
    sensitivity: Estimate | None
    specificity: Estimate | None
    area: Auc | None


@dataclass(frozen=True)
class Subgroup(Result):
    """Under ten cases: their number only."""

    column: str
    value: str
    cases: int
    positives: int
    raters: tuple[SubgroupOfRater, ...]
    suppressed: bool


@dataclass(frozen=True)
class Analysis(Result):
    cases: int
    patients: int
    positives: int
    negatives: int
    rows: int
    level: float
    replicates: int
    seed: int
    prevalence: float | None
    clustered: bool
    raters: tuple[RaterResult, ...]
    pairs: tuple[PairResult, ...]
    all_alike: AllAlike
    agreement: Agreement
    readers: Readers
    multiplicity: tuple[Family, ...]
    subgroups: tuple[Subgroup, ...]
    remarks: tuple[str, ...]


def analyse(table: Table, options: Options | None = None) -> Analysis:
    """Everything; the same table and options give the same result to the last digit."""
    chosen = options or Options()
    repeated = several_cases(table.patients)
    clustered, subgroups = bool(repeated), _subgroups(table, chosen)
    raters = tuple(rater_result(table, r, chosen, clustered=clustered) for r in table.raters)
    pairs = tuple(pair_results(table, chosen, clustered=clustered))
    readers = readers_and_cases_random(table, chosen, clustered=clustered)
    return Analysis(
        len(table.cases), len(set(table.patients)), int(table.truth.sum()), int((1 - table.truth).sum()), table.rows,
        chosen.level, chosen.replicates, chosen.seed, chosen.prevalence, clustered, raters, pairs, all_alike(table),
        agreement(table, chosen), readers, tuple(_families(pairs, readers)), tuple(subgroups),
        tuple(_remarks(table, chosen, raters, repeated)),
    )  # fmt: skip


def _families(pairs: Sequence[PairResult], readers: Readers) -> list[Family]:
    """Several models against the same reader, against the panel, and against each other."""
    asked: dict[str, list[tuple[str, float | None]]] = {}
    for pair in pairs:
        for quantity in _QUANTITIES:
            known = pair.sensitivity if quantity != "auc" else pair.area
            if known is None or pair.kinds == "reader-reader":
                continue
            name = "models against each other" if pair.kinds == "model-model" else f"models against {pair.second}"
            asked.setdefault(f"{quantity}: {name}", []).append(
                (f"{pair.first} − {pair.second}", pair.p_value(quantity))
            )
    for quantity, found in readers.models.items():
        asked[f"{quantity}: models against the panel"] = [
            (f"{against.model} − panel", against.result.p_value) for against in found
        ]
    return [_family(name, tested) for name, tested in asked.items() if len(tested) > 1]


def _family(name: str, tested: Sequence[tuple[str, float | None]]) -> Family:
    known = [(what, p) for what, p in tested if p is not None]
    found = adjust([p for _, p in known])
    return Family(
        name, tuple(what for what, _ in known), found.raw, found.adjusted, found.method,
        tuple(what for what, p in tested if p is None),
    )  # fmt: skip


def _subgroups(table: Table, options: Options) -> list[Subgroup]:
    wanted = list(table.facts) if options.subgroups is None else list(options.subgroups)
    unknown = [column for column in wanted if column not in table.facts]
    if unknown:
        raise SpreadsheetError([f"There is no column {c} that is the same for all rows of a case." for c in unknown])
    found = []
    for column in wanted:
        values = table.facts[column]
        distinct = sorted(set(values))
        if options.subgroups is None and not 2 <= len(distinct) <= _MOST_VALUES:
            continue
        found += [_subgroup(table, column, value, options.level) for value in distinct]
    return found


def _subgroup(table: Table, column: str, value: str, level: float) -> Subgroup:
    inside = np.array([v == value for v in table.facts[column]], dtype=np.bool_)
    n, told = int(inside.sum()), value or "(not given)"
    positives = int(table.truth[inside].sum())
    if n < SMALLEST_SUBGROUP:
        return Subgroup(column, told, n, positives, (), True)
    raters = [*table.models(), *table.readers()]

    def of(rater: Rater) -> SubgroupOfRater:
        where = inside & rater.assessed()
        truth = table.truth[where]
        sens = spec = area = None
        if rater.has_calls:
            calls = rater.calls_at(where)
            sens = proportion(int((calls & truth).sum()), int(truth.sum()), level=level)
            spec = proportion(int(((1 - calls) & (1 - truth)).sum()), int((1 - truth).sum()), level=level)
        if why_no_scores(rater, table, where) is None:
            area = auc_delong(truth, rater.scores_at(where), level=level)
        return SubgroupOfRater(rater.key, int(where.sum()), sens, spec, area)

    return Subgroup(column, told, n, positives, tuple(of(r) for r in raters), False)


def _remarks(table: Table, options: Options, raters: Sequence[RaterResult], repeated: Sequence[str]) -> list[str]:
    remarks = [*table.remarks]
    remarks += [
        f"{r.key} could not assess {len(r.not_assessed)} of {len(table.cases)} cases, which are left out of "
        f"{r.key}'s figures and of every comparison with {r.key}: {listed(r.not_assessed)}."
        for r in raters
        if r.not_assessed
    ]
    if repeated:
        remarks.append(
            f"{len(repeated)} patients have several cases ({listed(repeated)}). Cases of one patient are not "
            "independent: take the intervals and tests over patients, drawn by bootstrap; Wilson, McNemar, Tango and "
            "DeLong stand beside them as if each case were another patient, as do agreement and subgroups. Readers and "
            "cases random are over patients."
        )
    readers = table.readers()
    if len(readers) == 1:
        remarks.append(f"There is one reader, {readers[0].key}: what is found holds for this reader alone.")
    share = float(table.truth.mean())
    if options.prevalence is None:
        remarks.append(
            f"{share:.0%} of these cases are positive. Predictive values and the decision curve hold at that share "
            "only; give the clinic's own with --prevalence."
        )
    else:
        remarks.append(
            f"The decision curve is drawn at a prevalence of {options.prevalence:g}; {share:.0%} of these cases are "
            "positive, and the predictive values hold at that share only."
        )
    if any(r.kind == "model" and r.table for r in raters):
        remarks.append(
            "The file does not say on which cases a model's threshold was chosen. Chosen on these cases, its "
            "sensitivity and specificity are optimistic, as are the figures at a reader's operating point."
        )
    absent = [column for column, v in table.facts.items() if not 2 <= len(set(v)) <= _MOST_VALUES]
    if absent and options.subgroups is None:
        remarks.append(f"No subgroups were made by {listed(absent)}: one value only, or more than {_MOST_VALUES}.")
    return remarks
