"""Three models beside two surgeons over the published study's 24 cases, one of whom reads a second time."""

from __future__ import annotations

from mlworker.experiments.models import Comparison
from tests.experiments_tests.seed_study import by_label, cnn_scores, compared, make_seed_study, surgeon_session
from tests.experiments_tests.small_study import SmallStudy, run_with_threshold, with_scores


def three_models_two_surgeons(small: SmallStudy) -> Comparison:
    loose, well_fixed = by_label(small)
    worse = {c.pk: 0.55 + 0.01 * i for i, c in enumerate(loose)} | {
        c.pk: 0.3 + 0.03 * i for i, c in enumerate(well_fixed)
    }
    better = {c.pk: 0.6 + 0.02 * i for i, c in enumerate(loose)} | {
        c.pk: 0.1 + 0.045 * i for i, c in enumerate(well_fixed)
    }
    scorings = [
        cnn_scores(small),
        with_scores(run_with_threshold(small, name="Xception"), worse),
        with_scores(run_with_threshold(small, name="=VGG-19"), better),
    ]
    first = surgeon_session(small)
    second = surgeon_session(small, name="Bea Surgeon", wrong=[loose[1].pk, well_fixed[4].pk])
    return compared(small, scorings, [first, second])


def made() -> tuple[SmallStudy, Comparison]:
    small = make_seed_study()
    return small, three_models_two_surgeons(small)
