"""The stored plan: who reads which case when, before anybody reads."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import Person
from annotations.datasets.models import DatasetCase, Part
from annotations.reads.models import (
    Deviation,
    DeviationKind,
    ProtocolReader,
    ProtocolStatus,
    Read,
    ReadProtocol,
    ReadSession,
    Recusal,
    SessionState,
    Signature,
)
from annotations.reads.models.protocol import SHORTEST_WASHOUT_DAYS
from annotations.reads.plan import fresh_seed, opaque_code, planned_order, with_repeats
from annotations.reads.selectors import earliest_next_session, recused_cases
from annotations.reads.services.guards import hold_blinded, record_of_protocol
from common.errors import Conflict, Invalid
from studies.models import Membership, Role


@transaction.atomic
def plan_session(*, protocol: ReadProtocol, reader: Person, seed: int, actor: Person | None) -> ReadSession:
    """Store the whole plan before anything is read: practice first, then the part in the reader's own order.

    The first plan freezes the protocol. What the reader knows of is left out, and on record as a recusal.
    """
    check_reader(protocol, reader)
    held = hold_blinded(protocol.pk)
    if held.status == ProtocolStatus.DRAFT:
        ProtocolReader.objects.get_or_create(protocol=held, reader=reader, defaults={"assigned_by": actor})
        freeze(held, actor)
        protocol.refresh_from_db()
    if not ProtocolReader.objects.filter(protocol=held, reader=reader).exists():
        raise Conflict("The frozen protocol does not name this reader; amend it first.", code="not_assigned")
    number = ReadSession.objects.filter(protocol=held, reader=reader).count() + 1
    if number > held.sessions_per_reader:
        raise Conflict("This reader has all the sessions that the protocol wants.", code="no_more_sessions")
    _check_washout(held, reader, number)
    session = ReadSession.objects.create(protocol=held, reader=reader, number=number, seed=seed)
    _store_plan(session, actor)
    return session


def _store_plan(session: ReadSession, actor: Person | None) -> None:
    protocol, seed = session.protocol, session.seed
    practice: list[DatasetCase] = []
    if protocol.practice_version_id is not None:
        of_practice = DatasetCase.objects.filter(version=protocol.practice_version_id, part=Part.PRACTICE)
        practice = list(of_practice.only("number", "patient_id"))
    known = recused_cases(protocol, session.reader)
    cases = [case for case in cases_of(protocol) if case.pk not in known]
    if not cases:
        raise Conflict("This reader knows of every case of the part.", code="all_recused")
    Recusal.objects.bulk_create(
        (Recusal(protocol=protocol, reader=session.reader, case_id=case, reason=why) for case, why in known.items()),
        ignore_conflicts=True,
    )
    study = with_repeats(planned_order(cases, seed), protocol.repeated_percent, seed)
    order = [
        *((case, True, False) for case in planned_order(practice, seed)),
        *((c, False, again) for c, again in study),
    ]
    Read.objects.bulk_create(
        Read(
            session=session, case=case, position=position, is_practice=is_practice, is_repeat=again, code=opaque_code()
        )
        for position, (case, is_practice, again) in enumerate(order, start=1)
    )  # fmt: skip
    record_of_protocol(
        protocol, "session_planned", actor, session=session.pk, reader=session.reader_id, number=session.number,
        cases=len(cases), repeats=len(study) - len(cases), practice=len(practice), recused=len(known),
    )  # fmt: skip


def cases_of(protocol: ReadProtocol) -> list[DatasetCase]:
    """Of each case what a plan needs: a reader who begins a session makes one, and may not see more."""
    cases = DatasetCase.objects.filter(version=protocol.dataset_version_id, part=protocol.part)
    return list(cases.only("number", "patient_id").order_by("number"))


def freeze(protocol: ReadProtocol, actor: Person | None) -> None:
    """From here on the protocol changes only by amendments."""
    now = timezone.now()
    frozen = ReadProtocol.objects.filter(pk=protocol.pk, status=ProtocolStatus.DRAFT)
    if frozen.update(status=ProtocolStatus.OPEN, frozen_at=now, frozen_by=actor):
        protocol.status, protocol.frozen_at, protocol.frozen_by = ProtocolStatus.OPEN, now, actor
        record_of_protocol(protocol, "protocol_frozen", actor, version=protocol.version)


def check_reader(protocol: ReadProtocol, reader: Person) -> None:
    roles = set(Membership.objects.filter(study=protocol.study, person=reader).values_list("role", flat=True))
    if Role.SURGEON not in roles:
        raise Conflict("Only a surgeon of this study can be asked to read.", code="not_a_surgeon")
    if roles - {Role.SURGEON}:
        raise Conflict("Who reads blinded holds no other role in the study.", code="other_roles")


def _check_washout(protocol: ReadProtocol, reader: Person, number: int) -> None:
    if number == 1:
        return
    before = ReadSession.objects.get(protocol=protocol, reader=reader, number=number - 1)
    if before.state != SessionState.SIGNED:
        raise Conflict("The session before this one is not signed.", code="not_signed")
    signed_at = Signature.objects.get(session=before).signed_at
    earliest = earliest_next_session(protocol, reader, signed_at, number)
    if timezone.now() < earliest:
        raise Conflict(
            f"The washout ends on {earliest.date().isoformat()}: a session may not follow the one before it earlier.",
            code="washout",
            details=[{"field": "available_from", "message": earliest.isoformat()}],
        )


@transaction.atomic
def begin_next_session(*, protocol: ReadProtocol, reader: Person) -> ReadSession:
    """A further session of somebody who has signed the one before: new order, new codes. Two tabs begin one."""
    hold_blinded(protocol.pk)
    open_session = ReadSession.objects.filter(protocol=protocol, reader=reader, state=SessionState.OPEN).first()
    if open_session is not None:
        return open_session
    return plan_session(protocol=protocol, reader=reader, seed=fresh_seed(), actor=reader)


@transaction.atomic
def allow_earlier_session(
    *, protocol: ReadProtocol, reader: Person, days: int, reason: str, actor: Person
) -> Deviation:
    """A shorter washout for one reader, as a recorded deviation; never under 14 days."""
    held = hold_blinded(protocol.pk)
    problems = []
    if not SHORTEST_WASHOUT_DAYS <= days < held.washout_days:
        message = f"must be from {SHORTEST_WASHOUT_DAYS} to {held.washout_days - 1}"
        problems.append({"field": "days", "message": message})
    if not reason.strip():
        problems.append({"field": "reason", "message": "is empty"})
    if problems:
        raise Invalid("The washout cannot be shortened so.", details=problems)
    number = ReadSession.objects.filter(protocol=held, reader=reader).count() + 1
    if number == 1 or number > held.sessions_per_reader:
        raise Conflict("This reader has no further session to come.", code="no_more_sessions")
    deviation = Deviation.objects.create(
        protocol=held, reader=reader, session_number=number, kind=DeviationKind.WASHOUT_SHORTENED, days=days,
        reason=reason.strip(), recorded_by=actor,
    )  # fmt: skip
    record_of_protocol(
        held, "washout_shortened", actor, reader=reader.pk, number=number, days=days, reason=reason.strip()
    )
    return deviation
