"""What one rater did: two-by-two, AUC, curve, calibration."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from mlworker.statistics.bootstrap import bootstrap_auc
from mlworker.statistics.calibration import Calibration, Reliability, calibration, reliability
from mlworker.statistics.clustered import clustered_estimate
from mlworker.statistics.covariance import CovarianceMethod, Quantity
from mlworker.statistics.decision import DecisionCurve, decision_curve
from mlworker.statistics.delong import Auc, auc_delong
from mlworker.statistics.inputs import Bools
from mlworker.statistics.intervals import clopper_pearson
from mlworker.statistics.results import LEVEL, Estimate, Interval, Result
from mlworker.statistics.roc import RocPoints, roc_points
from mlworker.statistics.spreadsheet.table import Rater, Table, listed
from mlworker.statistics.two_by_two import TwoByTwo, two_by_two


@dataclass(frozen=True)
class Options:
    """`prevalence` of the clinic, for the decision curve; `subgroups`: these columns alone, None for all that fit.

    `covariance` is that of readers and cases random.
    """

    level: float = LEVEL
    replicates: int = 2000
    seed: int = 20260101
    prevalence: float | None = None
    subgroups: tuple[str, ...] | None = None
    covariance: CovarianceMethod = "delong"


@dataclass(frozen=True)
class RaterResult(Result):
    """`exact`: Clopper-Pearson intervals beside the table's Wilson ones. `clustered`: over patients, if they repeat."""

    key: str
    rater: str
    name: str
    kind: str
    session: int
    cases: int
    not_assessed: tuple[str, ...]
    table: TwoByTwo | None
    table_undefined: str | None
    exact: dict[str, Interval]
    area: Auc | None
    area_undefined: str | None
    area_bootstrap: Estimate | None
    roc: RocPoints | None
    calibration: Calibration | None
    reliability: Reliability | None
    decision: DecisionCurve | None
    calibration_undefined: str | None
    clustered: dict[str, Estimate] = field(default_factory=dict)


def why_no_scores(rater: Rater, table: Table, where: Bools) -> str | None:
    """Why `rater` has no AUC over the cases at `where`, or None."""
    if not rater.has_scores:
        return "there are no scores: a single point of sensitivity and specificity has no AUC"
    absent = rater.without_score(where)
    if absent:
        return f"there is no score for {len(absent)} of {int(where.sum())} cases: " + listed(
            [table.cases[i] for i in absent]
        )
    return None


def rater_result(table: Table, rater: Rater, options: Options, *, clustered: bool) -> RaterResult:
    where = rater.assessed()
    truth, names = table.truth[where], [table.cases[i] for i in np.flatnonzero(where)]
    counted = two_by_two(truth, rater.calls_at(where), level=options.level) if rater.has_calls else None
    no_area = why_no_scores(rater, table, where)
    score = None if no_area else rater.scores_at(where)
    no_probability = _why_no_probabilities(rater, no_area, score)
    known = score if no_probability is None else None
    return RaterResult(
        rater.key, rater.rater, rater.name, rater.kind, rater.session, len(names),
        tuple(table.cases[i] for i in np.flatnonzero(~where)),
        counted, None if counted else "there are no calls, and no threshold was given", _exact(counted, options.level),
        None if score is None else auc_delong(truth, score, level=options.level), no_area,
        None if score is None else bootstrap_auc(
            truth, score, replicates=options.replicates, seed=options.seed, level=options.level
        ),
        None if score is None else roc_points(truth, score),
        None if known is None else calibration(truth, known, level=options.level),
        None if known is None else reliability(truth, known),
        None if known is None else decision_curve(truth, known, prevalence=options.prevalence),
        no_probability, _over_patients(table, rater, where, options, score is not None) if clustered else {},
    )  # fmt: skip


def _why_no_probabilities(rater: Rater, no_area: str | None, score: object) -> str | None:
    if rater.kind == "reader":
        return "a reader's confidence is no probability"
    if no_area:
        return no_area
    values = np.asarray(score, dtype=np.float64)
    outside = int(((values < 0) | (values > 1)).sum())
    return f"{outside} scores lie outside 0 to 1: they are no probabilities" if outside else None


def _exact(counted: TwoByTwo | None, level: float) -> dict[str, Interval]:
    if counted is None:
        return {}
    shares = {
        name: getattr(counted, name) for name in ("sensitivity", "specificity", "ppv", "npv", "accuracy", "prevalence")
    }
    return {
        name: clopper_pearson(share.numerator or 0, share.denominator or 0, level=level)
        for name, share in shares.items()
    }


def _over_patients(table: Table, rater: Rater, where: Bools, options: Options, scored: bool) -> dict[str, Estimate]:
    truth, patients = table.truth[where], [table.patients[i] for i in np.flatnonzero(where)]
    rows: dict[Quantity, object] = {}
    if rater.has_calls:
        rows = {"sensitivity": rater.calls_at(where), "specificity": rater.calls_at(where)}
    if scored:
        rows["auc"] = rater.scores_at(where)
    return {
        quantity: clustered_estimate(
            truth, np.asarray(row), patients, quantity=quantity, replicates=options.replicates, seed=options.seed,
            level=options.level,
        )
        for quantity, row in rows.items()
    }  # fmt: skip
