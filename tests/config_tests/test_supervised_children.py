"""Who dies is started again; who dies again and again is given up with the end of its log."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from config.supervisor.children import Child, ChildGaveUp, stop_all
from tests.config_tests.test_refused_settings import manage


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LUCENCY_VAR", str(tmp_path))
    return tmp_path


@pytest.fixture
def sleeper() -> Iterator[Child]:
    child = Child("sleeper", [sys.executable, "-c", "import time; print('awake', flush=True); time.sleep(600)"])
    child.start()
    yield child
    stop_all([child])


def _ended(child: Child) -> None:
    assert child.process is not None
    child.process.wait()


def _watched_until(child: Child, words: str) -> str:
    while True:
        event = child.watch()
        if event and words in event:
            return event
        time.sleep(0.01)


def test_it_starts_a_child_that_was_killed_again(sleeper: Child) -> None:
    assert sleeper.process is not None
    assert sleeper.watch() is None
    first = sleeper.process.pid
    sleeper.process.kill()
    _ended(sleeper)
    assert "was killed by SIGKILL" in _watched_until(sleeper, "sleeper")
    assert _watched_until(sleeper, "is back") == "sleeper is back"
    assert sleeper.process.pid != first
    assert psutil.pid_exists(sleeper.process.pid)


def test_it_gives_up_after_repeated_deaths_and_shows_the_logs_end() -> None:
    child = Child("broken", [sys.executable, "-c", "import sys; print('why I cannot live'); sys.exit(3)"])
    child.start()
    events = []
    for _ in range(4):
        _ended(child)
        events.append(child.watch())
        child.start()  # without waiting for its turn
    assert all("ended with exit code 3" in str(event) for event in events)
    _ended(child)
    with pytest.raises(ChildGaveUp) as end:
        child.watch()
    assert "broken died 5 times" in str(end.value)
    assert "why I cannot live" in str(end.value)


def test_it_stops_a_child_with_everything_it_started(tmp_path: Path) -> None:
    note = tmp_path / "grandchild"
    code = (
        "import subprocess, sys, time, pathlib, signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
        f"pathlib.Path({str(note)!r}).write_text(str(p.pid)); time.sleep(600)"
    )
    child = Child("stubborn", [sys.executable, "-c", code])
    child.start()
    while not (note.exists() and note.read_text()):
        time.sleep(0.01)
    child.make_stop(time.monotonic())
    grandchild = int(note.read_text())
    while psutil.pid_exists(grandchild) and psutil.Process(grandchild).status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)
    assert child.process is not None
    assert child.process.returncode == -9


def test_it_says_that_the_port_is_in_use(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = manage(tmp_path, "up", LUCENCY_PORT=str(port))
    text = result.stdout + result.stderr
    assert result.returncode == 1
    assert f"Port {port} cannot be used" in " ".join(text.split())
    assert f"LUCENCY_PORT={port + 1}" in text
    assert "Traceback" not in text
    assert not (tmp_path / "postgres").exists()


def test_it_refuses_a_port_that_is_none(tmp_path: Path) -> None:
    result = manage(tmp_path, "up", LUCENCY_PORT="99999")
    assert result.returncode != 0
    assert "LUCENCY_PORT" in result.stdout + result.stderr
    assert "Traceback" not in result.stdout + result.stderr
