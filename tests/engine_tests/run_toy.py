"""A training in a process of its own, to be killed: prints a line for every event and the hashes at the end."""

from __future__ import annotations

import sys
from pathlib import Path

from mlworker.engine.training import TrainingEvent
from tests.engine_tests.toy_cases import small, train_toy


def tell(event: TrainingEvent) -> None:
    print(event.kind, event.epoch, event.step, flush=True)


if __name__ == "__main__":
    result = train_toy(small(epochs=4), Path(sys.argv[1]), on_event=tell)
    print("result", result.model_sha256, result.resumed_after, flush=True)
