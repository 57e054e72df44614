"""The child process that hostile files meet: limited memory, no way out but one answer a file.

Started by `sandbox`. Reads one JSON line a file on standard input; answers with the length of a JSON text, that text,
and the bytes it names.
"""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from annotations.imaging.archive import ArchiveLimits, unpack
from annotations.imaging.content_type import HEAD_BYTES, content_type
from annotations.imaging.outcome import UploadOutcome
from annotations.imaging.processing import identify_bytes, mask_bytes, process_bytes, render_bytes

MEMORY_BYTES = 6 * 1024**3
_RECURSION = 2000


def answer(outcome: UploadOutcome, out: BinaryIO) -> None:
    renditions = outcome.renditions
    head = json.dumps(asdict(outcome) | {"renditions": {kind: len(data) for kind, data in renditions.items()}}).encode()
    out.write(f"{len(head)}\n".encode() + head)
    for data in renditions.values():
        out.write(data)
    out.flush()


def _outcome_of(request: dict[str, Any]) -> UploadOutcome:
    path = Path(request["path"])
    if request["do"] == "mask":
        return mask_bytes(path.read_bytes(), request["rectangles"])
    if request["do"] == "identify":
        return identify_bytes(path.read_bytes())
    if request["do"] == "render":
        return render_bytes(path.read_bytes())
    if request["unpack_into"] and _begins_like_a_zip(path):
        return unpack(path, Path(request["unpack_into"]), ArchiveLimits(**request["limits"]))
    return process_bytes(path.read_bytes(), key=bytes.fromhex(request["key"]))


def _begins_like_a_zip(path: Path) -> bool:
    """By its first bytes alone: an archive may be larger than the memory."""
    with path.open("rb") as file:
        return content_type(file.read(HEAD_BYTES)) == "zip"


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
