"""Training in a process of its own: its threads, its memory and its end are its own.

A worker that scored before has its threads fixed and its memory used; a training that runs out of memory would take
the worker with it. The child reads one request and then "stop" or the end of its input, so that it ends by itself
when its parent was killed.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

import numpy as np

import mlworker
from mlworker.engine import errors
from mlworker.engine.configuration import TrainingConfiguration
from mlworker.engine.data import LabelledImages
from mlworker.engine.metrics import Threshold
from mlworker.engine.training import TrainingEvent, TrainingResult, ValidationScore

_STOP_POLL_SECONDS = 0.5


def train_isolated(
    configuration: TrainingConfiguration,
    training: LabelledImages,
    validation: LabelledImages,
    *,
    folder: Path,
    on_event: Callable[[TrainingEvent], None],
    should_stop: Callable[[], bool],
) -> TrainingResult:
    """`training.train` in a child process; same arguments, same result, same errors.

    `should_stop` is asked twice a second and at every event, from the calling thread.

    Raises:
        TrainingFailed: also when the child was killed, with the signal's name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    request = {"folder": str(folder), "configuration": configuration.to_dict()}
    parts = {"training": training, "validation": validation}
    with _part_files(folder, parts) as described, (folder / "child.log").open("wb") as log:
        child = _started(log)
        try:
            return _followed(child, {**request, "parts": described}, on_event, should_stop)
        finally:
            _ended(child)


@contextmanager
def _part_files(folder: Path, parts: dict[str, LabelledImages]) -> Iterator[dict[str, Any]]:
    """The parts as files for the child to map into memory; gone when it has ended."""
    described: dict[str, Any] = {}
    paths: list[Path] = []
    try:
        for name, part in parts.items():
            path = folder / f"{name}_images.npy"
            paths.append(path)
            np.save(path, part.images, allow_pickle=False)
            described[name] = {"path": str(path), "labels": part.labels.tolist(), "case_ids": list(part.case_ids)}
        yield described
    finally:
        for path in paths:
            path.unlink(missing_ok=True)


def _started(log: IO[bytes]) -> subprocess.Popen[str]:
    root = Path(mlworker.__file__).resolve().parents[1]
    environment = {**os.environ, "PYTHONPATH": str(root), "TF_CPP_MIN_LOG_LEVEL": "2"}
    return subprocess.Popen(
        [sys.executable, "-m", "mlworker.engine.isolated_child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        env=environment,
        start_new_session=True,
    )


def _followed(
    child: subprocess.Popen[str],
    request: dict[str, Any],
    on_event: Callable[[TrainingEvent], None],
    should_stop: Callable[[], bool],
) -> TrainingResult:
    assert child.stdin is not None
    assert child.stdout is not None
    lines = _Lines(child.stdout)
    stopping = not _sent(child, json.dumps(request))
    for line in lines.until_the_end():
        if not stopping and should_stop():
            stopping = True
            _sent(child, "stop")
        if line is None:
            continue
        said = json.loads(line)
        if "event" in said:
            on_event(TrainingEvent(**said["event"]))
        elif "error" in said:
            raise _error(said["error"])
        else:
            return _result(said["result"])
    raise _vanished(child)


class _Lines:
    """The child's lines as they come, and None when it is silent, so that the caller can look up."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._lines: list[str] = []
        self._ended = False
        self._changed = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self._stream:
            with self._changed:
                self._lines.append(line)
                self._changed.notify()
        with self._changed:
            self._ended = True
            self._changed.notify()

    def until_the_end(self) -> Iterator[str | None]:
        while True:
            with self._changed:
                if not self._lines and not self._ended:
                    self._changed.wait(_STOP_POLL_SECONDS)
                line = self._lines.pop(0) if self._lines else None
                if line is None and self._ended:
                    return
            yield line


def _sent(child: subprocess.Popen[str], text: str) -> bool:
    assert child.stdin is not None
    try:
        child.stdin.write(text + "\n")
        child.stdin.flush()
    except BrokenPipeError:
        # It is gone; the end of its output says how.
        return False
    return True


def _ended(child: subprocess.Popen[str]) -> None:
    if child.poll() is None:
        child.kill()
    child.wait()
    for stream in (child.stdin, child.stdout):
        if stream is not None:
            try:
                stream.close()
            except BrokenPipeError:
                continue


def _error(said: dict[str, str]) -> errors.EngineError:
    kind: type[errors.EngineError] = getattr(errors, said["kind"])
    return kind(said["reason"], said["advice"])


def _vanished(child: subprocess.Popen[str]) -> errors.TrainingFailed:
    code = child.wait()
    if code == -signal.SIGKILL:
        return errors.TrainingFailed(
            "The training process was killed (SIGKILL), most often because the memory was used up.",
            "Try again: it goes on from its last checkpoint. If it is killed again, choose a smaller batch.",
        )
    said = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
    return errors.TrainingFailed(
        f"The training process ended without a result ({said}).", "The worker's log of this run holds the details."
    )


def _result(said: dict[str, Any]) -> TrainingResult:
    return TrainingResult(
        **{
            **said,
            "model_path": Path(said["model_path"]),
            "threshold": Threshold(**said["threshold"]),
            "validation_scores": [ValidationScore(**score) for score in said["validation_scores"]],
        }
    )


def result_as_json(result: TrainingResult) -> dict[str, Any]:
    """What `_result` reads back on the other side."""
    return asdict(result) | {"model_path": str(result.model_path)}
