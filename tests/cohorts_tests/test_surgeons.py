"""A surgeon of the registry is a pseudonym that administrators and coordinators may link to an account."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotations.cohorts.surgeons import link_surgeon, surgeon_codes_of
from common.errors import Invalid, NotFound
from common.models import AuditEvent
from studies.models import Role, Study
from tests.factories import client_of, make_member, make_person, make_study
from tests.registries import Registry

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(tmp_path: Path) -> Study:
    study = make_study()
    registry = Registry(study, tmp_path / "registry")
    registry.revised_patient("1001")
    registry.rows["procedures"].append(
        ("p-9", "1001", "2012-03-01", "L", "27130", "", "surgeon-2", "unknown", "unknown")
    )
    registry.load()
    return study


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_it_lists_pseudonyms_and_links_them(study: Study, role: str) -> None:
    surgeon = make_member(study, Role.SURGEON, name="Dr Synthetic")
    client, address = client_of(make_member(study, role)), f"/api/v1/studies/{study.slug}/registry/surgeons"
    assert [(row["surgeon"], row["procedures"], row["person"]) for row in client.get(address).json()] == [
        ("surgeon-1", 2, None), ("surgeon-2", 1, None)
    ]  # fmt: skip
    answer = client.post(address, {"surgeon": "surgeon-1", "person_id": surgeon.pk}, format="json")
    assert answer.json()[0] == {"surgeon": "surgeon-1", "procedures": 2, "person_id": surgeon.pk,
                                "person": "Dr Synthetic"}  # fmt: skip
    assert surgeon_codes_of(surgeon, study) == {"surgeon-1"}
    client.post(address, {"surgeon": "surgeon-1", "person_id": None}, format="json")
    assert surgeon_codes_of(surgeon, study) == set()
    actions = AuditEvent.objects.filter(study_slug=study.slug, action__startswith="surgeon_")
    assert [event.action for event in actions] == ["surgeon_linked", "surgeon_unlinked"]


def test_it_lets_one_person_have_several_pseudonyms_and_each_pseudonym_one_person(study: Study) -> None:
    first, second = make_member(study, Role.SURGEON), make_member(study, Role.SURGEON)
    for surgeon in ("surgeon-1", "surgeon-2"):
        link_surgeon(study=study, surgeon=surgeon, person_id=first.pk, actor=None)
    link_surgeon(study=study, surgeon="surgeon-2", person_id=second.pk, actor=None)
    assert (surgeon_codes_of(first, study), surgeon_codes_of(second, study)) == ({"surgeon-1"}, {"surgeon-2"})


def test_it_knows_nothing_of_another_study(study: Study) -> None:
    surgeon = make_member(study, Role.SURGEON)
    link_surgeon(study=study, surgeon="surgeon-1", person_id=surgeon.pk, actor=None)
    assert surgeon_codes_of(surgeon, make_study()) == set()


def test_it_links_no_stranger_and_no_pseudonym_that_nobody_has(study: Study) -> None:
    with pytest.raises(Invalid):
        link_surgeon(study=study, surgeon="surgeon-1", person_id=make_person().pk, actor=None)
    with pytest.raises(NotFound):
        link_surgeon(study=study, surgeon="nobody", person_id=make_member(study, Role.SURGEON).pk, actor=None)


def test_it_is_not_for_researchers(study: Study) -> None:
    client = client_of(make_member(study, Role.RESEARCHER))
    assert client.get(f"/api/v1/studies/{study.slug}/registry/surgeons").status_code == 403
