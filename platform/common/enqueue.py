"""The only way to wake a worker.

The row that describes the work is committed first; the message carries its id and nothing else. A message that
is lost or delivered twice changes nothing, because a worker claims the row and the sweeper sends again.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

_log = structlog.get_logger("lucency.enqueue")


def enqueue(task_name: str, /, **kwargs: Any) -> None:
    """Send a task by its name after the current transaction has committed."""
    transaction.on_commit(partial(_send, task_name, kwargs))


def _send(task_name: str, kwargs: dict[str, Any]) -> None:
    try:
        current_app.send_task(task_name, kwargs=kwargs)
    except OperationalError:
        # The row is there and the sweeper will send again: whoever asked for the work must not see an error.
        _log.warning("no worker could be woken", task=task_name)
