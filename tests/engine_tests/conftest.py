from __future__ import annotations

import pytest

from mlworker.engine.runtime import prepare_runtime
from mlworker.engine.scoring import LoadedModel, load_model
from mlworker.engine.training import TrainingResult
from tests.engine_tests.toy_cases import small, train_toy


@pytest.fixture(scope="session", autouse=True)
def threads() -> None:
    """Before the first computation: this process' number of threads is the presets'."""
    prepare_runtime(2)


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> TrainingResult:
    """A compact CNN that has learnt the toy signal, in a few seconds."""
    return train_toy(small(epochs=14), tmp_path_factory.mktemp("run"), cases=96)


@pytest.fixture(scope="session")
def model(finished: TrainingResult) -> LoadedModel:
    return load_model(finished.model_path, finished.model_sha256)
