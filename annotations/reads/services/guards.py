"""Who may do what beside the blinding; and the locks that keep an answer and the unblinding apart."""

from __future__ import annotations

from typing import Any

from django.db import connection

from accounts.models import Person
from annotations.reads.models import ProtocolStatus, ReadProtocol, ReadSession
from annotations.reads.selectors import has_open_reads
from common import audit
from common.errors import Conflict
from studies.models import Role, Study


def refuse_abstraction_while_reading(person: Person, study: Study) -> str:
    """Why a person may not read operative notes, or "": who still reads images must not learn what surgery found."""
    if has_open_reads(person, study):
        return "Who still has radiographs to read blinded cannot read operative notes of the study."
    return ""


def refuse_other_roles_while_reading(person: Person, study: Study, role: str) -> str:
    """Why a person may not hold a role, or "": every other role shows what readers must not know."""
    if role != Role.SURGEON and has_open_reads(person, study):
        return "Who still has radiographs to read blinded can hold no other role in the study."
    return ""


def hold_blinded(protocol_id: int) -> ReadProtocol:
    """Refuse if the truth may be known, and keep it from becoming known until this transaction has ended."""
    protocol = (
        ReadProtocol.objects.select_for_update(no_key=True, of=("self",)).select_related("study").get(pk=protocol_id)
    )
    refuse_unblinded(protocol.status)
    return protocol


def hold_blinded_with_others(protocol_id: int) -> None:
    """The same for one read: readers hold it side by side, and the unblinding waits for them all."""
    with connection.cursor() as cursor:
        # Django has no FOR SHARE. It conflicts with the unblinding's UPDATE, and not with itself.
        cursor.execute("SELECT status FROM reads_readprotocol WHERE id = %s FOR SHARE", [protocol_id])
        (status,) = cursor.fetchone()
    refuse_unblinded(status)


def refuse_unblinded(status: str) -> None:
    if status == ProtocolStatus.UNBLINDED:
        raise Conflict("This protocol is unblinded; nobody can read in it any more.", code="unblinded")


def record(session: ReadSession, action: str, **payload: Any) -> None:
    audit.record(
        actor=session.reader, action=action, subject=f"session:{session.pk}",
        study_slug=session.protocol.study.slug, payload=payload,
    )  # fmt: skip


def record_of_protocol(protocol: ReadProtocol, action: str, actor: Person | None, **payload: Any) -> None:
    audit.record(
        actor=actor, action=action, subject=f"protocol:{protocol.pk}", study_slug=protocol.study.slug, payload=payload
    )
