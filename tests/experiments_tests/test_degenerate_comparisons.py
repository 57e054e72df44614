"""What no statistic is defined for, through the platform: a result that says why, or a failure with the case's name."""

from __future__ import annotations

import json
from typing import Any

import pytest

from annotations.reads.answers import Answer
from annotations.reads.models import Call
from mlworker.experiments.comparisons import start_comparison
from mlworker.experiments.figures import drawing_of, figure_names
from mlworker.experiments.figures.pdf import pdf_of
from mlworker.experiments.figures.svg import svg_of
from mlworker.experiments.models import Comparison, Scoring
from mlworker.experiments.report.services import request_report
from mlworker.experiments.tasks import build_report, compare
from mlworker.experiments.tidy_table import rows_from_json
from tests.experiments_tests.seed_study import by_label, compared, make_seed_study
from tests.experiments_tests.small_study import (
    SmallStudy,
    cases_of,
    make_protocol,
    run_with_threshold,
    signed_session,
    unblind,
    with_scores,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def seed_study(transactional_db: None) -> SmallStudy:
    return make_seed_study()


def shown(comparison: Comparison) -> dict[str, Any]:
    """The result, after every figure and the report were made of it."""
    result: dict[str, Any] = json.loads(comparison.result)
    for name in figure_names(result):
        drawing = drawing_of(name, result, rows_from_json(comparison.inputs))
        assert drawing is not None
        assert "nan" not in svg_of(drawing)
        assert pdf_of(drawing).startswith(b"%PDF-")
    report = request_report(comparison=comparison, actor=None)
    build_report(report_id=report.pk)
    report.refresh_from_db()
    assert report.status == "succeeded", report.failure_reason
    return result


def scores(small: SmallStudy, loose: float, well_fixed: float) -> dict[int, float]:
    positives = {case.pk for case in by_label(small)[0]}
    return {case.pk: loose if case.pk in positives else well_fixed for case in cases_of(small)}


def test_it_says_why_where_scores_are_equal_perfect_or_inverted(seed_study: SmallStudy) -> None:
    given = {"equal": (0.5, 0.5), "perfect": (0.9, 0.1), "inverted": (0.1, 0.9)}
    scorings = [
        with_scores(run_with_threshold(seed_study, name=name), scores(seed_study, *pair))
        for name, pair in given.items()
    ]
    result = shown(compared(seed_study, scorings, []))
    equal, perfect, inverted = result["raters"]
    assert (equal["auc"]["value"], equal["auc"]["low"]) == (0.5, None)
    assert "variance is 0" in equal["auc"]["note"]
    assert (perfect["auc"]["value"], inverted["auc"]["value"]) == (1.0, 0.0), "a direction is never turned round"
    assert "separate the classes completely" in inverted["auc"]["note"]
    assert perfect["calibration"]["slope"]["value"] is None
    assert "infinite" in perfect["calibration"]["slope"]["undefined"]
    assert "all probabilities are the same" in equal["calibration"]["slope"]["undefined"]
    pair = next(p for p in result["pairs"] if p["first_name"] == "perfect")
    assert pair["auc"]["value"] == 1.0
    assert pair["auc"]["p_value"] is None
    assert pair["auc"]["p_holm"] is None
    assert "variance" in pair["auc"]["undefined"]


def test_it_names_the_case_whose_score_is_no_number(seed_study: SmallStudy) -> None:
    given = scores(seed_study, 0.8, 0.2)
    broken = cases_of(seed_study)[3]
    scoring = with_scores(run_with_threshold(seed_study), given | {broken.pk: 0.5})
    whole = scoring.scores.exclude(case=broken)
    # Scores cannot be changed, so a scoring with the broken one is made anew.
    Scoring.objects.filter(pk=scoring.pk).update(part="validation")
    again = Scoring.objects.create(
        run=scoring.run, part="test", reason="a test", model_sha256="0" * 64, status="succeeded"
    )
    again.scores.model.objects.bulk_create(
        again.scores.model(scoring=again, case_id=score.case_id, logit=score.logit, probability=score.probability)
        for score in whole
    )
    again.scores.create(case=broken, logit=float("nan"), probability=float("nan"))
    comparison = start_comparison(
        version=seed_study.version, part="test", title="Broken", scorings=[again], sessions=[], actor=None
    )
    compare(comparison_id=comparison.pk)
    comparison.refresh_from_db()
    assert comparison.status == "failed"
    assert f"case {broken.number}" in comparison.failure_reason
    assert comparison.result == ""


def test_it_gives_no_zero_to_a_reader_who_could_assess_nothing(seed_study: SmallStudy) -> None:
    protocol = make_protocol(seed_study)
    type(protocol).objects.filter(pk=protocol.pk).update(cannot_assess_counts_wrong=False)
    protocol.refresh_from_db()
    answers = {case.pk: Answer(Call.CANNOT_ASSESS, None) for case in cases_of(seed_study)}
    session = signed_session(protocol, answers)
    unblind(protocol)
    session.refresh_from_db()
    scoring = with_scores(run_with_threshold(seed_study), scores(seed_study, 0.8, 0.2))
    result = shown(compared(seed_study, [scoring], [session]))
    reader = result["raters"][1]
    assert (reader["n"], reader["cannot_assess"]) == (0, 24)
    assert reader["sensitivity"]["value"] is None
    assert reader["auc"]["value"] is None
    assert reader["auc"]["undefined"] == "there are no cases"
    assert result["pairs"][0]["n"] == 0
    assert result["pairs"][0]["sensitivity"]["p_exact"] is None
    assert result["agreement"]["pairs"][0]["kappa"]["value"] is None
    assert result["panel"][1]["undefined"]


def test_it_compares_readers_without_a_model(seed_study: SmallStudy) -> None:
    from tests.experiments_tests.seed_study import cnn_scores, surgeon_session

    cnn_scores(seed_study)
    result = shown(compared(seed_study, [], [surgeon_session(seed_study)]))
    assert result["panel"] == []
    assert result["pairs"] == []
    assert figure_names(result) == ["roc", "accuracy", "subgroups"]
    assert any(note["code"] == "one_reader" for note in result["notes"])
