"""What PostgreSQL is sent while something happens, savepoints and their release included."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import connection
from django.test.utils import CaptureQueriesContext

Result = TypeVar("Result")


def statements_of(action: Callable[[], Result]) -> tuple[Result, list[str]]:
    with CaptureQueriesContext(connection) as captured:
        result = action()
    return result, [str(query["sql"]) for query in captured.captured_queries]
