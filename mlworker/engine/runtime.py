"""Threads, determinism and the record of the machine. To be called before the first computation of a process."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from mlworker.engine.errors import ThreadsFixed
from mlworker.engine.gradients import check_backend


def prepare_runtime(threads: int) -> None:
    """Fix thread counts and deterministic operations for this process; calling again with the same count is free.

    Raises:
        ThreadsFixed: this process has already computed with another number of threads.
    """
    check_backend()
    import tensorflow as tf

    try:
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)
    except RuntimeError as error:
        raise ThreadsFixed(
            f"This process has already started with other thread counts than {threads}, and the number of threads "
            "changes the weights.",
            "Train in a fresh process, or choose the worker's number of threads.",
        ) from error
    tf.config.experimental.enable_op_determinism()


def prepare_runtime_for_scoring(threads: int) -> None:
    """Fix the threads if nothing has been computed yet, else take the process as it is.

    Thread counts change a score in its seventh digit only, so a resident model need not refuse another's threads.
    """
    try:
        prepare_runtime(threads)
    except ThreadsFixed:
        return


def environment_record(threads: int) -> dict[str, Any]:
    """What the weights depend on beside configuration and data, as JSON values."""
    import keras
    import tensorflow as tf

    return {
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in ("keras", "tensorflow", "tensorflow_cpu", "numpy", "h5py")},
        "backend": keras.backend.backend(),
        "threads": threads,
        "host_cpu_count": os.cpu_count(),
        "machine": platform.machine(),
        "processor": _processor(),
        "system": f"{platform.system()} {platform.release()}",
        "gpus": [device.name for device in tf.config.list_physical_devices("GPU")],
        "onednn": os.environ.get("TF_ENABLE_ONEDNN_OPTS", "default"),
        "deterministic_operations": True,
    }


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _processor() -> str:
    """The processor's name as Linux gives it; `platform.processor` is empty there."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as stream:  # noqa: PTH123
            for line in stream:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        return platform.processor()
    return platform.processor()
