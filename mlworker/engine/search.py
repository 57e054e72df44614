"""Hyper-parameter search: which configurations are tried. Imports no Keras.

The trials are judged on the validation part alone; the sealed test part plays no role in any search.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from mlworker.engine.configuration import ConfigurationError, ConfigurationProblem
from mlworker.engine.configuration_fields import RULES, FieldRule, FieldValue, FieldValueError, parsed

MOST_TRIALS = 200
# Where a tenfold change matters as much at the lower end as at the upper one.
_BY_RATIO = ("learning_rate", "head_learning_rate", "weight_decay")
_NEVER_SEARCHED = ("backbone", "threads", "threshold_rule", "calibration")


@dataclass(frozen=True)
class SearchPlan:
    """What is searched.

    Attributes:
        method: "grid" (every combination of the values) or "random" (drawn, each value on its own).
        space: field name to a list of values, or, for random search, to {"low": a, "high": b}: drawn evenly between
            them; evenly in the logarithm for learning rates and weight decay.
        trials: the budget: how many are drawn, or the most that a grid may have.
        seed: of the draw.
    """

    method: str
    space: Mapping[str, Any]
    trials: int
    seed: int

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def drawn_trials(plan: SearchPlan, *, fixed: Mapping[str, Any]) -> list[dict[str, FieldValue]]:
    """The values of each trial; the same plan draws the same ones. No two trials are equal.

    Args:
        plan: method, space, budget and seed.
        fixed: fields that hold one value in all trials; none of them may be searched too.

    Raises:
        ConfigurationError: naming every field of the space that cannot be searched so, and why.
    """
    problems = _problems(plan, fixed)
    if problems:
        raise ConfigurationError(problems)
    if plan.method == "grid":
        return _grid(plan)
    return _random(plan)


def _problems(plan: SearchPlan, fixed: Mapping[str, Any]) -> list[ConfigurationProblem]:
    problems: list[ConfigurationProblem] = []

    def refuse(field: str, received: object, reason: str) -> None:
        problems.append(ConfigurationProblem(field, received, reason))

    if plan.method not in ("grid", "random"):
        refuse("method", plan.method, "must be grid or random")
    if not 2 <= plan.trials <= MOST_TRIALS:
        refuse("trials", plan.trials, f"must be from 2 to {MOST_TRIALS}")
    if not plan.space:
        refuse("space", {}, "must name at least one field with its values")
    for field, values in plan.space.items():
        if field in fixed:
            refuse(field, values, "is searched and set to one value at the same time")
            continue
        try:
            _check_values(plan.method, field, values)
        except FieldValueError as error:
            refuse(field, values, str(error))
    return problems


def _check_values(method: str, field: str, values: Any) -> None:
    if field not in RULES:
        raise FieldValueError("there is no such field")
    if field in _NEVER_SEARCHED:
        raise FieldValueError("is not searched: it is no hyper-parameter that the validation part could choose")
    rule = RULES[field]
    if isinstance(values, Mapping):
        _check_range(method, rule, values)
        return
    if not isinstance(values, list) or not values:
        raise FieldValueError("must be a list of values, or a range with low and high")
    found = [parsed(rule, value) for value in values]
    if len(set(found)) != len(found):
        raise FieldValueError("holds a value twice")


def _check_range(method: str, rule: FieldRule, values: Mapping[str, Any]) -> None:
    if method == "grid":
        raise FieldValueError("needs a list of values in a grid; a range is drawn from in a random search")
    if rule.kind not in ("integer", "number") or set(values) != {"low", "high"}:
        raise FieldValueError("must be a list of values, or for a number a range with low and high")
    low, high = parsed(rule, values["low"]), parsed(rule, values["high"])
    if float(low) >= float(high):
        raise FieldValueError("low must be less than high")
    if rule.name in _BY_RATIO and float(low) <= 0:
        raise FieldValueError("low must be more than 0: it is drawn evenly in the logarithm")


def _grid(plan: SearchPlan) -> list[dict[str, FieldValue]]:
    values = {field: [parsed(RULES[field], value) for value in each] for field, each in plan.space.items()}
    size = math.prod(len(each) for each in values.values())
    if size > plan.trials:
        reason = f"the grid has {size} combinations, more than the budget of {plan.trials}"
        raise ConfigurationError([ConfigurationProblem("trials", plan.trials, reason)])
    return [dict(zip(values, combination, strict=True)) for combination in itertools.product(*values.values())]


def _random(plan: SearchPlan) -> list[dict[str, FieldValue]]:
    generator = random.Random(plan.seed)  # noqa: S311 (a seeded draw, no secret)
    trials: dict[tuple[FieldValue, ...], dict[str, FieldValue]] = {}
    # A small space may hold fewer different trials than the budget.
    for _ in range(50 * plan.trials):
        trial = {field: _drawn(generator, RULES[field], values) for field, values in sorted(plan.space.items())}
        trials.setdefault(tuple(trial.values()), trial)
        if len(trials) == plan.trials:
            break
    return list(trials.values())


def _drawn(generator: random.Random, rule: FieldRule, values: Any) -> FieldValue:
    if not isinstance(values, Mapping):
        return parsed(rule, generator.choice(values))
    low, high = float(values["low"]), float(values["high"])
    if rule.name in _BY_RATIO:
        drawn = math.exp(generator.uniform(math.log(low), math.log(high)))
        # Three digits are what anybody reports.
        return parsed(rule, float(f"{drawn:.3g}"))
    if rule.kind == "integer":
        return generator.randint(int(low), int(high))
    return parsed(rule, round(generator.uniform(low, high), 4))
