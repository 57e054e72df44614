"""What holds for every input, searched by Hypothesis."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlworker.statistics.agreement import cohens_kappa
from mlworker.statistics.delong import auc_delong, delong_paired
from mlworker.statistics.intervals import clopper_pearson, wilson
from mlworker.statistics.multiplicity import adjust
from mlworker.statistics.paired import attainable, mcnemar, tango
from mlworker.statistics.roc import roc_points
from mlworker.statistics.two_by_two import from_counts

settings.register_profile("statistics", deadline=None, max_examples=60, derandomize=True)
settings.load_profile("statistics")

counts = st.integers(0, 60)


@st.composite
def rated(draw: st.DrawFn, raters: int = 1) -> tuple[list[int], list[list[int]]]:
    """Truth with both classes, and whole-number scores, so that ties and their order are exact."""
    n = draw(st.integers(4, 30))
    truth = draw(st.lists(st.integers(0, 1), min_size=n, max_size=n).filter(lambda y: 2 <= sum(y) <= len(y) - 2))
    return truth, [draw(st.lists(st.integers(-9, 9), min_size=n, max_size=n)) for _ in range(raters)]


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_it_puts_an_interval_around_every_proportion(xn: tuple[int, int]) -> None:
    x, n = xn
    for function in (wilson, clopper_pearson):
        lower, upper = function(x, n).limits()
        assert 0 <= lower <= x / n <= upper <= 1
        assert function(n - x, n).limits() == pytest.approx((1 - upper, 1 - lower), abs=1e-9)
        wider = function(x, n, level=0.99).limits()
        assert wider[0] <= lower
        assert wider[1] >= upper


@given(counts, counts)
def test_it_tests_discordant_counts_without_regard_to_their_names(b: int, c: int) -> None:
    one, other = mcnemar(b, c), mcnemar(c, b)
    assert one.p_exact == other.p_exact
    assert one.p_mid == pytest.approx(other.p_mid)
    assert 0 < one.p_mid <= one.p_exact <= 1


@given(counts, counts, counts)
def test_it_turns_the_difference_with_the_names(b: int, c: int, rest: int) -> None:
    n = b + c + rest
    if n == 0:
        return
    one, other = tango(b, c, n), tango(c, b, n)
    assert one.lower is not None
    assert one.upper is not None
    assert -1 <= one.lower <= one.value <= one.upper <= 1  # type: ignore[operator]
    assert other.lower == pytest.approx(-one.upper, abs=1e-9)
    assert other.upper == pytest.approx(-one.lower, abs=1e-9)


@given(st.integers(1, 9).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n), st.integers(0, n))))
def test_it_finds_the_smallest_p_over_all_pairings_of_two_margins(margins: tuple[int, int, int]) -> None:
    n, first, second = margins
    pairings = [(first - both, second - both) for both in range(max(0, first + second - n), min(first, second) + 1)]
    found = attainable(first, second, n)
    assert found.smallest_p == pytest.approx(min(mcnemar(b, c).p_exact for b, c in pairings))
    assert found.most_discordant == max(b + c for b, c in pairings)
    assert found.can_be_significant == (found.most_one_way >= found.needed_one_way)


@given(rated())
def test_it_gives_the_share_of_pairs_in_the_right_order(sample: tuple[list[int], list[list[int]]]) -> None:
    truth, (scores,) = sample
    positives = [s for y, s in zip(truth, scores, strict=True) if y]
    negatives = [s for y, s in zip(truth, scores, strict=True) if not y]
    won = sum((p > q) + 0.5 * (p == q) for p in positives for q in negatives)
    area = auc_delong(truth, scores)
    assert area.auc == pytest.approx(won / (len(positives) * len(negatives)))
    assert auc_delong(truth, [3 * s + 7 for s in scores]).auc == area.auc
    assert auc_delong([1 - y for y in truth], scores).auc == pytest.approx(1 - area.auc)  # type: ignore[operator]
    points = roc_points(truth, scores)
    trapezoid = np.trapezoid(points.true_positive_rate, points.false_positive_rate)
    assert trapezoid == pytest.approx(area.auc)


@given(rated(raters=2))
def test_it_turns_the_difference_of_areas_with_the_models(sample: tuple[list[int], list[list[int]]]) -> None:
    truth, (first, second) = sample
    one, other = delong_paired(truth, first, second), delong_paired(truth, second, first)
    assert one.p_value == (None if other.p_value is None else pytest.approx(other.p_value))
    if one.p_value is not None:
        assert 0 <= one.p_value <= 1
        assert one.difference.value == pytest.approx(-other.difference.value)  # type: ignore[operator]
    order = np.random.default_rng(0).permutation(len(truth))
    shuffled = delong_paired(np.array(truth)[order], np.array(first)[order], np.array(second)[order])
    assert shuffled.auc1 == one.auc1


@given(counts, counts, counts, counts)
def test_it_keeps_the_counts_behind_every_figure(tp: int, fp: int, fn: int, tn: int) -> None:
    table = from_counts(tp=tp, fp=fp, fn=fn, tn=tn)
    for estimate, x, n in (
        (table.sensitivity, tp, tp + fn), (table.specificity, tn, tn + fp), (table.ppv, tp, tp + fp),
        (table.npv, tn, tn + fn), (table.accuracy, tp + tn, tp + fp + fn + tn),
    ):  # fmt: skip
        assert estimate.value == (None if n == 0 else x / n)
        assert (estimate.undefined is None) == (n > 0)
    assert from_counts(tp=tp, fp=fp, fn=fn, tn=tn).to_json() == table.to_json()


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=40))
def test_it_gives_the_same_agreement_whoever_is_named_first(pairs: list[tuple[int, int]]) -> None:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    one = cohens_kappa(first, second, categories=[0, 1, 2]).kappa
    other = cohens_kappa(second, first, categories=[0, 1, 2]).kappa
    assert one.value == (None if other.value is None else pytest.approx(other.value))
    if one.value is not None:
        assert -1 <= one.value <= 1 + 1e-12


@given(st.lists(st.integers(0, 1000).map(lambda p: p / 1000), min_size=1, max_size=20))
def test_it_never_makes_a_p_value_smaller(p_values: list[float]) -> None:
    for method in ("holm", "bonferroni", "bh"):
        adjusted = adjust(p_values, method=method).adjusted
        assert all(raw <= new + 1e-12 <= 1 + 1e-9 for raw, new in zip(p_values, adjusted, strict=True))
