"""PostgreSQL and Redis of our own: started when needed, shared, stopped, and not started when others are named."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from config.embedded.places import postgres_socket_folder, redis_socket
from tests.config_tests.test_refused_settings import manage

CONNECT = "from django.db import connection as c; c.ensure_connection(); print('in')"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    if (tmp_path / "postgres").exists():
        manage(tmp_path, "servers", "stop")


def test_it_starts_shares_and_stops_them(folder: Path) -> None:
    assert "starting PostgreSQL" in manage(folder, "servers", "start").stdout
    first = (folder / "postgres" / "postmaster.pid").read_text().split()[0]
    second = manage(folder, "servers", "start")
    assert "starting" not in second.stdout
    shown = manage(folder, "shell", "-c", CONNECT)
    assert "in" in shown.stdout.splitlines()
    assert (folder / "postgres" / "postmaster.pid").read_text().split()[0] == first
    assert manage(folder, "servers", "stop").returncode == 0
    assert not (folder / "postgres" / "postmaster.pid").exists()
    assert not psutil.pid_exists(int(first))


def test_it_starts_what_a_command_needs_and_two_at_once_agree(folder: Path) -> None:
    results: list[subprocess.CompletedProcess[str]] = []
    threads = [
        threading.Thread(target=lambda: results.append(manage(folder, "shell", "-c", CONNECT))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [result.returncode for result in results] == [0, 0], results


def test_it_uses_the_servers_that_are_named_and_starts_none(folder: Path, servers: None) -> None:
    database = settings.DATABASES["default"]
    url = f"postgres://postgres@{str(database['HOST']).replace('/', '%2F')}/postgres"
    code = f"{CONNECT}; from django.core.cache import cache; cache.set('x', 1, 1)"
    result = manage(folder, "shell", "-c", code, DATABASE_URL=url, REDIS_URL=settings.REDIS_URL)
    assert "in" in result.stdout.splitlines(), result.stderr
    assert not (folder / "postgres").exists()
    assert not (folder / "redis").exists()


def test_it_finds_a_place_for_sockets_when_the_folders_path_is_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("a" * 60) / ("b" * 60)
    monkeypatch.setenv("LUCENCY_VAR", str(deep))
    assert len(os.fsencode(postgres_socket_folder() / ".s.PGSQL.5432.lock")) <= 107
    assert not redis_socket().is_relative_to(deep)
    first = redis_socket()
    monkeypatch.setenv("LUCENCY_VAR", str(deep / "other"))
    assert redis_socket() != first
    monkeypatch.setenv("LUCENCY_VAR", "/short")
    assert redis_socket() == Path("/short/run/redis.sock")
