from __future__ import annotations

from typing import Any

import pytest

from mlworker.engine.configuration import ConfigurationError
from mlworker.engine.search import SearchPlan, drawn_trials

RANGES = {"learning_rate": {"low": 1e-5, "high": 1e-2}, "epochs": {"low": 5, "high": 9}, "dropout": [0.1, "0.5"]}


def problems(plan: SearchPlan, **fixed: Any) -> dict[str, str]:
    with pytest.raises(ConfigurationError) as caught:
        drawn_trials(plan, fixed=fixed)
    return {problem.field: problem.reason for problem in caught.value.problems}


def test_it_tries_every_combination_of_a_grid() -> None:
    plan = SearchPlan("grid", {"learning_rate": ["1e-4", 1e-3], "dropout": [0.1, 0.3, 0.5]}, trials=6, seed=1)
    trials = drawn_trials(plan, fixed={})
    assert [tuple(trial.values()) for trial in trials] == [
        (1e-4, 0.1), (1e-4, 0.3), (1e-4, 0.5), (1e-3, 0.1), (1e-3, 0.3), (1e-3, 0.5),
    ]  # fmt: skip


def test_it_draws_the_same_trials_for_the_same_seed_and_others_for_another() -> None:
    plan = SearchPlan("random", RANGES, trials=20, seed=5)
    trials = drawn_trials(plan, fixed={})
    assert trials == drawn_trials(plan, fixed={})
    assert trials != drawn_trials(SearchPlan("random", RANGES, trials=20, seed=6), fixed={})
    assert len({tuple(trial.items()) for trial in trials}) == 20
    for trial in trials:
        assert 1e-5 <= float(trial["learning_rate"]) <= 1e-2
        assert trial["epochs"] in range(5, 10)
        assert trial["dropout"] in (0.1, 0.5)


def test_it_draws_learning_rates_evenly_in_the_logarithm() -> None:
    space = {"learning_rate": {"low": 1e-6, "high": 1e-2}}
    rates = [float(trial["learning_rate"]) for trial in drawn_trials(SearchPlan("random", space, 200, 3), fixed={})]
    assert 70 < sum(rate < 1e-4 for rate in rates) < 130


def test_it_draws_no_more_than_a_small_space_holds() -> None:
    plan = SearchPlan("random", {"dropout": [0.1, 0.2, 0.3]}, trials=50, seed=1)
    assert sorted(trial["dropout"] for trial in drawn_trials(plan, fixed={})) == [0.1, 0.2, 0.3]


def test_it_refuses_a_space_field_by_field() -> None:
    space = {
        "lerning_rate": [1], "learning_rate": {"low": 1e-2, "high": 1e-5}, "dropout": [0.1, 0.1], "flip": [0.7],
        "threshold_rule": ["youden"], "optimizer": {"low": 1, "high": 2}, "epochs": [],
        "weight_decay": {"low": 0, "high": 1}, "seed": [1, 2],
    }  # fmt: skip
    assert problems(SearchPlan("random", space, trials=5, seed=1), seed=3) == {
        "lerning_rate": "there is no such field",
        "learning_rate": "low must be less than high",
        "dropout": "holds a value twice",
        "flip": "must be at most 0.5",
        "threshold_rule": "is not searched: it is no hyper-parameter that the validation part could choose",
        "optimizer": "must be a list of values, or for a number a range with low and high",
        "epochs": "must be a list of values, or a range with low and high",
        "weight_decay": "low must be more than 0: it is drawn evenly in the logarithm",
        "seed": "is searched and set to one value at the same time",
    }


def test_it_refuses_a_plan_without_bounds() -> None:
    assert set(problems(SearchPlan("guess", {}, trials=0, seed=1))) == {"method", "trials", "space"}
    too_many = SearchPlan("grid", {"epochs": list(range(1, 30)), "seed": list(range(30))}, trials=200, seed=1)
    assert "870 combinations" in problems(too_many)["trials"]
    assert "in a grid" in problems(SearchPlan("grid", RANGES, trials=9, seed=1))["learning_rate"]
