"""A protocol of a few cases without pictures, for what happens around the reads."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pgtrigger
from django.utils import timezone

from annotations.reads.models import Read, ReadProtocol, ReadSession, Signature
from annotations.reads.services import accept_instructions
from tests.experiments_tests.small_study import make_protocol, make_small_study
from tests.factories import plan_for, read_at
from tests.reads_tests.reading import read_all, sign


def make_small_protocol(**settings: Any) -> ReadProtocol:
    """Eight cases of the sealed part, four of each kind; a draft with these settings."""
    protocol = make_protocol(make_small_study(loose=8, well_fixed=8, test=0.5, images=False))
    ReadProtocol.objects.filter(pk=protocol.pk).update(**settings)
    protocol.refresh_from_db()
    return protocol


def accepted(protocol: ReadProtocol, reader: Any) -> ReadSession:
    session = plan_for(protocol, reader)
    accept_instructions(session=session)
    return ReadSession.objects.select_related("protocol__study", "reader").get(pk=session.pk)


def read_and_sign(session: ReadSession) -> None:
    read_all(session)
    sign(session)


def signed_days_ago(session: ReadSession, days: int) -> None:
    """As if the signature had been given then: the one thing that a test cannot wait for."""
    with pgtrigger.ignore("reads.Signature:signatures_stay"):
        Signature.objects.filter(session=session).update(signed_at=timezone.now() - timedelta(days=days))


def first_read(session: ReadSession) -> Read:
    return read_at(session, 1)
