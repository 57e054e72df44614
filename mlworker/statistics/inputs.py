"""What may go in: labels of 0 and 1, finite scores, arrays of one length. The rest is refused by the cases' names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_SHOWN = 10


class StatisticsInputError(ValueError):
    """Input that no statistic is defined for. `cases`: the offending ones, by name or by position from 0."""

    def __init__(self, message: str, cases: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.cases = tuple(cases)


def refuse(message: str, where: Bools, names: Sequence[str] | None = None) -> None:
    """Raise, with the cases at which `where` holds; do nothing if there are none."""
    positions = [int(i) for i in np.flatnonzero(where)]
    if not positions:
        return
    cases = [str(names[i]) if names is not None else f"position {i}" for i in positions]
    listed = ", ".join(cases[:_SHOWN]) + (f" and {len(cases) - _SHOWN} more" if len(cases) > _SHOWN else "")
    raise StatisticsInputError(f"{message}: {listed}.", cases)


def check_level(level: float) -> None:
    if not 0 < level < 1:
        raise StatisticsInputError(f"The confidence level must lie between 0 and 1, received {level!r}.")


def count(value: int, name: str) -> int:
    """`value` as an int, refused if negative or not whole."""
    whole = int(value)
    if whole != value or whole < 0:
        raise StatisticsInputError(f"{name} must be a whole number, 0 or more, received {value!r}.")
    return whole


def _vector(values: ArrayLike, what: str, names: Sequence[str] | None) -> Floats:
    raw: NDArray[Any] = np.asarray(values)
    if raw.ndim != 1:
        raise StatisticsInputError(f"{what} must be one-dimensional, received shape {raw.shape}.")
    if raw.dtype == object:
        refuse(f"{what} missing", np.array([item is None for item in raw], dtype=np.bool_), names)
    try:
        return raw.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise StatisticsInputError(f"{what} must be numbers: {error}.") from error


def labels(values: ArrayLike, what: str = "Labels", names: Sequence[str] | None = None) -> Ints:
    """Shape (n,), each exactly 0 or 1."""
    vector = _vector(values, what, names)
    refuse(f"{what} must be 0 or 1", ~np.isin(vector, (0.0, 1.0)), names)
    return vector.astype(np.int64)


def scores(values: ArrayLike, what: str = "Scores", names: Sequence[str] | None = None) -> Floats:
    """Shape (n,), float64, finite; higher means more likely positive. A direction is never flipped.

    float32 widens exactly, so ties stay ties; -0.0 becomes 0.0.
    """
    vector = _vector(values, what, names)
    refuse(f"{what} missing or not finite", ~np.isfinite(vector), names)
    return vector + 0.0


def probabilities(values: ArrayLike, what: str = "Probabilities", names: Sequence[str] | None = None) -> Floats:
    vector = scores(values, what, names)
    refuse(f"{what} must lie between 0 and 1", (vector < 0) | (vector > 1), names)
    return vector


def same_length(**arrays: Floats | Ints) -> int:
    """The common length; a clear refusal with all lengths otherwise."""
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        raise StatisticsInputError(f"The arrays must be equally long: {told}.")
    return next(iter(lengths.values()))


def one_class_reason(truth: Ints) -> str | None:
    """Why neither AUC nor a paired ROC statistic exists, or None."""
    if not len(truth):
        return "there are no cases"
    if truth.min() == truth.max():
        return f"all {len(truth)} cases are {'positive' if truth[0] else 'negative'}"
    return None
