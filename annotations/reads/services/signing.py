"""Signing a session: name, time, meaning, password again, and the hash of all reads in one."""

from __future__ import annotations

from django.db import transaction
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from accounts.models import Person
from accounts.services import sign_in_attempt
from annotations.reads.answers import answer_of
from annotations.reads.canonical import CANONICAL_VERSION, reads_sha256
from annotations.reads.models import Navigation, Read, ReadSession, ReadState, SessionState, Signature
from annotations.reads.selectors import for_answering
from annotations.reads.services.guards import hold_blinded, record
from annotations.reads.services.reading import UNLOCKED, check_answer
from common.errors import Conflict, Invalid


def confirm_identity(*, person: Person, password: str) -> None:
    """The password again, before a signature. Guessing here counts like guessing at the door."""
    with sign_in_attempt(person.email) as attempt:
        if not person.check_password(password):
            raise Invalid("The password is not right.", details=[{"field": "password", "message": "is not right"}])
        attempt.succeeded()


def checked_meaning(meaning: str) -> str:
    if not meaning.strip():
        raise Invalid("Say what the signature means.", details=[{"field": "meaning", "message": "is empty"}])
    return meaning.strip()


@transaction.atomic
def sign_session(*, session: ReadSession, signer: Person, password: str, meaning: str) -> Signature:
    if signer.pk != session.reader_id:
        raise Conflict("Only the reader signs a session.", code="not_the_reader")
    confirm_identity(person=signer, password=password)
    meaning = checked_meaning(meaning)
    protocol = hold_blinded(session.protocol_id)
    if protocol.navigation == Navigation.FREE:
        _submit_drafts(session)
    left = Read.objects.filter(session=session, is_practice=False, state__in=UNLOCKED).count()
    if left:
        raise Conflict(f"{left} cases are still to be read.", code="reads_missing")
    if not ReadSession.objects.filter(pk=session.pk, state=SessionState.OPEN).update(state=SessionState.SIGNED):
        raise Conflict("This session is signed already.", code="signed")
    signature = Signature.objects.create(
        session=session, signer=signer, name=signer.name, meaning=meaning, signed_at=timezone.now(),
        canonical_version=CANONICAL_VERSION, reads_sha256=reads_sha256(session),
    )  # fmt: skip
    Read.objects.filter(session=session, state=ReadState.SUBMITTED).update(state=ReadState.SIGNED)
    record(session, "session_signed", reads_sha256=signature.reads_sha256)
    return signature


def _submit_drafts(session: ReadSession) -> None:
    """Where the reader may go back and forth, the signature submits every draft, or names those that are not whole."""
    drafts = Read.objects.filter(session=session, is_practice=False, state=ReadState.DRAFT)
    reads = list(for_answering(drafts).order_by("position").select_for_update(of=("self",)))
    problems = []
    for read in reads:
        try:
            answer = answer_of(read.session.protocol.form, read.draft)
            check_answer(read, answer)
        except Invalid as refusal:
            told = refusal.details[0]
            problems.append({"field": f"cases.{read.position}.{told['field']}", "message": told["message"]})
            continue
        Read.objects.filter(pk=read.pk, state=ReadState.DRAFT).update(
            state=ReadState.SUBMITTED, submitted_at=Now(),
            first_interaction_at=Coalesce("first_interaction_at", Now()), **answer.as_row(),
        )  # fmt: skip
    if problems:
        count = len(problems)
        message = "1 case has no whole answer." if count == 1 else f"{count} cases have no whole answer."
        raise Conflict(message, code="answers_missing", details=problems)
    for read in reads:
        record(session, "read_submitted", position=read.position)
