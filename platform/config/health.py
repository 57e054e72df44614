"""Whether the platform can work: database, Redis, workers, storage."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse

from config.celery import served_key
from config.errors import safe_methods_only

QUEUES = ("default", "scoring", "training")


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _redis() -> bool:
    try:
        return bool(redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2).ping())
    except redis.RedisError:
        return False


def _worker() -> bool:
    """Whether every queue has a worker whose heart has beaten in the last seconds."""
    try:
        served = cache.get_many([served_key(queue) for queue in QUEUES])
    except redis.RedisError:
        return False
    return len(served) == len(QUEUES)


def _storage() -> bool:
    try:
        Path(settings.STORAGE_ROOT).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.STORAGE_ROOT) as file:
            file.write(b"healthy")
    except OSError:
        return False
    return True


CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "redis": _redis,
    "worker": _worker,
    "storage": _storage,
}


@safe_methods_only
def health(request: HttpRequest) -> JsonResponse:
    parts = {name: "ok" if check() else "failing" for name, check in CHECKS.items()}
    healthy = all(state == "ok" for state in parts.values())
    response = JsonResponse({"status": "ok" if healthy else "failing", **parts}, status=200 if healthy else 503)
    response["Cache-Control"] = "no-store"
    return response
