"""A reader's way through the cases: open, draft, submit."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Coalesce, Greatest, Now

from annotations.reads.answers import Answer, answer_in
from annotations.reads.findings import marks_outside, problems_of
from annotations.reads.models import Form, Navigation, Read, ReadSession, ReadState
from annotations.reads.services.guards import hold_blinded_with_others, record
from common.errors import Conflict, Invalid

LOCKED = (ReadState.SUBMITTED, ReadState.SIGNED)
UNLOCKED = (ReadState.PLANNED, ReadState.OPENED, ReadState.DRAFT)


@transaction.atomic
def accept_instructions(*, session: ReadSession) -> None:
    accepted = ReadSession.objects.filter(pk=session.pk, instructions_accepted_at__isnull=True)
    if accepted.update(instructions_accepted_at=Now()):
        record(session, "instructions_accepted", protocol_version=session.protocol.version)


@transaction.atomic
def open_read(*, read: Read) -> Read:
    """The case is on the screen. Opening it again changes nothing."""
    hold_blinded_with_others(read.session.protocol_id)
    if read.session.instructions_accepted_at is None:
        raise Conflict("Read and accept the instructions first.", code="instructions_first")
    opened = Read.objects.filter(pk=read.pk, state=ReadState.PLANNED).update(state=ReadState.OPENED, opened_at=Now())
    if opened:
        _now_is(read, state=ReadState.OPENED)
        record(read.session, "image_viewed", position=read.position)
    else:
        _reload(read)
    return read


@transaction.atomic
def save_draft(*, read: Read, draft: dict[str, Any], revision: int, focus_milliseconds: int) -> int:
    """Keep what is on the form. An older draft that arrives late does not overwrite a newer one."""
    _check_draft(read, draft)
    hold_blinded_with_others(read.session.protocol_id)
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


def _check_draft(read: Read, draft: dict[str, Any]) -> None:
    """A draft may be half an answer, but nothing that is none."""
    findings = draft.get("findings")
    if not findings:
        return
    if read.session.protocol.form != Form.FULL:
        problems = [{"field": "findings", "message": "this protocol asks for the quick form"}]
    else:
        problems = problems_of(findings, complete=False) or _marks_outside(read, findings)
    if problems:
        raise Invalid("The draft is not as the form wants it.", code="answer_invalid", details=problems)


def _marks_outside(read: Read, findings: Any) -> list[dict[str, str]]:
    if not findings.get("marks"):
        return []
    radiograph = read.case.radiograph
    return marks_outside(findings, rows=radiograph.rows, columns=radiograph.columns)


def _longest(focus_milliseconds: int) -> Greatest:
    """Focus time never shrinks: a reader who goes on at another computer starts to count at 0 there."""
    return Greatest("focus_milliseconds", Value(focus_milliseconds))


@transaction.atomic
def submit_read(*, read: Read, answer: Answer, focus_milliseconds: int) -> Read:
    """Lock the answer. The same answer again gives the same read; another one is refused."""
    check_answer(read, answer)
    if read.session.protocol.navigation == Navigation.FREE and not read.is_practice:
        raise Conflict("In this protocol answers stay drafts until you sign.", code="signing_submits")
    hold_blinded_with_others(read.session.protocol_id)
    changed = Read.objects.filter(pk=read.pk, state__in=(ReadState.OPENED, ReadState.DRAFT)).update(
        state=ReadState.SUBMITTED, **answer.as_row(),
        submitted_at=Now(), first_interaction_at=Coalesce("first_interaction_at", Now()),
        focus_milliseconds=_longest(focus_milliseconds),
    )  # fmt: skip
    if changed:
        _now_is(read, state=ReadState.SUBMITTED, **answer.as_row())
        record(read.session, "read_submitted", position=read.position)
        return read
    _reload(read)
    if read.state == ReadState.PLANNED:
        raise Conflict("Open the case first.", code="not_opened")
    if answer != answer_in(read):
        raise Conflict("This read is locked with another answer.", code="locked")
    return read


def check_answer(read: Read, answer: Answer) -> None:
    """Whole, in the protocol's form, and with its marks on the picture."""
    answer.check()
    wanted = read.session.protocol.form
    if (wanted == Form.FULL) != bool(answer.findings):
        message = f"this protocol asks for the {wanted} form"
        raise Invalid(
            f"This protocol asks for the {wanted} form.", code="answer_invalid",
            details=[{"field": "findings", "message": message}],
        )  # fmt: skip
    problems = _marks_outside(read, answer.findings)
    if problems:
        raise Invalid("Some marks are not on the image.", code="answer_invalid", details=problems)


# What the database computes in an UPDATE: fetched again only if somebody asks for it.
_COMPUTED = ("opened_at", "first_interaction_at", "submitted_at", "focus_milliseconds")
_WRITTEN = ("state", "draft", "draft_revision", "call", "confidence", "comment", "conclusion", "findings")


def _now_is(read: Read, **written: Any) -> None:
    """Bring the object in line with the row after an UPDATE that found it, without a query."""
    for name, value in written.items():
        setattr(read, name, value)
    for name in _COMPUTED:
        read.__dict__.pop(name, None)


def _reload(read: Read) -> None:
    """What another tab may have written. The session and the case do not change."""
    read.refresh_from_db(fields=[*_WRITTEN, *_COMPUTED])
