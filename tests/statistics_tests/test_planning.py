from __future__ import annotations

import pytest
from scipy.stats import multinomial

from mlworker.statistics.inputs import StatisticsInputError
from mlworker.statistics.paired import mcnemar
from mlworker.statistics.planning import (
    auc_cases_needed,
    auc_precision,
    mcnemar_cases_needed,
    mcnemar_power,
    proportion_precision,
)
from tests.statistics_tests.stored import reference


@pytest.mark.parametrize(("n", "first", "second"), [(12, 0.3, 0.05), (20, 0.4, 0.1), (9, 0.6, 0.0)])
def test_it_gives_the_power_that_counting_every_outcome_gives(n: int, first: float, second: float) -> None:
    chance = multinomial(n, [first, second, 1 - first - second])
    counted = sum(
        chance.pmf([b, c, n - b - c]) for b in range(n + 1) for c in range(n + 1 - b) if mcnemar(b, c).p_exact <= 0.05
    )
    assert mcnemar_power(n, first, second).power == pytest.approx(counted, abs=1e-12)


def test_it_has_no_power_in_the_published_test_part() -> None:
    assert mcnemar_power(5, 1.0, 0.0).power == 0.0, "six one-way discordant cases are needed"
    assert mcnemar_power(6, 1.0, 0.0).power == 1.0
    assert mcnemar_power(12, 0.25, 0.0).power < 0.06
    assert mcnemar_power(0, 0.3, 0.1).power == 0.0


def test_it_finds_the_fewest_cases_that_keep_the_power() -> None:
    found = mcnemar_cases_needed(0.3, 0.05)
    assert found.power >= 0.8
    assert all(mcnemar_power(found.n + i, 0.3, 0.05).power >= 0.8 for i in range(10))
    assert any(mcnemar_power(found.n - 1 + i, 0.3, 0.05).power < 0.8 for i in range(10))


def test_it_refuses_shares_without_a_difference_or_a_sense() -> None:
    with pytest.raises(StatisticsInputError, match="no difference to find"):
        mcnemar_cases_needed(0.2, 0.2)
    with pytest.raises(StatisticsInputError, match="sum to at most 1"):
        mcnemar_power(10, 0.8, 0.3)


def test_it_gives_the_precision_of_a_published_area() -> None:
    stored = reference("37_hanley_mcneil_from_reported_auc")
    (area, n_pos, n_neg), se = stored["inputs"]["rows"][0], stored["expected"]["se"][0]
    assert auc_precision(area, n_pos, n_neg).half_width == pytest.approx(1.959964 * se, rel=1e-6)


def test_it_finds_the_fewest_cases_for_a_precision() -> None:
    found = auc_cases_needed(0.84, 0.05)
    assert found.half_width <= 0.05 < auc_precision(0.84, found.n_pos - 1, found.n_neg - 1).half_width
    doubled = auc_cases_needed(0.84, 0.05, negatives_per_positive=2)
    assert doubled.n_neg == 2 * doubled.n_pos
    assert doubled.n_pos < found.n_pos
    with pytest.raises(StatisticsInputError, match="must be positive"):
        auc_cases_needed(0.84, 0.0)


def test_it_gives_the_precision_of_a_sensitivity() -> None:
    assert proportion_precision(11 / 12, 12).half_width == pytest.approx((0.985 - 0.646) / 2, abs=1e-3)
    assert proportion_precision(0.9, 400).half_width < proportion_precision(0.9, 100).half_width
    with pytest.raises(StatisticsInputError):
        proportion_precision(1.1, 10)
