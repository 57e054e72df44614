"""Each note has two places: assigned evenly, claimed one at a time, and never handed out twice."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.models.functions import Now

from accounts.models import Person
from annotations.labels.models import NoteAssignment
from annotations.labels.places import assign_notes, claim_next_note, withdraw_assignments
from annotations.labels.selectors import queue_for
from annotations.labels.services import assess_note
from common.errors import Conflict, Invalid
from common.models import AuditEvent
from studies.models import Role, Study
from tests.factories import LOOSE, client_of, make_member
from tests.labels_tests.notes_study import cohort_of, make_notes_study, notes_of

pytestmark = pytest.mark.django_db


def _abstractors(study: Study, count: int) -> list[Person]:
    return [make_member(study, Role.ABSTRACTOR, name=f"Abstractor {number}") for number in range(count)]


def _shares(study: Study) -> Counter[str]:
    return Counter(NoteAssignment.objects.filter(study=study).values_list("abstractor__name", flat=True))


@pytest.mark.parametrize(("people", "shares"), [(2, [7, 7]), (3, [5, 5, 4]), (4, [4, 4, 3, 3])])
def test_it_gives_two_places_of_every_note_evenly(tmp_path: Path, people: int, shares: list[int]) -> None:
    study = make_notes_study(tmp_path, 7)
    assign_notes(cohort=cohort_of(study), abstractors=_abstractors(study, people), actor=_abstractors(study, 1)[0])
    assert sorted(_shares(study).values(), reverse=True) == shares
    for note in notes_of(study):
        assert len({one.abstractor_id for one in note.assignments.all()}) == 2
    if people == 3:
        pairs = Counter(frozenset(one.abstractor_id for one in note.assignments.all()) for note in notes_of(study))
        assert sorted(pairs.values()) == [2, 2, 3]


def test_it_leaves_places_that_somebody_holds_and_evens_out_the_rest(tmp_path: Path) -> None:
    study = make_notes_study(tmp_path, 4)
    first, second, third = _abstractors(study, 3)
    for note in notes_of(study)[:2]:
        assess_note(note=note, abstractor=first, verdict=LOOSE)
    assign_notes(cohort=cohort_of(study), abstractors=[first, second, third], actor=first)
    assert sorted(_shares(study).values()) == [2, 3, 3]
    assert assign_notes(cohort=cohort_of(study), abstractors=[second], actor=first) == {second.pk: 0}


def test_it_keeps_assigned_notes_from_others_until_they_are_withdrawn(tmp_path: Path) -> None:
    study = make_notes_study(tmp_path, 3)
    first, second, third = _abstractors(study, 3)
    cohort = cohort_of(study)
    assign_notes(cohort=cohort, abstractors=[first, second], actor=first)
    assert claim_next_note(cohort=cohort, abstractor=third) is None
    with pytest.raises(Conflict) as taken:
        assess_note(note=notes_of(study)[0], abstractor=third, verdict=LOOSE)
    assert taken.value.error_code == "note_taken"
    assess_note(note=notes_of(study)[0], abstractor=first, verdict=LOOSE)
    assert withdraw_assignments(cohort=cohort, abstractor=first, actor=second) == 2
    assert {note.pk for note in queue_for(third, cohort)} == {note.pk for note in notes_of(study)[1:]}
    assert AuditEvent.objects.filter(action="assignments_withdrawn").count() == 1


def test_it_assigns_to_abstractors_alone_naming_who_is_none(tmp_path: Path) -> None:
    study = make_notes_study(tmp_path)
    (abstractor,) = _abstractors(study, 1)
    coordinator = make_member(study, Role.COORDINATOR, name="Cora")
    with pytest.raises(Invalid) as refusal:
        assign_notes(cohort=cohort_of(study), abstractors=[abstractor, coordinator], actor=coordinator)
    assert refusal.value.details == [{"field": "abstractors", "message": "Cora does not hold the right to read notes"}]
    assert not NoteAssignment.objects.exists()


def test_it_claims_what_one_holds_first_then_what_is_half_read(tmp_path: Path) -> None:
    study = make_notes_study(tmp_path, 3)
    first, second = _abstractors(study, 2)
    cohort, notes = cohort_of(study), notes_of(study)
    assess_note(note=notes[2], abstractor=first, verdict=LOOSE)
    assert claim_next_note(cohort=cohort, abstractor=second) == notes[2]
    assert claim_next_note(cohort=cohort, abstractor=second) == notes[2]
    assert claim_next_note(cohort=cohort, abstractor=second, passing_over=notes[2].pk) == notes[0]
    for note in notes:
        assess_note(note=note, abstractor=second, verdict=LOOSE)
    assert claim_next_note(cohort=cohort, abstractor=second) is None


def test_it_gives_a_claim_back_when_it_is_not_used(tmp_path: Path) -> None:
    study = make_notes_study(tmp_path)
    cohort = cohort_of(study)
    for abstractor in _abstractors(study, 2):
        assert claim_next_note(cohort=cohort, abstractor=abstractor) is not None
    (late,) = _abstractors(study, 1)
    assert claim_next_note(cohort=cohort, abstractor=late) is None
    NoteAssignment.objects.update(expires_at=Now() - timedelta(minutes=1))
    assert claim_next_note(cohort=cohort, abstractor=late) == notes_of(study)[0]
    # What was read does not fall back, however long ago it was claimed.
    assess_note(note=notes_of(study)[0], abstractor=late, verdict=LOOSE)
    assert NoteAssignment.objects.get(abstractor=late).expires_at is None


@pytest.mark.django_db(transaction=True)
def test_it_hands_no_place_out_twice_to_people_who_claim_at_once(tmp_path: Path) -> None:
    study = make_notes_study(tmp_path, 3)
    cohort, people = cohort_of(study), _abstractors(study, 8)
    gate, claimed, failed = threading.Barrier(len(people)), list[int](), list[str]()

    def claim(person: Person) -> None:
        gate.wait()
        try:
            note = claim_next_note(cohort=cohort, abstractor=person)
            if note is not None:
                claimed.append(note.pk)
        except Exception as error:
            failed.append(repr(error))
            raise
        finally:
            connection.close()

    threads = [threading.Thread(target=claim, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    # Three notes of two places: six of the eight get one, each place once.
    assert Counter(claimed) == {note.pk: 2 for note in notes_of(study)}
    assert NoteAssignment.objects.filter(study=study).count() == 6


def test_it_shows_the_coordinator_everybodys_progress_and_an_abstractor_their_own(tmp_path: Path) -> None:
    study = make_notes_study(tmp_path, 2)
    first, second = _abstractors(study, 2)
    coordinator = make_member(study, Role.COORDINATOR)
    address = f"/api/v1/studies/{study.slug}/notes"
    body = {"abstractors": [first.pk, second.pk]}
    assert client_of(coordinator).post(f"{address}/assign", body, format="json").status_code == 200
    assess_note(note=notes_of(study)[0], abstractor=first, verdict=LOOSE)
    rows = client_of(coordinator).get(address).json()["people"]
    assert [(row["person"]["name"], row["places"], row["read"]) for row in rows] == [
        ("Abstractor 0", 2, 1), ("Abstractor 1", 2, 0)
    ]  # fmt: skip
    own = client_of(second).get(address).json()
    assert [row["person"]["name"] for row in own["people"]] == ["Abstractor 1"]
    assert [note["is_mine"] for note in own["queue"]] == [True, True]
    claimed = client_of(second).post(f"{address}/claim", {}, format="json").json()
    assert claimed == {"id": notes_of(study)[0].pk}
