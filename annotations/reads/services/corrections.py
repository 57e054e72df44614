"""A later version of a locked answer: the first stays, and nothing is ever unlocked."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import Person
from annotations.reads.answers import Answer, answer_in
from annotations.reads.canonical import correction_sha256
from annotations.reads.models import Read, ReadCorrection, SessionState
from annotations.reads.services.guards import hold_blinded_with_others, record
from annotations.reads.services.reading import LOCKED, check_answer
from annotations.reads.services.signing import confirm_identity
from common.errors import Conflict, Invalid


@transaction.atomic
def correct_read(*, read: Read, answer: Answer, reason: str, reader: Person, password: str) -> ReadCorrection:
    """Keep another answer beside the locked one, signed by the reader; only while the truth is not known."""
    if reader.pk != read.session.reader_id:
        raise Conflict("Only the reader corrects a read.", code="not_the_reader")
    confirm_identity(person=reader, password=password)
    if not reason.strip():
        raise Invalid("Give the reason of the correction.", details=[{"field": "reason", "message": "is empty"}])
    check_answer(read, answer)
    hold_blinded_with_others(read.session.protocol_id)
    # Two corrections at once take turns, and each sees the one before it.
    locked = Read.objects.select_for_update().get(pk=read.pk)
    if locked.state not in LOCKED:
        raise Conflict("This case has no locked answer; change the draft instead.", code="not_locked")
    if locked.is_practice:
        raise Conflict("A practice case is not corrected: its truth was shown.", code="practice")
    last = ReadCorrection.objects.filter(read=locked).order_by("-version").first()
    if answer == answer_in(last or locked):
        raise Conflict("The read says this already.", code="unchanged")
    session = read.session
    session.refresh_from_db(fields=["state"])
    correction = ReadCorrection(
        read=locked, version=last.version + 1 if last else 2, reason=reason.strip(), corrected_by=reader,
        corrected_at=timezone.now(), after_signing=session.state == SessionState.SIGNED, **answer.as_row(),
    )  # fmt: skip
    correction.sha256 = correction_sha256(locked, correction)
    correction.save()
    record(session, "read_corrected", position=read.position, version=correction.version, sha256=correction.sha256)
    return correction
