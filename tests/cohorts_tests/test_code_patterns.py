from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from annotations.cohorts.code_patterns import (
    CPT,
    ICD10CM,
    MODIFIER,
    CodeSystem,
    like_patterns,
    matches,
    overlap,
    problem_of,
)

TEXT = st.text(alphabet="T84.0A", max_size=6)
PATTERN = st.text(alphabet="T84.0A?*", min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("pattern", "system"),
    [("27130", CPT), ("2713?", CPT), ("27*", CPT), ("0101T", CPT), ("T84.030A", ICD10CM), ("T84.030[ADS]", ICD10CM),
     ("M97.0*", ICD10CM), ("I10", ICD10CM), ("T84.5[012]*", ICD10CM), ("52", MODIFIER), ("LT", MODIFIER)],
)  # fmt: skip
def test_it_takes_codes_and_patterns_of_the_system(pattern: str, system: CodeSystem) -> None:
    assert problem_of(pattern, system) == ""


@pytest.mark.parametrize(
    ("pattern", "system"),
    [("HELLO", CPT), ("2713", CPT), ("271300", CPT), ("T84.030A", CPT), ("27130", ICD10CM), ("T84030A", ICD10CM),
     ("T84.", ICD10CM), ("*", ICD10CM), ("???", ICD10CM), ("t84.030A", ICD10CM), ("T84.030[]", ICD10CM), ("", CPT),
     ("T84.030[ads]", ICD10CM), ("T84.0%", ICD10CM), ("T84_030A", ICD10CM), ("27130\n", CPT), (27130, CPT),
     (None, CPT), ("T84.[0123456789][0123456789][0123456789]", ICD10CM), ("52X", MODIFIER)],
)  # fmt: skip
def test_it_refuses_what_can_be_no_code(pattern: object, system: CodeSystem) -> None:
    assert problem_of(pattern, system)


@pytest.mark.parametrize(
    ("pattern", "code", "meant"),
    [("T84.030[ADS]", "T84.030A", True), ("T84.030[ADS]", "T84.030S", True), ("T84.030[ADS]", "T84.030X", False),
     ("T84.030?", "T84.030X", True), ("T84.030?", "T84.030", False), ("T84.51*", "T84.51", True),
     ("T84.51*", "T84.51XA", True), ("T84.51*", "T84.50XA", False), ("T84.0?0A", "T84.030A", True),
     ("T84.030A", "T84x030A", False)],
)  # fmt: skip
def test_it_means_what_people_mean(pattern: str, code: str, meant: bool) -> None:
    assert matches(code, like_patterns([pattern])) is meant


@pytest.mark.django_db
def test_it_says_the_same_as_postgresql() -> None:
    @given(pairs=st.lists(st.tuples(TEXT, PATTERN), min_size=20, max_size=20))
    def compare(pairs: list[tuple[str, str]]) -> None:
        likes = [like_patterns([pattern])[0] for _, pattern in pairs]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT code LIKE pattern FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY"
                " pairs(code, pattern, place) ORDER BY place",
                [[code for code, _ in pairs], likes],
            )
            said = [row[0] for row in cursor.fetchall()]
        assert said == [matches(code, [like]) for (code, _), like in zip(pairs, likes, strict=True)]

    compare()


@given(code=TEXT, first=PATTERN, second=PATTERN)
def test_patterns_that_mean_one_code_overlap(code: str, first: str, second: str) -> None:
    one, other = like_patterns([first])[0], like_patterns([second])[0]
    if matches(code, [one]) and matches(code, [other]):
        assert overlap(one, other)


def test_patterns_that_cannot_mean_one_code_do_not_overlap() -> None:
    assert not overlap("T84.03_", "T84.030_")
    assert not overlap("27130", "2713_4")
    assert not overlap("T84.5%", "T84.0%")
