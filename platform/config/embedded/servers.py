"""Both servers together: start what is missing, share what runs."""

from __future__ import annotations

import fcntl
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from config import environment
from config.embedded import postgres, redis
from config.embedded.places import runtime_folder

_SPACE_NEEDED = 512 * 1024 * 1024


class ServerError(Exception):
    """Why the servers are not there, in words."""


@dataclass(frozen=True, slots=True)
class Started:
    """Which servers this call has started; the others ran already or are not ours."""

    postgres: bool
    redis: bool


def uses_embedded_postgres() -> bool:
    return not environment.text("DATABASE_URL")


def uses_embedded_redis() -> bool:
    return not environment.text("REDIS_URL")


def ensure_servers(say: Callable[[str], None] = lambda _: None) -> Started:
    """Start the embedded servers that are needed and not running. Safe to call from many processes at once."""
    if environment.production() or not (uses_embedded_postgres() or uses_embedded_redis()):
        return Started(postgres=False, redis=False)
    try:
        with _only_one():
            return Started(postgres=_ensure_postgres(say), redis=_ensure_redis(say))
    except (postgres.PostgresError, redis.RedisError) as error:
        raise ServerError(str(error)) from error
    except OSError as error:
        raise ServerError(f"The embedded servers cannot be started: {error}.") from error


def _ensure_postgres(say: Callable[[str], None]) -> bool:
    if not uses_embedded_postgres():
        return False
    started = not postgres.is_running()
    if started:
        say("starting PostgreSQL")
        _check_space()
        postgres.start()
    postgres.ensure_database(environment.text("LUCENCY_DATABASE", "lucency"))
    return started


def _ensure_redis(say: Callable[[str], None]) -> bool:
    if not uses_embedded_redis() or redis.is_running():
        return False
    say("starting Redis")
    redis.start()
    return True


def stop_servers() -> None:
    """Stop whatever embedded server runs for this var folder."""
    with _only_one():
        _stop()


def stop_servers_unless_used() -> bool:
    """Stop the embedded servers, whoever has started them, if no other command is connected; whether they are gone."""
    if environment.production() or not (uses_embedded_postgres() or uses_embedded_redis()):
        return True
    try:
        with _only_one():
            used = _stays_used()
            if not used:
                _stop()
    except (postgres.PostgresError, redis.RedisError) as error:
        raise ServerError(str(error)) from error
    return not used


def _stop() -> None:
    if uses_embedded_redis() and redis.is_running():
        redis.stop()
    if uses_embedded_postgres() and postgres.is_running():
        postgres.stop()


def _stays_used() -> bool:
    """A connection whose client has just ended is seen for another moment."""
    for _ in range(30):
        if not (uses_embedded_postgres() and postgres.is_used()):
            return False
        time.sleep(0.1)
    return True


def _check_space() -> None:
    folder = environment.var_folder()
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < _SPACE_NEEDED:
        raise ServerError(
            f"There are only {free // 2**20} MB free for {folder}; at least {_SPACE_NEEDED // 2**20} MB are needed. "
            "Free some space, or name another folder in LUCENCY_VAR."
        )


@contextmanager
def _only_one() -> Iterator[None]:
    folder = runtime_folder()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
