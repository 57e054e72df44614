"""The sentences that belong beside the figures, each computed from the data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from annotations.datasets.models import Part
from mlworker.experiments.comparison_result.raters import Rater

Remark = dict[str, str]


def remarks(
    raters: Sequence[Rater], pairs: Sequence[Mapping[str, Any]], *, part: str, counts: Mapping[str, int],
    families: Sequence[Mapping[str, Any]],
) -> list[Remark]:  # fmt: skip
    models = [rater for rater in raters if rater.is_model]
    readers = [rater for rater in raters if not rater.is_model]
    return [
        {"code": code, "message": message}
        for code, message in (
            *_about_cases(counts),
            *_about_models(models, part),
            *_about_readers(readers, counts["cases"]),
            *_about_pairs(pairs, models, readers),
            *_about_families(families),
        )
    ]


def _about_cases(counts: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    cases, positives, patients = counts["cases"], counts["positives"], counts["patients"]
    if cases:
        yield (
            "prevalence_by_design",
            f"{positives} of {cases} cases are loose ({positives / cases:.0%}). PPV, NPV and accuracy hold for this "
            "share, which the study's design gave, and not for a clinic's.",
        )
    if patients < cases:
        yield (
            "cases_share_patients",
            f"The {cases} cases come from {patients} patients and are not independent. Intervals of sensitivity, "
            "specificity and AUC and the tests of their differences draw patients (bootstrap); those of PPV, NPV, "
            "accuracy, kappa and subgroups take cases as independent and are somewhat too narrow. The "
            "panel is refused.",
        )


def _about_models(models: Sequence[Rater], part: str) -> Iterator[tuple[str, str]]:
    for model in models:
        if part == Part.VALIDATION:
            yield (
                "threshold_chosen_here",
                f"The threshold of “{model.name}” was chosen on this very part: its figures here are optimistic.",
            )
        elif model.threshold_fixed_at and model.touched_at and model.threshold is not None:
            before = model.threshold_fixed_at <= model.touched_at
            when = "before" if before else "AFTER"
            yield (
                "threshold_fixed_before" if before else "threshold_fixed_after",
                f"The threshold of “{model.name}” ({model.threshold:.4f}, {model.threshold_rule}) was fixed on the "
                f"validation part {when} the test part was touched.",
            )


def _about_readers(readers: Sequence[Rater], cases: int) -> Iterator[tuple[str, str]]:
    people = sorted({reader.person for reader in readers})
    if len(people) == 1:
        yield (
            "one_reader",
            f"There is one reader. What is inferred here is limited to {people[0]} and says nothing of other readers.",
        )
    elif people:
        yield (
            "readers_are_fixed",
            f"In the paired differences each of the {len(people)} readers is a person of their own. Of readers in "
            f"general only the panel's table speaks; {len(people)} readers carry it, and its intervals are as wide as "
            "that.",
        )
    for reader in readers:
        yield from _about_reader(reader, cases)


def _about_reader(reader: Rater, cases: int) -> Iterator[tuple[str, str]]:
    if reader.is_simulated:
        yield "simulated_reader", f"{reader.name} is a simulated reader: a program gave these answers."
    if reader.scored:
        yield (
            "auc_from_confidence",
            f"The AUC of {reader.name} is made from the confidence in each call (positive for loose, negative for "
            "well fixed). It is not the area under a model's scores.",
        )
    if reader.cannot_assess:
        rule = "counts as a wrong call" if reader.cannot_assess_counts_wrong else "is left out of this reader's figures"
        yield (
            "cannot_assess",
            f"{reader.name} could not assess {_cases(reader.cannot_assess)}. By the protocol each {rule}.",
        )
    if len(reader.rows) < cases:
        yield "reads_missing", f"{reader.name} has no answer for {_cases(cases - len(reader.rows))} of {cases}."


def _about_pairs(
    pairs: Sequence[Mapping[str, Any]], models: Sequence[Rater], readers: Sequence[Rater]
) -> Iterator[tuple[str, str]]:
    found = [pair[quantity]["attainable"] for pair in pairs for quantity in ("sensitivity", "specificity")]
    attainable = [entry for entry in found if entry]
    if attainable and not any(entry["can_be_significant"] for entry in attainable):
        most, needed = max(e["most_one_way"] for e in attainable), attainable[0]["needed_one_way"]
        yield (
            "nothing_can_be_significant",
            f"Whatever the pairing, these margins allow at most {_cases(most)} that only one of a pair got right, and "
            f"{needed} are needed for p < {attainable[0]['alpha']:g}: no difference of sensitivity or specificity "
            "here can be significant. That is no proof of equality.",
        )
    if models and readers:
        yield (
            "operating_point_optimistic",
            "Where a model is read at a reader's sensitivity or specificity, its threshold is found on these very "
            "cases: that is optimistic and shows what the curve holds, not what the model would do.",
        )


def _about_families(families: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    several = [family for family in families if family["tests"] > 1]
    if several:
        most = max(family["tests"] for family in several)
        yield (
            "adjusted_by_holm",
            f"Beside each p stands the one adjusted by Holm's method within its family, of up to {most} tests of the "
            "same figure. Different figures are different questions and are not adjusted for each other.",
        )


def _cases(count: int) -> str:
    return "1 case" if count == 1 else f"{count} cases"
