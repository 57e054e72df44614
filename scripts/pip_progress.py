"""Reads pip's output and shows how far it is: one line that moves on a terminal, elsewhere only the large packages.

    pip install … | python scripts/pip_progress.py TOTAL MARK

MARK is a file that is there from when pip begins to unpack. In Python, because Debian's awk keeps lines back until
many have come.
"""

from __future__ import annotations

import re
import signal
import sys
from pathlib import Path

LARGE_MEGABYTES = 40.0
CLEAR = "\r\033[K"


class Progress:
    def __init__(self, total: int, mark: Path) -> None:
        self._total, self._mark = total, mark
        self._seen: set[str] = set()
        self._name = ""
        self._on_terminal = sys.stdout.isatty()

    def read(self, line: str) -> None:
        if found := re.match(r"Collecting ([^=<>!;\[\s]+)", line):
            self._name = found[1]
            self._seen.add(self._name)
            self._move()
        elif found := re.match(r"\s*(?:Downloading|Using cached) .*\(([0-9.]+) ([kMG]B)\)", line):
            megabytes = float(found[1]) * {"kB": 0.001, "MB": 1.0, "GB": 1000.0}[found[2]]
            if megabytes >= LARGE_MEGABYTES:
                self._keep(f"{self._name} ({found[1]} {found[2]})")
            else:
                self._move()
        elif line.startswith("Installing collected packages"):
            self._mark.touch()
            self._keep("unpacking (a minute or two)")

    def _count(self) -> str:
        return f"    {min(len(self._seen), self._total)} of {self._total}: "

    def _move(self) -> None:
        if self._on_terminal:
            print(f"{CLEAR}{self._count()}{self._name}", end="", flush=True)

    def _keep(self, words: str) -> None:
        clear = CLEAR if self._on_terminal else ""
        print(f"{clear}{self._count()}{words}", flush=True)

    def end(self) -> None:
        if self._on_terminal:
            print(CLEAR, end="", flush=True)


def main() -> None:
    # Ctrl-C is pip's to hear; when pip ends, so does its output.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    progress = Progress(int(sys.argv[1]), Path(sys.argv[2]))
    for line in sys.stdin:
        progress.read(line)
    progress.end()


if __name__ == "__main__":
    main()
