from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import chi, norm
from scipy.stats import t as student

from mlworker.statistics.inputs import StatisticsInputError
from mlworker.statistics.mrmc import ModelAgainstPanel, MultiReader, model_against_panel, obuchowski_rockette
from mlworker.statistics.panel_planning import panel_cases_needed, panel_power
from tests.statistics_tests.test_mrmc import a_study


def a_pilot(seed: int = 3) -> ModelAgainstPanel:
    truth, readings = a_study(seed=seed)
    return model_against_panel(truth, readings[1][0], list(readings[0]))


def a_crossed_pilot() -> MultiReader:
    truth, readings = a_study()
    return obuchowski_rockette(truth, list(readings))


def by_integration(shift: float, df: float, alpha: float) -> float:
    limit = student.isf(alpha / 2, df)

    def at(s: float) -> float:
        reach = limit * s
        return float(
            chi.pdf(s * math.sqrt(df), df) * math.sqrt(df) * (norm.sf(reach - shift) + norm.cdf(-reach - shift))
        )

    return float(quad(at, 0, 6, points=[1.0], limit=200)[0])


@pytest.mark.parametrize(("readers", "cases", "difference"), [(4, 30, 0.2), (3, 120, 0.15), (8, 60, -0.1)])
def test_it_gives_the_power_that_integration_gives(readers: int, cases: int, difference: float) -> None:
    pilot = a_pilot()
    assert pilot.mean_square is not None
    assert pilot.variance is not None
    assert pilot.covariance is not None
    found = panel_power(pilot, difference=difference, readers=readers, cases=cases)
    own, shared = pilot.variance - max(pilot.covariance, 0), max(pilot.covariance, 0)
    square = max(pilot.mean_square - own, 0) + own * 30 / cases
    se = math.sqrt((square + readers * shared * 30 / cases) / readers)
    df = (se**2 * readers) ** 2 / (square**2 / (readers - 1))
    assert found.se == pytest.approx(se)
    assert found.df == pytest.approx(df)
    assert found.power == pytest.approx(by_integration(abs(difference) / se, df, 0.05), abs=1e-6)


def test_it_gives_the_pilots_own_error_for_a_study_like_the_pilot() -> None:
    pilot, crossed = a_pilot(seed=11), a_crossed_pilot()
    assert panel_power(pilot, difference=0.1, readers=4, cases=30).se >= pilot.se - 1e-12  # type: ignore[operator]
    parts, left = crossed.components, crossed.mean_square_interaction
    assert parts is not None
    assert left is not None
    shared = max(parts.cov2 - parts.cov3, 0)  # type: ignore[operator]
    square = max(left, parts.variance - parts.cov1 - shared)
    expected = math.sqrt(2 / 4 * (square + 4 * shared))
    assert panel_power(crossed, difference=0.1, readers=4, cases=30).se == pytest.approx(expected)


def test_it_finds_more_with_more_cases_and_more_readers_and_only_error_where_nothing_is() -> None:
    pilot = a_pilot()
    powers = [panel_power(pilot, difference=0.1, readers=5, cases=c).power for c in (20, 50, 200, 1000, 20_000)]
    assert powers == sorted(powers)
    few, many = (panel_power(pilot, difference=0.1, readers=r, cases=100).power for r in (3, 12))
    assert few < many
    assert panel_power(pilot, difference=0.0, readers=5, cases=100).power == pytest.approx(0.05)


def test_it_finds_the_fewest_cases() -> None:
    found = panel_cases_needed(a_pilot(), difference=0.2, readers=5)
    assert found.power >= 0.8
    assert panel_power(a_pilot(), difference=0.2, readers=5, cases=found.cases - 1).power < 0.8


def test_it_says_that_readers_are_too_few() -> None:
    truth, readings = a_study(readers=3, n=60)
    worse = np.where(truth == 1, readings[0][0] - 5, readings[0][0])
    pilot = model_against_panel(truth, readings[1][0], [readings[0][0], readings[0][1], worse])
    with pytest.raises(StatisticsInputError, match="more readers are needed"):
        panel_cases_needed(pilot, difference=0.05, readers=2)


def test_it_refuses_a_pilot_that_says_nothing_of_readers() -> None:
    truth, readings = a_study()
    alone = model_against_panel(truth, readings[1][0], [readings[0][0]])
    with pytest.raises(StatisticsInputError, match="one reader says nothing of other readers"):
        panel_power(alone, difference=0.1, readers=5, cases=100)
    with pytest.raises(StatisticsInputError, match="At least 2 readers"):
        panel_power(a_pilot(), difference=0.1, readers=1, cases=100)
    with pytest.raises(StatisticsInputError, match="A difference of 0 is never found"):
        panel_cases_needed(a_pilot(), difference=0.0, readers=5)
