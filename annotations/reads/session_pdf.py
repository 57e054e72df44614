"""A session on paper: what was read, by whom, in which order, and the signature over it."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from annotations.reads.canonical import reads_sha256
from annotations.reads.models import Form, Read, ReadSession
from annotations.reads.models.read import Answered

_INK = colors.HexColor("#1d2a30")
_MUTED = colors.HexColor("#5b6b72")
_LINE = colors.HexColor("#c8d2d6")
TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=15, leading=19, textColor=_INK)
HEADING = ParagraphStyle(
    "heading", fontName="Helvetica-Bold", fontSize=10.5, leading=14, textColor=_INK, spaceBefore=10
)
BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=8.5, leading=11.5, textColor=_INK)
SMALL = ParagraphStyle("small", parent=BODY, fontSize=7.5, leading=9.5)
HASH = ParagraphStyle("hash", parent=BODY, fontName="Courier", fontSize=7.5, leading=10)
_WORDS = {
    "loose": "loose", "well_fixed": "well fixed", "cannot_assess": "cannot assess", "": "",
    "under_1_mm": "< 1 mm", "from_1_to_2_mm": "1-2 mm", "over_2_mm": "> 2 mm",
}  # fmt: skip


def session_pdf(session: ReadSession) -> bytes:
    """The reader's own document: their answers, corrections, and the signature."""
    reads = list(
        Read.objects.filter(session=session).defer("case").prefetch_related("corrections").order_by("position")
    )
    # Where the session is not signed, a case that comes twice must not be recognised by its first answer.
    signature = getattr(session, "signature", None)
    parts: list[Any] = [Paragraph(as_text(session.protocol.title), TITLE), Spacer(1, 2 * mm)]
    parts += _facts(session, reads)
    if signature is None:
        parts.append(Paragraph("This session is not signed. Its answers are not printed before.", BODY))
    else:
        parts += [
            *_signature(session),
            Paragraph("Reads", HEADING),
            _reads_table(session, reads),
            *_corrections(reads),
        ]
    return built(parts, title=f"Reading session {session.pk}")


def built(parts: list[Any], *, title: str) -> bytes:
    """The document's bytes, the same for the same content."""
    buffer = io.BytesIO()
    document = SimpleDocTemplate(
        buffer, pagesize=A4, title=title, author="Lucency", leftMargin=18 * mm, rightMargin=18 * mm,
        topMargin=18 * mm, bottomMargin=18 * mm, invariant=True,
    )  # fmt: skip
    document.build(parts, onFirstPage=_foot, onLaterPages=_foot)
    return buffer.getvalue()


def _foot(canvas: Any, document: Any) -> None:
    canvas.saveState()
    canvas.setFont("Helvetica", 7)
    canvas.setFillColor(_MUTED)
    canvas.drawString(18 * mm, 10 * mm, "Lucency: blinded reading. Times are UTC.")
    canvas.drawRightString(A4[0] - 18 * mm, 10 * mm, f"page {document.page}")
    canvas.restoreState()


def utc(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") if moment else ""


def as_text(text: str) -> str:
    return escape(text).replace("\n", "<br/>")


def table(rows: list[list[Any]], widths: list[float]) -> Table:
    made = Table(rows, colWidths=[width * mm for width in widths], repeatRows=1, hAlign="LEFT")
    made.setStyle(
        TableStyle([
            ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 7.5),
            ("FONT", (0, 1), (-1, -1), "Helvetica", 7.5),
            ("TEXTCOLOR", (0, 0), (-1, -1), _INK),
            ("LINEBELOW", (0, 0), (-1, 0), 0.7, _INK),
            ("LINEBELOW", (0, 1), (-1, -1), 0.25, _LINE),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
            ("LEFTPADDING", (0, 0), (0, -1), 0),
        ])
    )  # fmt: skip
    return made


_CLOSE = TableStyle([
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("TOPPADDING", (0, 0), (-1, -1), 1),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
])  # fmt: skip


def facts_table(facts: list[tuple[str, str]]) -> Table:
    rows = [[Paragraph(name, SMALL), Paragraph(as_text(value), BODY)] for name, value in facts]
    made = Table(rows, colWidths=[38 * mm, 130 * mm], hAlign="LEFT")
    made.setStyle(_CLOSE)
    return made


def _facts(session: ReadSession, reads: list[Read]) -> list[Any]:
    practice = sum(read.is_practice for read in reads)
    repeats = sum(read.is_repeat for read in reads)
    cases = f"{len(reads) - practice} reads" + (f", of which {repeats} are repeats" if repeats else "")
    return [
        facts_table([
            ("Reader", session.reader.name),
            ("Session", f"{session.number} of {session.protocol.sessions_per_reader}"),
            ("Protocol", f"version {session.protocol.version}, {session.protocol.form} form"),
            ("Cases", f"{cases}; {practice} practice cases before them"),
            ("Instructions accepted", utc(session.instructions_accepted_at)),
        ])
    ]  # fmt: skip


def _signature(session: ReadSession) -> list[Any]:
    signature = session.signature
    holds = reads_sha256(session, signature.canonical_version) == signature.reads_sha256
    return [
        Paragraph("Signature", HEADING),
        facts_table([
            ("Name", signature.name), ("Time (UTC)", utc(signature.signed_at)), ("Meaning", signature.meaning),
        ]),
        Paragraph("SHA-256 over the canonical reads", SMALL),
        Paragraph(signature.reads_sha256, HASH),
        Paragraph(
            "The reads below have this hash." if holds else "THE READS BELOW DO NOT HAVE THIS HASH.", BODY
        ),
    ]  # fmt: skip


def _reads_table(session: ReadSession, reads: list[Read]) -> Table:
    full = session.protocol.form == Form.FULL
    said = "Conclusion" if full else "Confidence"
    rows: list[list[Any]] = [["No.", "Case", "Call", said, "Opened", "Submitted", "Comment and findings"]]
    for read in reads:
        kind = " practice" if read.is_practice else " repeat" if read.is_repeat else ""
        value = word(read.conclusion) if full else _number(read.confidence)
        rows.append([
            str(read.position), Paragraph(read.code + kind, SMALL), word(read.call), Paragraph(value, SMALL),
            utc(read.opened_at)[5:], utc(read.submitted_at)[5:], Paragraph(_remarks(read), SMALL),
        ])  # fmt: skip
    return table(rows, [9, 30, 20, 24, 25, 25, 36])


def _number(confidence: int | None) -> str:
    return "" if confidence is None else str(confidence)


def word(key: str) -> str:
    return _WORDS.get(key, key.replace("_", " "))


def _remarks(answer: Answered) -> str:
    findings = answer.findings
    zones = ", ".join(f"{zone} {word(width)}" for zone, width in findings.get("zones", {}).items() if width != "none")
    told = [
        f"lucency: {zones}" if zones else "",
        f"scalloping: {', '.join(findings['scalloping'])}" if findings.get("scalloping") else "",
        *(f"{part}: {word(findings[part]['conclusion'])}" for part in ("cup", "stem") if findings.get(part)),
        f"{len(findings['marks'])} marks" if findings.get("marks") else "",
        answer.comment,
    ]
    return as_text("; ".join(text for text in told if text))


def _corrections(reads: list[Read]) -> list[Any]:
    rows: list[list[Any]] = [["No.", "Version", "Call", "Confidence", "Corrected (UTC)", "Reason", "SHA-256"]]
    for read in reads:
        for correction in sorted(read.corrections.all(), key=lambda c: c.version):
            said = word(correction.conclusion) or _number(correction.confidence)
            rows.append([
                str(read.position), str(correction.version), word(correction.call), Paragraph(said, SMALL),
                utc(correction.corrected_at), Paragraph(as_text(correction.reason), SMALL),
                Paragraph(f"{correction.sha256[:16]}…", SMALL),
            ])  # fmt: skip
    if len(rows) == 1:
        return []
    about = "The first version stays; which one the analysis uses stands in the protocol."
    return [Paragraph("Corrections", HEADING), Paragraph(about, BODY), table(rows, [9, 13, 20, 22, 31, 47, 27])]
