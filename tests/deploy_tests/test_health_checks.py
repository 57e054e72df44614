"""The containers' health checks, against a real web server and a real Redis."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.core.cache import cache

from config.celery import served_key
from deploy import health_check


@contextmanager
def _web(**parts: str) -> Iterator[int]:
    """A web process whose /healthz says `parts`, and only to the host that the settings name."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.headers["Host"] == "lucency.hospital.example" and self.path == "/healthz"
            self.send_response(200 if known else 400)
            self.end_headers()
            self.wfile.write(json.dumps(parts if known else {}).encode())

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(autouse=True)
def _hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUCENCY_HOSTS", "lucency.hospital.example, other.hospital.example")


def test_it_calls_the_web_process_healthy_even_when_a_worker_is_away() -> None:
    with _web(database="ok", redis="ok", storage="ok", worker="failing") as port:
        assert health_check.web(port) == ""


def test_it_names_what_fails_in_the_web_process() -> None:
    with _web(database="failing", redis="ok", storage="ok", worker="ok") as port:
        assert health_check.web(port) == "failing: database"


def test_it_says_that_no_web_process_answers() -> None:
    with _web() as port:
        pass
    assert "gives no answer" in health_check.web(port)


def test_it_names_the_queues_that_nobody_serves(servers: None) -> None:
    cache.delete_many([served_key("default"), served_key("scoring")])
    cache.set(served_key("default"), 1, timeout=20)
    assert health_check.queues("default") == ""
    assert health_check.queues("default", "scoring") == "not served: scoring"
    cache.delete(served_key("default"))


def test_it_sees_from_its_schedule_whether_beat_lives(tmp_path: Path) -> None:
    assert "no schedule" in health_check.beat(tmp_path)
    schedule = tmp_path / "beat-schedule.dat"
    schedule.touch()
    assert health_check.beat(tmp_path) == ""
    os.utime(schedule, times=(time.time() - 3600,) * 2)
    assert "3600 s ago" in health_check.beat(tmp_path)
