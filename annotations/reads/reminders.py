"""Mails to readers: that they are asked to read, and a reminder. They name the study and no case."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import send_mail
from django.db import transaction
from django.db.models.functions import Now

from accounts.models import Person
from annotations.reads.models import ProtocolReader, ProtocolStatus, ReadProtocol
from annotations.reads.selectors import missing_sessions
from annotations.reads.services.guards import record_of_protocol
from common.errors import Conflict

_BODY = """Dear {name},

radiographs of the study “{study}” wait for your blinded read: “{protocol}”.

{address}

You may pause and go on on any computer; nothing that you have entered is lost.
"""


@transaction.atomic
def remind_readers(
    *, protocol: ReadProtocol, readers: Sequence[int], address: str, actor: Person
) -> list[ProtocolReader]:
    """Write to those of `readers` (to everybody when empty) who have not signed all; say to whom."""
    if protocol.status != ProtocolStatus.OPEN:
        raise Conflict("Only in an open protocol somebody can be reminded.", code="not_open")
    missing = {name for name, _ in missing_sessions(protocol)}
    entries = ProtocolReader.objects.filter(protocol=protocol, reader__is_simulated=False).select_related("reader")
    chosen = [
        entry for entry in entries if entry.reader.name in missing and (not readers or entry.reader_id in readers)
    ]
    if not chosen:
        raise Conflict("Nobody of these has anything left to read.", code="nobody_to_remind")
    for entry in chosen:
        body = _BODY.format(
            name=entry.reader.name, study=protocol.study.title, protocol=protocol.title, address=address
        )
        send_mail(f"Radiographs to read: {protocol.study.title}", body, None, [entry.reader.email])
    ProtocolReader.objects.filter(pk__in=[entry.pk for entry in chosen]).update(reminded_at=Now())
    record_of_protocol(protocol, "readers_reminded", actor, readers=[entry.reader_id for entry in chosen])
    return chosen
