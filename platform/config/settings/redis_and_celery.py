"""Redis: the server of REDIS_URL, or the embedded one. It wakes workers and caches; it holds no truth."""

from __future__ import annotations

from config import environment
from config.embedded.places import redis_socket


def _redis_url() -> str:
    url = environment.text("REDIS_URL")
    if url:
        if not url.startswith(("redis://", "rediss://", "unix://")):
            raise environment.SettingsError("REDIS_URL must begin with redis://, rediss:// or unix://.")
        return url
    if environment.production():
        raise environment.SettingsError("REDIS_URL is not set: in production Redis is a server of its own.")
    return f"unix://{redis_socket()}"


REDIS_URL = _redis_url()
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "experiments.train": {"queue": "training"},
    "experiments.score": {"queue": "scoring"},
    "experiments.map": {"queue": "scoring"},
    "experiments.judge_maps": {"queue": "scoring"},
    "experiments.compare": {"queue": "scoring"},
    "experiments.report": {"queue": "scoring"},
}
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "common.sweep", "schedule": 10.0, "options": {"expires": 10}},
    "forget-registry-uploads": {"task": "cohorts.forget_registry_uploads", "schedule": 3600.0},
}
