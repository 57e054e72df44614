"""Many phantoms as files: in parallel processes, once, each whole or not there."""

from __future__ import annotations

import hashlib
import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from demo.phantom.case import GENERATOR_VERSION, PhantomCase, PhantomHeader
from demo.phantom.dicom_file import phantom_dicom

Job = tuple[PhantomCase, PhantomHeader]


def make_phantom_files(
    jobs: Sequence[Job], folder: Path, *, workers: int | None = None, on_progress: Callable[[int, int], None]
) -> list[Path]:
    """Write what is missing in the folder; its files are the cache.

    Args:
        jobs: cases with their headers; equal ones share a file.
        folder: made if it is missing.
        workers: processes; None takes one a processor. One renders in this process.
        on_progress: told how many of how many are there, at the start and after each.

    Returns:
        the files' paths in the order of the jobs. Their names tell nothing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / file_name(case, header) for case, header in jobs]
    missing = {path: job for path, job in zip(paths, jobs, strict=True) if not path.exists()}
    done = len(jobs) - len(missing)
    on_progress(done, len(jobs))
    processes = min(workers or os.cpu_count() or 1, len(missing))
    if processes <= 1:
        for path, job in missing.items():
            _write(job, path)
            done += 1
            on_progress(done, len(jobs))
        return paths
    # Spawned, not forked: the caller may have threads and an open database.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_leave_ctrl_c_to_parent) as pool:
        try:
            for future in as_completed([pool.submit(_write, job, path) for path, job in missing.items()]):
                future.result()
                done += 1
                on_progress(done, len(jobs))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return paths


def _leave_ctrl_c_to_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def file_name(case: PhantomCase, header: PhantomHeader) -> str:
    """A name that holds the generator's version, the case and the header, and tells none of them."""
    return hashlib.sha256(repr((GENERATOR_VERSION, case, header)).encode()).hexdigest()[:24] + ".dcm"


def _write(job: Job, path: Path) -> None:
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_bytes(phantom_dicom(*job))
    unfinished.replace(path)
