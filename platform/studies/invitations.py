"""Invitations by mail: a link with a secret, which makes an account and gives it one role."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import Person
from accounts.services import create_person
from common import audit
from common.errors import Conflict, Invalid, NotFound
from studies.models import Invitation, Role, Study
from studies.services import grant_role

VALID_FOR = timedelta(days=14)
_BODY = """Dear {name},

you are invited to take part in the study “{study}” as {role}.

Open this address to choose a password; it works once, until {until} (UTC):

{address}#{token}
"""


@transaction.atomic
def invite_person(
    *, study: Study, email: str, name: str, role: str, address: str, actor: Person
) -> Invitation:  # fmt: skip
    """Send a link to somebody without an account. A newer invitation takes the place of an older one."""
    _check(email, name, role)
    if Person.objects.filter(email__iexact=email).exists():
        raise Conflict("Somebody with this e-mail address has an account: give the role directly.", code="has_account")
    open_invitations(study).filter(email__iexact=email).update(withdrawn_at=Now())
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        study=study, email=email, name=name.strip(), role=role, token_sha256=_hashed(token), invited_by=actor,
        expires_at=timezone.now() + VALID_FOR,
    )  # fmt: skip
    audit.record(
        actor=actor, action="person_invited", subject=f"invitation:{invitation.pk}", study_slug=study.slug,
        payload={"role": role},
    )  # fmt: skip
    body = _BODY.format(
        name=invitation.name, study=study.title, role=role, address=address, token=token,
        until=invitation.expires_at.strftime("%Y-%m-%d %H:%M"),
    )  # fmt: skip
    send_mail(f"Invitation to {study.title}", body, None, [email])
    return invitation


def _check(email: str, name: str, role: str) -> None:
    problems = []
    try:
        validate_email(email)
    except ValidationError as error:
        problems.append({"field": "email", "message": " ".join(error.messages)})
    if not name.strip():
        problems.append({"field": "name", "message": "is empty"})
    if role not in Role.values:
        problems.append({"field": "role", "message": f"choose one of {', '.join(Role.values)}"})
    if problems:
        raise Invalid("The invitation is not complete.", details=problems)


def open_invitations(study: Study) -> QuerySet[Invitation]:
    """Those that could still be accepted."""
    return Invitation.objects.filter(study=study, accepted_at=None, withdrawn_at=None, expires_at__gt=Now())


def invitation_behind(token: str) -> Invitation:
    """The open invitation of a link; an old, used or invented link leads nowhere, and does not say why."""
    found = Invitation.objects.filter(
        token_sha256=_hashed(token), accepted_at=None, withdrawn_at=None, expires_at__gt=Now()
    )
    invitation = found.select_related("study").first()
    if invitation is None:
        raise NotFound("This invitation does not work any more. Ask for a new one.", code="no_invitation")
    return invitation


@transaction.atomic
def accept_invitation(*, token: str, name: str, password: str) -> Person:
    """Make the account and give it the role. The link works once."""
    invitation = invitation_behind(token)
    taken = open_invitations(invitation.study).filter(pk=invitation.pk).update(accepted_at=Now())
    if not taken:
        raise Conflict("This invitation has just been accepted.", code="accepted_already")
    person = create_person(email=invitation.email, name=name, password=password)
    grant_role(study=invitation.study, person=person, role=invitation.role, actor=invitation.invited_by)
    audit.record(
        actor=person, action="invitation_accepted", subject=f"invitation:{invitation.pk}",
        study_slug=invitation.study.slug,
    )  # fmt: skip
    return person


@transaction.atomic
def withdraw_invitation(*, study: Study, invitation_id: int, actor: Person) -> None:
    if not open_invitations(study).filter(pk=invitation_id).update(withdrawn_at=Now()):
        raise NotFound("There is no such open invitation.")
    audit.record(
        actor=actor, action="invitation_withdrawn", subject=f"invitation:{invitation_id}", study_slug=study.slug
    )


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
