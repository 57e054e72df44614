from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command

from annotations.reads.models import ReadSession
from studies.models import Role
from tests.factories import make_member

pytestmark = pytest.mark.django_db


def test_it_prints_rights_and_people(session: ReadSession) -> None:
    study = session.protocol.study
    coordinator = make_member(study, Role.COORDINATOR, name="Cora")
    out = io.StringIO()
    call_command("firewall", study.slug, json=True, stdout=out)
    told = json.loads(out.getvalue())
    rights = {row["table"]: row["rights"] for row in told["tables"]}
    assert rights["labels_label"] == rights["experiments_score"] == rights["cohorts_patient"] == ""
    assert "label" not in rights["datasets_datasetcase"]
    assert rights["reads_practicetruth"] == "SELECT"
    people = {row["name"]: row for row in told["people"]}
    assert people[session.reader.name]["reads_blinded"] is True
    assert Role.RESEARCHER in people[session.reader.name]["refused_roles"]
    assert people[coordinator.name]["refused_roles"] == []


def test_it_reads_as_lines_and_knows_no_strange_study(db: None) -> None:
    out = io.StringIO()
    call_command("firewall", stdout=out)
    assert "labels_label" in out.getvalue()
    with pytest.raises(CommandError):
        call_command("firewall", "nowhere")
