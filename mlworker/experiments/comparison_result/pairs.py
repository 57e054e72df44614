"""Two raters on the cases that both have called: exact tests, Tango's interval, and what the margins allow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mlworker.experiments.comparison_result.figures import figure, finite_or_none
from mlworker.experiments.comparison_result.raters import Rater
from mlworker.experiments.tidy_table import TidyRow, calls, case_names, scores, truths
from mlworker.statistics.clustered import clustered_difference
from mlworker.statistics.covariance import Quantity
from mlworker.statistics.delong import delong_paired
from mlworker.statistics.paired import Attainable, PairedProportion, paired_sensitivity_specificity
from mlworker.statistics.roc import AtOperatingPoint, sensitivity_at_specificity, specificity_at_sensitivity
from mlworker.statistics.two_by_two import two_by_two


def pair_body(first: Rater, second: Rater) -> dict[str, Any]:
    of_second = {row.case: row for row in second.called}
    ours = [row for row in first.called if row.case in of_second]
    theirs = [of_second[row.case] for row in ours]
    sensitivity, specificity = paired_sensitivity_specificity(
        truths(ours), calls(ours), calls(theirs), names=case_names(ours)
    )
    return {
        "first": first.key,
        "second": second.key,
        "first_name": first.name,
        "second_name": second.name,
        "n": len(ours),
        "sensitivity": _paired(sensitivity) | _over_patients(first, ours, theirs, "sensitivity"),
        "specificity": _paired(specificity) | _over_patients(first, ours, theirs, "specificity"),
        "auc": _auc(first, ours, theirs) if first.is_model and second.is_model else None,
        "model_at_reader": _model_at_reader(ours, theirs) if first.is_model and not second.is_model else [],
    }


def _paired(paired: PairedProportion) -> dict[str, Any]:
    return {
        "n": paired.n,
        "both_right": paired.both,
        "b": paired.only_first,
        "c": paired.only_second,
        "both_wrong": paired.neither,
        "difference": figure(paired.difference),
        "p_exact": paired.mcnemar.p_exact if paired.mcnemar else None,
        "p_mid": paired.mcnemar.p_mid if paired.mcnemar else None,
        "attainable": _attainable(paired.attainable) if paired.attainable else None,
    }


def _over_patients(
    first: Rater, ours: Sequence[TidyRow], theirs: Sequence[TidyRow], quantity: Quantity
) -> dict[str, Any]:
    """What replaces Tango's interval and McNemar's test, which take cases as independent, where they are not."""
    if not first.has_several_cases_a_patient or not ours:
        return {"p_clustered": None}
    given = scores if quantity == "auc" else calls
    found = clustered_difference(
        truths(ours), given(ours), given(theirs), [row.patient for row in ours], quantity=quantity
    )
    return {"difference": figure(found.difference), "p_clustered": found.p_value, "attainable": None}


def _auc(first: Rater, ours: Sequence[TidyRow], theirs: Sequence[TidyRow]) -> dict[str, Any]:
    told, drawn = _auc_difference(ours, theirs), _over_patients(first, ours, theirs, "auc")
    difference = drawn.get("difference")
    if difference is None:
        return told
    limits = {name: difference[name] for name in ("low", "high", "method", "note")}
    return told | limits | {"p_value": drawn["p_clustered"]}


def _attainable(attainable: Attainable) -> dict[str, Any]:
    return {
        "most_one_way": attainable.most_one_way,
        "smallest_p": attainable.smallest_p,
        "needed_one_way": attainable.needed_one_way,
        "alpha": attainable.alpha,
        "can_be_significant": attainable.can_be_significant,
        "statement": attainable.statement,
    }


def _auc_difference(ours: Sequence[TidyRow], theirs: Sequence[TidyRow]) -> dict[str, Any]:
    found = delong_paired(truths(ours), scores(ours), scores(theirs), names=case_names(ours))
    return {
        "value": found.difference.value,
        "low": found.difference.lower,
        "high": found.difference.upper,
        "method": found.method,
        "p_value": found.p_value,
        "undefined": found.undefined,
        "note": found.difference.note,
    }


def _model_at_reader(ours: Sequence[TidyRow], theirs: Sequence[TidyRow]) -> list[dict[str, Any]]:
    """The model's curve where the reader stands. The threshold is found on these cases, so it is optimistic."""
    truth, given = truths(ours), scores(ours)
    reader = two_by_two(truth, calls(theirs))
    found = []
    if reader.specificity.value is not None:
        found.append(_operating_point(sensitivity_at_specificity(truth, given, reader.specificity.value)))
    if reader.sensitivity.value is not None:
        found.append(_operating_point(specificity_at_sensitivity(truth, given, reader.sensitivity.value)))
    return found


def _operating_point(point: AtOperatingPoint) -> dict[str, Any]:
    return {
        "wanted": point.wanted,
        "at_least": point.at_least,
        "attainable": point.attainable,
        "reached": point.reached,
        "threshold": finite_or_none(point.threshold),
        "interpolated": point.interpolated,
        "optimistic": point.optimistic,
        "undefined": point.undefined,
    }
