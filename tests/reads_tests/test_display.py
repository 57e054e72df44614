"""On what a session is read: told by the page, kept in the audit trail, and by nobody but its reader."""

from __future__ import annotations

import pytest

from annotations.reads.models import ReadSession
from common.models import AuditEvent
from studies.models import Role
from tests.factories import client_of, make_member

pytestmark = pytest.mark.django_db
DISPLAY = {"viewport_width": 1440, "viewport_height": 900, "pixel_ratio": 1.5}
CHECK = {"checked_at": "2026-11-24T20:00:00Z", "sees_dark": True, "sees_bright": False, "pixels_per_millimetre": 4.12}


def _events() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action="display_reported").order_by("sequence"))


def test_it_keeps_window_and_monitor_in_the_sessions_trail(session: ReadSession) -> None:
    client, address = client_of(session.reader), f"/api/v1/reading/sessions/{session.pk}/display"
    assert client.post(address, DISPLAY, format="json").status_code == 200
    assert client.post(address, DISPLAY | CHECK, format="json").status_code == 200
    bare, checked = _events()
    assert bare.payload == DISPLAY
    assert checked.payload == DISPLAY | CHECK | {"checked_at": "2026-11-24T20:00:00+00:00"}
    assert (checked.subject, checked.actor_id) == (f"session:{session.pk}", session.reader_id)


@pytest.mark.parametrize(
    "wrong", [{"viewport_width": 0}, {"pixel_ratio": 99}, {"pixels_per_millimetre": -1}, {"checked_at": "yesterday"}]
)
def test_it_refuses_what_no_display_has(session: ReadSession, wrong: dict[str, object]) -> None:
    address = f"/api/v1/reading/sessions/{session.pk}/display"
    refused = client_of(session.reader).post(address, DISPLAY | wrong, format="json")
    assert (refused.status_code, refused.json()["details"][0]["field"]) == (400, next(iter(wrong)))
    assert _events() == []


def test_it_takes_it_from_the_reader_alone(session: ReadSession) -> None:
    stranger = make_member(session.protocol.study, Role.SURGEON)
    address = f"/api/v1/reading/sessions/{session.pk}/display"
    assert client_of(stranger).post(address, DISPLAY, format="json").status_code == 404
    assert _events() == []
