"""What the platform has said to its workers, read from the real queues."""

from __future__ import annotations

import base64
import json
from typing import Any

import redis
from django.conf import settings

from config.health import QUEUES


class Messages:
    def __init__(self) -> None:
        self._redis = redis.Redis.from_url(settings.REDIS_URL)

    def forget(self) -> None:
        self._redis.delete(*QUEUES)

    def in_queue(self, queue: str) -> list[tuple[str, dict[str, Any]]]:
        """Name and arguments of each waiting message, oldest first."""
        waiting = self._redis.lrange(queue, 0, -1)
        assert isinstance(waiting, list)
        return [_name_and_arguments(json.loads(message)) for message in reversed(waiting)]


def _name_and_arguments(envelope: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    _, keywords, _ = json.loads(base64.b64decode(envelope["body"]))
    return envelope["headers"]["task"], keywords
