"""A drawing as SVG. Colours are attributes with a class beside them, so that a page's own theme may overrule them."""

from __future__ import annotations

from html import escape

from mlworker.experiments.figures.drawing import COLOURS, Box, Dot, Drawing, Mark, Path, Spot, Words

_FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif"


def svg_of(drawing: Drawing) -> str:
    """The same drawing gives the same text."""
    size = f'width="{_n(drawing.width)}" height="{_n(drawing.height)}"'
    box = f'viewBox="0 0 {_n(drawing.width)} {_n(drawing.height)}"'
    marks = "\n".join(_mark(mark) for mark in drawing.marks)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box} role="img" font-family="{_FONT}">\n'
        f"<title>{escape(drawing.title)}</title>\n<desc>{escape(drawing.description)}</desc>\n"
        f'<rect class="f-paper" width="100%" height="100%" fill="{COLOURS["paper"]}"/>\n{marks}\n</svg>\n'
    )


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _paint(stroke: str | None, fill: str | None) -> str:
    classes = [f"s-{stroke}"] * (stroke is not None) + [f"f-{fill}"] * (fill is not None)
    colours = [f'stroke="{COLOURS[stroke]}"' if stroke else "", f'fill="{COLOURS[fill]}"' if fill else 'fill="none"']
    return " ".join([f'class="{" ".join(classes)}"', *filter(None, colours)])


def _mark(mark: Mark) -> str:
    if isinstance(mark, Path):
        return _path(mark)
    if isinstance(mark, Dot):
        return _dot(mark)
    if isinstance(mark, Box):
        place = f'x="{_n(mark.x)}" y="{_n(mark.y)}" width="{_n(mark.width)}" height="{_n(mark.height)}"'
        return f"<rect {place} {_paint(mark.stroke, mark.fill)}/>"
    if isinstance(mark, Words):
        return _words(mark)
    return _spot(mark)


def _path(path: Path) -> str:
    closed = "Z" if path.fill else ""
    d = "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in path.points) + closed
    dash = f' stroke-dasharray="{",".join(_n(part) for part in path.dash)}"' if path.dash else ""
    opacity = f' fill-opacity="{_n(path.fill_opacity)}"' if path.fill and path.fill_opacity < 1 else ""
    width = f' stroke-width="{_n(path.width)}" stroke-linejoin="round"' if path.stroke else ""
    return f'<path d="{d}" {_paint(path.stroke, path.fill)}{width}{dash}{opacity}/>'


def _dot(dot: Dot) -> str:
    paint = f'{_paint("paper", dot.colour)} stroke-width="1.2"'
    x, y, r = dot.x, dot.y, dot.radius
    if dot.shape == "circle":
        return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(r)}" {paint}/>'
    if dot.shape == "square":
        return f'<rect x="{_n(x - r)}" y="{_n(y - r)}" width="{_n(2 * r)}" height="{_n(2 * r)}" {paint}/>'
    reach = r * 1.3
    corners = f"M{_n(x)} {_n(y - reach)}L{_n(x + reach)} {_n(y)}L{_n(x)} {_n(y + reach)}L{_n(x - reach)} {_n(y)}Z"
    return f'<path d="{corners}" {paint}/>'


def _words(words: Words) -> str:
    turn = f' transform="rotate(-90 {_n(words.x)} {_n(words.y)})"' if words.upright else ""
    weight = ' font-weight="bold"' if words.bold else ""
    return (
        f'<text x="{_n(words.x)}" y="{_n(words.y)}" font-size="{_n(words.size)}" text-anchor="{words.anchor}"'
        f" {_paint(None, words.colour)}{weight}{turn}>{escape(words.text)}</text>"
    )


def _spot(spot: Spot) -> str:
    title = escape("\n".join(spot.says))
    return (
        f'<circle class="spot" cx="{_n(spot.x)}" cy="{_n(spot.y)}" r="5" fill="#000000" fill-opacity="0">'
        f"<title>{title}</title></circle>"
    )
