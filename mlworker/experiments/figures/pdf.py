"""A drawing as PDF, alone on a page of its own size or within the report."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path as FilePath

from reportlab.lib.colors import HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from mlworker.experiments.figures.drawing import COLOURS, Box, Dot, Drawing, Mark, Path, Words

WIDE_FONT = "DejaVuSans"
WIDE_BOLD = "DejaVuSans-Bold"


@lru_cache(maxsize=1)
def register_fonts() -> None:
    """Helvetica knows Western letters alone; names and signs beyond them are set in DejaVu, which is embedded."""
    import matplotlib

    folder = FilePath(matplotlib.get_data_path()) / "fonts" / "ttf"
    pdfmetrics.registerFont(TTFont(WIDE_FONT, str(folder / "DejaVuSans.ttf")))
    pdfmetrics.registerFont(TTFont(WIDE_BOLD, str(folder / "DejaVuSans-Bold.ttf")))


def is_western(text: str) -> bool:
    return all(character.encode("cp1252", "ignore") for character in text)


def western(text: str) -> str:
    """The minus sign and a few others have near relatives in Helvetica."""
    return text.replace("−", "–").replace("≥", ">=").replace("≤", "<=").replace("\u2009", " ")


def font_of(text: str, *, bold: bool = False) -> str:
    if is_western(text):
        return "Helvetica-Bold" if bold else "Helvetica"
    register_fonts()
    return WIDE_BOLD if bold else WIDE_FONT


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    plain = western(text)
    return float(pdfmetrics.stringWidth(plain, font_of(plain, bold=bold), size))


def pdf_of(drawing: Drawing) -> bytes:
    """The same drawing gives the same bytes: no time, no random identifier."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(drawing.width, drawing.height), invariant=1)
    canvas.setTitle(drawing.title)
    canvas.setSubject(drawing.description)
    paint(canvas, drawing)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def paint(canvas: Canvas, drawing: Drawing) -> None:
    """With its lower left corner at the canvas' origin."""
    canvas.saveState()
    canvas.translate(0, drawing.height)
    canvas.scale(1, -1)
    for mark in drawing.marks:
        _mark(canvas, mark)
    canvas.restoreState()


def _mark(canvas: Canvas, mark: Mark) -> None:
    canvas.saveState()
    if isinstance(mark, Path):
        _path(canvas, mark)
    elif isinstance(mark, Dot):
        _dot(canvas, mark)
    elif isinstance(mark, Box):
        _colours(canvas, mark.stroke, mark.fill)
        canvas.rect(mark.x, mark.y, mark.width, mark.height, stroke=int(mark.stroke is not None),
                    fill=int(mark.fill is not None))  # fmt: skip
    elif isinstance(mark, Words):
        _words(canvas, mark)
    canvas.restoreState()


def _colours(canvas: Canvas, stroke: str | None, fill: str | None) -> None:
    if stroke:
        canvas.setStrokeColor(HexColor(COLOURS[stroke]))
    if fill:
        canvas.setFillColor(HexColor(COLOURS[fill]))


def _path(canvas: Canvas, path: Path) -> None:
    _colours(canvas, path.stroke, path.fill)
    canvas.setLineWidth(path.width)
    canvas.setLineJoin(1)
    if path.dash:
        canvas.setDash(list(path.dash))
    if path.fill:
        canvas.setFillAlpha(path.fill_opacity)
    traced = canvas.beginPath()
    traced.moveTo(*path.points[0])
    for point in path.points[1:]:
        traced.lineTo(*point)
    if path.fill:
        traced.close()
    canvas.drawPath(traced, stroke=int(path.stroke is not None), fill=int(path.fill is not None))


def _dot(canvas: Canvas, dot: Dot) -> None:
    _colours(canvas, "paper", dot.colour)
    canvas.setLineWidth(1.2)
    if dot.shape == "circle":
        canvas.circle(dot.x, dot.y, dot.radius, stroke=1, fill=1)
    elif dot.shape == "square":
        side = 2 * dot.radius
        canvas.rect(dot.x - dot.radius, dot.y - dot.radius, side, side, stroke=1, fill=1)
    else:
        reach = dot.radius * 1.3
        corners = canvas.beginPath()
        corners.moveTo(dot.x, dot.y - reach)
        for x, y in ((dot.x + reach, dot.y), (dot.x, dot.y + reach), (dot.x - reach, dot.y)):
            corners.lineTo(x, y)
        corners.close()
        canvas.drawPath(corners, stroke=1, fill=1)


def _words(canvas: Canvas, words: Words) -> None:
    text = western(words.text)
    canvas.setFillColor(HexColor(COLOURS[words.colour]))
    canvas.setFont(font_of(text, bold=words.bold), words.size)
    canvas.translate(words.x, words.y)
    canvas.scale(1, -1)
    if words.upright:
        canvas.rotate(90)
    draw = {"start": canvas.drawString, "middle": canvas.drawCentredString, "end": canvas.drawRightString}
    draw[words.anchor](0, 0, text)
