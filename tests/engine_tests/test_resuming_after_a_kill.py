from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mlworker.engine.checkpoint import FILE_NAME, read_checkpoint, write_checkpoint
from mlworker.engine.errors import CheckpointUnusable
from tests.engine_tests.toy_cases import TO_BE_KILLED, small, train_toy

ROOT = Path(__file__).parents[2]


@contextmanager
def training(folder: Path, kind: str) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, "-m", "tests.engine_tests.run_toy", str(folder), kind]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def killed_at(folder: Path, kind: str, moment: str) -> None:
    """SIGKILL as soon as the training says this line."""
    with training(folder, kind) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip() == moment:
                process.kill()
                break
        assert process.wait() == -signal.SIGKILL


def to_the_end(folder: Path, kind: str) -> list[str]:
    with training(folder, kind) as process:
        assert process.stdout is not None
        lines = process.stdout.read().splitlines()
        assert process.wait() == 0
    return lines[-1].split()


@pytest.mark.parametrize("kind", sorted(TO_BE_KILLED))
def test_it_ends_with_identical_weights_after_two_kills(tmp_path: Path, kind: str) -> None:
    killed_at(tmp_path / "killed", kind, "step 2 3")
    killed_at(tmp_path / "killed", kind, "checkpointed 3 0")
    _, killed, resumed_after = to_the_end(tmp_path / "killed", kind)
    undisturbed = train_toy(TO_BE_KILLED[kind], tmp_path / "undisturbed")
    assert killed == undisturbed.model_sha256
    assert resumed_after == "3"


def test_it_refuses_a_damaged_checkpoint(tmp_path: Path) -> None:
    train_toy(small(), tmp_path)
    path = tmp_path / FILE_NAME
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(CheckpointUnusable, match="damaged"):
        train_toy(small(), tmp_path)
    path.write_bytes(content[: len(content) // 3])
    with pytest.raises(CheckpointUnusable, match="damaged"):
        train_toy(small(), tmp_path)


def test_it_refuses_a_checkpoint_of_another_run(tmp_path: Path) -> None:
    train_toy(small(), tmp_path)
    with pytest.raises(CheckpointUnusable, match="another configuration"):
        train_toy(small(seed=9), tmp_path)
    with pytest.raises(CheckpointUnusable, match="other training cases"):
        train_toy(small(), tmp_path, cases=26)


def test_it_refuses_a_checkpoint_of_another_architecture(tmp_path: Path) -> None:
    train_toy(small(), tmp_path)
    checkpoint = read_checkpoint(tmp_path)
    assert checkpoint is not None
    write_checkpoint(tmp_path, checkpoint.facts, [*checkpoint.arrays[:-1], checkpoint.arrays[0]])
    with pytest.raises(CheckpointUnusable, match="another architecture"):
        train_toy(small(), tmp_path)


def test_it_keeps_the_old_checkpoint_when_the_new_one_cannot_be_written(tmp_path: Path) -> None:
    train_toy(small(), tmp_path)
    before = (tmp_path / FILE_NAME).read_bytes()
    (tmp_path / f"{FILE_NAME}.writing").mkdir()
    with pytest.raises(OSError, match=r"checkpoint\.bin\.writing"):
        write_checkpoint(tmp_path, {}, [])
    assert (tmp_path / FILE_NAME).read_bytes() == before


def test_it_has_nothing_left_to_do_when_it_was_killed_after_the_last_epoch(tmp_path: Path) -> None:
    first = train_toy(small(), tmp_path)
    first.model_path.unlink()
    again = train_toy(small(), tmp_path)
    assert again.resumed_after == 2
    assert again.model_sha256 == first.model_sha256
    assert again.validation_scores == first.validation_scores
