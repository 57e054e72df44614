"""On what a session was read: window and monitor, as the reader's page tells them."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from annotations.reads.models import ReadSession, SessionState
from annotations.reads.services.guards import record
from common.errors import Conflict


@transaction.atomic
def report_display(*, session: ReadSession, display: dict[str, Any]) -> None:
    """Append it to the session's audit trail, which administrators may read before the unblinding."""
    if session.state != SessionState.OPEN:
        raise Conflict("This session is signed already.", code="signed")
    told = {name: value for name, value in display.items() if value is not None}
    if "checked_at" in told:
        told["checked_at"] = told["checked_at"].isoformat()
    record(session, "display_reported", **told)
