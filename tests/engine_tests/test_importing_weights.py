from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from mlworker.engine.backbone_catalogue import BACKBONES, weights_available
from mlworker.engine.weights_import import WeightsRefused, import_weights

CONTENT = b"\x89HDF\r\n\x1a\n" + b"synthetic weights" * 100_000
ENTRIES = {
    "resnet50": replace(BACKBONES["resnet50"], weights_hash=hashlib.md5(CONTENT).hexdigest()),
    "convnext_tiny": BACKBONES["convnext_tiny"],
}


@pytest.fixture(autouse=True)
def keras_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return tmp_path / "keras"


def _file(folder: Path, name: str, content: bytes = CONTENT) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_it_knows_a_file_by_its_content_and_puts_it_where_the_training_looks(tmp_path: Path) -> None:
    imported = import_weights(_file(tmp_path, "renamed.h5"), entries=ENTRIES)
    assert imported.entry.name == "resnet50"
    assert not imported.already_there
    assert weights_available(ENTRIES["resnet50"]).path == imported.path


def test_it_writes_nothing_the_second_time(tmp_path: Path) -> None:
    path = _file(tmp_path, "weights.h5")
    first = import_weights(path, entries=ENTRIES)
    written = first.path.stat().st_mtime_ns
    assert import_weights(path, entries=ENTRIES).already_there
    assert first.path.stat().st_mtime_ns == written


def test_it_refuses_a_file_that_has_the_name_but_not_the_content(tmp_path: Path, keras_home: Path) -> None:
    path = _file(tmp_path, str(BACKBONES["resnet50"].weights_file), CONTENT[:-1])
    with pytest.raises(WeightsRefused, match="the name of the weights of ResNet-50, but not their content"):
        import_weights(path, entries=ENTRIES)
    assert not keras_home.exists()


@pytest.mark.parametrize(
    ("content", "reason"),
    [(CONTENT + b"more", "is none of the files"), (b"PK\x03\x04", "is no HDF5 file"), (b"", "is no HDF5 file")],
)
def test_it_says_what_a_foreign_file_is_not(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(WeightsRefused, match=reason):
        import_weights(_file(tmp_path, "other.h5", content), entries=ENTRIES)


def test_it_says_that_a_file_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(WeightsRefused, match="cannot be read"):
        import_weights(tmp_path / "nowhere.h5", entries=ENTRIES)
    with pytest.raises(WeightsRefused, match="cannot be read"):
        import_weights(tmp_path, entries=ENTRIES)


def test_it_replaces_a_damaged_file_in_the_cache(tmp_path: Path, keras_home: Path) -> None:
    damaged = keras_home / "models" / str(BACKBONES["resnet50"].weights_file)
    damaged.parent.mkdir(parents=True)
    damaged.write_bytes(b"\x89HDF\r\n\x1a\nhalf")
    assert not weights_available(ENTRIES["resnet50"]).available
    assert not import_weights(_file(tmp_path, "w.h5"), entries=ENTRIES).already_there
    assert weights_available(ENTRIES["resnet50"]).available
