from __future__ import annotations

import json
from typing import Any

import pytest

from annotations.reads.answers import Answer
from annotations.reads.models import Call, ReadProtocol
from tests.experiments_tests.seed_study import by_label, cnn_scores, compared, make_seed_study
from tests.experiments_tests.small_study import (
    SmallStudy,
    called,
    cases_of,
    make_protocol,
    signed_session,
    unblind,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def seed_study(transactional_db: None) -> SmallStudy:
    return make_seed_study()


def result_with_two_cannot_assess(small: SmallStudy, *, counts_wrong: bool) -> dict[str, Any]:
    protocol = make_protocol(small)
    ReadProtocol.objects.filter(pk=protocol.pk).update(cannot_assess_counts_wrong=counts_wrong)
    loose, well_fixed = by_label(small)
    answers = called(cases_of(small), [])
    answers |= {loose[0].pk: Answer(Call.CANNOT_ASSESS, None), well_fixed[0].pk: Answer(Call.CANNOT_ASSESS, None)}
    session = signed_session(protocol, answers)
    unblind(protocol)
    session.refresh_from_db()
    result: dict[str, Any] = json.loads(compared(small, [cnn_scores(small)], [session]).result)
    return result


def note(result: dict[str, Any], code: str) -> str:
    return next(str(n["message"]) for n in result["notes"] if n["code"] == code)


def test_it_counts_them_as_wrong_where_the_protocol_says_so(seed_study: SmallStudy) -> None:
    result = result_with_two_cannot_assess(seed_study, counts_wrong=True)
    reader = result["raters"][1]
    assert (reader["n"], reader["cannot_assess"]) == (24, 2)
    assert (reader["tp"], reader["fp"], reader["fn"], reader["tn"]) == (11, 1, 1, 11)
    assert "could not assess 2 cases. By the protocol each counts as a wrong call" in note(result, "cannot_assess")
    assert result["pairs"][0]["n"] == 24


def test_it_leaves_them_out_of_both_sides_where_the_protocol_says_so(seed_study: SmallStudy) -> None:
    result = result_with_two_cannot_assess(seed_study, counts_wrong=False)
    reader = result["raters"][1]
    assert (reader["cases"], reader["n"], reader["cannot_assess"]) == (24, 22, 2)
    assert (reader["tp"], reader["fp"], reader["fn"], reader["tn"]) == (11, 0, 0, 11)
    assert "is left out" in note(result, "cannot_assess")
    assert result["pairs"][0]["n"] == 22


def test_it_makes_the_readers_curve_from_the_cases_with_a_confidence_and_says_so(seed_study: SmallStudy) -> None:
    reader = result_with_two_cannot_assess(seed_study, counts_wrong=True)["raters"][1]
    assert (reader["auc"]["positives"], reader["auc"]["negatives"]) == (11, 11)
    assert "2 cases without a confidence are not in this curve" in reader["auc"]["note"]
