from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import log_loss as reference_log_loss
from sklearn.metrics import roc_auc_score

from mlworker.engine.metrics import auc, fixed_threshold, log_loss, sensitivity_and_specificity, sigmoid


def cases(seed: int) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    labels = generator.integers(0, 2, 60)
    # Rounded, so that there are ties.
    return labels, np.round(generator.normal(labels * 1.2, 1.0), 1)


@pytest.mark.parametrize("seed", range(5))
def test_it_agrees_with_scikit_learn_on_auc_and_loss(seed: int) -> None:
    labels, logits = cases(seed)
    assert auc(labels, logits) == pytest.approx(roc_auc_score(labels, logits), abs=1e-12)
    assert log_loss(labels, logits) == pytest.approx(reference_log_loss(labels, sigmoid(logits)), abs=1e-9)


def test_it_has_no_auc_of_one_class() -> None:
    assert auc(np.ones(4, dtype=np.int64), np.arange(4.0)) is None
    assert sensitivity_and_specificity(np.ones(4, dtype=np.int64), np.ones(4, dtype=bool)) == (1.0, None)


def test_it_stays_finite_for_saturated_logits() -> None:
    assert log_loss(np.array([1, 0]), np.array([900.0, -900.0])) == 0.0
    assert list(sigmoid(np.array([-800.0, 0.0, 800.0]))) == [0.0, 0.5, 1.0]


@pytest.mark.parametrize("seed", range(5))
def test_it_fixes_the_threshold_with_the_largest_youden_index(seed: int) -> None:
    labels, logits = cases(seed)
    threshold = fixed_threshold("youden", labels, logits)
    best = max(
        sum(filter(None, sensitivity_and_specificity(labels, logits >= cut))) for cut in [*np.unique(logits), np.inf]
    )
    assert threshold.sensitivity + threshold.specificity == pytest.approx(best)
    called = sigmoid(logits) >= threshold.value
    assert sensitivity_and_specificity(labels, called) == (threshold.sensitivity, threshold.specificity)


@pytest.mark.parametrize("seed", range(5))
def test_it_fixes_the_most_specific_threshold_that_is_sensitive_enough(seed: int) -> None:
    labels, logits = cases(seed)
    threshold = fixed_threshold("sensitivity_0.90", labels, logits)
    pairs = [sensitivity_and_specificity(labels, logits >= cut) for cut in np.unique(logits)]
    assert threshold.sensitivity >= 0.9
    assert threshold.specificity == max(b for a, b in pairs if a is not None and b is not None and a >= 0.9)
