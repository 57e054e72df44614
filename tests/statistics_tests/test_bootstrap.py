from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from mlworker.statistics.bootstrap import bootstrap_auc, bootstrap_auc_difference, bootstrap_replicates
from mlworker.statistics.delong import auc_delong, delong_paired
from mlworker.statistics.inputs import StatisticsInputError

Array = NDArray[Any]


def a_sample(n: int, *, seed: int, ties: bool = False) -> tuple[Array, Array, Array]:
    rng = np.random.default_rng(seed)
    truth = (np.arange(n) % 2).astype(int)
    first, second = truth + rng.normal(0, 1.0, n), truth + rng.normal(0, 1.4, n)
    return (truth, np.round(first, 1), np.round(second, 1)) if ties else (truth, first, second)


def test_it_counts_what_a_resample_would_give() -> None:
    truth, first, second = a_sample(30, seed=1, ties=True)
    found = bootstrap_replicates(truth, [first, second], replicates=50, seed=9)
    rng = np.random.default_rng(9)
    positives, negatives = np.flatnonzero(truth == 1), np.flatnonzero(truth == 0)
    of_positives = rng.integers(0, 15, (50, 15), dtype=np.uint16)
    of_negatives = rng.integers(0, 15, (50, 15), dtype=np.uint16)
    for row in range(50):
        drawn = np.concatenate([positives[of_positives[row]], negatives[of_negatives[row]]])
        for model, scores in enumerate((first, second)):
            assert found[model, row] == pytest.approx(roc_auc_score(truth[drawn], scores[drawn]), abs=1e-12)


def test_it_gives_the_same_replicates_for_the_same_seed() -> None:
    truth, first, _ = a_sample(24, seed=2)
    assert np.array_equal(bootstrap_replicates(truth, [first], seed=3), bootstrap_replicates(truth, [first], seed=3))
    assert not np.array_equal(
        bootstrap_replicates(truth, [first], seed=3), bootstrap_replicates(truth, [first], seed=4)
    )


def test_it_spreads_as_delong_says() -> None:
    truth, first, second = a_sample(400, seed=5)
    drawn = bootstrap_replicates(truth, [first], replicates=4000, seed=1)[0]
    delong = auc_delong(truth, first)
    assert drawn.std(ddof=1) == pytest.approx(delong.se, rel=0.05)
    assert drawn.mean() == pytest.approx(delong.auc, abs=0.003)
    paired, boot = delong_paired(truth, first, second), bootstrap_auc_difference(truth, first, second, replicates=4000)
    assert boot.difference.value == pytest.approx(paired.difference.value)
    assert boot.se == pytest.approx(paired.se, rel=0.05)


def test_it_gives_an_interval_around_the_area() -> None:
    truth, first, _ = a_sample(60, seed=6)
    found = bootstrap_auc(truth, first)
    assert found.value == pytest.approx(roc_auc_score(truth, first))
    assert found.lower is not None
    assert found.upper is not None
    assert found.lower < found.value < found.upper  # type: ignore[operator]
    assert found.method == "bootstrap-percentile"


def test_it_says_why_there_is_no_interval() -> None:
    perfect = bootstrap_auc([0, 0, 1, 1], [1, 2, 3, 4])
    assert (perfect.value, perfect.lower) == (1.0, None)
    assert "do not vary" in str(perfect.note)
    assert bootstrap_auc([1, 1], [1, 2]).undefined == "all 2 cases are positive"
    with pytest.raises(StatisticsInputError, match="all 2 cases are positive"):
        bootstrap_replicates([1, 1], [[1, 2]])


def test_it_finds_identical_models_identical() -> None:
    truth, first, _ = a_sample(24, seed=7)
    same = bootstrap_auc_difference(truth, first, 2 * first + 1)
    assert (same.difference.value, same.statistic, same.p_value) == (0.0, 0.0, 1.0)
