"""One house to a var folder: a second is refused, and what a killed one left running is ended by the next."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil

from config.embedded.places import runtime_folder
from config.environment import var_folder

# In the environment of every process that a house starts, and so of those that they start in turn.
MARK = "LUCENCY_HOUSE"
_LEAVE_WITHIN_SECONDS = 20.0


class AlreadyOpen(Exception):
    """Another `make up` runs for this var folder; the message says which and where."""


@contextmanager
def sole_house(port: int) -> Iterator[None]:
    """Hold the var folder until the end of this process, however it ends."""
    folder = runtime_folder()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "house").open("a+") as holder:
        try:
            fcntl.flock(holder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder.seek(0)
            raise AlreadyOpen(
                f"Another `make up` runs already for {var_folder()} ({holder.read().strip()}). Stop it there with "
                f"Ctrl-C, or run a second Lucency beside it with a folder and a port of its own: "
                f"LUCENCY_VAR=/another/folder LUCENCY_PORT={port + 1 if port < 65535 else 8000} make up"
            ) from error
        holder.truncate(0)
        holder.write(f"process {os.getpid()}, page http://127.0.0.1:{port}/\n")
        holder.flush()
        yield


def mark() -> dict[str, str]:
    return {MARK: str(var_folder())}


def end_leftovers() -> int:
    """End every process that a house of this var folder has started; how many there were."""
    left = [process for process in psutil.process_iter() if _is_ours(process)]
    known = {process.pid for process in left}
    for process in left:
        with suppress(psutil.Error):
            # Whoever has a parent among them is that parent's to stop.
            if process.ppid() not in known:
                process.terminate()
    for process in psutil.wait_procs(left, timeout=_LEAVE_WITHIN_SECONDS)[1]:
        with suppress(psutil.Error):
            process.kill()
    return len(left)


def _is_ours(process: psutil.Process) -> bool:
    try:
        environment: dict[str, str] = process.environ()
        return process.pid != os.getpid() and environment.get(MARK) == str(var_folder())
    except (psutil.Error, OSError):
        return False  # somebody else's, or gone
