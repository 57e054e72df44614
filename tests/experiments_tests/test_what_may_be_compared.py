from __future__ import annotations

import csv
import io

import pytest

from common.errors import Conflict, Invalid
from mlworker.experiments.comparisons import start_comparison
from mlworker.experiments.models import Comparison
from tests.experiments_tests.seed_study import cnn_scores, compared, make_seed_study, surgeon_session
from tests.experiments_tests.small_study import (
    SmallStudy,
    called,
    cases_of,
    make_protocol,
    make_small_study,
    signed_session,
    unblind,
)
from tests.factories import client_of
from tests.messages import Messages

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def seed_study(transactional_db: None) -> SmallStudy:
    return make_seed_study()


def test_it_refuses_reads_that_are_still_blinded(seed_study: SmallStudy) -> None:
    session = signed_session(make_protocol(seed_study), called(cases_of(seed_study), []))
    page = client_of(seed_study.researcher)
    base = f"/api/v1/studies/{seed_study.study.slug}/comparisons"
    wanted = {"title": "Too early", "dataset_version": 1, "part": "test", "sessions": [session.pk]}
    refused = page.post(base, wanted, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "still_blinded")
    assert page.get(f"{base}/choices").json() == []
    assert not Comparison.objects.exists()


def test_it_refuses_an_unsigned_session_of_an_unblinded_protocol(seed_study: SmallStudy) -> None:
    session = surgeon_session(seed_study)
    type(session).objects.filter(pk=session.pk).update(state="open")
    session.refresh_from_db()
    with pytest.raises(Conflict, match="after all sessions are signed"):
        start_comparison(
            version=seed_study.version, part="test", title="Unsigned", scorings=[], sessions=[session], actor=None
        )


def test_it_lists_scores_and_reads_over_the_same_cases(seed_study: SmallStudy) -> None:
    scoring, session = cnn_scores(seed_study), surgeon_session(seed_study)
    page = client_of(seed_study.researcher)
    (group,) = page.get(f"/api/v1/studies/{seed_study.study.slug}/comparisons/choices").json()
    assert (group["dataset_version"], group["part"]) == (1, "test")
    assert [entry["id"] for entry in group["scorings"]] == [scoring.pk]
    (offered,) = group["sessions"]
    assert (offered["id"], offered["reader"], offered["is_simulated"]) == (session.pk, "Sam Surgeon", False)
    assert offered["signed_at"]


def test_it_starts_from_the_page_and_wakes_a_worker(seed_study: SmallStudy, messages: Messages) -> None:
    scoring, session = cnn_scores(seed_study), surgeon_session(seed_study)
    messages.forget()
    page = client_of(seed_study.researcher)
    wanted = {"title": "CNN beside surgeon", "dataset_version": 1, "part": "test", "scorings": [scoring.pk],
              "sessions": [session.pk]}  # fmt: skip
    started = page.post(f"/api/v1/studies/{seed_study.study.slug}/comparisons", wanted, format="json")
    assert started.status_code == 201, started.json()
    assert messages.in_queue("scoring") == [("experiments.compare", {"comparison_id": started.json()["id"]})]
    (listed,) = page.get(f"/api/v1/studies/{seed_study.study.slug}/comparisons").json()
    assert (listed["models"], listed["readers"]) == (["DenseNet-201"], ["Sam Surgeon"])


def test_it_refuses_scores_and_reads_of_other_cases(seed_study: SmallStudy) -> None:
    other = make_small_study(images=False)
    foreign = make_protocol(other)
    session = signed_session(foreign, called(cases_of(other), []), name="Olga Other")
    unblind(foreign)
    session.refresh_from_db()
    with pytest.raises(Invalid) as refused:
        start_comparison(
            version=other.version, part="test", title="Mixed", scorings=[cnn_scores(seed_study)], sessions=[session],
            actor=None,
        )  # fmt: skip
    assert refused.value.details == [{"field": "scorings", "message": "“DenseNet-201” scored other cases"}]
    page = client_of(seed_study.researcher)
    wanted = {"title": "Mixed", "dataset_version": 1, "part": "test", "sessions": [session.pk]}
    answer = page.post(f"/api/v1/studies/{seed_study.study.slug}/comparisons", wanted, format="json")
    assert answer.status_code == 400
    assert answer.json()["details"][0]["message"] == f"there is no {session.pk} in this study"


@pytest.mark.parametrize("part", ["training", "practice"])
def test_it_refuses_parts_that_were_learnt_from(seed_study: SmallStudy, part: str) -> None:
    with pytest.raises(Invalid) as refused:
        start_comparison(version=seed_study.version, part=part, title="No", scorings=[], sessions=[], actor=None)
    assert {detail["field"] for detail in refused.value.details} == {"part", "scorings"}


def test_it_gives_the_tidy_table_by_case_number_alone(seed_study: SmallStudy) -> None:
    comparison = compared(seed_study, [cnn_scores(seed_study, name="=1+1")], [surgeon_session(seed_study)])
    page = client_of(seed_study.researcher)
    answer = page.get(f"/api/v1/studies/{seed_study.study.slug}/comparisons/{comparison.pk}/rows.csv")
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/csv")
    assert "P-0" not in text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 48
    assert {row["kind"] for row in rows} == {"model", "reader"}
    assert rows[0]["name"] == "'=1+1", "a spreadsheet must not compute a name"
    reader = [row for row in rows if row["kind"] == "reader"]
    assert sum(row["call"] == row["truth"] for row in reader) == 22
    assert {row["answer"] for row in reader} == {"loose", "well_fixed"}
    assert all((float(row["score"]) > 0) == (row["answer"] == "loose") for row in reader)
