from __future__ import annotations

import pytest

from common import storage
from mlworker.experiments.gallery import findings_in_words
from mlworker.experiments.models import Comparison, SaliencyMap, Scoring
from tests.experiments_tests.seed_study import compared
from tests.experiments_tests.small_study import (
    SmallStudy,
    called,
    cases_of,
    make_protocol,
    run_with_threshold,
    signed_session,
    unblind,
    with_scores,
)
from tests.factories import client_of

pytestmark = pytest.mark.django_db(transaction=True)


def a_comparison(small: SmallStudy) -> Comparison:
    scoring = with_scores(run_with_threshold(small), {case.pk: 0.9 for case in cases_of(small)})
    return compared(small, [scoring], [])


def test_it_shows_radiograph_map_and_answers_of_each_wrong_case(small_study: SmallStudy) -> None:
    comparison = a_comparison(small_study)
    run = comparison.scorings.get().run
    wrong = [case for case in cases_of(small_study) if case.label_value != "loose"]
    name, _ = storage.store("maps", b"a map", ".npy")
    drawn = SaliencyMap.objects.create(
        run=run, case=wrong[0], method="grad_cam", model_sha256=run.model_sha256, status="succeeded", name=name
    )
    page = client_of(small_study.researcher)
    address = f"/api/v1/studies/{small_study.study.slug}/comparisons/{comparison.pk}"
    told = page.get(f"{address}/discordant").json()
    assert (told["total"], told["of"]) == (len(wrong), len(cases_of(small_study)))
    by_number = {case["case"]: case for case in told["cases"]}
    assert set(by_number) == {case.number for case in wrong}
    assert [one["map"] for one in by_number[wrong[0].number]["maps"]] == [drawn.pk]
    assert by_number[wrong[1].number]["maps"] == []
    picture = page.get(f"{address}/cases/{wrong[0].number}/preview")
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/jpeg")
    assert page.get(f"{address}/cases/{wrong[0].number}/source").status_code == 404
    other = next(case for case in cases_of(small_study, part="training"))
    assert page.get(f"{address}/cases/{other.number}/preview").status_code == 404, "another part's case"


def test_it_says_what_readers_saw_zone_by_zone() -> None:
    findings = {
        "zones": {"G1": "over_2_mm", "G2": "none", "D2": "from_1_to_2_mm", "G7": "not_visible"},
        "scalloping": ["G7"],
        "cup": {"conclusion": "possibly_loose"},
        "stem": {"conclusion": "definitely_loose"},
    }
    told = list(findings_in_words(findings))
    assert told == ["G1 over 2 mm, D2 1 to 2 mm", "scalloping G7", "cup possibly loose", "stem definitely loose"]
    assert list(findings_in_words({"zones": {"G1": "none"}})) == ["no lucency"]


def test_it_keeps_cases_sealed_that_no_model_has_scored(small_study: SmallStudy) -> None:
    protocol = make_protocol(small_study)
    session = signed_session(protocol, called(cases_of(small_study), [cases_of(small_study)[0].pk]))
    unblind(protocol)
    session.refresh_from_db()
    comparison = compared(small_study, [], [session])
    assert not Scoring.objects.exists()
    page = client_of(small_study.researcher)
    address = f"/api/v1/studies/{small_study.study.slug}/comparisons/{comparison.pk}"
    told = page.get(address).json()
    assert told["cases_are_open"] is False
    assert told["result"]["raters"][0]["n"] == len(cases_of(small_study)), "the table is never suppressed"
    assert "discordant" not in told["result"]
    case = cases_of(small_study)[0].number
    for closed in ("rows.csv", "discordant", "reports", "guidelines", f"cases/{case}/preview"):
        assert page.get(f"{address}/{closed}").json()["code"] == "part_sealed", closed
    assert page.post(f"{address}/reports").status_code == 409


def test_it_tells_no_word_of_a_note_while_somebody_may_still_read(small_study: SmallStudy) -> None:
    from mlworker.experiments.gallery import _is_still_read_blinded

    comparison = a_comparison(small_study)
    assert not _is_still_read_blinded(comparison)
    protocol = make_protocol(small_study)
    assert _is_still_read_blinded(comparison)
    signed_session(protocol, called(cases_of(small_study), []))
    assert _is_still_read_blinded(comparison), "signed is not unblinded"
    unblind(protocol)
    assert not _is_still_read_blinded(comparison)
