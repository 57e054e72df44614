"""The rows of the page's tables."""

from __future__ import annotations

from collections.abc import Iterator

from mlworker.statistics.spreadsheet.analysis import Analysis
from mlworker.statistics.spreadsheet.wording import NONE, decimals, limits, p_value, share, with_limits

Rows = Iterator[list[str]]


def rater_rows(found: Analysis) -> Rows:
    for one in found.raters:
        table, area = one.table, one.area
        counts = [str(n) for n in (table.tp, table.fp, table.fn, table.tn)] if table else [NONE] * 4
        sens = one.clustered.get("sensitivity", table.sensitivity if table else None)
        spec = one.clustered.get("specificity", table.specificity if table else None)
        auc, method = NONE, one.area_undefined or ""
        if "auc" in one.clustered:
            auc, method = with_limits(one.clustered["auc"]), one.clustered["auc"].method
        elif area is not None:
            auc = NONE if area.auc is None else f"{decimals(area.auc)} ({limits(area.headline)})"
            method = area.undefined or area.headline.undefined or area.headline.method
        yield [one.key, str(one.cases), *counts, with_limits(sens), with_limits(spec), auc, method]


def share_rows(found: Analysis) -> Rows:
    for one in found.raters:
        if one.table is None:
            continue
        for name, exact in one.exact.items():
            estimate = getattr(one.table, name)
            wilson = estimate.undefined or limits(estimate)
            yield [one.key, name, share(estimate), decimals(estimate.value), wilson, limits(exact)]
        for name, told in (("lr_positive", "LR+ (Simel)"), ("lr_negative", "LR− (Simel)"), ("youden", "Youden")):
            estimate = getattr(one.table, name)
            yield [one.key, told, "", decimals(estimate.value), estimate.undefined or limits(estimate), ""]


def difference_rows(found: Analysis) -> Rows:
    for pair in found.pairs:
        cells = [f"{pair.first} − {pair.second}", str(pair.cases)]
        for quantity in ("sensitivity", "specificity", "auc"):
            result = pair.area if quantity == "auc" else getattr(pair, quantity)
            one = pair.clustered.get(quantity) if found.clustered else result
            cells += [with_limits(one.difference) if one else NONE, p_value(pair.p_value(quantity))]
        for value in (pair.ppv, pair.npv):
            cells.append(NONE if value is None or found.clustered else p_value(value.p_leisenring))
        yield cells


def operating_rows(found: Analysis) -> Rows:
    readers = {one.key: one.table for one in found.raters}
    for pair in found.pairs:
        for point in pair.at_operating_point:
            held = "specificity" if point.wanted == "sensitivity" else "sensitivity"
            own = readers[pair.second]
            reader = getattr(own, point.wanted).value if own else None
            yield [
                f"{pair.first} at {pair.second}", f"{held} {decimals(point.at_least)}",
                f"{point.wanted} {decimals(point.attainable)}", f"{point.threshold:g}" if point.threshold else NONE,
                decimals(point.interpolated), decimals(reader),
            ]  # fmt: skip


def panel_rows(found: Analysis) -> Rows:
    for quantity, panel in found.readers.panel.items():
        name = f"mean of {panel.readers} readers" if panel.readers > 1 else "one reader"
        yield [name, quantity, with_limits(panel.mean), decimals(panel.se), decimals(panel.df, 1), ""]
        for against in found.readers.models[quantity]:
            one = against.result
            yield [
                f"{against.model} − panel", quantity, with_limits(one.difference), decimals(one.se),
                decimals(one.df, 1), one.undefined or p_value(one.p_value),
            ]  # fmt: skip


def session_rows(found: Analysis) -> Rows:
    for quantity, crossed in found.readers.sessions.items():
        test = crossed.random_readers_and_cases or crossed.fixed_readers
        for gap in test.differences if test else ():
            name = f"session {gap.first + 1} − session {gap.second + 1}"
            yield [name, quantity, with_limits(gap.difference), decimals(gap.df, 1), p_value(gap.p_value)]


def family_rows(found: Analysis) -> Rows:
    for family in found.multiplicity:
        for what, raw, adjusted in zip(family.comparisons, family.raw, family.adjusted, strict=True):
            yield [family.name, what, p_value(raw), p_value(adjusted)]
        for what in family.undefined:
            yield [family.name, what, "undefined", NONE]


def agreement_rows(found: Analysis) -> Rows:
    agreed = found.agreement
    for pair in (*agreed.within, *agreed.between):
        kappa = pair.kappa
        told = kappa.kappa.undefined or with_limits(kappa.kappa)
        yield [
            f"{pair.first} and {pair.second}", str(pair.cases), decimals(kappa.agreement), told,
            with_limits(kappa.pabak),
        ]  # fmt: skip
    for name in ("fleiss", "light", "conger", "krippendorff"):
        estimate = getattr(agreed, name)
        if estimate is not None:
            told = estimate.undefined or with_limits(estimate)
            yield [f"{agreed.readers} readers, {name.capitalize()}", str(agreed.cases), "", told, ""]


def calibration_rows(found: Analysis) -> Rows:
    for one in found.raters:
        if one.calibration is None or one.reliability is None:
            continue
        fit = one.calibration
        slope = with_limits(fit.slope) if fit.slope.value is not None else fit.slope.undefined or NONE
        yield [
            one.key, decimals(fit.brier), slope, with_limits(fit.intercept), p_value(fit.spiegelhalter_p),
            decimals(one.reliability.ece), decimals(one.reliability.mce),
        ]  # fmt: skip
