"""Parsing with a wall around it: a child process that may die, hang or swell without harm to anybody else."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from annotations.imaging.outcome import ArchiveEntry, Box, Linking, UploadOutcome

SECONDS_A_FILE = 60.0
# Sixteen gigabytes at the speed of a slow disk.
SECONDS_AN_ARCHIVE = 1800.0
_FILES_A_CHILD = 200
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Unpacking:
    """The folder that an archive's files are written into, and the most bytes of one and of all of them."""

    folder: Path
    one_file_bytes: int
    all_files_bytes: int


class _ChildDiedError(Exception):
    """The child ended in the middle of a file."""


class _ChildTooSlowError(Exception):
    """The child did not answer in time."""


class _Child:
    def __init__(self) -> None:
        self.files = 0
        self._process = subprocess.Popen(
            [sys.executable, "-m", "annotations.imaging.parsing_child"],
            cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(_ROOT), "OMP_NUM_THREADS": "1"},
        )  # fmt: skip

    def ask(self, request: dict[str, Any], seconds: float) -> UploadOutcome:
        self.files += 1
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        deadline = time.monotonic() + seconds
        try:
            stdin.write(json.dumps(request).encode() + b"\n")
            stdin.flush()
        except BrokenPipeError as error:
            raise _ChildDiedError from error
        head: dict[str, Any] = json.loads(_exactly(stdout, int(_line(stdout, deadline)), deadline))
        sizes: dict[str, int] = head.pop("renditions")
        linking = Linking(**head.pop("linking"))
        renditions = {kind: _exactly(stdout, size, deadline) for kind, size in sizes.items()}
        boxes = [tuple(box) for box in head.pop("boxes")]
        entries = [ArchiveEntry(**entry) for entry in head.pop("entries")]
        return UploadOutcome(**head, linking=linking, renditions=renditions, boxes=boxes, entries=entries)

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


def _some(pipe: IO[bytes], most: int, deadline: float) -> bytes:
    ready, _, _ = select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))
    if not ready:
        raise _ChildTooSlowError
    data = os.read(pipe.fileno(), most)
    if not data:
        raise _ChildDiedError
    return data


def _line(pipe: IO[bytes], deadline: float) -> bytes:
    # One byte at a time, so that nothing of the bytes behind the line is taken away from whoever reads them.
    line = bytearray()
    while not line.endswith(b"\n"):
        line += _some(pipe, 1, deadline)
    return bytes(line)


def _exactly(pipe: IO[bytes], size: int, deadline: float) -> bytes:
    data = bytearray()
    while len(data) < size:
        data += _some(pipe, min(size - len(data), 1 << 20), deadline)
    return bytes(data)


def _begins_like_an_archive(path: Path) -> bool:
    """Only for the patience with it; what it is, the child decides."""
    try:
        with path.open("rb") as file:
            return file.read(2) == b"PK"
    except OSError:
        return False


class Sandbox:
    """Children that are kept for the next file as long as they behave: one for each file that is read at a time."""

    def __init__(self) -> None:
        self._idle: list[_Child] = []
        self._lock = threading.Lock()

    def process(
        self, path: Path, *, key: bytes, unpacking: Unpacking | None = None, seconds: float = SECONDS_A_FILE
    ) -> UploadOutcome:
        request = {"do": "process", "path": str(path), "key": key.hex(), "unpack_into": ""}
        if unpacking is None:
            return self._asked(request, seconds)
        limits = {"one_file": unpacking.one_file_bytes, "all_files": unpacking.all_files_bytes}
        archive = _begins_like_an_archive(path)
        unpack = {"unpack_into": str(unpacking.folder), "limits": limits}
        return self._asked(request | unpack, SECONDS_AN_ARCHIVE if archive else seconds)

    def mask(self, path: Path, rectangles: Sequence[Box]) -> UploadOutcome:
        boxes = [list(box) for box in rectangles]
        return self._asked({"do": "mask", "path": str(path), "rectangles": boxes}, SECONDS_A_FILE)

    def identify(self, path: Path) -> UploadOutcome:
        return self._asked({"do": "identify", "path": str(path)}, SECONDS_A_FILE)

    def render(self, path: Path) -> UploadOutcome:
        return self._asked({"do": "render", "path": str(path)}, SECONDS_A_FILE)

    def _asked(self, request: dict[str, Any], seconds: float) -> UploadOutcome:
        child = self._living_child() or _Child()
        keep = False
        try:
            outcome = child.ask(request, seconds)
            keep = child.files < _FILES_A_CHILD
        except _ChildTooSlowError:
            reason = "The file took too long to read; it may be damaged on purpose."
            outcome = UploadOutcome("refused", "too_slow", reason)
        except _ChildDiedError:
            outcome = UploadOutcome("refused", "not_readable", "The file breaks the programs that read it.")
        finally:
            if keep:
                with self._lock:
                    self._idle.append(child)
            else:
                child.end()
        return outcome

    def _living_child(self) -> _Child | None:
        """A kept child that nothing has ended since: the next file must not pay for that."""
        with self._lock:
            while self._idle:
                child = self._idle.pop()
                if child.is_alive():
                    return child
                child.end()
        return None

    def close(self) -> None:
        with self._lock:
            while self._idle:
                self._idle.pop().end()


_shared = Sandbox()


def process_upload(path: Path, *, key: bytes, unpacking: Unpacking | None = None) -> UploadOutcome:
    """Accepted, quarantined, or refused with a reason, whatever the file is; a zip archive is unpacked.

    Args:
        path: the uploaded file.
        key: the study's key for new UIDs.
        unpacking: where to, and how much; without it a zip archive is refused.
    """
    return _shared.process(path, key=key, unpacking=unpacking)


def identify_file(path: Path) -> UploadOutcome:
    """ "identified", with SOPClassUID and SOPInstanceUID among the fields; a code when intake will refuse its kind."""
    return _shared.identify(path)


def render_file(path: Path) -> UploadOutcome:
    """ "rendered", with the picture in its default window as "png" among the renditions; or refused."""
    return _shared.render(path)


def mask_file(path: Path, rectangles: Sequence[Box]) -> UploadOutcome:
    """A clean file from quarantine with these rectangles blackened, and what was found in it then."""
    return _shared.mask(path, rectangles)


def end_child() -> None:
    """End the kept children; the next file starts another."""
    _shared.close()
