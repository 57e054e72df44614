"""The child of `isolated_training`: one request on standard input, JSON lines on standard output."""

from __future__ import annotations

import json
import os
import sys
import threading
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from mlworker.engine.configuration import TrainingConfiguration
from mlworker.engine.data import LabelledImages
from mlworker.engine.errors import EngineError, TrainingFailed
from mlworker.engine.isolated_training import result_as_json
from mlworker.engine.training import TrainingEvent, train


def main() -> None:
    # Libraries may print: the real standard output is kept for the protocol alone.
    protocol = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def say(kind: str, body: Any) -> None:
        protocol.write(json.dumps({kind: body}) + "\n")
        protocol.flush()

    request = json.loads(sys.stdin.readline())
    stop = threading.Event()
    threading.Thread(target=_listen, args=(stop,), daemon=True).start()
    try:
        result = train(
            TrainingConfiguration.from_dict(request["configuration"]),
            _part(request["parts"]["training"]),
            _part(request["parts"]["validation"]),
            folder=Path(request["folder"]),
            on_event=lambda event: say("event", _event(event)),
            should_stop=stop.is_set,
        )
    except EngineError as error:
        say("error", {"kind": type(error).__name__, "reason": error.reason, "advice": error.advice})
    except Exception as error:  # noqa: BLE001 (the last frame of a process: it is reported, with its traceback)
        traceback.print_exc()
        failed = TrainingFailed(f"Unexpected: {type(error).__name__}: {error}", "This is a defect; please report it.")
        say("error", {"kind": "TrainingFailed", "reason": failed.reason, "advice": failed.advice})
    else:
        say("result", result_as_json(result))


def _listen(stop: threading.Event) -> None:
    """A line asks to stop; the end of the input means that the parent is gone, and then nobody wants the result."""
    for _ in sys.stdin:
        stop.set()
    os._exit(1)


def _event(event: TrainingEvent) -> dict[str, Any]:
    return asdict(event)


def _part(described: dict[str, Any]) -> LabelledImages:
    return LabelledImages.from_npy(
        Path(described["path"]), np.asarray(described["labels"]), tuple(described["case_ids"])
    )


if __name__ == "__main__":
    main()
