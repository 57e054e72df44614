"""Chromium for the browser tests, found by the script that also `make test` asks."""

from __future__ import annotations

import os
import subprocess
from functools import cache
from pathlib import Path

_SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "find_chromium.sh"


@cache
def chromium_path() -> str:
    """Where Chromium is; fails, with the script's own words, where there is none."""
    found = subprocess.run(["bash", str(_SCRIPT)], capture_output=True, text=True, check=False)
    if found.returncode:
        raise RuntimeError(found.stderr.strip())
    return found.stdout.strip().splitlines()[-1]


def chromium_arguments() -> list[str]:
    """What Chromium must be told on the machine at hand: as root its sandbox does not start."""
    return ["--no-sandbox"] if os.geteuid() == 0 else []
