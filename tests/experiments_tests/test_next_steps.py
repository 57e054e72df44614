from __future__ import annotations

import pytest

from mlworker.experiments.next_steps import researcher_steps
from studies.next_steps import next_steps
from tests.experiments_tests.seed_study import cnn_scores, compared, make_seed_study
from tests.factories import make_member

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_leads_a_researcher_from_training_to_the_comparison() -> None:
    small = make_seed_study()

    def done() -> list[tuple[str, bool]]:
        return [(step.key, step.is_done) for step in researcher_steps(small.researcher, small.study)]

    assert done() == [("train_model", False), ("score_test_part", False), ("compare", False)]
    scoring = cnn_scores(small)
    assert done() == [("train_model", True), ("score_test_part", True), ("compare", False)]
    compared(small, [scoring], [])
    assert done() == [("train_model", True), ("score_test_part", True), ("compare", True)]


def test_it_is_told_to_researchers_alone() -> None:
    small = make_seed_study()
    ours = {"train_model", "score_test_part", "compare"}
    steps = next_steps(small.researcher, small.study, {"researcher"})
    assert ours <= {step.key for step in steps}
    assert {step.href for step in steps if step.key in ours} == {
        f"/studies/{small.study.slug}/training", f"/studies/{small.study.slug}/comparisons",
    }  # fmt: skip
    for role in ("coordinator", "surgeon", "administrator"):
        steps = next_steps(make_member(small.study, role), small.study, {role})
        assert not ours & {step.key for step in steps}
