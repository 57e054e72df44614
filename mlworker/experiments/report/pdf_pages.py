"""The report as PDF, set like the supplement of a paper; the same content gives the same bytes."""

from __future__ import annotations

import io
from html import escape
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    PageTemplate,
    Spacer,
    TableStyle,
)
from reportlab.platypus import Paragraph as Text
from reportlab.platypus import Table as Grid

from mlworker.experiments.figures.drawing import COLOURS, Drawing
from mlworker.experiments.figures.pdf import WIDE_FONT, is_western, paint, register_fonts, western
from mlworker.experiments.report.content import Block, Content, Figure, Heading, Paragraph
from mlworker.experiments.report.table import Table

_INK, _MUTED, _GRID = HexColor(COLOURS["ink"]), HexColor(COLOURS["muted"]), HexColor(COLOURS["grid"])
_MARGIN = 56.0
_WIDTH = A4[0] - 2 * _MARGIN
_BODY = ParagraphStyle("body", fontName="Times-Roman", fontSize=10, leading=13.4, textColor=_INK, spaceAfter=5)
_TITLE = ParagraphStyle("title", fontName="Times-Bold", fontSize=20, leading=24, textColor=_INK, spaceAfter=4)
_SUBTITLE = ParagraphStyle("subtitle", parent=_BODY, textColor=_MUTED, spaceAfter=14)
_HEADING = ParagraphStyle(
    "heading",
    fontName="Times-Bold",
    fontSize=13.5,
    leading=17,
    textColor=_INK,
    spaceBefore=16,
    spaceAfter=5,
    keepWithNext=0,
)
_CAPTION = ParagraphStyle("caption", fontName="Helvetica", fontSize=8, leading=10.4, textColor=_MUTED, spaceAfter=4)
_CELL = ParagraphStyle("cell", fontName="Helvetica", fontSize=7, leading=8.7, textColor=_INK)
_NUMBER = ParagraphStyle("number", parent=_CELL, alignment=TA_RIGHT)
_HEAD = ParagraphStyle("head", parent=_CELL, fontName="Helvetica-Bold")
_HEAD_NUMBER = ParagraphStyle("head number", parent=_HEAD, alignment=TA_RIGHT)


def pdf_of_report(content: Content) -> bytes:
    register_fonts()
    buffer = io.BytesIO()
    document = BaseDocTemplate(
        buffer, pagesize=A4, leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=58, bottomMargin=58,
        title=content.title, author="Lucency", subject=content.subtitle, invariant=1,
    )  # fmt: skip
    frame = Frame(_MARGIN, 58, _WIDTH, A4[1] - 116, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
    document.addPageTemplates(PageTemplate("page", [frame], onPage=lambda canvas, _: _furniture(canvas, content.title)))
    story: list[Flowable] = [Text(marked(content.title), _TITLE), Text(marked(content.subtitle), _SUBTITLE)]
    waiting: list[Flowable] = []
    for block in content.blocks:
        made = _flowables(block)
        if isinstance(block, Heading):
            waiting = made
        elif isinstance(block, Figure):
            # A heading alone at the foot of a page says nothing.
            height = _Picture(block.drawing).wrap(_WIDTH, 0)[1]
            story += [CondPageBreak(height + 48 + 40 * len(waiting)), *waiting, *made]
            waiting = []
        else:
            story += [*waiting, *made]
            waiting = []
    document.build(story, canvasmaker=_NumberedCanvas)
    return buffer.getvalue()


def marked(text: str) -> str:
    """As reportlab's own markup: what Helvetica and Times lack is set in the embedded font."""
    pieces: list[str] = []
    run, wide = "", False
    for character in western(text):
        beyond = not is_western(character)
        if beyond != wide and run:
            pieces.append(_run(run, wide=wide))
            run = ""
        run, wide = run + character, beyond
    return "".join([*pieces, _run(run, wide=wide)])


def _run(text: str, *, wide: bool) -> str:
    return f'<font face="{WIDE_FONT}">{escape(text)}</font>' if wide and text else escape(text)


def _furniture(canvas: Canvas, title: str) -> None:
    canvas.saveState()
    canvas.setStrokeColor(_GRID)
    canvas.line(_MARGIN, 44, A4[0] - _MARGIN, 44)
    canvas.setFillColor(_MUTED)
    canvas.setFont("Helvetica" if is_western(western(title)) else WIDE_FONT, 7.5)
    canvas.drawString(_MARGIN, 33, western(title)[:100])
    canvas.restoreState()


class _NumberedCanvas(Canvas):
    """Knows how many pages there are before it writes "page 1 of 12"."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - reportlab's own name
        self._pages.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]

    def save(self) -> None:
        for number, page in enumerate(self._pages, start=1):
            self.__dict__.update(page)
            self.setFillColor(_MUTED)
            self.setFont("Helvetica", 7.5)
            self.drawRightString(A4[0] - _MARGIN, 33, f"page {number} of {len(self._pages)}")
            super().showPage()
        super().save()


class _Picture(Flowable):
    """A drawing, made smaller where it is wider or higher than the page."""

    def __init__(self, drawing: Drawing) -> None:
        super().__init__()
        self._drawing = drawing
        self._scale = min(_WIDTH / drawing.width, 620 / drawing.height, 0.86)

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return _WIDTH, self._drawing.height * self._scale + 4

    def draw(self) -> None:
        self.canv.saveState()
        self.canv.translate((_WIDTH - self._drawing.width * self._scale) / 2, 2)
        self.canv.scale(self._scale, self._scale)
        paint(self.canv, self._drawing)
        self.canv.restoreState()


def _flowables(block: Block) -> list[Flowable]:
    if isinstance(block, Heading):
        return [CondPageBreak(90), Text(marked(block.text), _HEADING)]
    if isinstance(block, Paragraph):
        lead = f"<b>{marked(block.lead)}.</b> " if block.lead else ""
        return [Text(lead + marked(block.text), _BODY)]
    if isinstance(block, Figure):
        return [Spacer(1, 4), _Picture(block.drawing), Text(marked(block.caption), _CAPTION), Spacer(1, 6)]
    return _table(block)


def _table(table: Table) -> list[Flowable]:
    kept = [column for column in table.columns if column.printed]
    head, *rows = table.printed()
    styles = [_NUMBER if column.number else _CELL for column in kept]
    heads = [_HEAD_NUMBER if column.number else _HEAD for column in kept]
    cells = [
        [Text(marked(text), style) for text, style in zip(head, heads, strict=True)],
        *([Text(marked(text), style) for text, style in zip(row, styles, strict=True)] for row in rows),
    ]
    total = sum(column.weight for column in kept)
    widths = [_WIDTH * column.weight / total for column in kept]
    title = Text(f"<b><font color='{COLOURS['ink']}'>{marked(table.title)}.</font></b> {marked(table.note)}", _CAPTION)
    grid = Grid(cells, colWidths=widths, repeatRows=1, style=_GRID_STYLE, splitInRow=1)
    return [CondPageBreak(110), Spacer(1, 8), title, grid, Spacer(1, 10)]


_GRID_STYLE = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ("VALIGN", (0, 1), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 5),
        ("TOPPADDING", (0, 0), (-1, -1), 2.4),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.4),
        ("LINEABOVE", (0, 0), (-1, 0), 1.1, _INK),
        ("LINEBELOW", (0, 0), (-1, 0), 0.6, _INK),
        ("LINEBELOW", (0, 1), (-1, -2), 0.3, _GRID),
        ("LINEBELOW", (0, -1), (-1, -1), 1.1, _INK),
    ]
)
