from __future__ import annotations

import pytest

from mlworker.statistics.inputs import StatisticsInputError
from mlworker.statistics.multiplicity import adjust
from tests.statistics_tests.stored import reference


@pytest.mark.parametrize("method", ["bonferroni", "holm", "hochberg", "hommel", "BH", "BY"])
def test_it_adjusts_as_r_does(method: str) -> None:
    stored = reference("30_p_adjust")
    found = adjust(stored["inputs"]["p"], method=method.lower())  # type: ignore[arg-type]
    assert found.adjusted == pytest.approx(stored["expected"][method], abs=stored["tolerance"]["abs"])
    assert found.raw == tuple(stored["inputs"]["p"])


def test_it_keeps_the_order_it_was_given() -> None:
    assert adjust([0.04, 0.01, 0.03]).adjusted == pytest.approx((0.06, 0.03, 0.06))


def test_it_adjusts_nothing_where_nothing_is_given() -> None:
    assert adjust([]).adjusted == ()


def test_it_names_what_is_no_p_value() -> None:
    with pytest.raises(StatisticsInputError, match="between 0 and 1: position 1"):
        adjust([0.2, 1.5])
    with pytest.raises(StatisticsInputError, match="not finite: position 0"):
        adjust([float("nan"), 0.5])
    with pytest.raises(StatisticsInputError, match="Unknown adjustment 'sidak'"):
        adjust([0.5], method="sidak")  # type: ignore[arg-type]
