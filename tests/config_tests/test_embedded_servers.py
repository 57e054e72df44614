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


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs as another user")
def test_it_stops_them_though_somebody_has_closed_a_folder_above(folder: Path) -> None:
    var = folder / "closed" / "var"
    assert manage(var, "servers", "start").returncode == 0
    var.parent.chmod(0o700)
    stopped = manage(var, "servers", "stop")
    assert stopped.returncode == 0, stopped.stderr
    assert not (var / "postgres" / "postmaster.pid").exists()


def test_it_works_in_a_folder_with_spaces_and_quotes_in_its_name(folder: Path) -> None:
    var = folder / "o'hara's study of hips"
    started = manage(var, "servers", "start")
    assert started.returncode == 0, started.stderr
    assert manage(var, "servers", "stop").returncode == 0


def test_it_says_when_the_data_are_those_of_another_postgresql(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("17\n")
    result = manage(tmp_path, "servers", "start")
    assert result.returncode == 1
    assert "are those of PostgreSQL 17, and this Lucency brings 18" in result.stderr
    assert "Traceback" not in result.stderr


def test_it_begins_anew_where_the_making_of_a_cluster_was_broken_off(folder: Path) -> None:
    (folder / "postgres.unfinished").mkdir()
    (folder / "postgres.unfinished" / "PG_VERSION").write_text("18\n")
    started = manage(folder, "servers", "start")
    assert started.returncode == 0, started.stderr
    assert not (folder / "postgres.unfinished").exists()


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
