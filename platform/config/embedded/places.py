"""Where the embedded servers keep their data and their sockets."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from config.environment import var_folder

# A socket's whole path must fit into 107 bytes; the longest name of ours is "postgres/.s.PGSQL.5432.lock".
_LONGEST_FOLDER = 107 - len("/postgres/.s.PGSQL.5432.lock")


def runtime_folder() -> Path:
    """Sockets live in the var folder, or in the temporary folder when that path is too long for a socket."""
    folder = var_folder() / "run"
    if len(os.fsencode(folder)) <= _LONGEST_FOLDER:
        return folder
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"lucency-{os.getuid()}-{name}"


def postgres_data_folder() -> Path:
    return var_folder() / "postgres"


def postgres_socket_folder() -> Path:
    return runtime_folder() / "postgres"


def redis_data_folder() -> Path:
    return var_folder() / "redis"


def redis_socket() -> Path:
    return runtime_folder() / "redis.sock"


def log_folder() -> Path:
    return var_folder() / "log"


def server_environment() -> dict[str, str]:
    """What a server inherits: it outlives the command that starts it, and the keys of notes are not for it."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}
