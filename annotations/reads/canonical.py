"""All reads of a session in the one form that is hashed and signed."""

from __future__ import annotations

import hashlib
import json

from annotations.reads.models import Read, ReadSession


def canonical_reads(session: ReadSession) -> str:
    rows = [
        {
            "position": read.position,
            "code": read.code,
            "practice": read.is_practice,
            "call": read.call,
            "confidence": read.confidence,
            "comment": read.comment,
            "opened_at": read.opened_at.isoformat() if read.opened_at else None,
            "submitted_at": read.submitted_at.isoformat() if read.submitted_at else None,
        }
        for read in Read.objects.filter(session=session).order_by("position")
    ]
    return json.dumps({"session": session.pk, "reads": rows}, sort_keys=True, separators=(",", ":"))


def reads_sha256(session: ReadSession) -> str:
    return hashlib.sha256(canonical_reads(session).encode()).hexdigest()
