"""The order of things when the house is opened and closed."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Callable
from types import FrameType

from rich.console import Console

from config import environment
from config.embedded.servers import ServerError, ensure_servers, stop_servers
from config.environment import ROOT, var_folder
from config.supervisor.children import Child, ChildGaveUp, stop_all, web, workers

_SPACE_NEEDED_MB = 2000
DEMO_PEOPLE = "demo-people.json"


class HouseError(Exception):
    """Why it cannot be opened, in words."""


class House:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._stop = threading.Event()
        self._children: list[Child] = []
        self._started_servers = False

    def run(self, *, with_demo: bool, open_page: bool) -> None:
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._ask_to_stop)
        port = environment.integer("LUCENCY_PORT", 8000, minimum=1, maximum=65535)
        try:
            self._prepare(port, with_demo)
            self._open(port)
            self._welcome(port, open_page)
            self._watch()
        finally:
            self._close()

    def _ask_to_stop(self, signal_number: int, frame: FrameType | None) -> None:
        self._stop.set()

    def _prepare(self, port: int, with_demo: bool) -> None:
        _check_port(port)
        _check_space()
        self._step("PostgreSQL and Redis", self._start_servers)
        self._step("database migrations", lambda: _manage("migrate", "--verbosity", "0"))
        if with_demo:
            self._say("the demo study (the first time takes some minutes)")
            _manage("demo")

    def _start_servers(self) -> None:
        started = ensure_servers()
        self._started_servers = started.postgres or started.redis

    def _open(self, port: int) -> None:
        self._children = [web(port), *workers()]
        for child in self._children:
            child.start()
        self._step("web server and workers", lambda: self._wait_until_healthy(port))

    def _wait_until_healthy(self, port: int) -> None:
        for _ in range(240):
            if self._stop.is_set():
                return
            for child in self._children:
                event = child.watch()
                if event:
                    self._say(event)
            if _is_healthy(port):
                return
            time.sleep(0.5)
        logs = "\n".join(str(child.log) for child in self._children)
        raise HouseError(f"Web server or workers did not come up. Their logs:\n{logs}")

    def _welcome(self, port: int, open_page: bool) -> None:
        if self._stop.is_set():
            return
        address = f"http://127.0.0.1:{port}/"
        self._console.print(f"\nLucency is ready at [bold]{address}[/bold]")
        people = var_folder() / DEMO_PEOPLE
        if people.exists():
            self._console.print("The demo study's people (all data is synthetic):")
            for person in json.loads(people.read_text()):
                self._console.print(f"  {person['role']:<14} {person['email']:<36} {person['password']}")
        self._console.print("Ctrl-C stops everything.\n")
        if open_page and _has_a_screen():
            with contextlib.suppress(webbrowser.Error):
                webbrowser.open(address)

    def _watch(self) -> None:
        while not self._stop.wait(0.5):
            for child in self._children:
                event = child.watch()
                if event:
                    self._say(event)

    def _close(self) -> None:
        self._say("stopping")
        stop_all(self._children)
        if self._started_servers:
            stop_servers()
        self._say("stopped")

    def _say(self, words: str) -> None:
        self._console.print(f"[bold]==>[/bold] {words}")

    def _step(self, words: str, work: Callable[[], None]) -> None:
        begin = time.monotonic()
        if self._stop.is_set():
            return
        with self._console.status(words):
            work()
        self._say(f"{words}: ready ({time.monotonic() - begin:.1f} s)")


def open_house(*, with_demo: bool, open_page: bool) -> int:
    """Run until Ctrl-C; the exit code."""
    console = Console(highlight=False)
    try:
        House(console).run(with_demo=with_demo, open_page=open_page)
    except (HouseError, ServerError, ChildGaveUp) as error:
        console.print(f"\n[bold red]Lucency could not go on.[/bold red] {error}", markup=True)
        return 1
    return 0


def _manage(*arguments: str) -> None:
    result = subprocess.run([sys.executable, str(ROOT / "manage.py"), *arguments], check=False, cwd=ROOT)
    if result.returncode:
        raise HouseError(f"`manage.py {' '.join(arguments)}` failed (exit code {result.returncode}); see above.")


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise HouseError(
                f"Port {port} cannot be used ({error.strerror}). Something else listens there, perhaps another "
                f"`make up`. Choose another port: LUCENCY_PORT={port + 1 if port < 65535 else 8000} make up"
            ) from error


def _check_space() -> None:
    folder = var_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free // 2**20
    except OSError as error:
        raise HouseError(f"The folder {folder} cannot be written to: {error.strerror}.") from error
    if free < _SPACE_NEEDED_MB:
        raise HouseError(
            f"Only {free} MB are free for {folder}; the demo study and its models need about {_SPACE_NEEDED_MB} MB. "
            "Free some space, or name another folder in LUCENCY_VAR."
        )


def _is_healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _has_a_screen() -> bool:
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
