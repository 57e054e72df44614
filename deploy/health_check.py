"""Health of a container: `web`, `beat`, or the names of queues that must be served. Exit code 0 means healthy."""

from __future__ import annotations

import http.client
import json
import os
import sys
import time
from pathlib import Path

# Celery's beat writes its schedule every three minutes.
_BEAT_WRITES_WITHIN_SECONDS = 600
# What the web process itself needs. A worker that is away is that container's concern.
_NEEDED_BY_WEB = ("database", "redis", "storage")


def web(port: int = 8000) -> str:
    """Why the web process is not healthy; empty if it is."""
    host = os.environ["LUCENCY_HOSTS"].split(",")[0].strip()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=8)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        parts = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        return f"the web process gives no answer: {error}"
    failing = [name for name in _NEEDED_BY_WEB if parts.get(name) != "ok"]
    return f"failing: {', '.join(failing)}" if failing else ""


def queues(*names: str) -> str:
    """Why the queues are not healthy; empty if each has a worker whose heart beats."""
    from django.core.cache import cache

    from config.celery import served_key

    silent = [name for name in names if not cache.get(served_key(name))]
    return f"not served: {', '.join(silent)}" if silent else ""


def beat(folder: Path = Path("/tmp")) -> str:  # noqa: S108 (a container's own, in memory)
    """Why beat is not healthy; empty if it has written its schedule lately."""
    written = [file.stat().st_mtime for file in folder.glob("beat-schedule*")]
    if not written:
        return "beat has written no schedule"
    age = time.time() - max(written)
    return f"beat wrote its schedule {age:.0f} s ago" if age > _BEAT_WRITES_WITHIN_SECONDS else ""


def main(arguments: list[str]) -> str:
    if arguments == ["web"]:
        return web()
    if arguments == ["beat"]:
        return beat()
    return queues(*arguments) if arguments else "say what to check: web, beat, or queues"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) or 0)
