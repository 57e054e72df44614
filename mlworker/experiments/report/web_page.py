"""The report as one HTML file: figures inside, nothing fetched, nothing run."""

from __future__ import annotations

from html import escape

from mlworker.experiments.figures.svg import svg_of
from mlworker.experiments.report.content import Block, Content, Figure, Heading, Paragraph
from mlworker.experiments.report.table import Table

_STYLE = """
body{font:15px/1.5 Georgia,'Times New Roman',serif;color:#1d2529;max-width:880px;margin:48px auto;padding:0 24px}
h1{font-size:26px;line-height:1.25;margin:0 0 6px}h2{font-size:19px;margin:38px 0 8px;
border-bottom:1px solid #9aa5ab;padding-bottom:4px}
.sub{color:#566167;margin:0 0 24px}p{margin:0 0 9px}
figure{margin:18px 0;break-inside:avoid}figure svg{max-width:100%;height:auto}
figcaption,caption{font:13px/1.4 Helvetica,Arial,sans-serif;color:#566167;text-align:left;padding:4px 0}
caption b{color:#1d2529}
table{border-collapse:collapse;width:100%;margin:20px 0;font:12px/1.35 Helvetica,Arial,sans-serif;
border-bottom:1.5px solid #1d2529}
thead th{border-top:1.5px solid #1d2529;border-bottom:.8px solid #1d2529;text-align:left;vertical-align:bottom}
th,td{padding:4px 7px 4px 0;vertical-align:top}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
tbody tr+tr td{border-top:.5px solid #dde3e6}
@media print{body{margin:0;max-width:none;font-size:11pt}table{font-size:8pt}}
"""


def page_of(content: Content) -> str:
    body = "\n".join(_block(block) for block in content.blocks)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(content.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f'<h1>{escape(content.title)}</h1>\n<p class="sub">{escape(content.subtitle)}</p>\n{body}\n</body>\n</html>\n'
    )


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"<h2>{escape(block.text)}</h2>"
    if isinstance(block, Paragraph):
        lead = f"<b>{escape(block.lead)}.</b> " if block.lead else ""
        return f"<p>{lead}{escape(block.text)}</p>"
    if isinstance(block, Figure):
        caption = f"<figcaption>{escape(block.caption)}</figcaption>"
        return f"<figure>\n{svg_of(block.drawing)}{caption}\n</figure>"
    return _table(block)


def _table(table: Table) -> str:
    kept = [column for column in table.columns if column.printed]
    head, *rows = table.printed()

    def cells(tag: str, row: list[str]) -> str:
        kinds = [' class="n"' if column.number else "" for column in kept]
        return "".join(f"<{tag}{kind}>{escape(cell)}</{tag}>" for kind, cell in zip(kinds, row, strict=True))

    body = "\n".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    caption = f"<caption><b>{escape(table.title)}.</b> {escape(table.note)}</caption>"
    return f"<table>{caption}\n<thead><tr>{cells('th', head)}</tr></thead>\n<tbody>\n{body}\n</tbody></table>"
