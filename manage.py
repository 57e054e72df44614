#!/usr/bin/env python3
"""Puts platform/ and the root on the path; everything else is a command."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def main() -> None:
    sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from config.command_line import run
    except ImportError as error:
        sys.exit(
            f"{error}. The requirements are not installed in this Python ({sys.executable}). "
            "Run `make setup`, then use .venv/bin/python manage.py."
        )
    run(sys.argv)


if __name__ == "__main__":
    main()
