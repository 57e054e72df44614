from __future__ import annotations

import json

import pytest

from tests.experiments_tests.seed_study import by_label, cnn_scores, compared, make_seed_study
from tests.experiments_tests.small_study import SmallStudy, cases_of, run_with_threshold, with_scores

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def seed_study(transactional_db: None) -> SmallStudy:
    return make_seed_study()


def test_it_tests_two_models_areas_with_delong(seed_study: SmallStudy) -> None:
    loose, well_fixed = by_label(seed_study)
    worse = {c.pk: 0.55 + 0.01 * i for i, c in enumerate(loose)} | {
        c.pk: 0.5 + 0.015 * i for i, c in enumerate(well_fixed)
    }
    scorings = [cnn_scores(seed_study), with_scores(run_with_threshold(seed_study, name="Xception"), worse)]
    result = json.loads(compared(seed_study, scorings, []).result)
    (pair,) = result["pairs"]
    better, other = (rater["auc"]["value"] for rater in result["raters"])
    assert pair["auc"]["value"] == pytest.approx(better - other)
    assert pair["auc"]["low"] < pair["auc"]["value"] < pair["auc"]["high"]
    assert 0 < pair["auc"]["p_value"] < 1
    assert pair["model_at_reader"] == []


def test_it_finds_no_difference_between_a_model_and_itself(seed_study: SmallStudy) -> None:
    scorings = [cnn_scores(seed_study), cnn_scores(seed_study)]
    result = json.loads(compared(seed_study, scorings, []).result)
    (pair,) = result["pairs"]
    assert (pair["auc"]["value"], pair["auc"]["p_value"]) == (0.0, 1.0)
    assert (pair["sensitivity"]["b"], pair["sensitivity"]["c"], pair["sensitivity"]["p_exact"]) == (0, 0, 1.0)
    names = [rater["name"] for rater in result["raters"]]
    assert len(set(names)) == 2
    assert all(name.startswith("DenseNet-201 (model-") for name in names)


def test_it_says_why_there_is_no_interval_when_scores_separate_the_classes(seed_study: SmallStudy) -> None:
    loose, _ = by_label(seed_study)
    positives = {case.pk for case in loose}
    perfect = {case.pk: 0.9 if case.pk in positives else 0.1 for case in cases_of(seed_study)}
    scoring = with_scores(run_with_threshold(seed_study), perfect)
    (rater,) = json.loads(compared(seed_study, [scoring], []).result)["raters"]
    assert (rater["auc"]["value"], rater["auc"]["low"]) == (1.0, None)
    assert "separate the classes completely" in rater["auc"]["note"]
    assert rater["sensitivity"]["high"] == 1.0


def test_it_gives_no_zero_for_a_figure_that_does_not_exist(seed_study: SmallStudy) -> None:
    nobody = with_scores(run_with_threshold(seed_study), {case.pk: 0.2 for case in cases_of(seed_study)})
    (rater,) = json.loads(compared(seed_study, [nobody], []).result)["raters"]
    assert rater["ppv"]["value"] is None
    assert rater["ppv"]["undefined"] == "there are no cases (n = 0)"
    assert rater["auc"]["value"] == 0.5
    assert rater["auc"]["low"] is None
