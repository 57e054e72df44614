from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from common.errors import Conflict, Invalid
from common.models import AuditEvent
from studies.models import Membership, Role, Site
from studies.services import create_study, grant_role, withdraw_role
from tests.factories import client_of, make_member, make_person, make_study

pytestmark = pytest.mark.django_db


def test_it_shows_a_person_only_their_studies(db: None) -> None:
    mine, other = make_study(), make_study()
    person = make_member(mine, Role.COORDINATOR)
    make_member(other, Role.COORDINATOR)
    client = client_of(person)
    assert [study["slug"] for study in client.get("/api/v1/studies").json()] == [mine.slug]
    assert client.get(f"/api/v1/studies/{mine.slug}").status_code == 200
    hidden, missing = client.get(f"/api/v1/studies/{other.slug}"), client.get("/api/v1/studies/no-such-study")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.json() == missing.json()


def test_it_lists_a_study_once_for_who_holds_two_roles(db: None) -> None:
    study = make_study()
    client = client_of(make_member(study, Role.COORDINATOR, Role.RESEARCHER))
    (listed,) = client.get("/api/v1/studies").json()
    assert listed["roles"] == ["coordinator", "researcher"]


def test_it_refuses_by_role_and_hides_from_readers(db: None) -> None:
    study = make_study()
    address = f"/api/v1/studies/{study.slug}/people"
    statuses = {role: client_of(make_member(study, role)).get(address).status_code for role in Role.values}
    assert statuses == dict.fromkeys(Role.values, 403) | {"administrator": 200, "surgeon": 404}


def test_it_grants_and_withdraws_on_record(db: None) -> None:
    study = make_study()
    administrator = make_member(study, Role.ADMINISTRATOR)
    person = make_person()
    client = client_of(administrator)
    body = {"email": person.email.upper(), "role": "surgeon"}
    answer = client.post(f"/api/v1/studies/{study.slug}/people", body, format="json")
    assert answer.status_code == 200
    assert [(m["person"]["email"], m["role"]) for m in answer.json() if m["role"] == "surgeon"] == [
        (person.email, "surgeon")
    ]
    withdrawn = client.post(f"/api/v1/studies/{study.slug}/people/withdraw", body, format="json")
    assert withdrawn.status_code == 200
    events = AuditEvent.objects.filter(subject=f"person:{person.pk}").order_by("sequence")
    assert [(e.action, e.actor_id) for e in events] == [
        ("role_granted", administrator.pk), ("role_withdrawn", administrator.pk)
    ]  # fmt: skip


def test_it_grants_a_role_once(db: None) -> None:
    study, person = make_study(), make_person()
    for _ in range(2):
        grant_role(study=study, person=person, role=Role.SURGEON, actor=None)
    assert Membership.objects.filter(person=person).count() == 1
    assert AuditEvent.objects.filter(subject=f"person:{person.pk}").count() == 1


def test_it_knows_no_role_but_the_four(db: None) -> None:
    study, person = make_study(), make_person()
    with pytest.raises(Invalid) as refusal:
        grant_role(study=study, person=person, role="owner", actor=None)
    assert refusal.value.details[0]["field"] == "role"
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(study=study, person=person, role="owner")


def test_it_keeps_the_last_administrator(db: None) -> None:
    study = make_study()
    only = make_member(study, Role.ADMINISTRATOR)
    with pytest.raises(Conflict) as refusal:
        withdraw_role(study=study, person=only, role=Role.ADMINISTRATOR, actor=only)
    assert refusal.value.error_code == "last_administrator"
    second = make_member(study, Role.ADMINISTRATOR)
    withdraw_role(study=study, person=only, role=Role.ADMINISTRATOR, actor=second)
    assert Membership.objects.filter(study=study, role=Role.ADMINISTRATOR).count() == 1


@pytest.mark.django_db(transaction=True)
def test_it_keeps_one_of_two_administrators_who_send_each_other_away() -> None:
    study = make_study()
    first, second = make_member(study, Role.ADMINISTRATOR), make_member(study, Role.ADMINISTRATOR)
    gate = threading.Barrier(2)
    refused: list[str] = []

    def send_away(person: object, actor: object) -> None:
        gate.wait()
        try:
            withdraw_role(study=study, person=person, role=Role.ADMINISTRATOR, actor=actor)  # type: ignore[arg-type]
        except Conflict as error:
            refused.append(error.error_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send_away, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["last_administrator"]
    assert Membership.objects.filter(study=study, role=Role.ADMINISTRATOR).count() == 1


def test_it_says_when_the_role_or_the_person_is_not_there(db: None) -> None:
    study = make_study()
    client = client_of(make_member(study, Role.ADMINISTRATOR))
    person = make_person()
    address = f"/api/v1/studies/{study.slug}/people"
    withdrawn = client.post(f"{address}/withdraw", {"email": person.email, "role": "surgeon"}, format="json")
    assert (withdrawn.status_code, withdrawn.json()["code"]) == (409, "role_not_held")
    unknown = client.post(address, {"email": "nobody@example.org", "role": "surgeon"}, format="json")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "no_such_person")


def test_it_takes_a_slug_and_a_site_code_once(db: None) -> None:
    study = make_study()
    with pytest.raises(Conflict) as refusal:
        create_study(slug=study.slug, title="Again")
    assert refusal.value.error_code == "slug_taken"
    Site.objects.create(study=study, code="A")
    with pytest.raises(IntegrityError), transaction.atomic():
        Site.objects.create(study=study, code="A")


def test_it_says_what_to_do_next_for_each_role_held(db: None) -> None:
    study = make_study()
    for role in Role.values:
        body = client_of(make_member(study, role)).get(f"/api/v1/studies/{study.slug}").json()
        assert {step["role"] for step in body["next_steps"]} <= {role}
        assert [step["is_done"] for step in body["next_steps"]] == [
            step["total"] > 0 and step["done"] >= step["total"] for step in body["next_steps"]
        ]


def test_it_asks_the_administrator_for_the_people_a_study_cannot_do_without(db: None) -> None:
    study = make_study()
    client = client_of(make_member(study, Role.ADMINISTRATOR))

    def step() -> tuple[int, int, bool]:
        steps = client.get(f"/api/v1/studies/{study.slug}").json()["next_steps"]
        (told,) = (step for step in steps if step["key"] == "invite_people")
        return told["done"], told["total"], told["is_done"]

    # The identifier map is for studies that have one.
    make_member(study, Role.IDENTIFIER_KEEPER)
    assert step() == (1, 6, False)
    for role in (Role.COORDINATOR, Role.SURGEON, Role.RESEARCHER, Role.ABSTRACTOR):
        make_member(study, role)
    assert step() == (5, 6, False)
    make_member(study, Role.ADJUDICATOR)
    assert step() == (6, 6, True)
