"""Every test works on the real PostgreSQL and Redis: those of DATABASE_URL and REDIS_URL, or embedded ones of its own.

The servers start with the first test that needs them, so the engine's and the statistics' tests run without any.
Settings are read here rather than by pytest-django, because the folder of the servers must be known before.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

_POSTGRES_OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def _choose_folder() -> None:
    if os.environ.get("LUCENCY_VAR"):
        return
    folder = tempfile.mkdtemp(prefix="lucency-test-")
    os.environ["LUCENCY_VAR"] = folder
    owner = os.getpid()

    def remove() -> None:
        # A forked child of a test leaves the folder alone.
        if os.getpid() == owner:
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove)


_choose_folder()
os.environ.setdefault("LUCENCY_POSTGRES_OPTIONS", _POSTGRES_OPTIONS)
os.environ.setdefault("LUCENCY_LOG_LEVEL", "WARNING")
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"

import django  # noqa: E402

django.setup()

import pytest  # noqa: E402
from pytest_django import Settings  # noqa: E402

from annotations.imaging.sandbox import end_child  # noqa: E402
from config.embedded import postgres, redis  # noqa: E402
from config.embedded.servers import ensure_servers  # noqa: E402
from tests.messages import Messages  # noqa: E402


@pytest.fixture(scope="session")
def servers() -> Iterator[None]:
    """PostgreSQL and Redis are there; what this session has started, it stops."""
    started = ensure_servers()
    Messages().forget()
    yield
    end_child()
    if started.redis:
        redis.stop()
    if started.postgres:
        postgres.stop()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(servers: None) -> None:
    """The server runs before pytest-django creates the test database in it."""


@pytest.fixture
def messages(servers: None) -> Iterator[Messages]:
    """The messages that wake workers. They go to the real Redis, where no worker serves them during tests."""
    sent = Messages()
    sent.forget()
    yield sent
    sent.forget()


@pytest.fixture(autouse=True)
def storage(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The test's own storage, for this process and those that it starts."""
    folder = tmp_path / "storage"
    settings.STORAGE_ROOT = str(folder)
    monkeypatch.setenv("LUCENCY_STORAGE", str(folder))
    return folder
