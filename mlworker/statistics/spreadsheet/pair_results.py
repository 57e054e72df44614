"""Two raters on the cases that both assessed."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import numpy as np

from mlworker.statistics.bootstrap import BootstrapDifference, bootstrap_auc_difference
from mlworker.statistics.clustered import ClusteredDifference, clustered_difference
from mlworker.statistics.delong import AucDifference, delong_paired
from mlworker.statistics.inputs import Bools
from mlworker.statistics.paired import (
    PairedPredictiveValue,
    PairedProportion,
    paired_predictive_values,
    paired_sensitivity_specificity,
)
from mlworker.statistics.results import Result
from mlworker.statistics.roc import AtOperatingPoint, sensitivity_at_specificity, specificity_at_sensitivity
from mlworker.statistics.spreadsheet.rater_results import Options, why_no_scores
from mlworker.statistics.spreadsheet.table import Rater, Table
from mlworker.statistics.two_by_two import two_by_two


@dataclass(frozen=True)
class PairResult(Result):
    """First minus second. `at_operating_point`: the model read at the reader's specificity and at his sensitivity."""

    first: str
    second: str
    kinds: str
    cases: int
    left_out: tuple[str, ...]
    sensitivity: PairedProportion | None
    specificity: PairedProportion | None
    ppv: PairedPredictiveValue | None
    npv: PairedPredictiveValue | None
    calls_undefined: str | None
    area: AucDifference | None
    area_bootstrap: BootstrapDifference | None
    area_undefined: str | None
    at_operating_point: tuple[AtOperatingPoint, ...]
    clustered: dict[str, ClusteredDifference] = field(default_factory=dict)

    def p_value(self, quantity: str) -> float | None:
        """Exact McNemar's or DeLong's; over patients where they repeat, for then cases are not independent."""
        if self.clustered:
            found = self.clustered.get(quantity)
            return found.p_value if found else None
        if quantity == "auc":
            return self.area.p_value if self.area else None
        paired: PairedProportion | None = getattr(self, quantity)
        return paired.mcnemar.p_exact if paired and paired.mcnemar else None


def pair_results(table: Table, options: Options, *, clustered: bool) -> list[PairResult]:
    """Every pair of models and readers (each reader's first session), models first."""
    raters = [*table.models(), *table.readers()]
    return [pair_result(table, one, two, options, clustered) for one, two in itertools.combinations(raters, 2)]


def pair_result(table: Table, one: Rater, two: Rater, options: Options, clustered: bool) -> PairResult:
    where = one.assessed() & two.assessed()
    truth, names = table.truth[where], [table.cases[i] for i in np.flatnonzero(where)]
    silent = [rater.key for rater in (one, two) if not rater.has_calls]
    calls = None if silent else (one.calls_at(where), two.calls_at(where))
    sens, spec = paired_sensitivity_specificity(truth, *calls, level=options.level) if calls else (None, None)
    ppv, npv = paired_predictive_values(truth, *calls) if calls else (None, None)
    no_area = next((f"{r.key}: {why}" for r in (one, two) if (why := why_no_scores(r, table, where))), None)
    rows = None if no_area else (one.scores_at(where), two.scores_at(where))
    bootstrap = None if rows is None else bootstrap_auc_difference(
        truth, *rows, replicates=options.replicates, seed=options.seed, level=options.level
    )  # fmt: skip
    return PairResult(
        one.key, two.key, f"{one.kind}-{two.kind}", len(names),
        tuple(table.cases[i] for i in np.flatnonzero(~where)), sens, spec, ppv, npv,
        f"there are no calls of {' and '.join(silent)}" if silent else None,
        None if rows is None else delong_paired(truth, *rows, level=options.level, names=names), bootstrap, no_area,
        _at_the_readers_point(table, one, two, where),
        _over_patients(table, one, two, where, options, bool(calls), rows is not None) if clustered else {},
    )  # fmt: skip


def _at_the_readers_point(table: Table, one: Rater, two: Rater, where: Bools) -> tuple[AtOperatingPoint, ...]:
    if (one.kind, two.kind) != ("model", "reader") or not two.has_calls or why_no_scores(one, table, where):
        return ()
    truth, score = table.truth[where], one.scores_at(where)
    reader = two_by_two(truth, two.calls_at(where))
    found = []
    if reader.specificity.value is not None:
        found.append(sensitivity_at_specificity(truth, score, reader.specificity.value))
    if reader.sensitivity.value is not None:
        found.append(specificity_at_sensitivity(truth, score, reader.sensitivity.value))
    return tuple(found)


def _over_patients(
    table: Table, one: Rater, two: Rater, where: Bools, options: Options, called: bool, scored: bool
) -> dict[str, ClusteredDifference]:
    truth, patients = table.truth[where], [table.patients[i] for i in np.flatnonzero(where)]
    found: dict[str, ClusteredDifference] = {}
    for quantity in ("sensitivity", "specificity", "auc"):
        if not (scored if quantity == "auc" else called):
            continue
        rows = [r.scores_at(where) if quantity == "auc" else r.calls_at(where) for r in (one, two)]
        found[quantity] = clustered_difference(
            truth, rows[0], rows[1], patients, quantity=quantity, replicates=options.replicates, seed=options.seed,
            level=options.level,
        )  # fmt: skip
    return found
