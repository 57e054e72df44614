"""Commands that must not run beside themselves: a lock in the database, gone with the connection of whoever held it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper

# Any constants, each for one thing; the audit chain's own lock is in common.audit.
MIGRATING = 0x4C554D49
LOADING_THE_DEMO = 0x4C554445


@contextmanager
def one_at_a_time(lock: int, *, on_wait: Callable[[], object], database: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Wait until nobody else does it. Asks again and again, because a waiting query would not hear Ctrl-C."""
    connection = connections[database]
    with connection.cursor() as cursor:
        told = False
        while not _take(cursor, lock):
            if not told:
                on_wait()
                told = True
            time.sleep(0.5)
    try:
        yield
    finally:
        # After a lost connection there is no lock to give back.
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [lock])


def _take(cursor: CursorWrapper, lock: int) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock])
    return bool(cursor.fetchone()[0])
