"""Facts of the result: endpoint, metrics, methods of the intervals, tests, and what the sample cannot show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlworker.experiments.report.facts import Known

METHOD_WORDS = {
    "wilson": "Wilson 1927 (proportions)",
    "logit-delong": "DeLong 1988 on the logit scale (AUC)",
    "delong": "DeLong 1988 (AUC)",
    "tango": "Tango 1998 (paired differences)",
    "delong-paired": "DeLong 1988, paired (differences of AUC)",
    "fleiss-cohen-everitt": "Fleiss, Cohen and Everitt 1969 (kappa)",
    "byrt": "Byrt 1993 (PABAK)",
    "wald": "Wald (calibration slope and intercept)",
    "1T-RRRC delong": "Hillis, Obuchowski and Berbaum 2011 (a model against the panel)",
    "one reader, delong": "normal over cases with DeLong's covariances (a model against one reader)",
    "cluster bootstrap by patient, percentile": "bootstrap over patients (where a patient has several cases)",
}


def _endpoint(known: Known) -> str:
    comparison = known.comparison
    return (
        f"Primary endpoint: {comparison.get_primary_endpoint_display()}, named "
        f"{comparison.endpoint_named_at:%Y-%m-%d %H:%M} UTC."
    )


def _metrics(known: Known) -> str:
    return (
        "Sensitivity, specificity, predictive values and accuracy at the fixed threshold or call; AUC of probabilities "
        "(models) and of confidence (readers); Brier score, calibration slope and intercept; net benefit."
    )


def _methods(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if value.get("method") and value.get("low") is not None:
            yield str(value["method"])
        for inner in value.values():
            yield from _methods(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _methods(inner)


def _intervals(known: Known) -> str:
    used = dict.fromkeys(sorted(set(_methods(dict(known.result)))))
    told = "; ".join(METHOD_WORDS.get(method, method) for method in used)
    return f"{known.result['level']:.0%} intervals: {told}."


def _tests(known: Known) -> str:
    return (
        "McNemar's exact test with mid-p beside it, DeLong's paired test between models, Obuchowski-Rockette with "
        "Hillis' "
        "degrees of freedom for a model against the panel (readers and cases random); p adjusted by Holm within "
        "families of the same figure. Two-sided, 0.05."
    )


def _subgroups(known: Known) -> str:
    groups = known.result["subgroups"]
    small = sum(group["suppressed"] for group in groups)
    return (
        f"{len(groups)} subgroups by site, sex, age, side and loose component, without tests; {small} with fewer "
        "than 10 cases show their n only."
    )


def _performance(known: Known) -> str:
    return f"See the tables “Accuracy” and “Paired differences”, for the {known.comparison.part} part."


def _discordant(known: Known) -> str:
    found = known.result["discordant"]
    return f"{found['total']} of {found['of']} cases were wrong for at least one; see the table “Discordant cases”."


def _limits(known: Known) -> str:
    return " ".join(note["message"] for note in known.result["notes"])


def _hashes(known: Known) -> str:
    comparison = known.comparison
    return (
        f"Dataset SHA-256 {comparison.dataset_version.sha256}; inputs {comparison.inputs_sha256}; result "
        f"{comparison.result_sha256}."
    )


RESULT_FACTS: Mapping[str, Callable[[Known], str | None]] = {
    "endpoint": _endpoint,
    "metrics": _metrics,
    "intervals": _intervals,
    "tests": _tests,
    "subgroups": _subgroups,
    "performance": _performance,
    "discordant": _discordant,
    "limits": _limits,
    "hashes": _hashes,
}
