"""Whether the platform can work: database, Redis, workers, storage."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import redis
from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe
from kombu.exceptions import KombuError


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _redis() -> bool:
    try:
        return bool(redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2).ping())
    except redis.RedisError:
        return False


def _worker() -> bool:
    try:
        return bool(current_app.control.ping(timeout=1.0, limit=1))
    except (KombuError, redis.RedisError, OSError):
        return False


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


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    parts = {name: "ok" if check() else "failing" for name, check in CHECKS.items()}
    healthy = all(state == "ok" for state in parts.values())
    response = JsonResponse({"status": "ok" if healthy else "failing", **parts}, status=200 if healthy else 503)
    response["Cache-Control"] = "no-store"
    return response
