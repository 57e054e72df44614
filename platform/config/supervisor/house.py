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

from django.conf import settings
from redis import Redis, RedisError
from rich.console import Console
from rich.markup import escape

from config import environment
from config.embedded.servers import ServerError, ensure_servers, stop_servers_unless_used, uses_embedded_redis
from config.environment import ROOT, var_folder
from config.supervisor.children import Child, ChildGaveUp, stop_all, web, workers
from config.supervisor.household import AlreadyOpen, end_leftovers, mark, sole_house

_SPACE_NEEDED_MB = 2000
_COMMAND_STOPS_WITHIN_SECONDS = 20.0
DEMO_PEOPLE = "demo-people.json"


class HouseError(Exception):
    """Why it cannot be opened, in words."""


class House:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._stop = threading.Event()
        self._children: list[Child] = []

    def run(self, *, with_demo: bool, open_page: bool) -> None:
        for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(name, self._ask_to_stop)
        port = environment.integer("LUCENCY_PORT", 8000, minimum=1, maximum=65535)
        _check_space()
        with sole_house(port):
            self._end_what_a_killed_house_left()
            _check_port(port)
            try:
                self._prepare(with_demo)
                self._open(port)
                self._welcome(port, open_page)
                self._watch()
            finally:
                self._close()

    def _ask_to_stop(self, signal_number: int, frame: FrameType | None) -> None:
        self._stop.set()
        if signal_number == signal.SIGHUP:
            # The terminal is gone: writing to it would fail, and there is still a house to close.
            self._console.quiet = True

    def _end_what_a_killed_house_left(self) -> None:
        ended = end_leftovers()
        if ended:
            self._say(f"an earlier `make up` was killed: ended {ended} processes that it had left running")

    def _prepare(self, with_demo: bool) -> None:
        self._step("PostgreSQL and Redis", _servers)
        self._step("database migrations", lambda: self._command("migrate", "--verbosity", "0"))
        if with_demo and not self._stop.is_set():
            self._say("the demo study (the first time takes some minutes)")
            self._command("demo")

    def _command(self, *arguments: str) -> None:
        """Run a command of ours to its end. Ctrl-C reaches it through us: in a session of its own it is asked once."""
        command = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            cwd=ROOT, env=os.environ | mark(), stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        while command.poll() is None and not self._stop.wait(0.1):
            pass
        if self._stop.is_set():
            command.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                command.wait(timeout=_COMMAND_STOPS_WITHIN_SECONDS)
        elif command.returncode:
            words = " ".join(arguments)
            raise HouseError(f"`manage.py {words}` failed (exit code {command.returncode}); its message is above.")

    def _open(self, port: int) -> None:
        if self._stop.is_set():
            return
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
        raise HouseError(f"Web server or workers did not come up; {_health(port)}. Their logs:\n{logs}")

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
        try:
            self._say("stopping")
        finally:
            stop_all(self._children)
            end_leftovers()
            stopped = stop_servers_unless_used()
        if not stopped:
            self._say("PostgreSQL and Redis go on, because something else uses them: manage.py servers stop")
        self._say("stopped")

    def _say(self, words: str) -> None:
        self._console.print(f"[bold]==>[/bold] {words}")

    def _step(self, words: str, work: Callable[[], object]) -> None:
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
    except (HouseError, AlreadyOpen, ServerError, ChildGaveUp, OSError) as error:
        console.print(f"\n[bold red]Lucency could not go on.[/bold red] {escape(str(error))}")
        return 1
    return 0


def _servers() -> None:
    ensure_servers()
    if not uses_embedded_redis():
        try:
            Redis.from_url(settings.REDIS_URL, socket_timeout=5, socket_connect_timeout=5).ping()
        except RedisError as error:
            raise HouseError(f"The Redis of REDIS_URL does not answer: {error}.") from error


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            other = 8000 if port < 1024 or port == 65535 else port + 1
            raise HouseError(
                f"Port {port} cannot be used ({error.strerror}). Choose another one: LUCENCY_PORT={other} make up"
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
    return _health(port) == "all is well"


def _health(port: int) -> str:
    """What /healthz says, in words."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
            return "all is well"
    except urllib.error.HTTPError as answer:
        try:
            parts = json.loads(answer.read())
        except ValueError:
            return f"the web server answers {answer.code}"
        return "failing: " + ", ".join(name for name, state in parts.items() if state != "ok" and name != "status")
    except OSError as error:
        return f"the web server gives no answer ({error})"


def _has_a_screen() -> bool:
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
