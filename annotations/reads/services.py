"""What happens in a reading study. Every change of state is one conditional UPDATE, so that two tabs make one read."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import Coalesce, Greatest, Now
from django.utils import timezone

from accounts.models import Person
from accounts.services import sign_in_attempt
from annotations.datasets.models import DatasetCase, DatasetVersion, Part
from annotations.labels.models import NoteAssessment
from annotations.reads.answers import Answer
from annotations.reads.canonical import reads_sha256
from annotations.reads.models import (
    ProtocolStatus,
    Read,
    ReadProtocol,
    ReadSession,
    ReadState,
    SessionState,
    Signature,
    Unblinding,
)
from annotations.reads.plan import opaque_code, planned_order
from annotations.reads.selectors import has_open_reads
from common import audit
from common.errors import Conflict, Invalid
from studies.models import Membership, Role, Study

LOCKED = (ReadState.SUBMITTED, ReadState.SIGNED)
UNLOCKED = (ReadState.PLANNED, ReadState.OPENED, ReadState.DRAFT)


@transaction.atomic
def create_protocol(
    *,
    study: Study,
    title: str,
    dataset_version: DatasetVersion,
    part: str,
    practice_version: DatasetVersion | None,
    instructions: str,
    actor: Person | None,
) -> ReadProtocol:
    if not DatasetCase.objects.filter(version=dataset_version, part=part).exists():
        raise Invalid("This part has no cases to read.", details=[{"field": "part", "message": f"received {part!r}"}])
    protocol = ReadProtocol.objects.create(
        study=study, title=title, dataset_version=dataset_version, part=part, practice_version=practice_version,
        instructions=instructions, created_by=actor,
    )  # fmt: skip
    audit.record(
        actor=actor, action="protocol_created", subject=f"protocol:{protocol.pk}", study_slug=study.slug,
        payload={"dataset": dataset_version.sha256, "part": part},
    )  # fmt: skip
    return protocol


@transaction.atomic
def plan_session(*, protocol: ReadProtocol, reader: Person, seed: int, actor: Person | None) -> ReadSession:
    """Store the whole plan before anything is read: practice first, then the part in the reader's own order."""
    _check_reader(protocol, reader)
    number = ReadSession.objects.filter(protocol=protocol, reader=reader).count() + 1
    session = ReadSession.objects.create(protocol=protocol, reader=reader, number=number, seed=seed)
    practice: list[DatasetCase] = []
    if protocol.practice_version_id is not None:
        practice = list(DatasetCase.objects.filter(version=protocol.practice_version_id, part=Part.PRACTICE))
    cases = list(DatasetCase.objects.filter(version=protocol.dataset_version_id, part=protocol.part))
    order = [*((c, True) for c in planned_order(practice, seed)), *((c, False) for c in planned_order(cases, seed))]
    Read.objects.bulk_create(
        Read(session=session, case=case, position=position, is_practice=is_practice, code=opaque_code())
        for position, (case, is_practice) in enumerate(order, start=1)
    )
    audit.record(
        actor=actor, action="session_planned", subject=f"session:{session.pk}", study_slug=protocol.study.slug,
        payload={"reader": reader.pk, "number": number, "cases": len(cases), "practice": len(practice)},
    )  # fmt: skip
    return session


def _check_reader(protocol: ReadProtocol, reader: Person) -> None:
    roles = set(Membership.objects.filter(study=protocol.study, person=reader).values_list("role", flat=True))
    if Role.SURGEON not in roles:
        raise Conflict("Only a surgeon of this study can be asked to read.", code="not_a_surgeon")
    if roles - {Role.SURGEON}:
        raise Conflict("Who reads blinded holds no other role in the study.", code="other_roles")
    _hold_blinded(protocol.pk)
    hips = DatasetCase.objects.filter(version=protocol.dataset_version_id, part=protocol.part).values("hip_id")
    if NoteAssessment.objects.filter(abstractor=reader, note__procedure__hip_id__in=hips).exists():
        raise Conflict("Who read the operative notes of these cases cannot read their images.", code="abstracted")


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


def _hold_blinded(protocol_id: int) -> None:
    """Refuse if the truth may be known, and keep it from becoming known until this transaction has ended."""
    protocol = ReadProtocol.objects.select_for_update(no_key=True).only("status").get(pk=protocol_id)
    _refuse_unblinded(protocol.status)


def _hold_blinded_with_others(protocol_id: int) -> None:
    """The same for one read: readers hold it side by side, and the unblinding waits for them all."""
    with connection.cursor() as cursor:
        # Django has no FOR SHARE. It conflicts with the unblinding's UPDATE, and not with itself.
        cursor.execute("SELECT status FROM reads_readprotocol WHERE id = %s FOR SHARE", [protocol_id])
        (status,) = cursor.fetchone()
    _refuse_unblinded(status)


def _refuse_unblinded(status: str) -> None:
    if status != ProtocolStatus.OPEN:
        raise Conflict("This protocol is unblinded; nobody can read in it any more.", code="unblinded")


@transaction.atomic
def accept_instructions(*, session: ReadSession) -> None:
    accepted = ReadSession.objects.filter(pk=session.pk, instructions_accepted_at__isnull=True)
    if accepted.update(instructions_accepted_at=Now()):
        _record(session, "instructions_accepted")


@transaction.atomic
def open_read(*, read: Read) -> Read:
    """The case is on the screen. Opening it again changes nothing."""
    _hold_blinded_with_others(read.session.protocol_id)
    if read.session.instructions_accepted_at is None:
        raise Conflict("Read and accept the instructions first.", code="instructions_first")
    opened = Read.objects.filter(pk=read.pk, state=ReadState.PLANNED).update(state=ReadState.OPENED, opened_at=Now())
    if opened:
        _now_is(read, state=ReadState.OPENED)
        _record(read.session, "image_viewed", position=read.position)
    else:
        _reload(read)
    return read


@transaction.atomic
def save_draft(*, read: Read, draft: dict[str, Any], revision: int, focus_milliseconds: int) -> int:
    """Keep what is on the form. An older draft that arrives late does not overwrite a newer one."""
    _hold_blinded_with_others(read.session.protocol_id)
    changed = Read.objects.filter(
        pk=read.pk, state__in=(ReadState.OPENED, ReadState.DRAFT), draft_revision__lt=revision
    ).update(
        state=ReadState.DRAFT, draft=draft, draft_revision=revision,
        focus_milliseconds=_longest(focus_milliseconds),
        first_interaction_at=Coalesce("first_interaction_at", Now()),
    )  # fmt: skip
    if changed:
        return revision
    _reload(read)
    if read.state in LOCKED:
        raise Conflict("This read is locked.", code="locked")
    if read.state == ReadState.PLANNED:
        raise Conflict("Open the case first.", code="not_opened")
    return read.draft_revision


def _longest(focus_milliseconds: int) -> Greatest:
    """Focus time never shrinks: a reader who goes on at another computer starts to count at 0 there."""
    return Greatest("focus_milliseconds", Value(focus_milliseconds))


@transaction.atomic
def submit_read(*, read: Read, answer: Answer, focus_milliseconds: int) -> Read:
    """Lock the answer. The same answer again gives the same read; another one is refused."""
    answer.check()
    _hold_blinded_with_others(read.session.protocol_id)
    changed = Read.objects.filter(pk=read.pk, state__in=(ReadState.OPENED, ReadState.DRAFT)).update(
        state=ReadState.SUBMITTED, call=answer.call, confidence=answer.confidence, comment=answer.comment,
        submitted_at=Now(), first_interaction_at=Coalesce("first_interaction_at", Now()),
        focus_milliseconds=_longest(focus_milliseconds),
    )  # fmt: skip
    if changed:
        _now_is(read, state=ReadState.SUBMITTED, call=answer.call, confidence=answer.confidence, comment=answer.comment)
        _record(read.session, "read_submitted", position=read.position)
        return read
    _reload(read)
    if read.state == ReadState.PLANNED:
        raise Conflict("Open the case first.", code="not_opened")
    if answer != Answer(read.call, read.confidence, read.comment):
        raise Conflict("This read is locked with another answer.", code="locked")
    return read


# What the database computes in an UPDATE: fetched again only if somebody asks for it.
_COMPUTED = ("opened_at", "first_interaction_at", "submitted_at", "focus_milliseconds")


def _now_is(read: Read, **written: Any) -> None:
    """Bring the object in line with the row after an UPDATE that found it, without a query."""
    for name, value in written.items():
        setattr(read, name, value)
    for name in _COMPUTED:
        read.__dict__.pop(name, None)


def _reload(read: Read) -> None:
    """What another tab may have written. The session and the case do not change."""
    read.refresh_from_db(fields=["state", "draft", "draft_revision", "call", "confidence", "comment", *_COMPUTED])


@transaction.atomic
def sign_session(*, session: ReadSession, signer: Person, password: str, meaning: str) -> Signature:
    """Name, time, meaning, password again, and the hash of all reads in one."""
    if signer.pk != session.reader_id:
        raise Conflict("Only the reader signs a session.", code="not_the_reader")
    # Guessing here counts like guessing at the door.
    with sign_in_attempt(signer.email) as attempt:
        if not signer.check_password(password):
            raise Invalid("The password is not right.", details=[{"field": "password", "message": "is not right"}])
        attempt.succeeded()
    if not meaning.strip():
        raise Invalid("Say what the signature means.", details=[{"field": "meaning", "message": "is empty"}])
    _hold_blinded(session.protocol_id)
    left = Read.objects.filter(session=session, is_practice=False, state__in=UNLOCKED).count()
    if left:
        raise Conflict(f"{left} cases are still to be read.", code="reads_missing")
    if not ReadSession.objects.filter(pk=session.pk, state=SessionState.OPEN).update(state=SessionState.SIGNED):
        raise Conflict("This session is signed already.", code="signed")
    signature = Signature.objects.create(
        session=session, signer=signer, name=signer.name, meaning=meaning.strip(), signed_at=timezone.now(),
        reads_sha256=reads_sha256(session),
    )  # fmt: skip
    Read.objects.filter(session=session, state=ReadState.SUBMITTED).update(state=ReadState.SIGNED)
    _record(session, "session_signed", reads_sha256=signature.reads_sha256)
    return signature


@transaction.atomic
def unblind_protocol(
    *, protocol: ReadProtocol, actor: Person | None, reason: str, absences_explained: str = ""
) -> Unblinding:
    """The one event after which reads and truth may be seen together."""
    if not reason.strip():
        raise Invalid("Give the reason.", details=[{"field": "reason", "message": "is empty"}])
    sessions = ReadSession.objects.filter(protocol=protocol)
    if not sessions.exists():
        raise Conflict("Nobody has read in this protocol.", code="no_reads")
    if sessions.exclude(state=SessionState.SIGNED).exists() and not absences_explained.strip():
        raise Conflict(
            "Not every session is signed. Say why the missing reads are missing.",
            code="reads_missing",
            details=[{"field": "absences_explained", "message": "is empty"}],
        )
    opened = ReadProtocol.objects.filter(pk=protocol.pk, status=ProtocolStatus.OPEN)
    if not opened.update(status=ProtocolStatus.UNBLINDED):
        raise Conflict("This protocol is unblinded already.", code="unblinded")
    unblinding = Unblinding.objects.create(
        protocol=protocol, by=actor, reason=reason.strip(), absences_explained=absences_explained.strip()
    )
    audit.record(
        actor=actor, action="protocol_unblinded", subject=f"protocol:{protocol.pk}", study_slug=protocol.study.slug,
        payload={"reason": reason.strip()},
    )  # fmt: skip
    return unblinding


def _record(session: ReadSession, action: str, **payload: Any) -> None:
    audit.record(
        actor=session.reader, action=action, subject=f"session:{session.pk}",
        study_slug=session.protocol.study.slug, payload=payload,
    )  # fmt: skip
