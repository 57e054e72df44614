from __future__ import annotations

import pytest

from annotations.reads.models import ReadSession
from common.errors import Conflict
from studies.models import Membership, Role
from studies.services import grant_role, withdraw_role
from tests.factories import client_of, make_member, read_at
from tests.reads_tests.reading import open_case, read_all, sign

pytestmark = pytest.mark.django_db


def test_it_ends_with_the_role(session: ReadSession) -> None:
    study, reader = session.protocol.study, session.reader
    code = read_at(session, 1).code
    client = client_of(reader)
    assert open_case(client, code) == 200
    administrator = make_member(study, Role.ADMINISTRATOR)
    withdraw_role(study=study, person=reader, role=Role.SURGEON, actor=administrator)
    assert client.get(f"/api/v1/reading/cases/{code}").status_code == 404
    assert client.get(f"/api/v1/reading/cases/{code}/image/preview").status_code == 404
    assert client.get(f"/api/v1/reading/sessions/{session.pk}").status_code == 404


def test_it_gives_no_second_role_to_who_still_reads(session: ReadSession) -> None:
    study, reader = session.protocol.study, session.reader
    for role in (Role.ADMINISTRATOR, Role.COORDINATOR, Role.RESEARCHER):
        with pytest.raises(Conflict) as refusal:
            grant_role(study=study, person=reader, role=role, actor=None)
        assert refusal.value.error_code == "still_reading"
    assert set(Membership.objects.filter(person=reader).values_list("role", flat=True)) == {"surgeon"}


def test_it_gives_it_when_all_is_signed_and_counts_each_case_once(session: ReadSession) -> None:
    read_all(session)
    sign(session)
    grant_role(study=session.protocol.study, person=session.reader, role=Role.RESEARCHER, actor=None)
    body = client_of(session.reader).get(f"/api/v1/reading/sessions/{session.pk}").json()
    assert (body["done"], body["total"], body["practice_total"]) == (4, 4, 2)
