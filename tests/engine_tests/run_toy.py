"""A training in a process of its own, to be killed: prints a line for every event and the hashes at the end.

Arguments: the run's folder, and which of the toy configurations.
"""

from __future__ import annotations

import sys
from pathlib import Path

from mlworker.engine.training import TrainingEvent
from tests.engine_tests.toy_cases import TO_BE_KILLED, train_toy


def tell(event: TrainingEvent) -> None:
    print(event.kind, event.epoch, event.step, flush=True)


if __name__ == "__main__":
    result = train_toy(TO_BE_KILLED[sys.argv[2]], Path(sys.argv[1]), on_event=tell)
    print("result", result.model_sha256, result.resumed_after, flush=True)
