"""One `make up` to a folder: a second is refused, one that was killed is cleared away, Ctrl-C leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from config.environment import ROOT
from config.supervisor.children import Child
from config.supervisor.household import MARK, AlreadyOpen, end_leftovers, sole_house
from tests.config_tests.test_refused_settings import manage

Open = Callable[[], "subprocess.Popen[str]"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("LUCENCY_VAR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.setenv("LUCENCY_LOG_LEVEL", "WARNING")
    yield tmp_path
    end_leftovers()
    manage(tmp_path, "servers", "stop")


@pytest.fixture
def open_house(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        monkeypatch.setenv("LUCENCY_PORT", str(probe.getsockname()[1]))

    def start() -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "up", "--without-demo", "--no-browser"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    return start


def _ready(house: subprocess.Popen[str]) -> str:
    assert house.stdout is not None
    said = ""
    for line in house.stdout:
        said += line
        if "Lucency is ready" in line:
            return said
    raise AssertionError(said)


def _of_this(folder: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if str(folder) in (process.environ().get(MARK, ""), *process.cmdline()):
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


def test_it_refuses_a_second_clears_away_a_killed_one_and_leaves_nothing_behind(folder: Path, open_house: Open) -> None:
    first = open_house()
    _ready(first)
    second = open_house()
    said = " ".join(second.communicate()[0].split())
    assert second.returncode == 1
    assert f"Another `make up` runs already for {folder} (process {first.pid}" in said
    assert "Traceback" not in said

    first.kill()
    first.wait()
    assert _of_this(folder)
    third = open_house()
    assert "an earlier `make up` was killed" in _ready(third)
    third.send_signal(signal.SIGINT)
    rest = third.communicate()[0]
    assert third.returncode == 0, rest
    assert "Traceback" not in rest
    assert not _of_this(folder)


def test_it_closes_at_once_when_it_is_asked_while_a_command_of_its_runs(folder: Path, open_house: Open) -> None:
    house = open_house()
    assert house.stdout is not None
    while "PostgreSQL and Redis: ready" not in house.stdout.readline():
        pass
    house.send_signal(signal.SIGTERM)
    rest = house.communicate()[0]
    assert house.returncode == 0, rest
    assert "Lucency is ready" not in rest
    assert "Traceback" not in rest
    assert not _of_this(folder)


def test_it_names_a_database_and_a_redis_that_do_not_answer(folder: Path) -> None:
    for name, url in (("DATABASE_URL", "postgres://u@127.0.0.1:1/x"), ("REDIS_URL", "redis://127.0.0.1:1/0")):
        result = manage(folder, "up", "--without-demo", LUCENCY_PORT=os.environ.get("LUCENCY_PORT", ""), **{name: url})
        text = " ".join((result.stdout + result.stderr).split())
        assert result.returncode == 1
        assert "does not answer" in text
        assert "refused" in text
        assert "Traceback" not in text


def test_it_lets_go_of_the_folder_when_the_block_ends(folder: Path) -> None:
    with sole_house(8000), pytest.raises(AlreadyOpen, match="page http://127"), sole_house(8001):
        pass
    with sole_house(8001):
        pass


def test_it_ends_what_a_dead_child_had_started_before_it_starts_the_child_again(folder: Path) -> None:
    note = folder / "grandchild"
    code = (
        "import subprocess, sys, time, pathlib;"
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
        f"pathlib.Path({str(note)!r}).write_text(str(p.pid)); time.sleep(600)"
    )
    child = Child("parent", [sys.executable, "-c", code])
    child.start()
    while not (note.exists() and note.read_text()):
        pass
    assert child.process is not None
    child.process.kill()
    child.process.wait()
    assert "was killed by SIGKILL" in str(child.watch())
    grandchild = int(note.read_text())
    while psutil.pid_exists(grandchild) and psutil.Process(grandchild).status() != psutil.STATUS_ZOMBIE:
        pass
