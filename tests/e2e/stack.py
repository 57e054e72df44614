"""The real thing: `manage.py up` in a folder of its own, with the demo study, as a newcomer starts it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Of the test session around; the stack has its own.
_NOT_INHERITED = ("DATABASE_URL", "REDIS_URL", "LUCENCY_STORAGE", "LUCENCY_DATABASE", "LUCENCY_LOG_LEVEL")


@dataclass(frozen=True, slots=True)
class SignIn:
    email: str
    password: str


class StackDidNotStart(Exception):
    """`manage.py up` ended before the page was there; the message is what it printed."""


class Stack:
    def __init__(self) -> None:
        kept = os.environ.get("LUCENCY_E2E_VAR", "")
        self._temporary = not kept
        self.folder = Path(kept or tempfile.mkdtemp(prefix="lucency-e2e-"))
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = _free_port()
        self.output = self.folder / "up.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
        return inherited | {
            "LUCENCY_VAR": str(self.folder),
            "LUCENCY_PORT": str(self.port),
            # Calculated radiographs are the same in every run.
            "LUCENCY_PHANTOM_CACHE": str(ROOT / ".cache" / "phantoms"),
        }

    def start(self) -> None:
        with self.output.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "up", "--no-browser"], cwd=ROOT, env=self.environment,
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        while not self._is_ready():
            if self._process.poll() is not None:
                raise StackDidNotStart(self.output.read_text(errors="replace")[-4000:])
            time.sleep(0.5)

    def _is_ready(self) -> bool:
        """Said in so many words, and true."""
        if b"Lucency is ready" not in self.output.read_bytes():
            return False
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def stop(self) -> int:
        """Ctrl-C; the exit code."""
        assert self._process is not None
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        code = self._process.wait()
        if self._temporary:
            shutil.rmtree(self.folder, ignore_errors=True)
        return code

    def manage(self, *arguments: str) -> str:
        result = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return result.stdout

    def people(self) -> dict[str, SignIn]:
        entries = json.loads((self.folder / "demo-people.json").read_text())
        return {entry["role"]: SignIn(entry["email"], entry["password"]) for entry in entries}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
