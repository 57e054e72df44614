from __future__ import annotations

import numpy as np
import pytest

from mlworker.statistics.agreement import (
    cohens_kappa,
    conger_kappa,
    fleiss_kappa,
    intra_observer_kappa,
    kappa_of_table,
    krippendorff_alpha,
    light_kappa,
    pabak,
)
from mlworker.statistics.inputs import StatisticsInputError
from tests.statistics_tests.stored import reference

# Fleiss 1971: ten subjects, fourteen raters, five categories; counts of raters by category.
_FLEISS_1971 = [
    [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
]  # fmt: skip
# Krippendorff 2011, "Computing Krippendorff's alpha-reliability", the example with missing values.
_NONE = float("nan")
_KRIPPENDORFF_2011 = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, _NONE, _NONE, _NONE],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _NONE, 3],
    [_NONE, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _NONE],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _NONE],
]


def test_it_gives_one_readers_agreement_with_himself() -> None:
    stored = reference("24_intra_observer_two_sessions_24")
    given, expected, within = stored["inputs"], stored["expected"], stored["tolerance"]["abs"]
    kappa = intra_observer_kappa(given["session1"], given["session2"])
    assert kappa.agreement == pytest.approx(expected["agreement"], abs=within)
    assert kappa.kappa.value == pytest.approx(expected["kappa"], abs=within)
    assert kappa.se == pytest.approx(expected["ase"], abs=within)
    assert kappa.kappa.lower == pytest.approx(expected["lower"], abs=within)
    assert kappa.kappa.upper == 1.0, "the interval is clipped at perfect agreement"


def test_it_gives_three_readers_agreement() -> None:
    stored = reference("24_intra_observer_two_sessions_24")
    ratings = np.column_stack([stored["inputs"][k] for k in ("session1", "session2", "reader2")])
    found = fleiss_kappa(ratings)
    assert found.value == pytest.approx(stored["expected"]["fleiss3"], abs=1e-8)
    assert found.lower is not None
    assert found.upper is not None
    assert found.lower < stored["expected"]["fleiss3"] < found.upper <= 1.0
    assert fleiss_kappa(ratings) == found, "the same seed gives the same interval"


def test_it_gives_fleiss_own_example() -> None:
    ratings = [[c for c, times in enumerate(row) for _ in range(times)] for row in _FLEISS_1971]
    assert fleiss_kappa(ratings, replicates=0).value == pytest.approx(0.210, abs=5e-4)


@pytest.mark.parametrize(("level", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_it_gives_krippendorffs_own_example(level: str, alpha: float) -> None:
    found = krippendorff_alpha(np.array(_KRIPPENDORFF_2011).T, level_of_measurement=level)  # type: ignore[arg-type]
    assert found.value == pytest.approx(alpha, abs=5e-4)
    assert found.note == "1 cases have fewer than two ratings and cannot be paired"


def test_it_weighs_by_distance() -> None:
    table = np.array([[9, 3, 1], [2, 8, 4], [0, 3, 10]])
    shares, k = table / table.sum(), len(table)
    distance = np.subtract.outer(np.arange(k), np.arange(k))
    for name, power in (("linear", 1), ("quadratic", 2)):
        loss = np.abs(distance) ** power
        chance = np.outer(shares.sum(1), shares.sum(0))
        expected = 1 - (loss * shares).sum() / (loss * chance).sum()
        assert kappa_of_table(table, weights=name).kappa.value == pytest.approx(expected)  # type: ignore[arg-type]


def test_it_uses_all_categories_and_not_only_those_seen() -> None:
    first, second = ["none", "1-2", "none", "1-2"], ["none", "1-2", "1-2", "1-2"]
    grades = ["none", "<1", "1-2", ">2"]
    seen = cohens_kappa(first, second)
    graded = cohens_kappa(first, second, categories=grades)
    assert graded.kappa.value == pytest.approx(seen.kappa.value)
    assert len(graded.table) == 4
    assert graded.pabak.value == pytest.approx((4 * 0.75 - 1) / 3)
    assert seen.pabak.value == pytest.approx(2 * 0.75 - 1)


def test_it_gives_the_paradox_of_high_agreement_and_low_kappa_its_second_figure() -> None:
    first, second = [1] * 17 + [0, 1, 0], [1] * 17 + [1, 0, 0]
    kappa = cohens_kappa(first, second)
    assert kappa.agreement == pytest.approx(0.9)
    assert kappa.kappa.value is not None
    assert kappa.kappa.value < 0.5
    assert pabak(first, second).value == pytest.approx(0.8)


def test_it_agrees_with_cohen_where_there_are_two_raters() -> None:
    rng = np.random.default_rng(4)
    ratings = rng.integers(0, 3, (60, 2))
    cohen = cohens_kappa(ratings[:, 0], ratings[:, 1]).kappa.value
    assert light_kappa(ratings, replicates=0).value == pytest.approx(cohen)
    assert conger_kappa(ratings, replicates=0).value == pytest.approx(cohen)


def test_it_says_why_there_is_no_kappa() -> None:
    same = cohens_kappa([1, 1, 1], [1, 1, 1], categories=[0, 1])
    assert same.agreement == 1.0
    assert same.kappa.value is None
    assert "chance agreement is 1" in str(same.kappa.undefined)
    assert cohens_kappa([], []).kappa.undefined == "there are no cases (n = 0)"
    assert "every rating is the same" in str(fleiss_kappa([[1, 1], [1, 1]]).undefined)
    assert krippendorff_alpha([[1.0, _NONE], [_NONE, 2.0]]).undefined == "no case has two ratings"
    assert "expected disagreement is 0" in str(krippendorff_alpha([[1.0, 1.0], [1.0, 1.0]]).undefined)


def test_it_gives_a_kappa_of_0_where_only_one_rater_varies() -> None:
    assert cohens_kappa([1, 1, 1, 1], [1, 1, 0, 0]).kappa.value == pytest.approx(0.0)


def test_it_names_missing_and_unknown_ratings() -> None:
    with pytest.raises(StatisticsInputError, match=r"Rater 2 has missing ratings: position 1\."):
        cohens_kappa([1, 0, 1], [1, None, 1])  # type: ignore[arg-type]
    with pytest.raises(StatisticsInputError, match="outside the categories"):
        cohens_kappa([1, 0], [1, 7], categories=[0, 1])
    with pytest.raises(StatisticsInputError, match="equally long"):
        cohens_kappa([1, 0], [1])


def test_it_gives_alpha_an_interval_over_cases() -> None:
    stored = reference("24_intra_observer_two_sessions_24")
    ratings = np.column_stack([stored["inputs"][k] for k in ("session1", "session2", "reader2")]).astype(float)
    found = krippendorff_alpha(ratings, replicates=500)
    assert found.value == krippendorff_alpha(ratings).value
    fleiss = fleiss_kappa(ratings.astype(int), replicates=500)
    assert found.lower == pytest.approx(fleiss.lower, abs=0.05)
    assert found.upper == pytest.approx(fleiss.upper, abs=0.05)
    assert "do not vary" in str(krippendorff_alpha([[1.0, 2.0]], replicates=50).note)
