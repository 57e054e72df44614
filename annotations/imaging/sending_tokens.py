"""Tokens with which other machines send files into a study. Shown once; kept as a keyed hash."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import Person
from annotations.imaging.models import SendingToken
from common import audit
from common.encryption import keyed_hash
from common.errors import Conflict, Invalid
from studies.models import Study

_BEGINS_WITH = "lucency-send-"
# Often enough for people, and not a write for every file.
_USED_EVERY = timedelta(minutes=1)


@transaction.atomic
def create_token(*, study: Study, name: str, actor: Person | None) -> tuple[SendingToken, str]:
    """The row and the token itself, which nobody can be shown again."""
    name = name.strip()
    if not name:
        raise Invalid("Give the token a name.", details=[{"field": "name", "message": "is empty"}])
    token = _BEGINS_WITH + secrets.token_urlsafe(32)
    row = SendingToken.objects.create(study=study, name=name[:80], token_hash=_hash(token), created_by=actor)
    _record(row, "sending_token_created", actor)
    return row, token


@transaction.atomic
def withdraw_token(*, token: SendingToken, actor: Person) -> SendingToken:
    if not SendingToken.objects.filter(pk=token.pk, withdrawn_at=None).update(withdrawn_at=Now()):
        raise Conflict("This token has been withdrawn already.", code="already_withdrawn")
    _record(token, "sending_token_withdrawn", actor)
    token.refresh_from_db()
    return token


def valid_token(token: str) -> SendingToken | None:
    if not token.startswith(_BEGINS_WITH):
        return None
    return SendingToken.objects.select_related("study").filter(token_hash=_hash(token), withdrawn_at=None).first()


def mark_used(token: SendingToken) -> None:
    if token.last_used_at is None or timezone.now() - token.last_used_at > _USED_EVERY:
        SendingToken.objects.filter(pk=token.pk).update(last_used_at=Now())


def _hash(token: str) -> str:
    return keyed_hash("sending-token", token)


def _record(token: SendingToken, action: str, actor: Person | None) -> None:
    audit.record(
        actor=actor, action=action, subject=f"sending_token:{token.pk}", study_slug=token.study.slug,
        payload={"name": token.name},
    )  # fmt: skip
