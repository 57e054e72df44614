"""A radiograph finds its hip by patient, view, side and date; what the rules do not link waits for a person."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from annotations.cohorts.models import Hip
from annotations.imaging import linking_queue, radiographs
from annotations.imaging.linking_selectors import link_candidates
from annotations.imaging.models import LinkDecision, Radiograph, WaitingLink
from common.errors import Invalid, NotFound
from common.models import AuditEvent
from studies.models import Role, Study
from tests.factories import DAY_AFTER_PRIMARY, DAY_BEFORE_REVISION, client_of, make_cohort, make_member, make_study
from tests.factories import take_in_radiograph as take_in
from tests.imaging_tests.test_quarantine import TEXT
from tests.radiograph_files import dicom_file, film, picture_file, pixels
from tests.registries import REVISION_DAY, Registry

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(db: None, tmp_path: Path) -> Study:
    """Revised patients 1000 to 1002, and one who is well fixed, 2000; all on the right side."""
    study = make_study()
    registry = Registry(study, tmp_path / "registry")
    for number in range(3):
        registry.revised_patient(f"{1000 + number}")
    registry.well_fixed_patient("2000")
    registry.load()
    make_cohort(study, comparison=1)
    return study


def _day(days: int) -> str:
    return (REVISION_DAY + timedelta(days=days)).strftime("%Y%m%d")


def _waiting(study: Study, **elements: Any) -> Radiograph:
    radiograph = take_in(study, seed=1, **({"PatientID": "1000", "AcquisitionDate": _day(-9)} | elements))
    assert radiograph.hip is None
    return radiograph


def _rules(study: Study, **changed: Any) -> None:
    values: dict[str, Any] = {
        "identifier_tag": "patient_id", "days_before_revision": 31, "days_after_primary_from": 275,
        "days_after_primary_to": 550, "views": ["AP"], "links_unstated_view": False,
    }  # fmt: skip
    linking_queue.save_linking_rules(study=study, actor=make_member(study, Role.COORDINATOR), **(values | changed))


def test_it_links_by_patient_view_side_and_window(study: Study) -> None:
    before = take_in(study, seed=1, PatientID="1000", AcquisitionDate=DAY_BEFORE_REVISION)
    after = take_in(study, seed=2, PatientID="2000", AcquisitionDate=DAY_AFTER_PRIMARY)
    assert before.hip is not None
    assert (before.hip.side, before.days_from_index_procedure, before.link_problem) == ("R", -9, "")
    assert (after.days_from_index_procedure, after.link_problem) == (365, "")
    assert not WaitingLink.objects.exists()


@pytest.mark.parametrize(
    ("elements", "problem"),
    [
        ({"PatientID": ""}, "The file names no patient."),
        ({"PatientID": "9999"}, "The patient of this file is not in the registry."),
        ({"ViewPosition": "LATERAL"}, "The view is LATERAL, not AP."),
        ({"ViewPosition": None}, "The file does not say from which direction it was taken."),
        ({"ImageLaterality": None}, "The file does not say which side it shows."),
        ({"ImageLaterality": "L"}, "The registry knows no procedure on the side that this file names."),
        ({"AcquisitionDate": None}, "The file has no acquisition date."),
        ({"AcquisitionDate": _day(-32)}, "The radiograph was not made in the month before the revision."),
        ({"AcquisitionDate": _day(1)}, "The radiograph was not made in the month before the revision."),
        ({"PatientID": "2000", "AcquisitionDate": _day(0)},
         "The radiograph was not made about one year after the primary replacement."),
    ],
)  # fmt: skip
def test_it_says_why_it_links_nothing(study: Study, elements: dict[str, Any], problem: str) -> None:
    assert _waiting(study, **elements).link_problem == problem


def test_it_goes_by_the_windows_and_views_of_the_study(study: Study) -> None:
    early = _waiting(study, AcquisitionDate=_day(-60))
    _rules(study, days_before_revision=90)
    early.refresh_from_db()
    assert (early.days_from_index_procedure, early.link_problem) == (-60, "")
    lateral = take_in(study, seed=2, PatientID="1001", AcquisitionDate=_day(-3), ViewPosition="LATERAL")
    unstated = take_in(study, seed=3, PatientID="1002", AcquisitionDate=_day(-3), ViewPosition=None)
    assert (lateral.hip, unstated.hip) == (None, None)
    _rules(study, views=["AP", "LATERAL"], links_unstated_view=True)
    for radiograph in (lateral, unstated):
        radiograph.refresh_from_db()
        assert radiograph.days_from_index_procedure == -3


def test_it_refuses_rules_that_can_link_nothing(study: Study) -> None:
    with pytest.raises(Invalid, match="ends before it begins"):
        _rules(study, days_after_primary_from=10, days_after_primary_to=9)
    with pytest.raises(Invalid, match="at least one view"):
        _rules(study, views=[])


def test_it_links_what_waits_when_the_registry_has_come(tmp_path: Path) -> None:
    study = make_study()
    early = take_in(study, seed=1, PatientID="1000", AcquisitionDate=_day(-9))
    assert early.link_problem == "The patient of this file is not in the registry."
    registry = Registry(study, tmp_path / "later")
    registry.revised_patient("1000")
    registry.load()
    make_cohort(study)
    assert linking_queue.try_linking_again(study=study, actor=None) == 1
    early.refresh_from_db()
    assert early.days_from_index_procedure == -9


def test_it_shows_candidates_with_intervals_and_without_dates(study: Study) -> None:
    radiograph = _waiting(study, AcquisitionDate=_day(-40))
    (candidate,) = link_candidates(radiograph)
    assert (candidate["side"], candidate["group"], candidate["days_from_index_procedure"]) == ("R", "revision", -40)
    assert candidate["problem"] == "The radiograph was not made in the month before the revision."
    client = client_of(make_member(study, Role.COORDINATOR))
    body = client.get(f"/api/v1/studies/{study.slug}/linking/{radiograph.pk}").content.decode()
    assert str(REVISION_DAY.year) not in json.dumps(json.loads(body)["candidates"])
    assert "1000" not in json.dumps(json.loads(body)["candidates"])


def test_it_finds_candidates_of_a_patient_whom_the_coordinator_names(study: Study) -> None:
    radiograph = _waiting(study, PatientID="", ImageLaterality=None)
    assert link_candidates(radiograph) == []
    hip = Hip.objects.filter(patient__study=study).order_by("pk")[0]
    (candidate,) = link_candidates(radiograph, hip.patient.pseudonym.lower())
    assert candidate["hip"] == hip.pk
    assert "does not say which side" in candidate["problem"]
    with pytest.raises(NotFound):
        link_candidates(radiograph, "P-NOBODY")


def test_a_person_links_with_a_reason_and_takes_it_back(study: Study) -> None:
    radiograph = _waiting(study, AcquisitionDate=_day(-40))
    coordinator = make_member(study, Role.COORDINATOR)
    client, address = client_of(coordinator), f"/api/v1/studies/{study.slug}/linking/{radiograph.pk}"
    hip = client.get(address).json()["candidates"][0]["hip"]
    assert client.post(f"{address}/link", {"hip": hip, "reason": " "}, format="json").status_code == 400
    linked = client.post(f"{address}/link", {"hip": hip, "reason": "Postponed surgery."}, format="json").json()
    assert (linked["days_from_index_procedure"], linked["link_problem"]) == (-40, "")
    queue = client.get(f"/api/v1/studies/{study.slug}/linking").json()
    assert queue["waiting"] == []
    assert queue["decided"][0]["decision"]["reason"] == "Postponed surgery."
    assert client.post(f"{address}/link", {"hip": hip, "reason": "Again."}, format="json").status_code == 409
    undone = client.post(f"{address}/undo").json()
    assert undone["patient"] is None
    assert undone["link_problem"] == "The radiograph was not made in the month before the revision."
    assert client.post(f"{address}/undo").status_code == 409
    assert [decision["act"] for decision in undone["decisions"]] == ["linked", "undone"]
    actions = AuditEvent.objects.filter(subject=f"radiograph:{radiograph.pk}").values_list("action", flat=True)
    assert list(actions) == ["link_linked", "link_undone"]


def test_a_person_refuses_and_nothing_is_deleted(study: Study) -> None:
    radiograph = _waiting(study, PatientID="9999")
    client = client_of(make_member(study, Role.COORDINATOR))
    address = f"/api/v1/studies/{study.slug}/linking/{radiograph.pk}"
    refused = client.post(f"{address}/refuse", {"reason": "A knee."}, format="json").json()
    assert refused["is_link_refused"] is True
    assert client.get(f"/api/v1/studies/{study.slug}/linking").json()["waiting"] == []
    assert client.get(f"/api/v1/studies/{study.slug}/radiographs/{radiograph.pk}/preview").status_code == 200
    # A refused image is not linked behind the coordinator's back.
    assert linking_queue.try_linking_again(study=study, actor=None) == 0
    assert client.post(f"{address}/undo").json()["is_link_refused"] is False
    assert len(client.get(f"/api/v1/studies/{study.slug}/linking").json()["waiting"]) == 1


def test_it_links_to_no_hip_of_another_study(study: Study, tmp_path: Path) -> None:
    other = make_study()
    registry = Registry(other, tmp_path / "other")
    registry.revised_patient("1000")
    registry.load()
    hip = Hip.objects.get(patient__study=other)
    radiograph = _waiting(study, PatientID="9999")
    client = client_of(make_member(study, Role.COORDINATOR))
    body = {"hip": hip.pk, "reason": "Theirs."}
    answer = client.post(f"/api/v1/studies/{study.slug}/linking/{radiograph.pk}/link", body, format="json")
    assert answer.status_code == 404
    assert not LinkDecision.objects.exists()


def test_it_tells_whatever_rests_on_a_link_of_every_change(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    radiograph = _waiting(study, AcquisitionDate=_day(-40))
    told: list[int | None] = []
    monkeypatch.setattr(radiographs, "on_radiograph_changed", [lambda changed: told.append(changed.hip_id)])
    actor = make_member(study, Role.COORDINATOR)
    hip = Hip.objects.get(pk=link_candidates(radiograph)[0]["hip"])
    radiograph = linking_queue.link_by_hand(radiograph=radiograph, hip=hip, reason="Postponed.", actor=actor)
    linking_queue.undo_link_decision(radiograph=radiograph, actor=actor)
    _rules(study, days_before_revision=50)
    assert told == [hip.pk, None, hip.pk]


def test_it_keeps_dates_and_identifiers_encrypted_while_an_image_waits(study: Study) -> None:
    radiograph = _waiting(study, PatientID="9999", AcquisitionDate="20200203", AccessionNumber="ACC-77")
    row = WaitingLink.objects.filter(radiograph=radiograph).values().get()
    kept = b"".join(bytes(v) if isinstance(v, memoryview | bytes) else str(v).encode() for v in row.values())
    for secret in (b"9999", b"20200203", b"2020-02-03", b"ACC-77"):
        assert secret not in kept


def test_a_second_copy_that_says_more_links_the_image(study: Study) -> None:
    first = _waiting(study, PatientID="")
    again = take_in(study, seed=1, PatientID="1000", AcquisitionDate=_day(-9))
    assert again.pk == first.pk
    assert again.days_from_index_procedure == -9


def test_an_image_out_of_quarantine_can_still_be_linked(study: Study) -> None:
    from annotations.imaging import quarantine
    from tests.factories import take_in as take_in_files

    data = dicom_file(film(TEXT), PatientID="1000", AcquisitionDate=_day(-40))
    (file,) = take_in_files(study, data)
    image = file.quarantined_image
    assert image is not None
    first, second = (make_member(study, Role.COORDINATOR) for _ in range(2))
    boxes = [(top, left, bottom, right) for top, left, bottom, right in image.boxes]
    image = quarantine.mask_and_propose(image=image, rectangles=boxes, actor=first)
    image = quarantine.release_file(image=image, proposal=image.proposal, actor=second)
    assert image.radiograph is not None
    assert [candidate["days_from_index_procedure"] for candidate in link_candidates(image.radiograph)] == [-40]
    assert not WaitingLink.objects.filter(quarantined_image=image).exists()


def test_a_picture_without_a_header_waits(study: Study) -> None:
    from tests.factories import take_in as take_in_files

    (file,) = take_in_files(study, picture_file("PNG", 9))
    assert file.radiograph is not None
    assert file.radiograph.link_problem == "The file names no patient."
    assert pixels(9).shape == (file.radiograph.rows, file.radiograph.columns)
