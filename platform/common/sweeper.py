"""Wakes workers for rows that nobody works on: a message was lost, or a worker died and its lease ran out."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from typing import Any

from celery import current_app, shared_task

from common.jobs import waiting
from common.models import Job


@dataclass(frozen=True, slots=True)
class Sweep:
    model: type[Job]
    task: str
    argument: str
    queue: str


_sweeps: dict[str, Sweep] = {}


def register_sweep(model: type[Job], *, task: str, argument: str, queue: str) -> None:
    _sweeps[task] = Sweep(model, task, argument, queue)


def worker_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


@shared_task(name="common.sweep")
def sweep() -> None:
    """Send again, unless messages are still waiting in that queue: then a worker will come to it by itself."""
    for entry in _sweeps.values():
        forgotten = waiting(entry.model)
        if forgotten and not _messages_waiting(entry.queue):
            for job_id in forgotten:
                current_app.send_task(entry.task, kwargs={entry.argument: job_id})


def _messages_waiting(queue: str) -> int:
    with current_app.connection_for_read() as connection:
        channel: Any = connection.default_channel  # Redis' own, which has a client
        return int(channel.client.llen(queue))
