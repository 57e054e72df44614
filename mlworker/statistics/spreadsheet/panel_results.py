"""All raters together: agreement, Cochran's Q, the omnibus test, readers and cases random."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mlworker.statistics.agreement import (
    Kappa,
    cohens_kappa,
    conger_kappa,
    fleiss_kappa,
    krippendorff_alpha,
    light_kappa,
)
from mlworker.statistics.covariance import Quantity
from mlworker.statistics.delong import Omnibus, delong_omnibus
from mlworker.statistics.inputs import Bools, Floats
from mlworker.statistics.mrmc import (
    ModelAgainstPanel,
    MultiReader,
    Panel,
    model_against_panel,
    obuchowski_rockette,
    panel_mean,
)
from mlworker.statistics.paired import CochransQ, cochrans_q
from mlworker.statistics.results import Estimate, Result
from mlworker.statistics.spreadsheet.rater_results import Options, why_no_scores
from mlworker.statistics.spreadsheet.table import Rater, Table

QUANTITIES: tuple[Quantity, ...] = ("auc", "sensitivity", "specificity")


@dataclass(frozen=True)
class AgreementOfTwo(Result):
    first: str
    second: str
    cases: int
    kappa: Kappa


@dataclass(frozen=True)
class Agreement(Result):
    """`between`: pairs of raters; `within`: one reader's sessions; the rest: all readers, intervals over cases."""

    between: tuple[AgreementOfTwo, ...]
    within: tuple[AgreementOfTwo, ...]
    readers: int
    cases: int
    fleiss: Estimate | None
    light: Estimate | None
    conger: Estimate | None
    krippendorff: Estimate | None
    undefined: str | None = None


def agreement(table: Table, options: Options) -> Agreement:
    first = [r for r in [*table.models(), *table.readers()] if r.has_calls]
    between = tuple(_of_two(a, b, options.level) for a, b in itertools.combinations(first, 2))
    within = []
    for reader in table.readers():
        sessions = [r for r in table.raters if r.rater == reader.rater and r.has_calls]
        within += [_of_two(a, b, options.level) for a, b in itertools.combinations(sessions, 2)]
    readers = [r for r in table.readers() if r.has_calls]
    where = _all_assessed(readers)
    if len(readers) < 2:
        why = "there is one reader with calls" if readers else "there are no readers with calls"
        return Agreement(between, tuple(within), len(readers), 0, None, None, None, None, why)
    calls = np.column_stack([r.calls_at(where) for r in readers])
    over_cases = {"replicates": min(options.replicates, 1000), "seed": options.seed, "level": options.level}
    gaps = np.column_stack([[np.nan if c is None else c for c in r.calls] for r in readers]).astype(np.float64)
    return Agreement(
        between, tuple(within), len(readers), len(calls),
        fleiss_kappa(calls, categories=[0, 1], **over_cases),  # type: ignore[arg-type]
        light_kappa(calls, categories=[0, 1], **over_cases),  # type: ignore[arg-type]
        conger_kappa(calls, categories=[0, 1], **over_cases),  # type: ignore[arg-type]
        krippendorff_alpha(gaps, **over_cases),  # type: ignore[arg-type]
    )  # fmt: skip


def _of_two(one: Rater, two: Rater, level: float) -> AgreementOfTwo:
    where = one.assessed() & two.assessed()
    found = cohens_kappa(one.calls_at(where), two.calls_at(where), categories=[0, 1], level=level)
    return AgreementOfTwo(one.key, two.key, int(where.sum()), found)


def _all_assessed(raters: Sequence[Rater]) -> Bools:
    return np.logical_and.reduce([r.assessed() for r in raters]) if raters else np.zeros(0, dtype=np.bool_)


@dataclass(frozen=True)
class AllAlike(Result):
    """Three or more raters: Cochran's Q of who is right, by class, and DeLong's omnibus test of the models' AUCs."""

    raters: tuple[str, ...]
    cases: int
    sensitivity: CochransQ | None
    specificity: CochransQ | None
    models: tuple[str, ...]
    area: Omnibus | None


def all_alike(table: Table) -> AllAlike:
    raters = [r for r in [*table.models(), *table.readers()] if r.has_calls]
    q: list[CochransQ | None] = [None, None]
    where = _all_assessed(raters)
    if len(raters) > 2:
        calls, truth = np.column_stack([r.calls_at(where) for r in raters]), table.truth[where]
        q = [cochrans_q(calls[truth == 1]), cochrans_q(1 - calls[truth == 0])]
    models = [m for m in table.models() if m.has_scores]
    common = _all_assessed(models)
    scored = [m for m in models if why_no_scores(m, table, common) is None]
    omnibus = None
    if len(scored) > 1:
        omnibus = delong_omnibus(table.truth[common], [m.scores_at(common) for m in scored])
    return AllAlike(tuple(r.key for r in raters), int(where.sum()), q[0], q[1], tuple(m.key for m in scored), omnibus)


@dataclass(frozen=True)
class Against(Result):
    model: str
    cases: int
    result: ModelAgainstPanel


@dataclass(frozen=True)
class Readers(Result):
    """Readers and cases random. `sessions`: each reader's sessions as treatments, when all have the same ones."""

    readers: tuple[str, ...]
    cases: int
    panel: dict[str, Panel]
    models: dict[str, tuple[Against, ...]]
    sessions: dict[str, MultiReader]
    undefined: str | None = None


def readers_and_cases_random(table: Table, options: Options, *, clustered: bool) -> Readers:
    readers = table.readers()
    names = tuple(r.key for r in readers)
    if not readers:
        return Readers(names, 0, {}, {}, {}, "there are no readers")
    if clustered and options.covariance == "jackknife":
        why = "some patients have several cases: the jackknife takes cases as independent, and is refused"
        return Readers(names, 0, {}, {}, {}, why)
    where = _all_assessed(readers)
    panel: dict[str, Panel] = {}
    models: dict[str, tuple[Against, ...]] = {}
    for quantity in QUANTITIES:
        rows = _rows(table, readers, where, quantity)
        if rows is None:
            continue
        truth = table.truth[where]
        panel[quantity] = panel_mean(truth, rows, quantity=quantity, method=options.covariance, level=options.level)
        models[quantity] = tuple(
            found for m in table.models() if (found := _against(table, m, readers, quantity, options)) is not None
        )
    return Readers(names, int(where.sum()), panel, models, _sessions(table, readers, options))


def _patients(table: Table, where: Bools) -> list[str]:
    return [table.patients[i] for i in np.flatnonzero(where)]


def _rows(table: Table, raters: Sequence[Rater], where: Bools, quantity: Quantity) -> list[Floats] | None:
    if quantity == "auc":
        if any(why_no_scores(r, table, where) for r in raters):
            return None
        return [r.scores_at(where) for r in raters]
    if not all(r.has_calls for r in raters):
        return None
    return [r.calls_at(where).astype(np.float64) for r in raters]


def _against(
    table: Table, model: Rater, readers: Sequence[Rater], quantity: Quantity, options: Options
) -> Against | None:
    where = _all_assessed([model, *readers])
    rows = _rows(table, [model, *readers], where, quantity)
    if rows is None:
        return None
    found = model_against_panel(
        table.truth[where], rows[0], rows[1:], quantity=quantity, method=options.covariance, level=options.level,
        raters=[r.key for r in readers], patients=_patients(table, where),
    )  # fmt: skip
    return Against(model.key, int(where.sum()), found)


def _sessions(table: Table, readers: Sequence[Rater], options: Options) -> dict[str, MultiReader]:
    own = {r.rater: {s.session: s for s in table.raters if s.rater == r.rater} for r in readers}
    numbers = sorted(next(iter(own.values())))
    if len(numbers) < 2 or any(sorted(sessions) != numbers for sessions in own.values()):
        return {}
    crossed = [[own[r.rater][number] for r in readers] for number in numbers]
    where = _all_assessed([rater for row in crossed for rater in row])
    found: dict[str, MultiReader] = {}
    for quantity in QUANTITIES:
        rows = [_rows(table, row, where, quantity) for row in crossed]
        kept = [row for row in rows if row is not None]
        if len(kept) == len(rows):
            found[quantity] = obuchowski_rockette(
                table.truth[where],
                kept,
                quantity=quantity,
                method=options.covariance,
                level=options.level,
                patients=_patients(table, where),
            )
    return found
