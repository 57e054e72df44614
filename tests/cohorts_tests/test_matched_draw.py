"""A matched draw is exact within strata, lists what it could not match, and shows the balance it brought."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import pytest

from annotations.cohorts.balance import balance_of
from annotations.cohorts.comparison_draw import DrawPlan, HipFacts, _matched
from common.errors import Conflict, Invalid


def _hip(number: int, **facts: Any) -> HipFacts:
    known: dict[str, Any] = {"sex": "F", "side": "R", "site": "A", "age": 65} | facts
    return HipFacts(hip_id=number, index_procedure_id=number, pseudonym=f"P-{number:04}", **known)


CASES = [_hip(1, sex="F", age=61), _hip(2, sex="F", age=69), _hip(3, sex="M", age=70), _hip(4, sex="M", age=82)]
ELIGIBLE = [_hip(100 + n, sex="F" if n % 3 else "M", age=60 + n % 20, site="AB"[n % 2]) for n in range(60)]


def _draw(seed: int = 1, **plan: Any) -> tuple[list[HipFacts], list[dict[str, Any]]]:
    return _matched(DrawPlan(seed, **({"matched_by": ("age_band", "sex")} | plan)), ELIGIBLE, CASES)


def test_it_takes_as_many_as_there_are_cases_in_each_stratum() -> None:
    drawn, strata = _draw()
    found = Counter((hip.age // 10 * 10, hip.sex) for hip in drawn)
    assert found == {(60, "F"): 2, (70, "M"): 1}
    assert [(s["stratum"], s["cases"], s["wanted"], s["drawn"]) for s in strata] == [
        ({"age_band": "60–69", "sex": "F"}, 2, 2, 2),
        ({"age_band": "70–79", "sex": "M"}, 1, 1, 1),
        ({"age_band": "80–89", "sex": "M"}, 1, 1, 0),
    ]


def test_it_never_takes_a_hip_twice_and_takes_more_for_each_case_if_told() -> None:
    drawn, strata = _draw(per_case=3)
    assert len({hip.hip_id for hip in drawn}) == len(drawn)
    assert [(s["wanted"], s["drawn"]) for s in strata] == [(6, 6), (3, 3), (3, 0)]


def test_it_draws_the_same_by_the_same_seed_and_others_by_another() -> None:
    assert _draw(1) == _draw(1)
    assert any(_draw(1)[0] != _draw(seed)[0] for seed in range(2, 6))


def test_it_does_not_depend_on_those_outside_the_strata() -> None:
    more = [*ELIGIBLE, *(_hip(500 + n, age=20) for n in range(30))]
    again, _ = _matched(DrawPlan(1, matched_by=("age_band", "sex")), more, CASES)
    assert again == _draw(1)[0]


def test_it_says_when_nothing_can_be_matched() -> None:
    with pytest.raises(Invalid) as refusal:
        _matched(DrawPlan(1, matched_by=("site",)), ELIGIBLE, [_hip(1, site="Z")])
    assert refusal.value.details[0]["field"] == "matched_by"
    with pytest.raises(Conflict):
        _matched(DrawPlan(1, matched_by=("site",)), ELIGIBLE, [])


def test_exact_matching_on_sex_leaves_no_difference_in_sex() -> None:
    cases = [_hip(1, sex="F"), _hip(2, sex="M"), _hip(3, sex="F")]
    drawn, strata = _matched(DrawPlan(1, matched_by=("sex",)), ELIGIBLE, cases)
    assert sum(s["wanted"] - s["drawn"] for s in strata) == 0
    female = next(row for row in balance_of(cases, ELIGIBLE, drawn) if row.variable == "female")
    assert female.difference_after == 0


def test_differences_are_those_of_the_formulas() -> None:
    cases = [_hip(n, sex="F" if n < 3 else "M", age=60 + n, site="A" if n < 1 else "B") for n in range(4)]
    others = [_hip(n, sex="F" if n < 1 else "M", age=70 + 2 * n, site="A" if n < 2 else "B") for n in range(4)]
    by_name = {row.variable: row for row in balance_of(cases, others, others)}
    # Austin 2009: shares 0.75 and 0.25; means 61.5 and 73 with variances 5/3 and 20/3.
    female = (0.75 - 0.25) / math.sqrt((0.75 * 0.25 + 0.25 * 0.75) / 2)
    assert by_name["female"].difference_after == pytest.approx(female)
    assert by_name["age_at_index"].difference_after == pytest.approx((61.5 - 73) / math.sqrt((5 / 3 + 20 / 3) / 2))
    # Of two categories the distance of Yang and Dalton is the difference of shares: 0.25 and 0.5.
    site = abs(0.25 - 0.5) / math.sqrt((0.25 * 0.75 + 0.5 * 0.5) / 2)
    assert by_name["site"].difference_after == pytest.approx(site)
    assert by_name["right_side"].difference_after is None


def test_three_sites_are_compared_at_once() -> None:
    """By hand: p = (1/2, 1/4, 1/4), q = (1/4, 1/2, 1/4), the first site left out."""
    cases = [_hip(n, site=site) for n, site in enumerate("AABC")]
    others = [_hip(n, site=site) for n, site in enumerate("ABBC")]
    site = next(row for row in balance_of(cases, others, others) if row.variable == "site")
    # Covariance: [[(3/16 + 1/4) / 2, -(1/16 + 1/8) / 2], [.., 3/16]]; difference (-1/4, 0).
    a, b, d = 7 / 32, -3 / 32, 3 / 16
    assert site.difference_after == pytest.approx(math.sqrt((1 / 16) * d / (a * d - b * b)))
