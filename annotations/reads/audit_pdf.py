"""The signed audit trail of one session: every event of it from the hash-chained log, for administrators."""

from __future__ import annotations

from typing import Any

from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, Spacer

from annotations.reads.canonical import signature_holds
from annotations.reads.models import ReadSession
from annotations.reads.session_pdf import BODY, HASH, HEADING, SMALL, TITLE, as_text, built, facts_table, table, utc
from common.audit import event_hash
from common.models import AuditEvent


def audit_pdf(session: ReadSession) -> bytes:
    """What happened when and under which hash; no answer is in it, so it may be read before the unblinding."""
    subjects = [f"session:{session.pk}", f"protocol:{session.protocol_id}"]
    events = list(AuditEvent.objects.filter(subject__in=subjects).order_by("sequence"))
    own = [event for event in events if event.subject == subjects[0] or event.payload.get("session") == session.pk]
    broken = [event.sequence for event in events if event.hash != event_hash(event)]
    intact = (
        "Every event below has the hash that follows from its content."
        if not broken
        else (f"EVENTS {', '.join(map(str, broken))} DO NOT HAVE THE HASH THAT FOLLOWS FROM THEIR CONTENT.")
    )
    parts: list[Any] = [
        Paragraph("Audit trail of a reading session", TITLE),
        Spacer(1, 2 * mm),
        facts_table(_facts(session)),
        *_signature(session),
        Paragraph("Events", HEADING),
        Paragraph(intact, BODY),
        Spacer(1, 1.5 * mm),
        _events(own),
    ]
    return built(parts, title=f"Audit trail of session {session.pk}")


def _facts(session: ReadSession) -> list[tuple[str, str]]:
    protocol = session.protocol
    return [
        ("Study", protocol.study.title),
        ("Protocol", f"{protocol.title}, version {protocol.version}"),
        ("Reader", session.reader.name),
        ("Session", f"{session.number} of {protocol.sessions_per_reader}, {session.state}"),
        ("Planned", utc(session.created_at)),
        ("Seed of the order", str(session.seed) if session.state == "signed" else "told once the session is signed"),
    ]


def _signature(session: ReadSession) -> list[Any]:
    signature = getattr(session, "signature", None)
    if signature is None:
        return [Paragraph("The session is not signed.", BODY)]
    holds = "The stored reads have this hash." if signature_holds(signature) else "THE STORED READS DO NOT HAVE IT."
    return [
        Paragraph("Signature", HEADING),
        facts_table([
            ("Name", signature.name), ("Time (UTC)", utc(signature.signed_at)), ("Meaning", signature.meaning),
        ]),
        Paragraph("SHA-256 over the canonical reads", SMALL),
        Paragraph(signature.reads_sha256, HASH),
        Paragraph(holds, BODY),
    ]  # fmt: skip


def _events(events: list[AuditEvent]) -> Any:
    rows: list[list[Any]] = [["Event", "Time (UTC)", "Who", "What", "With", "Hash"]]
    for event in events:
        told = ", ".join(f"{name} {value}" for name, value in sorted(event.payload.items()) if name != "session")
        rows.append([
            str(event.sequence), utc(event.at), Paragraph(as_text(event.actor_name or "the platform"), SMALL),
            Paragraph(event.action.replace("_", " "), SMALL), Paragraph(as_text(told), SMALL),
            Paragraph(event.hash[:12], HASH),
        ])  # fmt: skip
    return table(rows, [14, 30, 32, 32, 34, 27])
