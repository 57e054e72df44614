"""The Celery application. Workers start it with `-A config.celery`."""

from __future__ import annotations

import os

from celery import Celery
from celery.signals import heartbeat_sent, setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("lucency")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _keep_our_logging(**_: object) -> None:
    """Django has configured the logs already; Celery must not do it again."""


_ALIVE_FOR_SECONDS = 20


def served_key(queue: str) -> str:
    return f"queue-served:{queue}"


@heartbeat_sent.connect
def _tell_that_queues_are_served(**_: object) -> None:
    """Celery's own ping takes seconds over Redis; a key with an end is read in a moment."""
    from django.core.cache import cache

    served = {served_key(queue): 1 for queue in app.amqp.queues.consume_from}
    cache.set_many(served, timeout=_ALIVE_FOR_SECONDS)
