"""The analysis as one HTML file that needs nothing else: tables, figures as inline SVG, fit to be printed."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from itertools import groupby

from mlworker.statistics.spreadsheet.analysis import SMALLEST_SUBGROUP, Analysis
from mlworker.statistics.spreadsheet.drawing import colour, dash
from mlworker.statistics.spreadsheet.figures import (
    decision_figure,
    differences_figure,
    indices,
    reliability_figure,
    roc_figure,
    subgroup_figure,
)
from mlworker.statistics.spreadsheet.page_tables import (
    agreement_rows,
    calibration_rows,
    difference_rows,
    family_rows,
    operating_rows,
    panel_rows,
    rater_rows,
    session_rows,
    share_rows,
)
from mlworker.statistics.spreadsheet.summary import attainable_remark, attainable_rows

_STYLE = """
:root{color-scheme:light}*{box-sizing:border-box}
body{font:14px/1.5 system-ui,"Segoe UI",Roboto,Helvetica,Arial,sans-serif;color:#1d232b;background:#fff;margin:0}
main{max-width:1120px;margin:0 auto;padding:36px 28px 60px}
h1{font-size:25px;line-height:1.2;margin:0 0 4px;font-weight:650;letter-spacing:-.01em}
h2{font-size:17px;margin:38px 0 8px;font-weight:650;border-top:1px solid #d9dde3;padding-top:16px}
h3{font-size:13px;margin:18px 0 4px;font-weight:650;color:#46505c}
p{max-width:75ch;margin:6px 0}.lead{color:#55606d}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;margin:8px 0 4px}
th,td{text-align:right;padding:5px 10px 5px 0;border-bottom:1px solid #e7eaee;vertical-align:top}
th{font-weight:600;color:#55606d;font-size:12px;border-bottom:1px solid #aab2bc;vertical-align:bottom}
th:first-child,td:first-child,.w{text-align:left}td{white-space:nowrap}td.w{white-space:normal}.wide{overflow-x:auto}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(310px,1fr));gap:20px 28px}
figure{margin:8px 0;break-inside:avoid}figcaption{font-size:12px;color:#55606d;max-width:52ch}
svg{width:100%;height:auto;max-width:430px;font:11px system-ui,Arial,sans-serif;fill:#46505c}
svg.forest{max-width:620px}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(440px,1fr));gap:4px 36px}
svg .name{font-weight:600}svg .heading{font-weight:650;fill:#1d232b}
.frame{fill:none;stroke:#8a939e}.grid{stroke:#eceff2}.chance{stroke:#9aa2ad;stroke-dasharray:3 3}
.limits{stroke:#0072b2;stroke-width:1.6}.point{fill:#0072b2}.touch{fill:transparent}.touch:hover{fill:#1d232b44}
.key{display:flex;flex-wrap:wrap;gap:4px 18px;margin:8px 0;padding:0;list-style:none;font-size:12px}
.key svg{width:34px;height:10px;vertical-align:middle;margin-right:6px}
ul.remarks{padding-left:18px;max-width:85ch}ul.remarks li{margin:5px 0}
@media print{@page{size:A4 landscape;margin:12mm}main{max-width:none;padding:0}body{font-size:8.5pt}
h2,h3,.key{break-after:avoid}tr,figure,li,.pair>div{break-inside:avoid}.wide{overflow:visible}.touch{display:none}
th{font-size:7.5pt}th,td{padding:3px 8px 3px 0}thead{display:table-header-group}
.figures{grid-template-columns:repeat(3,1fr)}.pair{grid-template-columns:1fr 1fr}}
"""


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    told = list(rows)
    if not told:
        return ""
    words = [all(not row[i] or row[i][0].isalpha() for row in told) for i in range(len(header))]

    def line(tag: str, cells: Sequence[str]) -> str:
        marked = zip(cells, words, strict=True)
        return "".join(f"<{tag}{' class=w' if word else ''}>{html.escape(cell)}</{tag}>" for cell, word in marked)

    body = "".join(f"<tr>{line('td', row)}</tr>" for row in told)
    return f"<div class='wide'><table><thead><tr>{line('th', header)}</tr></thead><tbody>{body}</tbody></table></div>"


def _figure(drawn: str | None, caption: str) -> str:
    return f"<figure>{drawn}<figcaption>{html.escape(caption)}</figcaption></figure>" if drawn else ""


def _section(title: str, *parts: str, note: str = "") -> str:
    inside = "".join(part for part in parts if part)
    told = f"<p class='lead'>{html.escape(note)}</p>" if note else ""
    return f"<section><h2>{html.escape(title)}</h2>{told}{inside}</section>" if inside else ""


def _key(found: Analysis) -> str:
    items = "".join(
        f"<li><svg viewBox='0 0 34 10' aria-hidden='true'><line x1='0' x2='34' y1='5' y2='5' stroke='{colour(i)}' "
        f"stroke-width='2.4' stroke-dasharray='{dash(i)}'/></svg>{html.escape(name)}</li>"
        for name, i in indices(found).items()
    )
    return f"<ul class='key'>{items}</ul>"


def _remarks(found: Analysis) -> str:
    said, ruled_out = list(found.remarks), attainable_rows(found)
    if ruled_out:
        said.append(attainable_remark())
    items = "".join(f"<li>{html.escape(remark)}</li>" for remark in said)
    header = ["Difference", "Of", "Right", "One-way discordant at most", "Smallest attainable p"]
    listed = f"<ul class='remarks'>{items}</ul>" if said else ""
    return _section("What these cases cannot show", listed, _table(header, ruled_out))


def _curves(found: Analysis) -> str:
    prevalence = "at the prevalence given" if found.prevalence is not None else "at the share of positives here"
    figures = "".join([
        _figure(roc_figure(found), "ROC. Curves from scores; points at the calls, with intervals of both proportions. "
                "Rest the pointer on a curve to read its threshold."),
        _figure(reliability_figure(found), "Reliability of the models' probabilities, ten bins."),
        _figure(decision_figure(found), f"Net benefit {prevalence}; grey: treat all, and treat none."),
    ])  # fmt: skip
    return _section("Curves", f"{_key(found)}<div class='figures'>{figures}</div>" if figures else "")


def _differences(found: Analysis) -> str:
    header = ["First minus second", "n", "Sensitivity", "p", "Specificity", "p", "AUC", "p", "PPV p", "NPV p"]
    way = (
        "Over patients, drawn by bootstrap; p by the normal distribution."
        if found.clustered
        else "Tango's intervals with exact McNemar p; AUC by DeLong; predictive values by the generalised score test."
    )
    figures = "".join(
        f"<div><h3>{title}</h3>{drawn}</div>"
        for title, quantity in (("Sensitivity", "sensitivity"), ("Specificity", "specificity"), ("AUC", "auc"))
        if (drawn := differences_figure(found, quantity))
    )
    return _section(
        "Paired differences",
        _table(header, difference_rows(found)),
        f"<div class='pair'>{figures}</div>" if figures else "",
        note=way,
    )


def _subgroups(found: Analysis) -> str:
    parts = []
    for column, groups in groupby(found.subgroups, key=lambda group: group.column):
        own = list(groups)
        drawn = "".join(
            _figure(subgroup_figure(own, quantity), f"{quantity.capitalize()} by {column}, Wilson intervals.")
            for quantity in ("sensitivity", "specificity")
        )
        parts.append(f"<div class='pair'>{drawn}</div>")
    return _section("Subgroups", *parts, note=f"A subgroup with fewer than {SMALLEST_SUBGROUP} cases shows its n only.")


def page(found: Analysis, source: str) -> str:
    """`source`: the spreadsheet's name, for the title."""
    counted = (
        f"{found.cases} cases of {found.patients} patients, {found.positives} positive and {found.negatives} negative; "
        f"intervals at {found.level:.0%}. {found.replicates} bootstrap replicates, seed {found.seed}."
    )
    agreement_note = "Cohen's kappa, PABAK; all readers with intervals over cases by bootstrap."
    random_note = (
        "Obuchowski and Rockette with Hillis' degrees of freedom: what holds for other readers and other cases."
    )
    sections = [
        _section("Models and readers", _table(
            ["", "n", "TP", "FP", "FN", "TN", "Sensitivity", "Specificity", "AUC", "AUC interval by"],
            rater_rows(found))),
        _remarks(found),
        _curves(found),
        _differences(found),
        _section("Models at the readers' operating points", _table(
            ["Model at reader", "Read at", "Attainable", "At threshold", "Interpolated", "Reader"],
            operating_rows(found)), note="Thresholds chosen on these very cases are optimistic."),
        _section("Readers and cases random", _table(
            ["", "Figure", "Value or difference", "SE", "df", "p"], panel_rows(found)),
            f"<p>{html.escape(found.readers.undefined)}</p>" if found.readers.undefined else "",
            _table(["Sessions", "Figure", "Difference", "df", "p"], session_rows(found)), note=random_note),
        _section("Several models: Holm", _table(["Question", "Comparison", "p", "Adjusted p"], family_rows(found))),
        _section("Agreement", _table(
            ["", "n", "Agreement", "Kappa", "PABAK"], agreement_rows(found)), note=agreement_note),
        _section("Shares, exact and otherwise", _table(
            ["", "", "Count", "Value", "Wilson", "Clopper-Pearson"], share_rows(found))),
        _section("Calibration", _table(
            ["", "Brier", "Slope", "Intercept", "Spiegelhalter p", "ECE", "MCE"], calibration_rows(found))),
        _subgroups(found),
    ]  # fmt: skip
    title = f"Comparison of {html.escape(source)}"
    return (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{title}</title>"
        "<meta name='viewport' content='width=device-width,initial-scale=1'>"
        f"<style>{_STYLE}</style></head><body><main><h1>{title}</h1><p class='lead'>{html.escape(counted)}</p>"
        f"{''.join(sections)}</main></body></html>\n"
    )
