from __future__ import annotations

import pytest

from mlworker.statistics.decision import decision_curve
from mlworker.statistics.inputs import StatisticsInputError

_TRUTH = [1, 1, 1, 1, 0, 0, 0, 0, 0, 0]
_PROBABILITY = [0.9, 0.8, 0.6, 0.2, 0.7, 0.5, 0.3, 0.2, 0.1, 0.1]


def test_it_gives_true_positives_less_the_false_ones_at_the_odds_of_the_threshold() -> None:
    found = decision_curve(_TRUTH, _PROBABILITY, thresholds=[0.25, 0.5])
    # At 0.25: 3 true, 3 false of 10, odds 1/3. At 0.5: 3 true, 2 false, odds 1.
    assert found.model == pytest.approx((3 / 10 - 3 / 10 / 3, 3 / 10 - 2 / 10))
    assert found.treat_all == pytest.approx((0.4 - 0.6 / 3, 0.4 - 0.6))
    assert (found.prevalence, found.prevalence_given) == (0.4, False)


def test_it_takes_the_clinics_prevalence_instead_of_the_designs() -> None:
    found = decision_curve(_TRUTH, _PROBABILITY, thresholds=[0.25], prevalence=0.02)
    assert found.model == pytest.approx((3 / 4 * 0.02 - 3 / 6 * 0.98 / 3,))
    assert found.treat_all == pytest.approx((0.02 - 0.98 / 3,))
    assert found.prevalence_given is True


def test_it_is_worth_as_much_as_treating_all_at_a_threshold_of_0() -> None:
    found = decision_curve(_TRUTH, _PROBABILITY, thresholds=[0.0])
    assert found.model == found.treat_all == pytest.approx((0.4,))


def test_it_refuses_what_has_no_meaning() -> None:
    with pytest.raises(StatisticsInputError, match=r"Thresholds must lie in \[0, 1\): position 1"):
        decision_curve(_TRUTH, _PROBABILITY, thresholds=[0.5, 1.0])
    with pytest.raises(StatisticsInputError, match="prevalence"):
        decision_curve(_TRUTH, _PROBABILITY, prevalence=1.2)
    one_class = decision_curve([1, 1], [0.2, 0.3], thresholds=[0.5])
    assert (one_class.model, one_class.undefined) == ((), "there are no negative cases")
