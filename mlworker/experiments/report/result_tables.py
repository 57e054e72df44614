"""The tables of the report that are read off the comparison's stored result alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from mlworker.experiments.figures.drawing import plain
from mlworker.experiments.figures.forests import VARIABLE_NAMES, value_name
from mlworker.experiments.report.table import Cell, Column, Table

if TYPE_CHECKING:
    from mlworker.experiments.report.facts import Known

_FIGURES = ("sensitivity", "specificity", "ppv", "npv", "accuracy", "auc")
_LABELS = {
    "sensitivity": "Sensitivity",
    "specificity": "Specificity",
    "ppv": "PPV",
    "npv": "NPV",
    "accuracy": "Accuracy",
    "auc": "AUC",
}


def _three(figure: Mapping[str, Any]) -> tuple[Cell, ...]:
    return (
        _ranged(figure),
        figure["value"],
        figure["low"],
        figure["high"],
        figure["method"] or None,
        figure["undefined"],
    )


def _ranged(figure: Mapping[str, Any]) -> str:
    if figure["value"] is None:
        return "undefined"
    value, low, high = (None if v is None else plain(v, 3) for v in (figure["value"], figure["low"], figure["high"]))
    if low is None or high is None:
        return f"{value} (no interval)"
    return f"{value} ({low}–{high})" if figure["low"] >= 0 else f"{value} ({low} to {high})"


def _columns(key: str, label: str) -> tuple[Column, ...]:
    return (
        Column(f"{key}_text", label, f"{label} with its interval, rounded", number=True, weight=1.9),
        Column(key, label, f"{label}, unrounded", number=True, printed=False),
        Column(f"{key}_low", "low", f"lower limit of {label}", number=True, printed=False),
        Column(f"{key}_high", "high", f"upper limit of {label}", number=True, printed=False),
        Column(f"{key}_method", "method", f"method of the interval of {label}", printed=False),
        Column(f"{key}_undefined", "undefined", f"why {label} does not exist; empty where it does", printed=False),
    )


def _accuracy(known: Known) -> Table:
    rows = tuple(
        (
            rater["name"], rater["kind"], rater["session"], rater["n"], rater["cannot_assess"], rater["tp"],
            rater["fp"], rater["fn"], rater["tn"], *(cell for name in _FIGURES for cell in _three(rater[name])),
            rater["auc"]["of"], rater["threshold"], rater["threshold_rule"] or None, rater["threshold_fixed_at"],
        )
        for rater in known.result["raters"]
    )  # fmt: skip
    columns = (
        Column("rater", "Model or reader", "name", weight=2),
        Column("kind", "Kind", "model or reader", printed=False),
        Column("session", "Session", "a reader's passage through the cases", number=True, printed=False),
        Column("n", "n", "cases with a call", number=True, weight=0.5),
        Column("cannot_assess", "Cannot assess", "reads that were “cannot assess”", number=True, printed=False),
        Column("tp", "TP", "loose called loose", number=True, weight=0.5),
        Column("fp", "FP", "well fixed called loose", number=True, weight=0.5),
        Column("fn", "FN", "loose called well fixed", number=True, weight=0.5),
        Column("tn", "TN", "well fixed called well fixed", number=True, weight=0.5),
        *(column for name in _FIGURES for column in _columns(name, _LABELS[name])),
        Column("auc_of", "AUC of", "probability (model) or confidence (reader)", printed=False),
        Column("threshold", "Threshold", "at and above which a model calls loose", number=True, printed=False),
        Column("threshold_rule", "Rule", "how the threshold was chosen on validation", printed=False),
        Column("threshold_fixed_at", "Fixed", "when it was fixed", printed=False),
    )
    note = f"{known.result['level']:.0%} intervals in brackets. Models at the threshold fixed on the validation part."
    return Table("accuracy", "Accuracy", note, columns, rows)


def _differences(known: Known) -> Table:
    rows = []
    for pair in known.result["pairs"]:
        for name in ("sensitivity", "specificity"):
            found = pair[name]
            rows.append(
                (pair["first_name"], pair["second_name"], name, found["n"], found["b"], found["c"],
                 *_three(found["difference"]), _p(found), found["p_mid"], found["p_holm"],
                 found["attainable"]["statement"] if found["attainable"] else None)
            )  # fmt: skip
        if pair["auc"]:
            auc = pair["auc"]
            rows.append((pair["first_name"], pair["second_name"], "AUC", pair["n"], None, None, *_three(auc),
                         auc["p_value"], None, auc["p_holm"], None))  # fmt: skip
    columns = (
        Column("first", "First", "first of the pair", weight=1.7),
        Column("second", "Second", "second of the pair", weight=1.7),
        Column("figure", "Figure", "what is compared", weight=1.1),
        Column("n", "n", "cases that both have, of the class in question", number=True, weight=0.5),
        Column("only_first", "1st only", "cases that only the first got right", number=True, weight=0.6),
        Column("only_second", "2nd only", "cases that only the second got right", number=True, weight=0.6),
        *_columns("difference", "First minus second"),
        Column(
            "p_exact",
            "p",
            "McNemar exact, for AUC DeLong's paired test; over patients where one has several cases",
            number=True,
            weight=0.7,
        ),
        Column("p_mid", "mid-p", "McNemar mid-p", number=True, weight=0.7),
        Column("p_holm", "p, Holm", "p adjusted within its family", number=True, weight=0.7),
        Column(
            "attainable",
            "What the margins allow",
            "largest one-way count and smallest p that they allow",
            printed=False,
        ),
    )
    return Table("differences", "Paired differences", "On the cases that both have called.", columns, tuple(rows))


def _p(found: Mapping[str, Any]) -> float | None:
    p: float | None = found["p_exact"] if found["p_clustered"] is None else found["p_clustered"]
    return p


def _panel(known: Known) -> Table:
    rows = tuple(
        (row["name"], row["quantity"], row["readers"], row["n"], row["model"], row["panel_mean"],
         *_three(row["difference"]), row["df"], row["p_value"], row["method"], row["remark"] or row["undefined"])
        for row in known.result["panel"]
    )  # fmt: skip
    columns = (
        Column("model", "Model", "name", weight=2),
        Column("figure", "Figure", "what is compared", weight=1.1),
        Column("readers", "Readers", "in the panel", number=True, weight=0.7),
        Column("n", "n", "cases that all have", number=True, weight=0.5),
        Column("model_figure", "Model", "the model's figure", number=True, weight=0.8),
        Column("panel_mean", "Panel", "mean of the readers' figures", number=True, weight=0.8),
        *_columns("difference", "Model minus panel"),
        Column("df", "df", "degrees of freedom; empty: normal", number=True, digits=1, weight=0.6),
        Column("p", "p", "two-sided", number=True, weight=0.7),
        Column("method", "Method", "of test and interval", printed=False),
        Column("remark", "Remark", "what limits it", printed=False),
    )
    note = "Readers and cases random (1T-RRRC). A model's AUC is of probabilities, a reader's of confidence."
    return Table("panel", "Models against the panel of readers", note, columns, rows)


def _operating_points(known: Known) -> Table:
    rows = tuple(
        (pair["first_name"], pair["second_name"], point["wanted"], point["at_least"], point["attainable"],
         point["reached"], point["threshold"], point["interpolated"], point["undefined"])
        for pair in known.result["pairs"]
        for point in pair["model_at_reader"]
    )  # fmt: skip
    columns = (
        Column("model", "Model", "whose curve is read", weight=2),
        Column("reader", "At the level of", "whose operating point it is", weight=2),
        Column("wanted", "Read off", "figure read off the curve", weight=1.1),
        Column("held", "Held at", "the reader's other figure, which is kept at least", number=True),
        Column("attainable", "Attainable", "best step of the curve", number=True),
        Column("reached", "Reached", "the held figure at that step", number=True),
        Column("threshold", "Threshold", "of that step", number=True),
        Column("interpolated", "Interpolated", "on the line between steps; no threshold gives it", number=True),
        Column("undefined", "Undefined", "why it does not exist", printed=False),
    )
    note = "Optimistic: the threshold is found on these very cases."
    return Table("operating-points", "Models at the readers' operating points", note, columns, rows)


def _agreement(known: Known) -> Table:
    words = {"inter": "between readers", "intra": "one reader, two sessions", "model_reader": "model and reader"}
    rows = tuple(
        (words[pair["between"]], pair["first_name"], pair["second_name"], pair["n"], pair["left_out"],
         pair["agreement"], *_three(pair["kappa"]), *_three(pair["pabak"]))
        for pair in known.result["agreement"]["pairs"]
    )  # fmt: skip
    columns = (
        Column("between", "Between", "which kind of agreement", weight=1.5),
        Column("first", "First", "first of the pair", weight=1.7),
        Column("second", "Second", "second of the pair", weight=1.7),
        Column("n", "n", "cases that both have called", number=True, weight=0.5),
        Column("left_out", "Left out", "cases that one of them did not call", number=True, weight=0.7),
        Column("agreement", "Agree", "share of equal calls", number=True, weight=0.7),
        *_columns("kappa", "Kappa"),
        *_columns("pabak", "PABAK"),
    )
    return Table("agreement", "Agreement", "Of calls as they were given, whatever the truth.", columns, rows)


def _calibration(known: Known) -> Table:
    models = [(rater["name"], rater["calibration"]) for rater in known.result["raters"] if rater["calibration"]]
    rows = tuple(
        (name, found["n"], found["brier"], found["brier_of_prevalence"], *_three(found["slope"]),
         *_three(found["intercept"]), found["spiegelhalter_p"], found["ece"])
        for name, found in models
    )  # fmt: skip
    columns = (
        Column("model", "Model", "name", weight=2),
        Column("n", "n", "cases", number=True, weight=0.5),
        Column("brier", "Brier", "mean squared distance of probability and truth", number=True, weight=0.8),
        Column("brier_of_prevalence", "Of prevalence", "Brier score of the share of loose hips alone", number=True),
        *_columns("slope", "Slope"),
        *_columns("intercept", "Intercept"),
        Column("spiegelhalter_p", "p", "Spiegelhalter's test", number=True, weight=0.7),
        Column("ece", "ECE", "expected calibration error", number=True, weight=0.7),
    )
    return Table("calibration", "Calibration", "", columns, rows)


def _subgroups(known: Known) -> Table:
    rows: list[tuple[Cell, ...]] = []
    empty: tuple[Cell, ...] = ("", None, None, None, None, None)
    for group in known.result["subgroups"]:
        name, value = VARIABLE_NAMES[group["variable"]], value_name(group["variable"], group["value"])
        if group["suppressed"]:
            rows.append((name, value, group["n"], None, None, "n under 10: not shown", *empty, *empty))
        rows += [
            (name, value, group["n"], group["positives"], group["negatives"], rater["name"],
             *_three(rater["sensitivity"]), *_three(rater["specificity"]))
            for rater in group["raters"]
        ]  # fmt: skip
    columns = (
        Column("variable", "Variable", "what divides the cases", weight=1.2),
        Column("value", "Value", "its value", weight=1.1),
        Column("n", "n", "cases in the subgroup", number=True, weight=0.5),
        Column("loose", "Loose", "loose cases; empty under 10 cases", number=True, weight=0.6),
        Column("well_fixed", "Well fixed", "well-fixed cases; empty under 10 cases", number=True, weight=0.8),
        Column("rater", "Model or reader", "name", weight=2),
        *_columns("sensitivity", "Sensitivity"),
        *_columns("specificity", "Specificity"),
    )
    return Table(
        "subgroups", "Subgroups", "A subgroup with fewer than 10 cases shows its n only.", columns, tuple(rows)
    )


def _discordant(known: Known) -> Table:
    def said(answer: Mapping[str, Any]) -> str:
        score = "" if answer["score"] is None else f" {answer['score']:.2f}".replace("-", "−")
        return f"{answer['name']}: {answer['answer'].replace('_', ' ')}{score}"

    rows = tuple(
        (case["case"], case["truth"].replace("_", " "), case["component"] or None, case["wrong"], case["raters"],
         "; ".join(said(answer) for answer in case["answers"] if answer["is_right"] is False))
        for case in known.result["discordant"]["cases"]
    )  # fmt: skip
    columns = (
        Column("case", "Case", "number in the dataset version", number=True, weight=0.5),
        Column("truth", "Truth", "reference standard", weight=0.8),
        Column("component", "Loose", "loose component", weight=0.9),
        Column("wrong", "Wrong", "how many were wrong", number=True, weight=0.7),
        Column("raters", "Of", "how many judged it", number=True, weight=0.4),
        Column("who", "Who was wrong, with score", "answers that were wrong", weight=6),
    )
    note = "Worst first: how many were wrong, then how sure they were. Case numbers alone; no patient is named."
    return Table("discordant", "Discordant cases", note, columns, rows)


RESULT_TABLES: tuple[Callable[[Known], Table], ...] = (
    _accuracy, _differences, _panel, _operating_points, _agreement, _calibration, _subgroups, _discordant,
)  # fmt: skip
