from __future__ import annotations

import pytest

from mlworker.experiments.urls import urlpatterns
from studies.models import Role
from tests.experiments_tests.seed_study import cnn_scores, make_seed_study, surgeon_session
from tests.experiments_tests.small_study import SmallStudy
from tests.factories import client_of, make_member

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def seed_study(transactional_db: None) -> SmallStudy:
    return make_seed_study()


def paths(small: SmallStudy) -> list[str]:
    """Every path of the machine side, for a run and a comparison that exist."""
    from mlworker.experiments.comparisons import start_comparison
    from mlworker.experiments.tasks import compare

    scoring, session = cnn_scores(small), surgeon_session(small)
    comparison = start_comparison(
        version=small.version, part="test", title="One", scorings=[scoring], sessions=[session], actor=None
    )
    compare(comparison_id=comparison.pk)
    values = {"slug:slug": small.study.slug, "int:run_id": scoring.run_id, "int:map_id": 1, "int:case": 1,
              "int:comparison_id": comparison.pk, "slug:which": "roc",
              "slug:kind": "preview", "int:number": 1}  # fmt: skip
    found = []
    for pattern in urlpatterns:
        path = str(pattern.pattern)
        for name, value in values.items():
            path = path.replace(f"<{name}>", str(value))
        found.append(f"/api/v1/{path}")
    return found


@pytest.mark.parametrize(
    ("role", "refused_with"), [(Role.SURGEON, 404), (Role.COORDINATOR, 403), (Role.ADMINISTRATOR, 403)]
)
def test_it_exists_for_researchers_alone(seed_study: SmallStudy, role: str, refused_with: int) -> None:
    page = client_of(make_member(seed_study.study, role))
    for path in paths(seed_study):
        for answer in (page.get(path), page.post(path, {}, format="json")):
            if answer.status_code != 405:
                assert answer.status_code == refused_with, (path, answer.status_code)


def test_it_does_not_exist_for_researchers_of_other_studies(seed_study: SmallStudy) -> None:
    stranger = make_seed_study().researcher
    page = client_of(stranger)
    for path in paths(seed_study):
        for answer in (page.get(path), page.post(path, {}, format="json")):
            assert answer.status_code in (404, 405), path


def test_it_asks_a_visitor_to_sign_in(seed_study: SmallStudy) -> None:
    page = client_of(None)
    for path in paths(seed_study):
        assert page.get(path).status_code in (401, 403, 405), path


def test_it_serves_the_researcher(seed_study: SmallStudy) -> None:
    page = client_of(seed_study.researcher)
    open_to_read = [path for path in paths(seed_study) if not path.endswith(("cancel", "retry", "recompute"))]
    stored = ("/picture", "/preview", "/archive", "/model")
    without_picture = [path for path in open_to_read if not any(part in path for part in stored)]
    answered = {path: page.get(path).status_code for path in without_picture}
    # What can only be posted to answers 405.
    assert {path: status for path, status in answered.items() if status not in (200, 405)} == {}
