from __future__ import annotations

import pytest

from annotations.datasets.models import DatasetVersion
from annotations.datasets.services import mark_stale
from annotations.labels.models import Label
from mlworker.experiments.comparisons import recompute_comparison
from mlworker.experiments.tasks import compare
from tests.experiments_tests.seed_study import cnn_scores, compared, make_seed_study, surgeon_session
from tests.experiments_tests.small_study import SmallStudy, cases_of
from tests.factories import client_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def seed_study(transactional_db: None) -> SmallStudy:
    return make_seed_study()


def test_it_gives_equal_bytes_for_equal_inputs(seed_study: SmallStudy) -> None:
    first = compared(seed_study, [cnn_scores(seed_study)], [surgeon_session(seed_study)])
    # Another touch of the test part in between is shown beside the result, not in it.
    cnn_scores(seed_study, name="Another")
    again = recompute_comparison(comparison=first, actor=seed_study.researcher)
    compare(comparison_id=again.pk)
    again.refresh_from_db()
    assert again.pk != first.pk
    assert again.result == first.result
    assert (again.inputs_sha256, again.result_sha256) == (first.inputs_sha256, first.result_sha256)


def test_it_says_when_a_label_has_changed_and_keeps_the_result(seed_study: SmallStudy) -> None:
    comparison = compared(seed_study, [cnn_scores(seed_study)], [])
    before = comparison.result
    case = cases_of(seed_study)[0]
    other = "well_fixed" if case.label_value == "loose" else "loose"
    Label.objects.filter(hip=case.hip, is_current=True).update(is_current=False)
    label = Label.objects.create(
        study=seed_study.study, hip=case.hip, version=2, value=other, rung="adjudicated", reason="A late finding."
    )
    mark_stale(label)
    assert DatasetVersion.objects.get(pk=seed_study.version.pk).stale_reasons.exists()
    page = client_of(seed_study.researcher)
    base = f"/api/v1/studies/{seed_study.study.slug}/comparisons"
    told = page.get(f"{base}/{comparison.pk}").json()
    assert told["is_stale"] is True
    comparison.refresh_from_db()
    assert comparison.result == before
    recomputed = page.post(f"{base}/{comparison.pk}/recompute")
    assert recomputed.status_code == 201
    assert recomputed.json()["job"]["status"] == "queued"
    assert recomputed.json()["result"] is None
