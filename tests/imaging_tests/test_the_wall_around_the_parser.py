"""The parser's process may die, hang or swell: the file is refused, and the next one is read."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from annotations.imaging.outcome import UploadOutcome
from annotations.imaging.parsing_child import MEMORY_BYTES
from annotations.imaging.sandbox import Sandbox
from tests.radiograph_files import dicom_file

KEY = b"k" * 32


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox()
    yield sandbox
    sandbox.close()


def _file(folder: Path) -> Path:
    path = folder / "file"
    path.write_bytes(dicom_file())
    return path


def _children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if _is_reader(child)]


def _is_reader(process: psutil.Process) -> bool:
    try:
        return "annotations.imaging.parsing_child" in process.cmdline()
    except psutil.NoSuchProcess:  # also for one that has ended and was not yet asked how
        return False


def _read(sandbox: Sandbox, path: Path) -> UploadOutcome:
    return sandbox.process(path, key=KEY)


def test_it_reads_file_after_file_in_one_child(sandbox: Sandbox, tmp_path: Path) -> None:
    path = _file(tmp_path)
    outcomes = [_read(sandbox, path) for _ in range(3)]
    assert {outcome.outcome for outcome in outcomes} == {"accepted"}
    assert set(outcomes[0].renditions) == {"dicom", "full_depth", "preview", "thumbnail", "source"}
    assert outcomes[0] == outcomes[2]


def test_it_refuses_a_file_that_kills_its_reader_and_reads_the_next(sandbox: Sandbox, tmp_path: Path) -> None:
    path = _file(tmp_path)
    assert _read(sandbox, path).outcome == "accepted"
    before = set(_children())
    # A pipe that nobody writes to holds the child in the middle of "the file" until it is killed there.
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    killer = subprocess.Popen(
        ["sh", "-c", f"sleep 0.3; kill -SEGV {' '.join(str(child.pid) for child in before)}"], stdin=subprocess.DEVNULL
    )
    outcome = _read(sandbox, pipe)
    killer.wait()
    assert (outcome.outcome, outcome.reason_code) == ("refused", "not_readable")
    assert _read(sandbox, path).outcome == "accepted"


def test_it_refuses_a_file_that_takes_too_long_and_ends_its_reader(sandbox: Sandbox, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    before = set(_children())
    outcome = sandbox.process(pipe, key=KEY, seconds=0.5)
    assert (outcome.outcome, outcome.reason_code) == ("refused", "too_slow")
    assert set(_children()) <= before
    assert _read(sandbox, _file(tmp_path)).outcome == "accepted"


def test_it_comes_back_when_the_child_was_killed_between_two_files(sandbox: Sandbox, tmp_path: Path) -> None:
    path = _file(tmp_path)
    known = set(_children())
    _read(sandbox, path)
    (child,) = set(_children()) - known
    child.send_signal(signal.SIGKILL)
    # Its first thread is a zombie before the others have ended; until then the kernel does not call the child dead.
    while child.status() != psutil.STATUS_ZOMBIE or child.num_threads() > 1:
        time.sleep(0.01)
    assert _read(sandbox, path).outcome == "accepted"


def test_it_limits_the_childs_memory(sandbox: Sandbox, tmp_path: Path) -> None:
    known = set(_children())
    _read(sandbox, _file(tmp_path))
    (child,) = set(_children()) - known
    if hasattr(child, "rlimit"):
        assert child.rlimit(psutil.RLIMIT_AS) == (MEMORY_BYTES, MEMORY_BYTES)
        assert child.rlimit(psutil.RLIMIT_CORE) == (0, 0)


def test_it_gives_the_child_nothing_of_our_secrets(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUCENCY_ENCRYPTION_KEY", "a secret")
    known = set(_children())
    _read(sandbox, _file(tmp_path))
    (child,) = set(_children()) - known
    assert not [name for name in child.environ() if name.startswith(("LUCENCY", "DATABASE", "REDIS", "DJANGO"))]


def test_it_says_so_when_the_file_has_vanished(sandbox: Sandbox, tmp_path: Path) -> None:
    assert _read(sandbox, tmp_path / "nothing").outcome == "refused"
