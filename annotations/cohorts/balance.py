"""How alike two groups of hips are, variable by variable, before and after a draw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from annotations.cohorts.comparison_draw import HipFacts


@dataclass(frozen=True, slots=True)
class Balance:
    """One variable: a share or a mean in the loosening group, among all eligible, and among the drawn hips.

    Differences are standardised: of shares and means after Austin (Statistics in Medicine 2009;28:3083), of a variable
    with several categories after Yang and Dalton (SAS Global Forum 2012, paper 335). None where nothing varies.
    """

    variable: str
    loosening: float | None
    eligible: float | None
    comparison: float | None
    difference_before: float | None
    difference_after: float | None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def balance_of(cases: Sequence[HipFacts], eligible: Sequence[HipFacts], drawn: Sequence[HipFacts]) -> list[Balance]:
    """Sex, side, age at the index procedure, and site; nothing if a group is empty."""
    if not (cases and eligible and drawn):
        return []
    return [
        _shares("female", cases, eligible, drawn, lambda hip: float(hip.sex == "F")),
        _shares("right_side", cases, eligible, drawn, lambda hip: float(hip.side == "R")),
        _means("age_at_index", cases, eligible, drawn, lambda hip: float(hip.age)),
        _categories("site", cases, eligible, drawn, lambda hip: hip.site),
    ]


_Groups = Sequence["HipFacts"]
_Value = Callable[["HipFacts"], float]


def _shares(name: str, cases: _Groups, eligible: _Groups, drawn: _Groups, value: _Value) -> Balance:
    a, b, c = (float(np.mean([value(hip) for hip in group])) for group in (cases, eligible, drawn))
    return Balance(name, a, b, c, _standardised(a, b, a * (1 - a), b * (1 - b)),
                   _standardised(a, c, a * (1 - a), c * (1 - c)))  # fmt: skip


def _means(name: str, cases: _Groups, eligible: _Groups, drawn: _Groups, value: _Value) -> Balance:
    first, before, after = ([value(hip) for hip in group] for group in (cases, eligible, drawn))
    means = [float(np.mean(group)) for group in (first, before, after)]
    spreads = [float(np.var(group, ddof=1)) if len(group) > 1 else 0.0 for group in (first, before, after)]
    return Balance(name, means[0], means[1], means[2], _standardised(means[0], means[1], spreads[0], spreads[1]),
                   _standardised(means[0], means[2], spreads[0], spreads[2]))  # fmt: skip


def _standardised(first: float, second: float, first_variance: float, second_variance: float) -> float | None:
    spread = float(np.sqrt((first_variance + second_variance) / 2))
    return (first - second) / spread if spread else None


def _categories(
    name: str, cases: _Groups, eligible: _Groups, drawn: _Groups, value: Callable[[HipFacts], str]
) -> Balance:
    known = sorted({value(hip) for group in (cases, eligible, drawn) for hip in group})
    first, before, after = (_proportions([value(hip) for hip in group], known) for group in (cases, eligible, drawn))
    return Balance(name, None, None, None, _distance(first, before), _distance(first, after))


def _proportions(values: Sequence[str], known: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([values.count(category) / len(values) for category in known])


def _distance(
    first: np.ndarray[Any, np.dtype[np.float64]], second: np.ndarray[Any, np.dtype[np.float64]]
) -> float | None:
    """The Mahalanobis distance between two vectors of proportions, the first category being left out as redundant."""
    occurring = (first + second) > 0
    a, b = first[occurring][1:], second[occurring][1:]
    if a.size == 0:
        return None
    covariance = (np.diag(a) - np.outer(a, a) + np.diag(b) - np.outer(b, b)) / 2
    difference = a - b
    # A category that one group consists of leaves no variance in its direction.
    return float(max(0.0, float(difference @ np.linalg.pinv(covariance) @ difference)) ** 0.5)
