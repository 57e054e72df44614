"""All reads of a session in the one form that is hashed and signed."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from annotations.reads.models import Read, ReadCorrection, ReadSession, Signature
from annotations.reads.models.read import Answered

# 1: quick answers alone. 2: findings, conclusions, repeats, and the corrections made before the signature.
CANONICAL_VERSION = 2


def canonical_reads(session: ReadSession, version: int = CANONICAL_VERSION) -> str:
    reads = Read.objects.filter(session=session).order_by("position").prefetch_related("corrections")
    rows = [_first_form(read) if version == 1 else _first_form(read) | _second_form(read) for read in reads]
    return _written({"session": session.pk, "reads": rows})


def _first_form(read: Read) -> dict[str, Any]:
    return {
        "position": read.position,
        "code": read.code,
        "practice": read.is_practice,
        "call": read.call,
        "confidence": read.confidence,
        "comment": read.comment,
        "opened_at": read.opened_at.isoformat() if read.opened_at else None,
        "submitted_at": read.submitted_at.isoformat() if read.submitted_at else None,
    }


def _second_form(read: Read) -> dict[str, Any]:
    corrections = sorted(read.corrections.all(), key=lambda correction: correction.version)
    return {
        "repeat": read.is_repeat,
        "conclusion": read.conclusion,
        "findings": read.findings,
        "corrections": [_correction(c) for c in corrections if not c.after_signing],
    }


def _correction(correction: ReadCorrection) -> dict[str, Any]:
    return _answer(correction) | {
        "version": correction.version,
        "reason": correction.reason,
        "corrected_at": correction.corrected_at.isoformat(),
    }


def _answer(row: Answered) -> dict[str, Any]:
    return {
        "call": row.call,
        "confidence": row.confidence,
        "conclusion": row.conclusion,
        "comment": row.comment,
        "findings": row.findings,
    }


def _written(body: Any) -> str:
    return json.dumps(body, sort_keys=True, separators=(",", ":"))


def sha256_of(body: Any) -> str:
    return hashlib.sha256(_written(body).encode()).hexdigest()


def reads_sha256(session: ReadSession, version: int = CANONICAL_VERSION) -> str:
    return hashlib.sha256(canonical_reads(session, version).encode()).hexdigest()


def signature_holds(signature: Signature) -> bool:
    """Whether the reads are still those that were signed."""
    return signature.reads_sha256 == reads_sha256(signature.session, signature.canonical_version)


def correction_sha256(read: Read, correction: ReadCorrection) -> str:
    return sha256_of({"session": read.session_id, "position": read.position, "correction": _correction(correction)})
