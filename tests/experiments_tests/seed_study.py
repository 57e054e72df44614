"""The published figures as rows: 12 loose, 12 well-fixed hips; the CNN right on 11 and 9, the surgeon on 10 and 12."""

from __future__ import annotations

from collections.abc import Sequence

from annotations.datasets.models import DatasetCase
from annotations.reads.models import ReadSession
from mlworker.experiments.comparisons import start_comparison
from mlworker.experiments.models import Comparison, Scoring
from mlworker.experiments.tasks import compare
from tests.experiments_tests.small_study import (
    SmallStudy,
    called,
    cases_of,
    make_protocol,
    make_small_study,
    run_with_threshold,
    signed_session,
    unblind,
    with_scores,
)


def make_seed_study() -> SmallStudy:
    return make_small_study(loose=30, well_fixed=30, test=0.4, images=False)


def by_label(small: SmallStudy) -> tuple[list[DatasetCase], list[DatasetCase]]:
    cases = cases_of(small)
    loose = [case for case in cases if case.label_value == "loose"]
    return loose, [case for case in cases if case.label_value != "loose"]


def cnn_scores(small: SmallStudy, *, name: str = "DenseNet-201") -> Scoring:
    """Wrong on the last loose and the last three well-fixed cases at a threshold of 0.5; all scores different."""
    loose, well_fixed = by_label(small)
    scores = {case.pk: 0.90 - 0.02 * i for i, case in enumerate(loose[:11])} | {loose[11].pk: 0.40}
    scores |= {case.pk: 0.10 + 0.02 * i for i, case in enumerate(well_fixed[:9])}
    scores |= {case.pk: 0.60 + 0.025 * i for i, case in enumerate(well_fixed[9:])}
    return with_scores(run_with_threshold(small, threshold=0.5, name=name), scores)


def surgeon_session(small: SmallStudy, *, name: str = "Sam Surgeon", wrong: Sequence[int] | None = None) -> ReadSession:
    """Wrong on two loose cases, of which the CNN is right on both."""
    loose, _ = by_label(small)
    protocol = make_protocol(small)
    session = signed_session(
        protocol, called(cases_of(small), [c.pk for c in loose[:2]] if wrong is None else wrong), name=name
    )
    unblind(protocol)
    session.refresh_from_db()
    return session


def compared(small: SmallStudy, scorings: Sequence[Scoring], sessions: Sequence[ReadSession]) -> Comparison:
    """A comparison whose task has run."""
    comparison = start_comparison(
        version=small.version, part="test", title="CNN beside surgeon", scorings=scorings, sessions=sessions,
        actor=small.researcher,
    )  # fmt: skip
    compare(comparison_id=comparison.pk)
    comparison.refresh_from_db()
    assert comparison.status == "succeeded", comparison.failure_reason
    return comparison
