"""The processes that `make up` looks after: started, watched, restarted when they die, stopped together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from config.embedded.places import log_folder
from config.environment import ROOT
from config.supervisor.household import mark

# A child that dies this often within this time will not come right by itself.
_DEATHS_ALLOWED = 5
_WITHIN_SECONDS = 60.0
_STOP_AFTER_SECONDS = 20.0


class ChildGaveUp(Exception):
    """A child dies again and again; the message names it and shows the end of its log."""


@dataclass
class Child:
    name: str
    arguments: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=_DEATHS_ALLOWED))
    start_again_at: float | None = None

    @property
    def log(self) -> Path:
        return log_folder() / f"{self.name}.log"

    def start(self) -> None:
        path = f"{ROOT / 'platform'}{os.pathsep}{ROOT}"
        variables = os.environ | mark() | {"PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": "config.settings"}
        self.log.parent.mkdir(parents=True, exist_ok=True)
        output: IO[bytes]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.arguments, cwd=ROOT, env=variables | self.environment, stdin=subprocess.DEVNULL,
                stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        self.start_again_at = None

    def watch(self) -> str | None:
        """Restart the child if it has died; returns what happened, in words, or None."""
        if self.start_again_at is not None:
            if time.monotonic() >= self.start_again_at:
                self.start()
                return f"{self.name} is back"
            return None
        if self.process is None or self.process.poll() is None:
            return None
        self._end_orphans()
        now = time.monotonic()
        self.deaths.append(now)
        if len(self.deaths) == _DEATHS_ALLOWED and now - self.deaths[0] < _WITHIN_SECONDS:
            raise ChildGaveUp(
                f"{self.name} died {_DEATHS_ALLOWED} times within a minute. The end of {self.log}:\n{self.last_lines()}"
            )
        self.start_again_at = now + min(2 ** (len(self.deaths) - 1), 10)
        return f"{self.name} {_how_it_ended(self.process.returncode)}; starting it again. Its log: {self.log}"

    def _end_orphans(self) -> None:
        """What a dead child has started holds its port and its messages: nobody would look after it."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def last_lines(self, count: int = 15) -> str:
        with self.log.open("rb") as file:
            return b"".join(deque(file, maxlen=count)).decode(errors="replace")

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def make_stop(self, deadline: float) -> None:
        """Wait until the deadline, then end the child and everything that it started."""
        if self.process is None:
            return
        try:
            self.process.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def _how_it_ended(code: int) -> str:
    return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"


def stop_all(children: list[Child]) -> None:
    for child in children:
        child.ask_to_stop()
    deadline = time.monotonic() + _STOP_AFTER_SECONDS
    for child in children:
        child.make_stop(deadline)


def web(port: int) -> Child:
    return Child(
        "web",
        [
            sys.executable, "-m", "gunicorn", "config.wsgi:application", "--bind", f"127.0.0.1:{port}",
            "--worker-class", "gthread", "--workers", "2", "--threads", "8", "--timeout", "120",
            "--graceful-timeout", "10", "--log-level", "warning", "--no-control-socket",
        ],
    )  # fmt: skip


def _celery(name: str, queues: str) -> Child:
    return Child(
        f"worker-{name}",
        [
            sys.executable, "-m", "celery", "-A", "config.celery", "worker", "--queues", queues,
            "--concurrency", "1", "--pool", "prefork", "--hostname", f"{name}@%h", "--loglevel", "warning",
            "--without-gossip", "--without-mingle",
        ],
    )  # fmt: skip


def workers() -> list[Child]:
    """Training has a worker of its own, so that scoring and intake never wait behind it."""
    schedule = str(log_folder().parent / "run" / "beat-schedule")
    beat = [sys.executable, "-m", "celery", "-A", "config.celery", "beat", "--schedule", schedule, "--pidfile="]
    return [
        _celery("default", "default,scoring"),
        _celery("training", "training"),
        Child("beat", [*beat, "--loglevel", "warning"]),
    ]
