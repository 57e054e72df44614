"""One line a request: method, route, status, milliseconds, and an id that the response carries too."""

from __future__ import annotations

import time
import traceback
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

_log = structlog.get_logger("lucency.request")


class RequestLogMiddleware:
    """Logs the route's pattern, never the path: a path may hold what a person typed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Where a view broke, and by which kind of error; an error's own text may quote a patient."""
        frames = traceback.extract_tb(exception.__traceback__)
        match = request.resolver_match
        _log.error(
            "unhandled_error",
            error=type(exception).__name__,
            route=match.route if match else "",
            where=[f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:]],
            **structlog.contextvars.get_contextvars(),
        )

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid.uuid4().hex[:12]
        structlog.contextvars.bind_contextvars(request_id=request_id)
        begin = time.perf_counter()
        try:
            response = self._get_response(request)
        finally:
            structlog.contextvars.unbind_contextvars("request_id")
        match = request.resolver_match
        if match is not None:
            _log.info(
                "request",
                request_id=request_id,
                method=request.method,
                route=match.route,
                status=response.status_code,
                milliseconds=round(1000 * (time.perf_counter() - begin), 1),
            )
        response["X-Request-ID"] = request_id
        return response
