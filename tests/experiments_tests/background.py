"""A training task that runs while the test looks on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil
from django.db import connection

from mlworker.experiments.models import RunEpoch, TrainingRun
from mlworker.experiments.tasks import train


@contextmanager
def trained_in_background(run: TrainingRun) -> Iterator[threading.Thread]:
    def work() -> None:
        try:
            train(run_id=run.pk)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield thread
    finally:
        thread.join()


def wait_until(state: Callable[[], bool]) -> None:
    while not state():
        time.sleep(0.05)


def wait_for_epoch(run: TrainingRun, epoch: int) -> None:
    wait_until(lambda: RunEpoch.objects.filter(run=run, epoch=epoch).exists())


def training_children(process: psutil.Process | None = None) -> list[psutil.Process]:
    return [c for c in (process or psutil.Process()).children() if "mlworker.engine.isolated_child" in c.cmdline()]
