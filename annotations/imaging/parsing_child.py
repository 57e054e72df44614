"""The child process that hostile files meet: limited memory, no way out but one answer a file.

Started by `sandbox`. Reads one JSON line a file on standard input; answers with one JSON line and the bytes it names.
"""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from annotations.imaging.outcome import UploadOutcome
from annotations.imaging.processing import mask_bytes, process_bytes

MEMORY_BYTES = 6 * 1024**3
_RECURSION = 2000


def answer(outcome: UploadOutcome, out: BinaryIO) -> None:
    renditions = outcome.renditions
    head = asdict(outcome) | {"renditions": {kind: len(data) for kind, data in renditions.items()}}
    out.write(json.dumps(head).encode() + b"\n")
    for data in renditions.values():
        out.write(data)
    out.flush()


def _outcome_of(request: dict[str, Any]) -> UploadOutcome:
    data = Path(request["path"]).read_bytes()
    if "rectangles" in request:
        return mask_bytes(data, request["rectangles"])
    return process_bytes(data, key=bytes.fromhex(request["key"]))


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.setrecursionlimit(_RECURSION)
    out = sys.stdout.buffer
    # A library that prints must not speak on the line that carries answers.
    sys.stdout = sys.stderr
    for line in sys.stdin.buffer:
        request = json.loads(line)
        try:
            outcome = _outcome_of(request)
        except MemoryError:
            outcome = UploadOutcome("refused", "too_much_memory", "The file needs more memory than a radiograph does.")
        answer(outcome, out)


if __name__ == "__main__":
    main()
