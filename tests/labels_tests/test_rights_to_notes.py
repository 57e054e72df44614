"""Who may open an operative note, route by route: abstractors and adjudicators, and nobody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from accounts.models import Person
from annotations.cohorts.models import OperativeNote
from annotations.labels.places import assign_notes
from annotations.labels.services import assess_note
from common.models import AuditEvent
from studies.models import Role, Study
from studies.services import grant_role, withdraw_role
from tests.factories import LOOSE, NOT_LOOSE, client_of, make_member
from tests.labels_tests.notes_study import cohort_of, make_notes_study, notes_of
from tests.registries import PRIMARY_DAY, REVISION_DAY

pytestmark = pytest.mark.django_db
VERDICT: dict[str, Any] = {"cup": "loose", "stem": "loose", "infection": "none", "diagnoses_agree": True}
EVERY_ROLE = tuple(Role.values)
# (method, below /notes, body) and who gets further than the door; the others get 403, and a surgeon 404.
ROUTES: tuple[tuple[str, str, dict[str, Any], tuple[str, ...]], ...] = (
    ("get", "", {}, ("abstractor", "adjudicator", "coordinator")),
    ("get", "/agreement", {}, ("abstractor", "adjudicator", "coordinator")),
    ("post", "/claim", {}, ("abstractor",)),
    ("post", "/assign", {"abstractors": []}, ("coordinator",)),
    ("post", "/withdraw", {}, ("coordinator",)),
    ("get", "/{note}", {}, ("abstractor", "adjudicator")),
    ("post", "/{note}/assess", {}, ("abstractor",)),
    ("post", "/{note}/adjudicate", {}, ("adjudicator",)),
    ("post", "/{note}/release", {}, ("abstractor", "adjudicator")),
    ("post", "/{note}/releases/1/withdraw", {}, ("abstractor", "adjudicator")),
)


@pytest.fixture
def study(db: None, tmp_path: Path) -> Study:
    return make_notes_study(tmp_path, 2)


@pytest.fixture
def note(study: Study) -> OperativeNote:
    return notes_of(study)[0]


def _ask(person: Person, study: Study, method: str, below: str, body: Any = None) -> Any:
    address = f"/api/v1/studies/{study.slug}/notes{below}"
    return getattr(client_of(person), method)(address, body, **({} if method == "get" else {"format": "json"}))


@pytest.mark.parametrize("role", EVERY_ROLE)
def test_it_opens_each_route_to_its_right_alone(study: Study, note: OperativeNote, role: str) -> None:
    person = make_member(study, role)
    for method, below, body, allowed in ROUTES:
        status = _ask(person, study, method, below.format(note=note.pk), body).status_code
        closed = 404 if role == "surgeon" else 403
        assert (status != closed) if role in allowed else (status == closed), (below, status)


def test_it_is_the_administrators_to_give_and_take(study: Study, note: OperativeNote) -> None:
    administrator, person = make_member(study, Role.ADMINISTRATOR), make_member(study, Role.COORDINATOR)
    assert _ask(person, study, "get", f"/{note.pk}").status_code == 403
    people = f"/api/v1/studies/{study.slug}/people"
    body = {"email": person.email, "role": "abstractor"}
    assert client_of(person).post(people, body, format="json").status_code == 403
    assert client_of(administrator).post(people, body, format="json").status_code == 200
    assert _ask(person, study, "get", f"/{note.pk}").status_code == 200
    withdraw_role(study=study, person=person, role=Role.ABSTRACTOR, actor=administrator)
    assert _ask(person, study, "get", f"/{note.pk}").status_code == 403


def test_it_shows_an_abstractor_only_notes_that_are_theirs_to_read(study: Study, note: OperativeNote) -> None:
    first, second, third = (make_member(study, Role.ABSTRACTOR) for _ in range(3))
    assign_notes(cohort=cohort_of(study), abstractors=[first, second], actor=first)
    answer = _ask(third, study, "get", f"/{note.pk}")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_note")
    assert not AuditEvent.objects.filter(action="note_opened").exists()
    assert _ask(first, study, "get", f"/{note.pk}").status_code == 200
    assert AuditEvent.objects.filter(action="note_opened", actor_id=first.pk).count() == 1


def test_it_opens_no_note_outside_the_cohort(study: Study, note: OperativeNote) -> None:
    adjudicator = make_member(study, Role.ADJUDICATOR)
    cohort_of(study).decisions.filter(index_procedure=note.procedure).update(excluded_at_step="coded", reason="other")
    assert _ask(adjudicator, study, "get", f"/{note.pk}").status_code == 404


def test_it_tells_an_abstractor_nothing_of_what_the_other_found(study: Study, note: OperativeNote) -> None:
    """Not on the note, and not on the labels' page either, should they be a coordinator as well."""
    first, second = (make_member(study, Role.ABSTRACTOR, Role.COORDINATOR) for _ in range(2))
    assess_note(note=note, abstractor=first, verdict=NOT_LOOSE)
    labels = f"/api/v1/studies/{study.slug}/labels"

    def seen_by(person: Person) -> tuple[Any, ...]:
        body = client_of(person).get(labels).json()
        (row,) = [row for row in body["results"] if row["note_id"] == note.pk]
        detail = client_of(person).get(f"{labels}/{row['id']}").json()
        assert {count["rung"] for count in body["counts"]} == {"code_derived"}
        assert len(detail["history"]) == len(detail["ladder"]) == 1
        return row["is_withheld"], row["value"], row["rung"], row["cup"], row["decided_by"], row["version"]

    for person in (first, second):
        assert seen_by(person) == (True, "loose", "code_derived", "not_stated", None, 1)
    assess_note(note=note, abstractor=second, verdict=LOOSE)
    for person in (first, second):
        assert seen_by(person)[0] is True
        assert _ask(person, study, "get", f"/{note.pk}").json()["label"] is None
    # Who does not read notes sees that two differ.
    plain = client_of(make_member(study, Role.COORDINATOR)).get(labels).json()["results"]
    assert [row["reason"] for row in plain if row["note_id"] == note.pk] == ["readers_differ"]


def test_it_shows_the_label_when_both_have_found_the_same(study: Study, note: OperativeNote) -> None:
    first, second = (make_member(study, Role.ABSTRACTOR) for _ in range(2))
    for person in (first, second):
        assess_note(note=note, abstractor=person, verdict=LOOSE)
    for person in (first, second):
        label = _ask(person, study, "get", f"/{note.pk}").json()["label"]
        assert (label["value"], label["rung"], label["readers"]) == ("loose", "note_confirmed", 2)


def test_it_gives_a_third_person_both_verdicts_without_names(study: Study, note: OperativeNote) -> None:
    first, second = (make_member(study, Role.ABSTRACTOR, name=f"Somebody {n}") for n in range(2))
    adjudicator = make_member(study, Role.ADJUDICATOR)
    for person, cup in ((first, "loose"), (second, "well_fixed")):
        _ask(person, study, "post", f"/{note.pk}/assess", VERDICT | {"cup": cup, "stem": "not_stated", "comment": cup})
    assert [row["id"] for row in _ask(adjudicator, study, "get", "").json()["disputed"]] == [note.pk]
    answer = _ask(adjudicator, study, "get", f"/{note.pk}")
    assert [(v["cup"], v["comment"]) for v in answer.json()["to_adjudicate"]] == [
        ("loose", "loose"), ("well_fixed", "well_fixed")
    ]  # fmt: skip
    assert "Somebody" not in answer.content.decode()


def test_it_lets_no_date_of_the_registry_out(study: Study, note: OperativeNote) -> None:
    everybody = make_member(study, Role.COORDINATOR, Role.ADMINISTRATOR, Role.ABSTRACTOR, Role.ADJUDICATOR)
    text = f"Operated on {REVISION_DAY:%d/%m/%Y}, first on {PRIMARY_DAY:%d %B %Y}. FINDINGS: The cup was loose."
    from tests.labels_tests.notes_study import write_note

    write_note(note, text)
    pages = ["", f"/{note.pk}", "/agreement"]
    told = [_ask(everybody, study, "get", page).content.decode() for page in pages]
    labels = client_of(everybody).get(f"/api/v1/studies/{study.slug}/labels")
    told.append(labels.content.decode())
    told.append(
        client_of(everybody)
        .get(f"/api/v1/studies/{study.slug}/labels/{labels.json()['results'][0]['id']}")
        .content.decode()
    )
    assert "grossly loose" not in told[3]
    for day in (PRIMARY_DAY, REVISION_DAY):
        for written in (f"{day:%Y-%m-%d}", f"{day:%d/%m/%Y}", f"{day:%d %B %Y}", f"{day:%Y%m%d}"):
            assert not any(written in page for page in told), written


def test_it_keeps_a_second_right_from_who_still_reads_radiographs(tmp_path: Path) -> None:
    from common.errors import Conflict
    from tests.factories import make_session, make_study_to_read

    made = make_study_to_read(tmp_path, loose=3, well_fixed=3, practice=0)
    assert made.protocol is not None
    reader = make_session(made.protocol).reader
    for role in (Role.ABSTRACTOR, Role.ADJUDICATOR):
        with pytest.raises(Conflict) as refusal:
            grant_role(study=made.study, person=reader, role=role, actor=None)
        assert refusal.value.error_code == "still_reading"
