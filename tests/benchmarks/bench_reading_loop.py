"""Read loops a second (open the case, fetch its image, submit the read) beside a bare Django and DRF view.

    make bench        or        PYTHONPATH=platform:. python -m tests.benchmarks.bench_reading_loop

Both servers are real gunicorn processes with the settings of `make up`, on the same PostgreSQL and in the same run.
Rounds alternate, so that a slow minute of the machine slows both; figures are medians over rounds. The bare view
sends the same bytes from disk and updates one row; everything that makes a read trustworthy (session, permission,
blinding, plan, audit chain) is the difference. Everything lives in a temporary folder and a database of its own.

A loop sent 40 SQL statements at first and sends 17 now (tests/reads_tests/test_statements_per_endpoint.py holds that).
On two cores shared with other work (load 8 to 16) the ratio was 0.17 with one reader and 0.14 with four before,
and 0.20 and 0.13 after: fewer statements alone do not bring the bare view nearer. A loaded machine scatters: another
run in between gave 0.34 and 0.13. A fresh connection costs a request 20 to 60 ms, a warm one 7 to 19 ms.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annotations.reads.models import ReadProtocol
    from config.supervisor.children import Child

ROUNDS = 3
CASES_A_CLASS = 8
READERS = (1, 4)
_ANSWER = {"call": "loose", "confidence": 80, "comment": "", "focus_milliseconds": 1500}


class Browser:
    """One reader's connection, kept open as a browser keeps it."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)
        self._cookies: dict[str, str] = {}

    def hang_up(self) -> None:
        """The next request opens a fresh connection: a server closes one that was silent for two seconds."""
        self._connection.close()

    def ask(self, method: str, path: str, body: object = None) -> bytes:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {"Content-Type": "application/json", "Cookie": cookies}
        if "lucency_csrf" in self._cookies:
            headers["X-CSRFToken"] = self._cookies["lucency_csrf"]
        self._connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = self._connection.getresponse()
        data = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {data[:300]!r}")
        for cookie in answer.msg.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            self._cookies[name] = value
        return data


class Reader:
    """A signed-in surgeon of the real platform, who reads a whole session in one round."""

    def __init__(self, port: int, email: str, password: str, session: int) -> None:
        self._browser = Browser(port)
        self._session = session
        self._browser.ask("GET", "/api/v1/session")
        self._browser.ask("POST", "/api/v1/session/sign-in", {"email": email, "password": password})

    def read(self) -> int:
        self._browser.hang_up()
        places = json.loads(self._browser.ask("GET", f"/api/v1/reading/sessions/{self._session}"))["places"]
        code: str | None = places[0]["code"]
        loops = 0
        while code is not None:
            self._browser.ask("POST", f"/api/v1/reading/cases/{code}/open")
            self._browser.ask("GET", f"/api/v1/reading/cases/{code}/image/full_depth")
            code = json.loads(self._browser.ask("POST", f"/api/v1/reading/cases/{code}/submit", _ANSWER))["next_code"]
            loops += 1
        return loops


class BareReader:
    def __init__(self, port: int, first: int, loops: int) -> None:
        self._browser = Browser(port)
        self._numbers = range(first, first + loops)

    def read(self) -> int:
        for number in self._numbers:
            self._browser.ask("POST", f"/{number}/open")
            self._browser.ask("GET", f"/{number}/image")
            self._browser.ask("POST", f"/{number}/submit", _ANSWER)
        return len(self._numbers)


def prepare_environment(folder: Path) -> None:
    """Before Django reads its settings: a folder, a database and servers of the benchmark's own."""
    for name in ("DATABASE_URL", "REDIS_URL", "LUCENCY_ENV", "LUCENCY_STORAGE"):
        os.environ.pop(name, None)
    os.environ |= {
        "LUCENCY_VAR": str(folder),
        "LUCENCY_DATABASE": "benchmark",
        "LUCENCY_LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    import django

    django.setup()


def make_readers(protocol: ReadProtocol, port: int, count: int) -> list[Reader]:
    from tests.factories import PASSWORD, make_session

    sessions = [make_session(protocol, seed=seed) for seed in range(count)]
    return [Reader(port, session.reader.email, PASSWORD, session.pk) for session in sessions]


def make_bare_table(reads: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare_read (id int PRIMARY KEY, state text, call text, confidence int)")
        cursor.execute("INSERT INTO bare_read SELECT n, 'planned', '', 0 FROM generate_series(0, %s) n", [reads])


@contextmanager
def gunicorn(name: str, port: int, application: str = "", **variables: str) -> Iterator[Child]:
    """A web process as `make up` starts it; with `application`, another program in the same kind of process."""
    from config.supervisor.children import stop_all, web

    child = web(port)
    child.name = name
    child.environment = variables
    if application:
        child.arguments = [application if part == "config.wsgi:application" else part for part in child.arguments]
    child.start()
    try:
        _wait_for(child, port)
        yield child
    finally:
        stop_all([child])


def _wait_for(child: Child, port: int) -> None:
    for _ in range(300):
        if child.process is not None and child.process.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"{child.name} did not start:\n{child.last_lines()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def loops_a_second(readers: Sequence[Reader | BareReader]) -> float:
    """All readers at once, each through its whole session."""
    done: list[int] = []
    threads = [threading.Thread(target=lambda one=reader: done.append(one.read())) for reader in readers]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begin
    if len(done) != len(readers):
        raise RuntimeError("A reader failed; its message is above.")
    return sum(done) / seconds


def measure(protocol: ReadProtocol, files: list[Path], readers: int) -> tuple[list[float], list[float]]:
    """`ROUNDS` figures of the platform and of the bare view, taken in turn."""
    from django.db import connection

    from config.embedded.places import postgres_socket_folder

    port, bare_port = _free_port(), _free_port()
    variables = {
        "BARE_HOST": str(postgres_socket_folder()),
        "BARE_DATABASE": str(connection.settings_dict["NAME"]),
        "BARE_FILES": json.dumps([str(file) for file in files]),
    }
    bare_application = "tests.benchmarks.bare_reading:application"
    ours: list[float] = []
    bare: list[float] = []
    with gunicorn("web", port), gunicorn("bare", bare_port, bare_application, **variables):
        # The first round warms both up and does not count.
        for _ in range(ROUNDS + 1):
            ours.append(loops_a_second(make_readers(protocol, port, readers)))
            starts = [number * len(files) for number in range(readers)]
            bare.append(loops_a_second([BareReader(bare_port, start, len(files)) for start in starts]))
    return ours[1:], bare[1:]


def report(readers: int, ours: list[float], bare: list[float]) -> None:
    mine, theirs = statistics.median(ours), statistics.median(bare)
    print(
        f"  {readers} reader{'s' if readers > 1 else ' '}   Lucency {mine:6.1f} ({min(ours):.1f} to {max(ours):.1f})   "
        f"bare Django + DRF {theirs:6.1f} ({min(bare):.1f} to {max(bare):.1f})   ratio {mine / theirs:.2f}"
    )


def run(folder: Path) -> None:
    from django.core.management import call_command

    from tests.benchmarks.reading_study import build_protocol, image_files

    call_command("migrate", verbosity=0)
    protocol = build_protocol(folder, cases_a_class=CASES_A_CLASS)
    files = image_files(protocol)
    make_bare_table(max(READERS) * len(files))
    megabytes = statistics.mean(file.stat().st_size for file in files) / 1e6
    print(f"Read loops a second: open, image of {megabytes:.1f} MB, submit; median (range) of {ROUNDS} rounds")
    for readers in READERS:
        report(readers, *measure(protocol, files, readers))


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="lucency-bench-"))
    prepare_environment(folder)
    from config.embedded.servers import ensure_servers, stop_servers

    try:
        ensure_servers()
        run(folder)
    finally:
        stop_servers()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
