"""Structured logs. They hold routes and identifiers of rows, never bodies, query strings, names or patients' data."""

from __future__ import annotations

import structlog
from structlog.typing import Processor

from config import environment

_AS_JSON = environment.choice(
    "LUCENCY_LOG_FORMAT", "json" if environment.production() else "console", ("json", "console")
) == "json"  # fmt: skip
_LEVEL = environment.choice("LUCENCY_LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))
_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
structlog.configure(
    processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "structured": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer() if _AS_JSON else structlog.dev.ConsoleRenderer(colors=False),
            ],
            "foreign_pre_chain": _SHARED,
        }
    },
    "handlers": {"stream": {"class": "logging.StreamHandler", "formatter": "structured"}},
    "root": {"handlers": ["stream"], "level": _LEVEL},
    "loggers": {
        # The request log says it once, with the route instead of the path.
        "django.request": {"level": "CRITICAL"},
        "django.server": {"level": "CRITICAL"},
    },
}
