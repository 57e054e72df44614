"""Many readers, many cases: what holds for other readers and other cases than those of the study.

Obuchowski & Rockette 1995 (Commun Stat Simul 24:285) with the degrees of freedom of Hillis 2007 (Stat Med 26:596);
one treatment, and one model against a panel (1T-RRRC): Hillis, Obuchowski & Berbaum 2011 (Acad Radiol 18:129) and
Chakraborty 2017, chapter 22. Every reader has read every case; covariances between readers are floored at 0.
`patients` (a name for each case) where some have several cases: covariances over patients, see `covariance.figures`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import chi2, norm
from scipy.stats import f as fisher
from scipy.stats import t as student

from mlworker.statistics.covariance import CovarianceMethod, Figures, Quantity, figures
from mlworker.statistics.inputs import Floats, StatisticsInputError, check_level
from mlworker.statistics.results import LEVEL, Estimate, Interval, Result

_SAME = 1e-15
_ONE_READER = "There is one reader: readers are fixed, and the inference is limited to that reader."


@dataclass(frozen=True)
class Panel(Result):
    """The mean figure of a panel. `mean_square`: of the readers; `covariance`: the mean over pairs of readers."""

    quantity: str
    readers: int
    n_pos: int
    n_neg: int
    figures: tuple[float, ...]
    mean: Estimate
    se: float | None
    df: float | None
    mean_square: float | None
    variance: float | None
    covariance: float | None
    method: str
    remark: str | None = None
    undefined: str | None = None


def panel_mean(
    truth: ArrayLike, readers: Sequence[ArrayLike], *, quantity: Quantity = "auc",
    method: CovarianceMethod = "delong", level: float = LEVEL, names: Sequence[str] | None = None,
    raters: Sequence[str] | None = None, patients: Sequence[Hashable] | None = None,
) -> Panel:  # fmt: skip
    """Mean figure of r readers, readers and cases random. truth (n,); readers: r arrays (n,), scores or 0/1 calls.

    SE^2 = (MS(R) + max(r Cov2, 0))/r on (MS(R) + max(r Cov2, 0))^2 / (MS(R)^2/(r - 1)) degrees of freedom. One reader:
    SE from the cases alone, normal, and `remark` says that it is limited to that reader.
    """
    check_level(level)
    found = figures(truth, readers, quantity=quantity, method=method, names=names, raters=raters, patients=patients)
    told = f"obuchowski-rockette-hillis {method}" if len(readers) > 1 else f"one reader, {method}"
    if found.undefined:
        none = Estimate.no(found.undefined, level=level)
        return Panel(
            quantity, len(readers), found.n_pos, found.n_neg, (), none, None, None, None, None, None, told,
            undefined=found.undefined,
        )  # fmt: skip
    spread = _spread(found.values, found.covariance)
    return Panel(
        quantity, len(readers), found.n_pos, found.n_neg, tuple(map(float, found.values)),
        spread.estimate(level, told, 0.0), spread.se, spread.df, spread.mean_square, spread.variance,
        spread.covariance, told, None if len(readers) > 1 else _ONE_READER,
    )  # fmt: skip


@dataclass(frozen=True)
class ModelAgainstPanel(Result):
    """Model minus the mean of the panel, readers and cases random; `df` Infinity says that the reference is normal."""

    quantity: str
    readers: int
    n_pos: int
    n_neg: int
    model: float | None
    panel: tuple[float, ...]
    panel_mean: float | None
    difference: Estimate
    se: float | None
    statistic: float | None
    df: float | None
    p_value: float | None
    mean_square: float | None
    variance: float | None
    covariance: float | None
    method: str
    remark: str | None = None
    undefined: str | None = None


def model_against_panel(
    truth: ArrayLike, model: ArrayLike, readers: Sequence[ArrayLike], *, quantity: Quantity = "auc",
    method: CovarianceMethod = "delong", level: float = LEVEL, names: Sequence[str] | None = None,
    raters: Sequence[str] | None = None, patients: Sequence[Hashable] | None = None,
) -> ModelAgainstPanel:  # fmt: skip
    """One model against r readers of the same cases (1T-RRRC). truth, model (n,); readers: r arrays (n,).

    The r differences to the model are one treatment's figures: t = mean / sqrt((MS(R) + max(r Cov2, 0))/r), degrees
    of freedom as in `panel_mean`. One reader: a normal test over the cases, which for the AUC is DeLong's paired one;
    `remark` says that it is limited to that reader. No variance: p = 1 at a difference of 0, else undefined.
    """
    check_level(level)
    if not len(readers):
        raise StatisticsInputError("A panel needs at least one reader.")
    who = None if raters is None else ["the model", *raters]
    found = figures(
        truth, [model, *readers], quantity=quantity, method=method, names=names, raters=who, patients=patients
    )
    told = f"1T-RRRC {method}" if len(readers) > 1 else f"one reader, {method}"
    if found.undefined:
        none = Estimate.no(found.undefined, level=level)
        return ModelAgainstPanel(
            quantity, len(readers), found.n_pos, found.n_neg, None, (), None, none, None, None, None, None, None, None,
            None, told, undefined=found.undefined,
        )  # fmt: skip
    gaps = found.contrasted(np.hstack([np.ones((len(readers), 1)), -np.eye(len(readers))]))
    spread = _spread(gaps.values, gaps.covariance)
    statistic, p_value, reason = spread.test()
    panel = found.values[1:]
    return ModelAgainstPanel(
        quantity, len(readers), found.n_pos, found.n_neg, float(found.values[0]), tuple(map(float, panel)),
        float(panel.mean()), spread.estimate(level, told, -1.0), spread.se, statistic, spread.df, p_value,
        spread.mean_square, spread.variance, spread.covariance, told, None if len(readers) > 1 else _ONE_READER, reason,
    )  # fmt: skip


@dataclass(frozen=True)
class _Spread:
    """What the mean of r figures, with their covariance over cases, is worth."""

    value: float
    mean_square: float | None
    variance: float
    covariance: float | None
    se: float
    df: float

    def estimate(self, level: float, method: str, lowest: float) -> Estimate:
        if self.se < _SAME:
            why = "the estimated variance is 0, so that no interval can be given"
            return Estimate.of(self.value, Interval(None, None, method, level, why))
        return Estimate.of(self.value, _around(self.value, self.se, self.df, level, method, lowest))

    def test(self) -> tuple[float | None, float | None, str | None]:
        """(statistic, two-sided p, why there is none) of value = 0."""
        if self.se < _SAME:
            if abs(self.value) < _SAME:
                return 0.0, 1.0, None
            return None, None, "the estimated variance of the difference is 0"
        statistic = self.value / self.se
        return statistic, two_sided(statistic, self.df), None


def two_sided(statistic: float, df: float) -> float:
    """2 P(T > |statistic|), Student's t or at infinite degrees of freedom the normal distribution."""
    return float(2 * (norm.sf(abs(statistic)) if math.isinf(df) else student.sf(abs(statistic), df)))


def _around(value: float, se: float, df: float, level: float, method: str, lowest: float) -> Interval:
    tail = (1 - level) / 2
    half = se * float(norm.isf(tail) if math.isinf(df) else student.isf(tail, df))
    return Interval(max(value - half, lowest), min(value + half, 1.0), method, level)


def _spread(values: Floats, covariance: Floats) -> _Spread:
    r, mean, variance = len(values), float(values.mean()), max(float(np.diagonal(covariance).mean()), 0.0)
    if r == 1:
        return _Spread(mean, None, variance, None, math.sqrt(variance), math.inf)
    mean_square = float(((values - mean) ** 2).sum()) / (r - 1)
    between = float((covariance.sum() - np.trace(covariance)) / (r * (r - 1)))
    denominator = mean_square + max(r * between, 0.0)
    return _Spread(
        mean,
        mean_square,
        variance,
        between,
        math.sqrt(denominator / r),
        _satterthwaite(denominator, mean_square, r - 1),
    )


def _satterthwaite(denominator: float, mean_square: float, df: int) -> float:
    """Hillis' degrees of freedom: without spread among the readers they are infinite."""
    return math.inf if mean_square < _SAME**2 else denominator**2 / (mean_square**2 / df)


@dataclass(frozen=True)
class Components(Result):
    """Var, Cov1 (same reader), Cov2 (same treatment), Cov3 (neither) over cases; the first two are over readers."""

    reader: float | None
    treatment_by_reader: float | None
    variance: float
    cov1: float
    cov2: float | None
    cov3: float | None


@dataclass(frozen=True)
class TreatmentDifference(Result):
    first: int
    second: int
    difference: Estimate
    se: float
    statistic: float | None
    df: float
    p_value: float | None


@dataclass(frozen=True)
class TreatmentTest(Result):
    """F test that all treatments are alike, with every pair's difference (first minus second) by t on `df2`."""

    random: str
    statistic: float | None
    df1: int
    df2: float
    p_value: float | None
    differences: tuple[TreatmentDifference, ...]
    undefined: str | None = None


@dataclass(frozen=True)
class MultiReader(Result):
    """t treatments x r readers, `figures` (t, r). One reader: `fixed_readers` alone, and `remark` says so."""

    quantity: str
    treatments: int
    readers: int
    n_pos: int
    n_neg: int
    figures: tuple[tuple[float, ...], ...]
    means: tuple[Panel, ...]
    mean_square_treatment: float | None
    mean_square_reader: float | None
    mean_square_interaction: float | None
    components: Components | None
    random_readers_and_cases: TreatmentTest | None
    fixed_readers: TreatmentTest | None
    fixed_cases: TreatmentTest | None
    method: str
    remark: str | None = None
    undefined: str | None = None


def obuchowski_rockette(
    truth: ArrayLike, readings: Sequence[Sequence[ArrayLike]], *, quantity: Quantity = "auc",
    method: CovarianceMethod = "delong", level: float = LEVEL, names: Sequence[str] | None = None,
    patients: Sequence[Hashable] | None = None,
) -> MultiReader:  # fmt: skip
    """Fully crossed: readings[treatment][reader] is an array (n,) of scores or 0/1 calls; t >= 2, r >= 1.

    Both random: F = MS(T)/(MS(TR) + max(r (Cov2 - Cov3), 0)) on t - 1 and Hillis' degrees of freedom. Readers fixed:
    the denominator is Var - Cov1 + max((r - 1)(Cov2 - Cov3), 0), on infinity. Cases fixed: MS(TR). A reader without
    all treatments is refused; a class without two cases is undefined with the reason.
    """
    check_level(level)
    t, r = len(readings), len(readings[0]) if len(readings) else 0
    if t < 2 or r < 1 or any(len(row) != r for row in readings):
        raise StatisticsInputError("Two or more treatments are needed, each with the same one or more readers.")
    who = [f"reader {j + 1} in treatment {i + 1}" for i in range(t) for j in range(r)]
    rows = list(itertools.chain.from_iterable(readings))
    found = figures(truth, rows, quantity=quantity, method=method, names=names, raters=who, patients=patients)
    told = f"obuchowski-rockette-hillis {method}"
    if found.undefined:
        return MultiReader(
            quantity, t, r, found.n_pos, found.n_neg, (), (), None, None, None, None, None, None, None, told,
            undefined=found.undefined,
        )  # fmt: skip
    theta = found.values.reshape(t, r)
    squares, parts = _mean_squares(theta), _components(found, t, r)
    means = tuple(
        panel_mean(truth, row, quantity=quantity, method=method, level=level, names=names, patients=patients)
        for row in readings
    )
    both, cases, only_readers = treatment_tests(theta, parts, level=level)
    return MultiReader(
        quantity, t, r, found.n_pos, found.n_neg, tuple(tuple(map(float, row)) for row in theta), means,
        squares[0], squares[1], squares[2], _with_reader_variances(parts, squares, t), both, cases, only_readers, told,
        None if r > 1 else _ONE_READER,
    )  # fmt: skip


_Squares = tuple[float, float | None, float | None]


def _mean_squares(theta: Floats) -> _Squares:
    t, r = theta.shape
    by_treatment, by_reader = theta.mean(axis=1, keepdims=True), theta.mean(axis=0, keepdims=True)
    of_treatments = r * float(((by_treatment - theta.mean()) ** 2).sum()) / (t - 1)
    if r == 1:
        return of_treatments, None, None
    of_readers = t * float(((by_reader - theta.mean()) ** 2).sum()) / (r - 1)
    left = theta - by_treatment - by_reader + theta.mean()
    return of_treatments, of_readers, float((left**2).sum()) / ((t - 1) * (r - 1))


def _components(found: Figures, t: int, r: int) -> Components:
    blocks = found.covariance.reshape(t, r, t, r)
    same_treatment, same_reader = np.eye(t, dtype=bool)[:, None, :, None], np.eye(r, dtype=bool)[None, :, None, :]

    def mean(where: object) -> float:
        chosen = np.broadcast_to(np.asarray(where), blocks.shape)
        return float(blocks[chosen].mean())

    return Components(
        None, None, mean(same_treatment & same_reader), mean(~same_treatment & same_reader),
        mean(same_treatment & ~same_reader) if r > 1 else None, mean(~same_treatment & ~same_reader) if r > 1 else None,
    )  # fmt: skip


def _with_reader_variances(parts: Components, squares: _Squares, t: int) -> Components:
    """The unbiased estimates, which may be negative: (MS(R) - MS(TR))/t - Cov1 + Cov3 and the interaction's."""
    _, of_readers, left = squares
    if of_readers is None or left is None or parts.cov2 is None or parts.cov3 is None:
        return parts
    return Components(
        (of_readers - left) / t - parts.cov1 + parts.cov3,
        left - parts.variance + parts.cov1 + max(parts.cov2 - parts.cov3, 0.0),
        parts.variance, parts.cov1, parts.cov2, parts.cov3,
    )  # fmt: skip


def treatment_tests(
    figures_of_readers: ArrayLike, components: Components, *, level: float = LEVEL
) -> tuple[TreatmentTest | None, TreatmentTest, TreatmentTest | None]:
    """(readers and cases random, cases random, readers random) of figures (t, r) with known error covariances.

    For a study of which only this is published; `obuchowski_rockette` estimates the covariances and calls it. One
    reader: the second alone.
    """
    theta: Floats = np.asarray(figures_of_readers, dtype=np.float64)
    if theta.ndim != 2 or theta.shape[0] < 2 or theta.shape[1] < 1:
        raise StatisticsInputError(f"Figures of 2 or more treatments x readers are needed, not {theta.shape}.")
    squares, parts = _mean_squares(theta), components
    t, r = theta.shape
    floored = max((parts.cov2 or 0.0) - (parts.cov3 or 0.0), 0.0)
    of_cases = max(parts.variance - parts.cov1 + (r - 1) * floored, 0.0)
    cases = _treatment_test("cases", theta, squares[0], of_cases, math.inf, level)
    left = squares[2]
    if left is None:
        return None, cases, None
    df, denominator = (t - 1) * (r - 1), left + r * floored
    both_df = _satterthwaite(denominator, left, df)
    both = _treatment_test("readers and cases", theta, squares[0], denominator, both_df, level)
    return both, cases, _treatment_test("readers", theta, squares[0], left, float(df), level)


def _treatment_test(
    random: str, theta: Floats, of_treatments: float, denominator: float, df: float, level: float
) -> TreatmentTest:
    t, r = theta.shape
    se, means = math.sqrt(2 * denominator / r), theta.mean(axis=1)
    pairs = []
    for i, j in itertools.combinations(range(t), 2):
        spread = _Spread(float(means[i] - means[j]), None, denominator, None, se, df)
        statistic, p_value, _ = spread.test()
        estimate = spread.estimate(level, f"obuchowski-rockette, random {random}", -1.0)
        pairs.append(TreatmentDifference(i, j, estimate, se, statistic, df, p_value))
    if se < _SAME:
        if math.sqrt(of_treatments) < _SAME:
            return TreatmentTest(random, 0.0, t - 1, df, 1.0, tuple(pairs))
        why = "the estimated variance of the differences is 0"
        return TreatmentTest(random, None, t - 1, df, None, tuple(pairs), why)
    statistic = of_treatments / denominator
    # An F on infinitely many degrees of freedom is a chi-square over its own.
    endless = math.isinf(df)
    p_value = float(chi2.sf(statistic * (t - 1), t - 1) if endless else fisher.sf(statistic, t - 1, df))
    return TreatmentTest(random, statistic, t - 1, df, p_value, tuple(pairs))
