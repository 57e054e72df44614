from __future__ import annotations

import pytest

from mlworker.engine.runtime import prepare_runtime
from mlworker.engine.training import TrainingResult
from tests.engine_tests.toy_cases import small, train_toy
from tests.experiments_tests.small_study import SmallStudy, make_small_study


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> TrainingResult:
    """A compact CNN that was trained once for all tests that need a model."""
    prepare_runtime(2)
    return train_toy(small(), tmp_path_factory.mktemp("trained"))


@pytest.fixture
def small_study(transactional_db: None) -> SmallStudy:
    return make_small_study()
