"""An image with burned-in text waits apart, is masked by one person and released by another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from annotations.imaging import quarantine
from annotations.imaging.models import IntakeFile, QuarantinedImage, Radiograph, Rendition
from annotations.imaging.next_steps import radiograph_steps
from common import storage
from common.errors import Conflict, Forbidden, Invalid
from common.models import AuditEvent
from studies.models import Role, Study
from tests.factories import client_of, make_member, make_study, take_in
from tests.radiograph_files import dicom_file, film

pytestmark = pytest.mark.django_db

TEXT = "DOGWOOD 4471902"


@pytest.fixture
def study(db: None) -> Study:
    return make_study()


@pytest.fixture
def file(study: Study) -> IntakeFile:
    (file,) = take_in(study, _burned())
    return file


@pytest.fixture
def image(file: IntakeFile) -> QuarantinedImage:
    assert file.quarantined_image is not None
    return file.quarantined_image


def _burned() -> bytes:
    return dicom_file(film(TEXT), PatientName="Dogwood^Kai", PatientID="4471902")


def _held() -> list[Path]:
    return [path for path in (storage.storage_root() / "quarantine").rglob("*") if path.is_file()]


def _boxes(image: QuarantinedImage) -> list[tuple[int, int, int, int]]:
    return [(top, left, bottom, right) for top, left, bottom, right in image.boxes]


def _proposed(image: QuarantinedImage) -> QuarantinedImage:
    actor = make_member(image.study, Role.COORDINATOR)
    return quarantine.mask_and_propose(image=image, rectangles=_boxes(image), actor=actor)


def test_it_holds_back_what_a_human_needs_and_no_more(file: IntakeFile, image: QuarantinedImage) -> None:
    assert (file.outcome, file.reason_code, file.radiograph) == ("quarantined", "burned_in_text", None)
    assert "DOGWOOD" not in file.reason.upper()
    assert {path.name for path in _held()} == {"dicom", "full_depth", "preview"}
    assert not Radiograph.objects.exists()
    assert not Rendition.objects.exists()
    for path in storage.storage_root().rglob("*"):
        assert path.is_dir() or (b"Dogwood" not in path.read_bytes() and b"4471902" not in path.read_bytes())


def test_it_is_one_image_in_quarantine_when_the_file_comes_twice(study: Study, image: QuarantinedImage) -> None:
    (again,) = take_in(study, _burned())
    assert (again.outcome, again.is_duplicate, again.quarantined_image) == ("quarantined", True, image)
    assert len(_held()) == 3


def test_it_becomes_a_radiograph_when_a_second_person_releases_it(file: IntakeFile, image: QuarantinedImage) -> None:
    image = _proposed(image)
    second = make_member(image.study, Role.COORDINATOR)
    released = quarantine.release_file(image=image, proposal=image.proposal, actor=second)
    radiograph = released.radiograph
    assert radiograph is not None
    assert radiograph.report["burned_in_text"] == "masked, checked again, none found; released by a second person"
    assert set(radiograph.report["dropped"]) == set(image.found["report"]["dropped"])
    assert (radiograph.hip, radiograph.link_problem) == (image.hip, image.link_problem)
    assert radiograph.pixel_sha256 != image.pixel_sha256
    assert set(Rendition.objects.filter(radiograph=radiograph).values_list("kind", flat=True)) == {
        "dicom", "full_depth", "preview", "thumbnail", "source"
    }  # fmt: skip
    file.refresh_from_db()
    assert (file.outcome, file.reason, file.radiograph) == ("accepted", "", radiograph)
    assert AuditEvent.objects.filter(action="quarantine_released", actor_id=second.pk).count() == 1


@pytest.mark.django_db(transaction=True)
def test_it_keeps_nothing_of_the_image_as_it_came_once_it_is_decided() -> None:
    study = make_study()
    files = take_in(study, _burned(), dicom_file(film("MAPLE RUNA", seed=6)))
    coordinator = make_member(study, Role.COORDINATOR)
    first, second = [file.quarantined_image for file in files]
    assert first is not None
    assert second is not None
    proposed = _proposed(first)
    quarantine.release_file(image=proposed, proposal=proposed.proposal, actor=coordinator)
    quarantine.refuse_file(image=second, reason="The name lies over the joint.", actor=coordinator)
    assert _held() == []


def test_it_takes_the_same_file_for_the_released_image_later(study: Study, image: QuarantinedImage) -> None:
    image = _proposed(image)
    actor = make_member(study, Role.COORDINATOR)
    released = quarantine.release_file(image=image, proposal=image.proposal, actor=actor)
    (again,) = take_in(study, _burned())
    assert (again.outcome, again.is_duplicate, again.radiograph) == ("accepted", True, released.radiograph)


def test_it_is_not_released_by_the_person_who_masked_it(image: QuarantinedImage) -> None:
    actor = make_member(image.study, Role.COORDINATOR)
    image = quarantine.mask_and_propose(image=image, rectangles=_boxes(image), actor=actor)
    with pytest.raises(Forbidden):
        quarantine.release_file(image=image, proposal=image.proposal, actor=actor)
    assert not Radiograph.objects.exists()


def test_it_is_not_released_as_something_that_the_second_person_has_not_seen(image: QuarantinedImage) -> None:
    seen = _proposed(image).proposal
    image.refresh_from_db()
    _proposed(image)
    with pytest.raises(Conflict):
        quarantine.release_file(image=image, proposal=seen, actor=make_member(image.study, Role.COORDINATOR))


def test_it_is_not_released_before_anybody_has_proposed_a_mask(image: QuarantinedImage) -> None:
    with pytest.raises(Conflict):
        quarantine.release_file(image=image, proposal="", actor=make_member(image.study, Role.COORDINATOR))


def test_it_says_where_text_is_still_found_under_a_mask_that_misses_it(image: QuarantinedImage) -> None:
    actor = make_member(image.study, Role.COORDINATOR)
    image = quarantine.mask_and_propose(image=image, rectangles=[(0, 0, 20, 20)], actor=actor)
    assert image.remaining_boxes == image.boxes
    assert "some still found" in image.masked["report"]["burned_in_text"]


def test_it_does_not_overwrite_a_proposal_of_somebody_else_unseen(image: QuarantinedImage) -> None:
    stale = QuarantinedImage.objects.get(pk=image.pk)
    _proposed(image)
    with pytest.raises(Conflict):
        _proposed(stale)


@pytest.mark.parametrize("box", [(0, 0, 1201, 10), (0, 0, 10, 901), (10, 0, 10, 10), (-1, 0, 10, 10)])
def test_it_refuses_a_rectangle_outside_the_picture(image: QuarantinedImage, box: tuple[int, int, int, int]) -> None:
    with pytest.raises(Invalid):
        quarantine.mask_and_propose(image=image, rectangles=[box], actor=make_member(image.study, Role.COORDINATOR))


def test_it_refuses_a_mask_that_covers_everything(image: QuarantinedImage) -> None:
    with pytest.raises(Invalid):
        quarantine.mask_and_propose(
            image=image, rectangles=[(0, 0, 1200, 900)], actor=make_member(image.study, Role.COORDINATOR)
        )


def test_it_is_refused_with_a_reason_and_once(file: IntakeFile, image: QuarantinedImage) -> None:
    actor = make_member(image.study, Role.COORDINATOR)
    with pytest.raises(Invalid):
        quarantine.refuse_file(image=image, reason="  ", actor=actor)
    quarantine.refuse_file(image=image, reason="The name lies over the joint.", actor=actor)
    file.refresh_from_db()
    assert (file.outcome, file.reason_code) == ("refused", "refused_in_quarantine")
    assert "over the joint" in file.reason
    with pytest.raises(Conflict):
        quarantine.refuse_file(image=image, reason="Again.", actor=actor)


def test_it_asks_coordinators_to_look_as_long_as_something_waits(study: Study, image: QuarantinedImage) -> None:
    actor = make_member(study, Role.COORDINATOR)
    step = next(step for step in radiograph_steps(actor, study) if step.key == "look_at_quarantine")
    assert (step.done, step.total) == (0, 1)
    quarantine.refuse_file(image=image, reason="A page of notes.", actor=actor)
    assert "look_at_quarantine" not in [step.key for step in radiograph_steps(actor, study)]


def test_it_goes_the_whole_way_over_the_page(study: Study, image: QuarantinedImage) -> None:
    address = f"/api/v1/studies/{study.slug}/quarantine"
    first, second = (client_of(make_member(study, Role.COORDINATOR)) for _ in range(2))
    (row,) = first.get(address).json()
    assert (row["state"], row["may_release"]) == ("waiting", False)
    assert row["reason"].startswith("There is text in the picture")
    address = f"{address}/{row['id']}"
    body = first.get(address).json()
    assert (body["image"]["rows"], body["image"]["columns"]) == (1200, 900)
    assert first.get(f"{address}/found/preview")["Cache-Control"] == "no-store"
    assert first.get(f"{address}/masked/preview").status_code == 404
    answer = first.post(f"{address}/propose", {"rectangles": body["boxes"]}, format="json")
    assert answer.status_code == 200
    proposal: dict[str, Any] = second.get(address).json()
    assert (proposal["state"], proposal["may_release"], proposal["remaining_boxes"]) == ("proposed", True, [])
    assert second.get(f"{address}/masked/full_depth").status_code == 200
    refused = first.post(f"{address}/release", {"proposal": proposal["proposal"]}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (403, "second_person")
    released = second.post(f"{address}/release", {"proposal": proposal["proposal"]}, format="json")
    assert released.status_code == 200
    assert Radiograph.objects.get().pk == released.json()["radiograph"]
    assert first.get(address).status_code == 404
    assert AuditEvent.objects.filter(action="quarantine_viewed").count() == 2


def test_it_shows_the_quarantine_to_coordinators_of_the_study_alone(study: Study, image: QuarantinedImage) -> None:
    researcher, surgeon = (make_member(study, role) for role in (Role.RESEARCHER, Role.SURGEON))
    stranger = make_member(make_study(), Role.COORDINATOR)
    for person, status in ((researcher, 403), (surgeon, 404), (stranger, 404)):
        for path in ("", f"/{image.pk}", f"/{image.pk}/found/preview", f"/{image.pk}/found/full_depth"):
            assert client_of(person).get(f"/api/v1/studies/{study.slug}/quarantine{path}").status_code == status
